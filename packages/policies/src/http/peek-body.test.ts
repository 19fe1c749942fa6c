import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOf } from '../testing/index.ts';
import { type BodySource, MessageBody } from './body.ts';
import { peekBody } from './peek-body.ts';

const all = async (source: BodySource) => Buffer.from(await MessageBody.fromSource(source).buffer(1e6)).toString();

test('nothing is lost, whatever the limit and the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 20 }), fc.nat(40), async (text, chunk, limit) => {
      const peeked = await peekBody(sourceOf(text, chunk), limit);
      const size = Buffer.byteLength(text);
      expect('bytes' in peeked).toBe(size <= limit);
      expect('bytes' in peeked ? Buffer.from(peeked.bytes).toString() : await all(peeked.source)).toBe(text);
    }),
  );
});

test('a body that says that it is too large is not touched', async () => {
  const source = sourceOf('12345', 2, 5);
  expect(await peekBody(source, 4)).toEqual({ source });
});

test('an error reaches whoever reads', async () => {
  const failing = (after: number): BodySource => ({
    length: null,
    start(sink) {
      queueMicrotask(() => {
        sink.data(Buffer.alloc(after));
        sink.error(new Error('gone'));
      });
    },
    pause() {},
    resume() {},
    abort() {},
  });
  await expect(peekBody(failing(2), 10)).rejects.toThrow('gone');
  const peeked = await peekBody(failing(20), 10);
  await expect('source' in peeked ? all(peeked.source) : '').rejects.toThrow('gone');
});
