import { expect, it } from 'vitest';
import type { StoredMessage } from './stored-message.ts';
import { WaitingMessages } from './waiting-messages.ts';

const numbered = (sequenceNumber: number) => ({ sequenceNumber, isWaiting: false }) as StoredMessage;

/** Numbers that look random and are the same each time. */
function* randoms(): Generator<number> {
  for (let state = 12345; ; ) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    yield state / 2 ** 32;
  }
}

it('gives messages in the order of their numbers, whoever brings some back, and whichever go away', () => {
  const random = randoms();
  const below = (n: number) => Math.floor((random.next().value ?? 0) * n);
  const waiting = new WaitingMessages();
  const model: StoredMessage[] = [];
  const taken: StoredMessage[] = [];
  let next = 1;
  const back = (message: StoredMessage) => {
    waiting.add(message);
    model.push(message);
    model.sort((a, b) => a.sequenceNumber - b.sequenceNumber);
  };
  for (let step = 0; step < 30_000; step++) {
    const kind = below(10);
    if (kind < 4) back(numbered(next++));
    else if (kind < 7) {
      const message = waiting.take();
      expect(message).toBe(model.shift());
      if (message !== undefined) taken.push(message);
    } else if (kind < 9 && taken.length > 0) back(taken.splice(below(taken.length), 1)[0]!);
    else if (model.length > 0) waiting.gone(model.splice(below(model.length), 1)[0]!);
    expect(waiting.length).toBe(model.length);
    if (step % 500 === 0) expect([...waiting]).toEqual(model);
  }
  expect([...waiting]).toEqual(model);
});
