import { derChildren, objectIdentifier, readDer } from '@lazuli/certificates';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { der, derObjectIdentifier } from './der-writer.ts';

it('writes elements that are read as they were', () => {
  fc.assert(
    fc.property(fc.constantFrom(0x02, 0x04, 0x30, 0xa0), fc.array(fc.uint8Array({ maxLength: 300 })), (tag, pieces) => {
      const written = der(tag, ...pieces);
      const read = readDer(written);
      expect([read.tag, read.content.equals(Buffer.concat(pieces)), read.whole.length]).toEqual([
        tag,
        true,
        written.length,
      ]);
    }),
  );
});

it('writes elements inside of elements', () => {
  const inner = der(0x04, Buffer.alloc(70_000, 1));
  const children = derChildren(readDer(der(0x30, inner, der(0x05))));
  expect(children.map(({ tag, content }) => [tag, content.length])).toEqual([
    [0x04, 70_000],
    [0x05, 0],
  ]);
});

it('writes object identifiers', () => {
  const arc = fc.integer({ min: 0, max: 2 ** 40 });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 39 }),
      fc.array(arc),
      (first, second, rest) => {
        const dotted = [first, second, ...rest].join('.');
        expect(objectIdentifier(readDer(derObjectIdentifier(dotted)))).toBe(dotted);
      },
    ),
  );
});
