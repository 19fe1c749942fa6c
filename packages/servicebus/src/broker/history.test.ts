import { memoryJournal } from '@lazuli/store/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveredMessage, Settlement } from '../contract.ts';
import { Bench, bodies, message, queue, ReceiverOfTests, written } from './harness.ts';

const LOCK_MS = 5000;
const MOST_DELIVERIES = 2;

/** What a message must look like: the least that explains a queue. */
interface Entry {
  readonly body: string;
  readonly session: string;
  /** Orders messages of the queue, as sequence numbers do. */
  place: number;
  where: 'queue' | 'dead' | 'gone';
  state: 'active' | 'deferred' | 'scheduled';
  deliveryCount: number;
  dueAt: number;
}

interface Held {
  readonly entry: Entry;
  readonly delivered: DeliveredMessage;
  readonly until: number;
}

type Step =
  | { readonly kind: 'send'; readonly count: number }
  | { readonly kind: 'schedule'; readonly delay: number }
  | { readonly kind: 'cancel'; readonly pick: number }
  | { readonly kind: 'receive'; readonly count: number }
  | { readonly kind: 'receiveDeferred'; readonly pick: number }
  | { readonly kind: 'settle'; readonly pick: number; readonly how: Settlement['kind'] }
  | { readonly kind: 'renew'; readonly pick: number }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'transaction'; readonly pick: number; readonly commits: boolean }
  | { readonly kind: 'unfinishedSend' }
  | { readonly kind: 'unfinishedSettle'; readonly pick: number }
  | { readonly kind: 'crash' }
  | { readonly kind: 'restart' };

const pick = fc.nat(1000);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('send' as const), count: fc.integer({ min: 1, max: 4 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('schedule' as const), delay: fc.integer({ min: 1, max: 9000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), pick }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('receive' as const), count: fc.integer({ min: 1, max: 5 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('receiveDeferred' as const), pick }) },
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        pick,
        how: fc.constantFrom('complete' as const, 'abandon' as const, 'defer' as const, 'deadLetter' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('renew' as const), pick }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.integer({ min: 1, max: 4000 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('transaction' as const), pick, commits: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'unfinishedSend' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('unfinishedSettle' as const), pick }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'crash' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  ),
  { minLength: 5, maxLength: 80, size: 'max' },
);

class Model {
  readonly bench: Bench;
  entries: Entry[] = [];
  held: Held[] = [];
  #made = 0;
  #place = 0;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  make(dueAt = 0): Entry {
    const state = dueAt === 0 ? 'active' : 'scheduled';
    const number = this.#made++;
    return { body: `m${number}`, session: '', place: this.#place++, where: 'queue', state, deliveryCount: 0, dueAt };
  }

  messageOf(entry: Entry) {
    return message({
      body: Buffer.from(entry.body),
      ...(entry.dueAt === 0 ? {} : { scheduledEnqueueTime: entry.dueAt }),
    });
  }

  async step(step: Step): Promise<void> {
    const { bench } = this;
    switch (step.kind) {
      case 'send': {
        const made = Array.from({ length: step.count }, () => this.make());
        await bench.send('q', ...made.map((entry) => this.messageOf(entry)));
        this.entries.push(...made);
        return;
      }
      case 'schedule': {
        const entry = this.make(bench.clock.now() + step.delay);
        await bench.sender('q').schedule([this.messageOf(entry)]);
        this.entries.push(entry);
        return;
      }
      case 'cancel': {
        const entry = this.#pick(step.pick, ({ state, where }) => where === 'queue' && state === 'scheduled');
        if (entry === undefined) return;
        await bench.sender('q').cancelScheduled([await this.#numberOf(entry)]);
        entry.where = 'gone';
        return;
      }
      case 'receive':
        return this.#receive(step.count);
      case 'receiveDeferred': {
        const entry = this.#pick(
          step.pick,
          (each) => each.where === 'queue' && each.state === 'deferred' && !this.#isHeld(each),
        );
        if (entry === undefined) return;
        const number = await this.#numberOf(entry);
        const [delivered] = await bench.source('q').receiveDeferred([number], { mode: 'peekLock' });
        this.held.push({ entry, delivered: delivered!, until: bench.clock.now() + LOCK_MS });
        return;
      }
      case 'settle': {
        const held = this.#pickHeld(step.pick);
        if (held === undefined) return;
        await bench.settle('q', held.delivered, { kind: step.how });
        this.#settled(held, step.how);
        return;
      }
      case 'renew': {
        const held = this.#pickHeld(step.pick);
        if (held === undefined) return;
        const until = bench.source('q').renewLock(held.delivered.lockToken!);
        this.held = this.held.map((each) => (each === held ? { ...held, until } : each));
        return;
      }
      case 'wait':
        await bench.clock.pass(step.milliseconds);
        this.#timePasses();
        return;
      case 'transaction': {
        const held = this.#pickHeld(step.pick);
        const entry = this.make();
        const transaction = bench.namespace.beginTransaction();
        bench.sender('q').send([this.messageOf(entry)], () => undefined, transaction);
        if (held !== undefined) {
          bench.source('q').settle(held.delivered, { kind: 'complete' }, () => undefined, transaction);
        }
        if (!step.commits) {
          transaction.rollback();
          return;
        }
        await transaction.commit();
        await written();
        this.entries.push(entry);
        if (held !== undefined) this.#settled(held, 'complete');
        return;
      }
      case 'unfinishedSend':
        bench.sender('q').send([this.messageOf(this.make())], () => undefined);
        return this.#crash();
      case 'unfinishedSettle': {
        const held = this.#pickHeld(step.pick);
        if (held === undefined) return;
        bench.source('q').settle(held.delivered, { kind: 'complete' }, () => undefined);
        return this.#crash();
      }
      case 'crash':
        return this.#crash();
      case 'restart':
        await bench.restart();
        this.held = [];
    }
  }

  /** The queue and its dead letters are what they must be. */
  async check(): Promise<void> {
    for (const [path, where] of [
      ['q', 'queue'],
      ['q/$DeadLetterQueue', 'dead'],
    ] as const) {
      const found = await this.bench.peek(path, 0, 10_000);
      const numbers = found.map(({ sequenceNumber }) => sequenceNumber);
      expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
      const texts = bodies(found);
      expect(found.map(({ state, deliveryCount }, index) => ({ body: texts[index], state, deliveryCount }))).toEqual(
        this.entries
          .filter((entry) => entry.where === where)
          .sort((one, other) => one.place - other.place)
          .map(({ body, state, deliveryCount }) => ({
            body,
            state: where === 'dead' ? 'active' : state,
            deliveryCount,
          })),
      );
    }
  }

  async #crash(): Promise<void> {
    await this.bench.crash();
    this.held = [];
  }

  async #receive(count: number): Promise<void> {
    const kept = new ReceiverOfTests();
    const receiver = this.bench.source('q').openReceiver({ mode: 'peekLock', name: 'r' }, kept.events);
    receiver.setCredit(count);
    await written();
    receiver.close();
    const there = this.entries
      .filter((each) => each.where === 'queue' && each.state === 'active' && !this.#isHeld(each))
      .sort((one, other) => one.place - other.place)
      .slice(0, count);
    expect(bodies(kept.messages)).toEqual(there.map(({ body }) => body));
    for (const [index, entry] of there.entries()) {
      expect(kept.messages[index]!.deliveryCount).toBe(entry.deliveryCount);
      this.held.push({ entry, delivered: kept.messages[index]!, until: this.bench.clock.now() + LOCK_MS });
    }
  }

  #settled(held: Held, how: Settlement['kind']): void {
    this.held = this.held.filter((each) => each !== held);
    if (how === 'complete') held.entry.where = 'gone';
    else if (how === 'deadLetter') held.entry.where = 'dead';
    else if (how === 'defer') held.entry.state = 'deferred';
    else this.#failed(held.entry);
  }

  #failed(entry: Entry): void {
    entry.deliveryCount++;
    if (entry.deliveryCount >= MOST_DELIVERIES) entry.where = 'dead';
  }

  #timePasses(): void {
    const now = this.bench.clock.now();
    const due = this.entries.filter(
      (each) => each.where === 'queue' && each.state === 'scheduled' && each.dueAt <= now,
    );
    for (const entry of due.sort((one, other) => one.dueAt - other.dueAt || one.place - other.place)) {
      entry.state = 'active';
      entry.place = this.#place++;
    }
    for (const held of this.held) if (held.until <= now) this.#failed(held.entry);
    this.held = this.held.filter(({ until }) => until > now);
  }

  #isHeld(entry: Entry): boolean {
    return this.held.some((held) => held.entry === entry);
  }

  #pick(index: number, fits: (entry: Entry) => boolean): Entry | undefined {
    const fitting = this.entries.filter(fits);
    return fitting[index % Math.max(1, fitting.length)];
  }

  #pickHeld(index: number): Held | undefined {
    return this.held[index % Math.max(1, this.held.length)];
  }

  async #numberOf(entry: Entry): Promise<number> {
    const found = await this.bench.peek('q', 0, 10_000);
    return found[bodies(found).indexOf(entry.body)]!.sequenceNumber;
  }
}

describe('a queue whose process ends at any time', () => {
  it.each([
    ['a journal in memory', () => undefined],
    ['the journal of the store', memoryJournal],
  ])('is what its history makes it, over %s', { timeout: 120_000 }, async (_, journal) => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const definitions = [queue('q', { lockDurationMs: LOCK_MS, maxDeliveryCount: MOST_DELIVERIES })];
        const model = new Model(await Bench.with(definitions, {}, journal()));
        for (const step of history) {
          await model.step(step);
          await model.check();
        }
        await model.step({ kind: 'crash' });
        await model.check();
      }),
      { numRuns: 200, seed: 20260101 },
    );
  });
});
