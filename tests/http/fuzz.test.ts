import { expect, test } from 'vitest';
import { fuzz } from './fuzzing.ts';

test('five seconds of mutated messages, always the same ones, break nothing', async () => {
  const { requests, responses, http2, violations } = await fuzz(20261124, 5000, 1500);
  expect(violations).toEqual([]);
  expect(requests).toBeGreaterThan(20);
  expect(responses).toBeGreaterThan(10);
  expect(http2).toBeGreaterThan(10);
}, 30_000);
