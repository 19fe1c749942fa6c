import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

test.each([
  ['orderz', 'orders'],
  ['ORDERS', 'orders'],
  ['subscripton', 'subscription'],
  ['zzzzzz', null],
])('%s is taken for %s', (written, nearest) => {
  expect(nearestName(written, ['customers', 'orders', 'subscription'])).toBe(nearest);
});
