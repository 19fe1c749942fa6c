import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AmqpArray, AmqpMap, type AmqpValue, Described, Typed } from '../values.ts';
import { decodeValue, ValueReader } from './reader.ts';
import { UnencodableValue } from './scalars.ts';
import * as typed from './typed.ts';
import { encodeValue } from './writer.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const integer64 = (value: bigint) => (value >= -(2n ** 53n) + 1n && value < 2n ** 53n ? Number(value) : value);
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));
const ascii = fc.string({
  unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)),
  maxLength: 300,
});

const scalars = {
  ubyte: fc.integer({ min: 0, max: 255 }).map(typed.ubyte),
  ushort: fc.integer({ min: 0, max: 65535 }).map(typed.ushort),
  uint: fc
    .oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 0xffffffff }))
    .map(typed.uint),
  ulong: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => typed.ulong(integer64(value))),
  byte: fc.integer({ min: -128, max: 127 }).map(typed.byte),
  short: fc.integer({ min: -32768, max: 32767 }).map(typed.short),
  int: fc.oneof(fc.integer({ min: -200, max: 200 }), fc.integer()).map(typed.int),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => typed.long(integer64(value))),
  float: fc.float({ noNaN: true }).map(typed.float),
  double: fc.double({ noNaN: true }).map(typed.double),
  decimal32: bytes(4).map(typed.decimal32),
  decimal64: bytes(8).map(typed.decimal64),
  decimal128: bytes(16).map(typed.decimal128),
  char: fc.integer({ min: 0, max: 0xd7ff }).map(typed.char),
  timestamp: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => typed.timestamp(integer64(value))),
  uuid: bytes(16).map(typed.uuid),
  symbol: ascii.map(typed.symbol),
  string: fc.string({ unit: 'binary', maxLength: 300 }),
  binary: fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
  boolean: fc.boolean(),
  null: fc.constant(null),
};
const scalar = fc.oneof(...(Object.values(scalars) as fc.Arbitrary<AmqpValue>[]));

const { value } = fc.letrec<{ value: AmqpValue }>((tie) => {
  const list = fc.array(tie('value'), { maxLength: 5 });
  const map = fc
    .uniqueArray(fc.tuple(fc.oneof(scalars.string, scalars.symbol, scalars.int), tie('value')), {
      maxLength: 5,
      selector: ([key]) => encodeValue(key).toString('latin1'),
    })
    .map((entries) => new AmqpMap(entries));
  const arrays = Object.entries(scalars).map(([type, items]) =>
    fc
      .array(items as fc.Arbitrary<AmqpValue>, { maxLength: 5 })
      .map((all) => new AmqpArray(type as AmqpArray['type'], all)),
  );
  const array = fc.oneof(
    ...arrays,
    fc.array(list, { maxLength: 3 }).map((items) => new AmqpArray('list', items)),
    fc.array(map, { maxLength: 3 }).map((items) => new AmqpArray('map', items)),
    fc.array(fc.oneof(...arrays), { maxLength: 3 }).map((items) => new AmqpArray('array', items)),
    fc.tuple(scalars.ulong, fc.array(scalars.int, { minLength: 1, maxLength: 4 })).map(
      ([code, items]) =>
        new AmqpArray(
          'described',
          items.map((item) => new Described(code, item)),
        ),
    ),
    fc.tuple(scalars.ulong, scalars.symbol, fc.array(list, { minLength: 1, maxLength: 3 })).map(
      ([outer, inner, items]) =>
        new AmqpArray(
          'described',
          items.map((item) => new Described(outer, new Described(inner, item))),
        ),
    ),
  );
  const described = fc.tuple(scalars.ulong, tie('value')).map(([code, item]) => new Described(code, item));
  return {
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'value' },
      scalar,
      list,
      map,
      array,
      described,
    ) as fc.Arbitrary<AmqpValue>,
  };
});

describe('values', () => {
  it('come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(value, (original) => {
        const encoded = encodeValue(original);
        const decoded = decodeValue(encoded);
        expect(decoded).toStrictEqual(original);
        expect(encodeValue(decoded).equals(encoded)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it('that lack their last bytes are refused, at every length', () => {
    fc.assert(
      fc.property(value, (original) => {
        const encoded = encodeValue(original);
        for (let length = 0; length < Math.min(encoded.length, 200); length++)
          expect(() => decodeValue(encoded.subarray(0, length))).toThrow(/At byte/);
      }),
      { numRuns: 150 },
    );
  });

  it('of random bytes are read or refused, never more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => {
        try {
          decodeValue(Buffer.from(random));
        } catch (error) {
          expect(error).toMatchObject({ name: 'AmqpViolation', condition: 'amqp:decode-error' });
        }
      }),
      { numRuns: 5000 },
    );
  });

  it.each<[string, AmqpValue]>([
    ['40', null],
    ['41', true],
    ['42', false],
    ['43', typed.uint(0)],
    ['52ff', typed.uint(255)],
    ['7000000100', typed.uint(256)],
    ['44', typed.ulong(0)],
    ['5310', typed.ulong(16)],
    ['80ffffffffffffffff', typed.ulong(2n ** 64n - 1n)],
    ['54ff', typed.int(-1)],
    ['71ffffff7f', typed.int(-129)],
    ['557f', typed.long(127)],
    ['818000000000000000', typed.long(-(2n ** 63n))],
    ['83000001000000000a', typed.timestamp(2 ** 40 + 10)],
    ['a10568c3a96c6c', 'héll'],
    ['a303616263', typed.symbol('abc')],
    ['a000', Buffer.alloc(0)],
    ['45', []],
    ['c0020140', [null]],
    ['c10100', new AmqpMap()],
    ['00532445', new Described(typed.ulong(0x24), [])],
    ['e00702a30161026263', new AmqpArray('symbol', [typed.symbol('a'), typed.symbol('bc')])],
  ])('%s is the encoding', (encoded, original) => {
    expect(encodeValue(original).toString('hex')).toBe(encoded);
    expect(decodeValue(hex(encoded))).toStrictEqual(original);
  });

  it.each<[string, AmqpValue]>([
    ['5601', true],
    ['5600', false],
    ['70 00000005', typed.uint(5)],
    ['80 0000000000000005', typed.ulong(5)],
    ['b1 00000001 61', 'a'],
    ['d0 00000006 00000002 4041', [null, true]],
    ['d1 00000007 00000002 5401 40', new AmqpMap([[typed.int(1), null]])],
    ['f0 00000007 00000002 54 0102', new AmqpArray('int', [typed.int(1), typed.int(2)])],
    ['e0 02 03 41', new AmqpArray('boolean', [true, true, true])],
    ['e0 02 02 43', new AmqpArray('uint', [typed.uint(0), typed.uint(0)])],
    [
      'e0 05 02 00 5324 45',
      new AmqpArray(
        'described',
        [0, 1].map(() => new Described(typed.ulong(0x24), [])),
      ),
    ],
  ])('%s is read though it is not the smallest', (encoded, decoded) => {
    expect(decodeValue(hex(encoded))).toStrictEqual(decoded);
  });

  it.each([
    ['f0 00000005 ffffffff 40', /take no bytes/],
    ['f0 00000005 ffffffff 41', /take no bytes/],
    ['f0 00000005 ffffffff 43', /take no bytes/],
    ['f0 00000005 ffffffff 45', /take no bytes/],
    ['f0 00000008 ffffffff 00 5324 45', /take no bytes/],
    ['f0 00000006 ffffffff 50 01', /4294967295 items/],
    ['d0 00000005 ffffffff 40', /4294967295 items/],
    ['d1 00000006 fffffffe 40 40', /4294967294 keys/],
    ['c1 04 03 404040', /as many keys/],
    ['c1 09 04 a10161 40 a10161 40', /twice/],
    ['b0 ffffffff 00', /4294967295 bytes/],
    ['a1 02 c080', /UTF-8/],
    ['a1 03 eda080', /UTF-8/],
    ['a3 01 80', /ASCII/],
    ['56 02', /boolean/],
    ['73 00110000', /Unicode/],
    ['73 0000d800', /Unicode/],
    ['c0 00', /no room/],
    ['d0 00000003 000000', /no room/],
    ['c0 03 01 40 40', /follow the last item/],
    ['c0 02 02 40', /2 items/],
    ['c0 03 02 40 40 40', /follow the value/],
    ['ff', /0xff is no constructor/],
    ['e0 03 01 ff 00', /0xff is no constructor/],
    ['c0 03 01 a1 05 4141414141', /beyond its compound/],
  ])('%s is refused', (encoded, message) => {
    expect(() => decodeValue(hex(encoded))).toThrow(message);
  });

  it('that are nested too deep are refused in every form', () => {
    let list = hex('45');
    for (let depth = 0; depth < 100; depth++) list = Buffer.concat([hex('d0'), u32(list.length + 4), u32(1), list]);
    expect(() => decodeValue(list)).toThrow(/nested/);
    expect(() => decodeValue(Buffer.alloc(100_000, 0))).toThrow(/nested/);
    const arrays = Buffer.concat([hex('f0'), u32(1e5), u32(1), Buffer.alloc(1e5, 0xf0)]);
    expect(() => decodeValue(arrays)).toThrow(/At byte/);
    const descriptors = Buffer.concat([hex('f0'), u32(200_005), u32(1), Buffer.alloc(200_000, hex('0040')), hex('40')]);
    expect(() => decodeValue(descriptors)).toThrow(/nested/);
    let value: AmqpValue = [];
    for (let depth = 0; depth < 100; depth++) value = [value];
    expect(() => encodeValue(value)).toThrow(UnencodableValue);
  });

  it('without bytes are counted over all arrays of a value', () => {
    const array = Buffer.concat([hex('f0'), u32(5), u32(1000), hex('40')]);
    const list = (count: number) =>
      Buffer.concat([hex('d0'), u32(array.length * count + 4), u32(count), ...new Array(count).fill(array)]);
    expect(decodeValue(list(4))).toHaveLength(4);
    expect(() => decodeValue(list(5))).toThrow(/take no bytes/);
  });

  it('are read one after another', () => {
    const reader = new ValueReader(hex('41 5205 a10161'));
    expect([reader.read(), reader.read(), reader.read(), reader.isAtEnd]).toStrictEqual([
      true,
      typed.uint(5),
      'a',
      true,
    ]);
  });

  it.each<[string, AmqpValue]>([
    ['a negative uint', typed.uint(-1)],
    ['a fraction', typed.int(1.5)],
    ['a number that is not exact', typed.long(2 ** 60)],
    ['a ulong of 65 bits', typed.ulong(2n ** 64n)],
    ['a short uuid', typed.uuid(Buffer.alloc(15))],
    ['a symbol that is not ASCII', typed.symbol('é')],
    ['an array of two types', new AmqpArray('int', [typed.int(1), typed.uint(1)])],
    [
      'an array of two descriptors',
      new AmqpArray('described', [new Described(typed.ulong(1), null), new Described(typed.ulong(2), null)]),
    ],
    ['text as a number', new Typed('int', '5')],
  ])('that their type cannot hold are not written: %s', (_, wrong) => {
    expect(() => encodeValue(wrong)).toThrow(UnencodableValue);
  });
});

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}
