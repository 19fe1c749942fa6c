import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArmError } from '../errors.ts';
import { isSelected, readReportFilter } from './report-filter.ts';

const key = { apiId: 'Orders', operationId: 'get', productId: null, subscriptionId: null, userId: null };

test('times and ids are taken from a filter in the forms that clients send', () => {
  const filter = readReportFilter(
    "timestamp ge datetime'2030-01-01T00:00:00Z' and timestamp lt 2030-01-02T00:00:00Z and apiId eq '/apis/orders' and operationId eq '/apis/orders/operations/get'",
  );
  expect([filter.from, filter.to]).toEqual([Date.parse('2030-01-01'), Date.parse('2030-01-02') - 1]);
  expect(isSelected(key, filter)).toBe(true);
  expect(isSelected({ ...key, operationId: null }, filter)).toBe(false);
  expect(isSelected(key, readReportFilter("apiRegion eq 'West Europe'"))).toBe(false);
  expect(isSelected(key, readReportFilter(undefined))).toBe(true);
});

test('whatever else is sent is refused with a reason', () => {
  for (const text of ['x', "timestamp eq 'y'", "apiId ge 'x'", "apiId eq 'x' or apiId eq 'y'", "contains(apiId,'x')"])
    expect(() => readReportFilter(text)).toThrow(ArmError);
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        readReportFilter(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ArmError);
      }
    }),
  );
});
