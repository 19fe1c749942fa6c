import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DateTime } from './datetime.ts';
import { DateTimeOffset } from './datetimeoffset.ts';
import { Decimal } from './decimal.ts';
import { Guid } from './guid.ts';
import { parseJson } from './json/reader.ts';
import { JObject, JProperty, JToken } from './json/token.ts';
import { toStringOf } from './object.ts';
import { copyOf, fromPortable, toPortable } from './portable-value.ts';
import { TimeSpan } from './timespan.ts';
import { Boxed, netArray, typeNameOf } from './values.ts';

const travel = (value: unknown) => fromPortable(JSON.parse(JSON.stringify(toPortable(value))));

describe('a value that travels', () => {
  it.each([
    [null],
    ['text'],
    [''],
    [true],
    [42],
    [-(2n ** 63n)],
    [new Boxed('System.Double', 0.1)],
    [new Boxed('System.Double', Number.NaN)],
    [new Boxed('System.Double', Number.NEGATIVE_INFINITY)],
    [new Boxed('System.Char', 65)],
    [new Boxed('System.UInt64', 2n ** 64n - 1n)],
    [new DateTime(638_000_000_000_000_001n, 1)],
    [new DateTimeOffset(new DateTime(638_000_000_000_000_000n), TimeSpan.of(0, 2, 0, 0))],
    [new TimeSpan(-5n)],
    [Guid.parse('87aeb87f-192c-424c-84d1-32d5bbfec437')],
    [Decimal.of(-1100n, 3)],
    [new Uint8Array([0, 255, 10])],
    [netArray('System.Object', ['a', 1, null, netArray('System.Int64', [5n])])],
  ])('is the same afterwards: %s', (value) => {
    const back = travel(value);
    expect(typeNameOf(back)).toBe(typeNameOf(value));
    expect(back).toEqual(value);
  });

  it('keeps JSON', () => {
    const token = parseJson('{"a":[1,2.5,null,{"b":"x"}],"d":"2020-01-02T03:04:05Z"}');
    const back = travel(token);
    expect(back).toBeInstanceOf(JObject);
    expect(back instanceof JToken && token.deepEquals(back)).toBe(true);
  });

  it('is not one that is bound to the process', () => {
    const items = [{}, () => 1, new JProperty('a', parseJson('1')), netArray('System.Object', [{}])];
    for (const item of items) expect([toPortable(item), copyOf(item)]).toEqual([undefined, undefined]);
  });

  it('is not read from what nobody wrote', () => {
    for (const broken of [undefined, {}, 1.5, { type: 'System.Guid', value: 'x' }, { type: 1, value: '' }])
      expect(fromPortable(broken)).toBeUndefined();
    let deep: unknown = 'x';
    for (let i = 0; i < 10_000; i++) deep = { type: 'System.Object[]', value: [deep] };
    expect(fromPortable(deep)).toBeUndefined();
    fc.assert(fc.property(fc.jsonValue(), (value) => void fromPortable(value)));
  });
});

it('a copy shares nothing that can be changed', () => {
  const token = parseJson('{"a":{"b":1}}');
  const copy = copyOf(token);
  expect(copy).not.toBe(token);
  expect(toStringOf(copy)).toBe(toStringOf(token));
  const bytes = new Uint8Array([1]);
  expect([copyOf(bytes), copyOf(bytes) === bytes]).toEqual([bytes, false]);
});
