import { AmqpArray, AmqpMap, type AmqpValue, Described, int, long, symbol, Typed, ulong, uuid } from '@lazuli/amqp';
import { describe, expect, it } from 'vitest';
import { plain, propertiesOf, RequestBody, wholeNumber } from './read-values.ts';

const body = (members: Readonly<Record<string, AmqpValue>>) => new RequestBody(new AmqpMap(Object.entries(members)));
const refused = (read: () => unknown, expected: string) =>
  expect(read).toThrow(`'x' of the request must be ${expected}.`);

describe('members of a request', () => {
  it('are read whatever their width', () => {
    for (const x of [int(5), long(5), ulong(5), new Typed('ubyte', 5), new Typed('timestamp', 5)])
      expect(body({ x }).number('x')).toBe(5);
    expect(body({ x: symbol('s') }).text('x')).toBe('s');
    expect(body({ x: new AmqpArray('long', [long(1), long(2)]) }).numbers('x')).toEqual([1, 2]);
    expect(body({ x: [int(1), long(2)] }).numbers('x')).toEqual([1, 2]);
    expect(body({ x: long(1) }).numbers('x')).toEqual([1]);
    const token = Buffer.alloc(16, 3);
    expect(body({ x: new AmqpArray('uuid', [uuid(token)]) }).uuids('x')).toEqual([token]);
    expect(
      body({ x: [new AmqpMap([['y', 'z']])] })
        .maps('x')[0]
        ?.text('y'),
    ).toBe('z');
  });

  it('may be missing where they are optional', () => {
    for (const none of [body({}), body({ x: null })]) {
      expect(none.optionalText('x')).toBeUndefined();
      expect(none.optionalNumber('x')).toBeUndefined();
      expect(none.optionalBytes('x')).toBeUndefined();
      expect(none.optionalMap('x')).toBeUndefined();
    }
  });

  it('are refused with what was expected', () => {
    const wrong: AmqpValue[] = [true, Buffer.alloc(1), new AmqpMap(), new Described(symbol('d'), new AmqpMap())];
    for (const x of [null, ...wrong]) {
      refused(() => body({ x }).text('x'), 'a string');
      refused(() => body({ x }).number('x'), 'a whole number');
      refused(() => body({ x }).numbers('x'), x === null ? 'an array' : 'whole numbers');
      refused(() => body({ x }).uuids('x'), x === null ? 'an array' : 'uuids');
    }
    refused(() => body({ x: 'text' }).bytes('x'), 'binary');
    refused(() => body({ x: 'text' }).optionalMap('x'), 'a map');
    refused(() => body({ x: [int(1)] }).maps('x'), 'a list of maps');
    refused(() => body({ x: new Typed('ulong', 2n ** 63n) }).number('x'), 'a whole number');
    refused(() => body({ x: new Typed('double', 0.5) }).number('x'), 'a whole number');
  });
});

it('values are taken out of what describes them', () => {
  expect(plain(new Described(symbol('com.microsoft:session-filter'), symbol('s')))).toBe('s');
  expect(plain(null)).toBeNull();
  expect(plain(undefined)).toBeUndefined();
  expect(wholeNumber('5')).toBeUndefined();
});

it('names of properties are strings or symbols; others are left out', () => {
  const given = new AmqpMap([
    ['a', int(1)],
    [symbol('b'), null],
    [int(3), 'c'],
    ['a', int(2)],
  ]);
  expect(propertiesOf(given)).toEqual(
    new Map<string, AmqpValue>([
      ['a', int(2)],
      ['b', null],
    ]),
  );
  expect(propertiesOf(new AmqpMap())).toBeUndefined();
});
