import { describe, expect, it } from 'vitest';
import { WorkQueue } from './queue.ts';

describe('the queue of deployments', () => {
  it('runs one after the other, also after one that failed', async () => {
    const queue = new WorkQueue();
    const order: string[] = [];
    const work =
      (name: string, fails = false) =>
      async () => {
        order.push(`${name} starts`);
        await Promise.resolve();
        order.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      };
    const results = await Promise.allSettled([queue.add(work('a')), queue.add(work('b', true)), queue.add(work('c'))]);
    expect(results.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(order).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });
});
