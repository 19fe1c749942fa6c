import fc from 'fast-check';
import { expect, test } from 'vitest';
import { promptTokens } from './prompt.ts';
import { tokenizerFor } from './tokenizer.ts';
import { documentUsage, eventUsage } from './usage-reader.ts';
import { waitingTime } from './waiting-time.ts';

test('counts as the models do', async () => {
  const [o200k, cl100k] = await Promise.all([tokenizerFor('gpt-4o'), tokenizerFor('gpt-35-turbo')]);
  expect([o200k.count('Hello, world!'), cl100k.count('Hello, world!')]).toEqual([4, 4]);
  expect(o200k.count('Größenänderungen 変更')).not.toBe(cl100k.count('Größenänderungen 変更'));
  expect(await tokenizerFor('gpt-4.1-mini')).toBe(o200k);
  expect(await tokenizerFor('my-deployment')).toBe(o200k);
  expect(await tokenizerFor('gpt-4-turbo')).toBe(cl100k);
}, 30_000);

test('control tokens in a text are text, and an endless word takes no endless time', async () => {
  const { count } = await tokenizerFor('gpt-4o');
  expect(count('<|endoftext|>')).toBeGreaterThan(1);
  const before = performance.now();
  expect(count('a'.repeat(5_000_000))).toBeGreaterThan(100_000);
  expect(count(' '.repeat(5_000_000))).toBeGreaterThan(100);
  expect(performance.now() - before).toBeLessThan(5_000);
}, 30_000);

test('prompts', () => {
  const tokenizer = { count: (text: string) => text.length };
  const of = (body: unknown) => promptTokens(body, 'auto', tokenizer);
  expect(of({ messages: [{ role: 'user', content: 'abc', name: 'x' }] })).toBe(3 + 3 + 4 + 3 + 1 + 1);
  expect(of({ messages: [{ content: [{ type: 'text', text: 'ab' }, { type: 'image_url' }] }] })).toBe(3 + 3 + 2 + 1200);
  expect(of({ prompt: 'abcd' })).toBe(4);
  expect(of({ prompt: ['ab', 'c', [1, 2, 3]] })).toBe(6);
  expect(of({ input: ['ab', 'cd'] })).toBe(4);
  expect(of({ input: [{ role: 'user', content: 'abc' }], instructions: 'xy' })).toBe(8);
});

test('events are read however they are cut', () => {
  const text =
    'event: x\ndata: {"choices":[{"delta":{"content":"one"}}]}\r\n\r\ndata:{"choices":[{"delta":{"content":"two"}}]}\n\ndata: [DONE]\n\n';
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const reader = eventUsage((part) => part.length);
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      for (const [i, start] of at.entries()) reader.data(text.slice(start, at[i + 1]));
      expect(reader.end()).toEqual({ reported: null, counted: 6 });
    }),
  );
});

test('whatever comes, nothing breaks', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => `data: ${json}\n`),
        ),
      ),
      (parts) => {
        for (const reader of [eventUsage(() => 1), documentUsage(() => 1)]) {
          for (const part of parts) reader.data(part);
          reader.end();
        }
      },
    ),
  );
});

test('times in words', () => {
  expect([1, 60, 3_661, 90_000].map(waitingTime)).toEqual([
    '1 second',
    '1 minute',
    '1 hour, 1 minute and 1 second',
    '1 day and 1 hour',
  ]);
});
