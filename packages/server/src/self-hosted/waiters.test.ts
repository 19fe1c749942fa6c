import { expect, test } from 'vitest';
import { Waiters } from './waiters.ts';

test('who waits is woken by what it waits for, by nothing else, and at the end', async () => {
  const waiters = new Waiters();
  const [a, b, c] = [waiters.wait('a', 60_000), waiters.wait('b', 60_000), waiters.wait('b', 60_000)];
  waiters.wake('a');
  expect(await a.woken).toBe(true);
  c.cancel();
  expect(await c.woken).toBe(false);
  waiters.close();
  expect(await b.woken).toBe(false);
  expect(await waiters.wait('a', 60_000).woken).toBe(false);
});

test('nobody waits longer than it wants', async () => {
  const waiters = new Waiters();
  expect(await waiters.wait('a', 0).woken).toBe(false);
  expect(await waiters.wait('a', 1).woken).toBe(false);
});
