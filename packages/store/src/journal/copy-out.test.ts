import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldsOf } from './copy-out.ts';

const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);

function message(fields: readonly (Uint8Array | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(fields.length);
  return Buffer.concat([
    count,
    ...fields.flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(field?.length ?? -1);
      return field === null ? [length] : [length, field];
    }),
  ]);
}

test('reads rows of any bytes, behind the header and without', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.uint8Array())), fc.boolean(), (fields, first) => {
      const bytes = message(fields);
      expect(fieldsOf(first ? Buffer.concat([header, bytes]) : bytes, first)).toEqual(fields);
    }),
  );
  expect(fieldsOf(header, true)).toBeUndefined();
  expect(fieldsOf(Buffer.from([0xff, 0xff]), false)).toBeUndefined();
});

test('what is no row of a COPY is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.boolean(), (bytes, first) => {
      try {
        fieldsOf(Buffer.from(bytes), first);
      } catch (error) {
        expect(error).toMatchObject({ code: 'StoreUnavailable' });
      }
    }),
  );
  const whole = message([Buffer.from('abc'), null]);
  for (let length = 0; length < whole.length; length++) {
    expect(() => fieldsOf(whole.subarray(0, length), false), String(length)).toThrow('is cut');
  }
});
