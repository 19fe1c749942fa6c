import { expect, test } from 'vitest';
import { quotasByKeyIn } from './quotas-by-key.ts';

const read = (inbound: string) =>
  quotasByKeyIn({
    text: `<policies><inbound>${inbound}</inbound></policies>`,
    format: 'rawxml',
    kind: 'policies',
    namedValues: new Map([['hour', '3600']]),
  });

test('every quota-by-key is found, however deep, with its named values in place', () => {
  expect(
    read(
      '<choose><when condition="@(true)"><quota-by-key calls="1" renewal-period="{{hour}}" counter-key="a" /></when></choose>' +
        '<quota-by-key bandwidth="1" renewal-period="0" counter-key="@("b")" first-period-start="2030-01-01T00:00:00Z" />',
    ).toSorted((a, b) => a.periodMs - b.periodMs),
  ).toEqual([
    { kinds: ['bandwidth'], periodMs: 0, origin: Date.parse('2030-01-01T00:00:00Z') },
    { kinds: ['call volume'], periodMs: 3_600_000, origin: Date.parse('0001-01-01T00:00:00Z') },
  ]);
});

test('what is no quota, or has no valid period, is left out', () => {
  expect(
    read('<quota-by-key calls="1" renewal-period="x" counter-key="a" /><quota calls="1" renewal-period="0" />'),
  ).toEqual([]);
  expect(quotasByKeyIn({ text: '<policies', format: 'rawxml', kind: 'policies', namedValues: new Map() })).toEqual([]);
});
