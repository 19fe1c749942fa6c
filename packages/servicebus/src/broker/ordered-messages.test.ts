import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueHeap } from './due-heap.ts';
import { Fifo } from './fifo.ts';
import { OrderedMessages } from './ordered-messages.ts';
import { StoredMessage } from './stored-message.ts';
import { WaitingMessages } from './waiting-messages.ts';

const stored = (sequenceNumber: number): StoredMessage =>
  new StoredMessage(undefined as never, sequenceNumber, 0, undefined, { bodyBytes: 0 }, undefined);

/** Numbers mostly rise; some come late, as dead letters do. */
const changes = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ addLate: fc.nat(5000) }) },
    { weight: 3, arbitrary: fc.record({ removeFirst: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 3, arbitrary: fc.record({ remove: fc.nat(5000) }) },
  ),
  { minLength: 100, maxLength: 1500, size: 'max' },
);

describe('messages by sequence number', () => {
  it('are found and walked through in order, however they came and went', () => {
    fc.assert(
      fc.property(changes, fc.nat(3000), (all, from) => {
        const messages = new OrderedMessages();
        const model = new Map<number, StoredMessage>();
        let next = 1;
        const inOrder = () => [...model.keys()].sort((one, other) => one - other);
        const add = (number: number) => {
          if (model.has(number)) return;
          const message = stored(number);
          model.set(number, message);
          messages.add(message);
        };
        const remove = (number: number | undefined) => {
          const message = number === undefined ? undefined : model.get(number);
          if (message === undefined || number === undefined) return;
          messages.remove(message);
          messages.remove(message);
          model.delete(number);
        };
        for (const change of all) {
          if ('add' in change) {
            for (let count = 0; count < change.add; count++) {
              add(next);
              next += 1 + (next % 3);
            }
          } else if ('addLate' in change) add(change.addLate % next);
          else if ('removeFirst' in change) for (const number of inOrder().slice(0, change.removeFirst)) remove(number);
          else remove(inOrder()[change.remove % Math.max(1, model.size)]);
        }
        expect(messages.size).toBe(model.size);
        expect([...messages.from(0)].map(({ sequenceNumber }) => sequenceNumber)).toEqual(inOrder());
        expect([...messages.from(from)].map(({ sequenceNumber }) => sequenceNumber)).toEqual(
          inOrder().filter((number) => number >= from),
        );
        for (const number of [from, from + 1, next - 1]) expect(messages.find(number)).toBe(model.get(number));
        for (const number of inOrder()) expect(messages.find(number)).toBe(model.get(number));
      }),
      { numRuns: 60 },
    );
  });
});

describe('waiting messages', () => {
  it('are taken by their numbers, those that were given back too, without those that went away', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('add', 'take', 'take', 'giveBack', 'gone'), { maxLength: 2000, size: 'max' }),
        fc.infiniteStream(fc.nat(1000)),
        (all, picks) => {
          const waiting = new WaitingMessages();
          let there: StoredMessage[] = [];
          const taken: StoredMessage[] = [];
          let next = 1;
          for (const each of all) {
            const pick = picks.next().value;
            if (each === 'add') {
              for (let count = 0; count < 2; count++) {
                const message = stored(next++);
                there.push(message);
                waiting.add(message);
              }
            } else if (each === 'take') {
              const message = waiting.take();
              expect(message).toBe(there.shift());
              if (message !== undefined) taken.push(message);
            } else if (each === 'giveBack' && taken.length > 0) {
              const [message] = taken.splice(pick % taken.length, 1);
              there.push(message!);
              there.sort((one, other) => one.sequenceNumber - other.sequenceNumber);
              waiting.add(message!);
            } else if (each === 'gone' && there.length > 0) {
              const message = there[pick % there.length]!;
              there = there.filter((other) => other !== message);
              waiting.gone(message);
            }
            expect(waiting.length).toBe(there.length);
          }
          expect([...waiting]).toEqual(there);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('what falls due', () => {
  it('comes by its time, and what is forgotten takes no room for long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ time: fc.nat(1000), isForgotten: fc.boolean() }), { maxLength: 1000, size: 'max' }),
        (all) => {
          const times = new Map<object, number>();
          const heap = new DueHeap<object>((item, time) => times.get(item) === time);
          const items = all.map(({ time }) => {
            const item = {};
            times.set(item, time);
            heap.add(time, item);
            return item;
          });
          all.forEach(({ isForgotten }, index) => {
            if (!isForgotten) return;
            times.delete(items[index]!);
            heap.forget();
          });
          expect(heap.size).toBeLessThanOrEqual(2 * times.size + 66);
          const due: number[] = [];
          for (let item = heap.takeDue(500); item !== undefined; item = heap.takeDue(500)) due.push(times.get(item)!);
          expect(due).toEqual([...times.values()].filter((time) => time <= 500).sort((one, other) => one - other));
        },
      ),
    );
  });

  it('first in comes first out', () => {
    const fifo = new Fifo<number>();
    const out: number[] = [];
    for (let number = 0; number < 1000; number++) {
      fifo.push(number);
      if (number % 3 > 0) out.push(fifo.shift()!);
    }
    fifo.keep((number) => number % 2 === 0);
    out.push(...fifo);
    expect(fifo.length).toBe(out.length - 666);
    expect(out).toEqual([
      ...Array.from({ length: 666 }, (_, index) => index),
      ...Array.from({ length: 167 }, (_, index) => 666 + 2 * index),
    ]);
  });
});
