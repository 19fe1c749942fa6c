import { describe, expect, it } from 'vitest';
import { Bench, bodies, message, queue, ReceiverOfTests, written } from './harness.ts';

const text = (body: string, parts = {}) => message({ body: Buffer.from(body), ...parts });

describe('a message that is', () => {
  it('abandoned returns to its place with the properties that were changed, and counts', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('one'), text('two'));
    const [one] = await bench.receive('q', 1);
    await bench.settle('q', one!, { kind: 'abandon', properties: new Map([['tried', true]]) });
    const again = await bench.receive('q');
    expect(bodies(again)).toEqual(['one', 'two']);
    expect(again[0]).toMatchObject({ deliveryCount: 1, overrides: new Map([['tried', true]]) });
    await bench.crash();
    expect((await bench.peek('q'))[0]).toMatchObject({ deliveryCount: 1, overrides: new Map([['tried', true]]) });
  });

  it('abandoned as often as it may be is dead-lettered', async () => {
    const bench = await Bench.with([queue('q', { maxDeliveryCount: 2 })]);
    await bench.send('q', text('one'));
    for (const _ of [1, 2]) await bench.settle('q', (await bench.receive('q'))[0]!, { kind: 'abandon' });
    expect(await bench.receive('q')).toEqual([]);
    const [dead] = await bench.receive('q/$DeadLetterQueue');
    expect(dead).toMatchObject({
      sequenceNumber: 1,
      deliveryCount: 2,
      overrides: new Map([
        ['DeadLetterReason', 'MaxDeliveryCountExceeded'],
        ['DeadLetterErrorDescription', 'Message could not be consumed after 2 delivery attempts.'],
      ]),
    });
    // Dead letters are not counted out.
    for (const _ of [1, 2, 3]) {
      const [held] = await bench.receive('q/$deadletterqueue');
      if (held !== undefined) await bench.settle('q/$deadletterqueue', held, { kind: 'abandon' });
      await bench.clock.pass(60_000);
    }
    expect(await bench.peek('q/$DeadLetterQueue')).toHaveLength(1);
  });

  it('not settled in time is there again, and its lock is lost', async () => {
    const bench = await Bench.with([queue('q', { lockDurationMs: 5000 })]);
    await bench.send('q', text('one'));
    const [held] = await bench.receive('q');
    await bench.clock.pass(4000);
    expect(bench.source('q').renewLock(held!.lockToken!)).toBe(bench.clock.now() + 5000);
    expect(held!.lockedUntil).toBe(bench.clock.now() + 5000);
    await bench.clock.pass(4000);
    expect(await bench.receive('q')).toEqual([]);
    await bench.clock.pass(1000);
    await expect(bench.settle('q', held!, { kind: 'complete' })).rejects.toMatchObject({ code: 'MessageLockLost' });
    expect(() => bench.source('q').renewLock(held!.lockToken!)).toThrow(/lock supplied is invalid/);
    expect((await bench.receive('q'))[0]).toMatchObject({ deliveryCount: 1 });
    expect(bench.namespace.statistics).toMatchObject({ lockExpiries: 1 });
  });

  it('found by its lock token is settled like by its handle', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('one'));
    const [held] = await bench.receive('q');
    const found = bench.source('q').locked(Buffer.from(held!.lockToken!));
    await bench.settle('q', found, { kind: 'complete' });
    expect(() => bench.source('q').locked(held!.lockToken!)).toThrow(/lock/);
    expect(() => bench.source('q').locked(Buffer.alloc(16))).toThrow(/lock/);
    expect(() => bench.source('q').locked(Buffer.alloc(3))).toThrow(/lock/);
  });

  it('deferred is received by its number only, also after a restart, and stays deferred when it is abandoned', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('one'), text('two'));
    await bench.settle('q', (await bench.receive('q', 1))[0]!, { kind: 'defer' });
    expect(bodies(await bench.receive('q'))).toEqual(['two']);
    await bench.crash();
    expect(await bench.peek('q')).toMatchObject([{ state: 'deferred' }, { state: 'active' }]);
    const source = bench.source('q');
    await expect(source.receiveDeferred([1, 2], { mode: 'peekLock' })).rejects.toMatchObject({
      code: 'MessageNotFound',
    });
    const [one] = await source.receiveDeferred([1], { mode: 'peekLock' });
    await expect(source.receiveDeferred([1], { mode: 'peekLock' })).rejects.toMatchObject({ code: 'MessageNotFound' });
    await bench.settle('q', one!, { kind: 'abandon' });
    const [again] = await source.receiveDeferred([1], { mode: 'peekLock' });
    expect(again).toMatchObject({ state: 'deferred', deliveryCount: 1 });
    await bench.settle('q', again!, { kind: 'complete' });
    expect(bodies(await bench.peek('q'))).toEqual(['two']);
    await bench.settle('q', (await bench.receive('q'))[0]!, { kind: 'defer' });
    expect(bodies(await source.receiveDeferred([2], { mode: 'receiveAndDelete' }))).toEqual(['two']);
    await bench.crash();
    expect(await bench.peek('q')).toEqual([]);
  });

  it('dead-lettered lies in the dead-letter queue with reason, description and properties', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('one'), text('two'));
    const [one, two] = await bench.receive('q');
    const properties = new Map([['why', 'because']]);
    await bench.settle('q', one!, { kind: 'deadLetter', reason: 'R', description: 'D', properties });
    await bench.settle('q', two!, { kind: 'deadLetter' });
    await bench.crash();
    expect(bench.namespace.runtime('q')).toMatchObject({ activeMessageCount: 0, deadLetterMessageCount: 2 });
    const [dead] = await bench.receive('q/$DeadLetterQueue', 1);
    expect(dead!.overrides).toEqual(
      new Map([
        ['why', 'because'],
        ['DeadLetterReason', 'R'],
        ['DeadLetterErrorDescription', 'D'],
      ]),
    );
    await expect(bench.settle('q/$DeadLetterQueue', dead!, { kind: 'deadLetter' })).rejects.toMatchObject({
      code: 'BadRequest',
    });
    await bench.settle('q/$DeadLetterQueue', dead!, { kind: 'complete' });
    expect(await bench.peek('q/$DeadLetterQueue')).toHaveLength(1);
  });

  it('given properties larger than a message may have is dead-lettered for it', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('one'), text('two'));
    const large = new Map([['large', 'x'.repeat(40_000)]]);
    const [one, two] = await bench.receive('q');
    await bench.settle('q', one!, { kind: 'abandon', properties: large });
    await bench.settle('q', two!, { kind: 'deadLetter', reason: 'mine', properties: large });
    const dead = await bench.peek('q/$DeadLetterQueue');
    expect(dead.map(({ overrides }) => overrides?.get('DeadLetterReason'))).toEqual([
      'HeaderSizeExceeded',
      'HeaderSizeExceeded',
    ]);
  });

  it('expired is removed, or dead-lettered where the queue says so; neither when it is deferred, locked or dead', async () => {
    for (const deadLetteringOnMessageExpiration of [true, false]) {
      const bench = await Bench.with([queue('q', { deadLetteringOnMessageExpiration, defaultTimeToLiveMs: 10_000 })]);
      await bench.send('q', text('deferred'), text('locked'), text('short', { timeToLiveMs: 1000 }), text('default'));
      const [deferred, locked] = await bench.receive('q', 2);
      await bench.settle('q', deferred!, { kind: 'defer' });
      await bench.clock.pass(1000);
      expect(bodies(await bench.peek('q'))).toEqual(['deferred', 'locked', 'default']);
      await bench.clock.pass(9000);
      expect(bodies(await bench.peek('q'))).toEqual(['deferred', 'locked']);
      await bench.settle('q', locked!, { kind: 'abandon' });
      expect(bodies(await bench.peek('q'))).toEqual(['deferred']);
      const dead = await bench.peek('q/$DeadLetterQueue');
      if (deadLetteringOnMessageExpiration) {
        expect(bodies(dead)).toEqual(['locked', 'short', 'default']);
        expect(dead[0]!.overrides).toEqual(
          new Map([
            ['DeadLetterReason', 'TTLExpiredException'],
            ['DeadLetterErrorDescription', 'The message expired and was dead lettered.'],
          ]),
        );
        await bench.clock.pass(1e9);
        expect(await bench.peek('q/$DeadLetterQueue')).toHaveLength(3);
      } else expect(dead).toEqual([]);
      expect(bodies(await bench.source('q').receiveDeferred([1], { mode: 'peekLock' }))).toEqual(['deferred']);
    }
  });
});

describe('receiving', () => {
  it('and deleting gives a message once it is gone from the disk', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('one'), text('two'));
    const kept = new ReceiverOfTests();
    const receiver = bench.source('q').openReceiver({ mode: 'receiveAndDelete', name: 'r' }, kept.events);
    receiver.setCredit(1);
    expect(kept.messages).toEqual([]);
    await written();
    expect(bodies(kept.messages)).toEqual(['one']);
    expect(kept.messages[0]).toMatchObject({ lockToken: undefined, lockedUntil: undefined });
    await bench.crash();
    expect(bodies(await bench.peek('q'))).toEqual(['two']);
    expect(kept.closed).toMatchObject({ code: 'NotOwner' });
  });

  it('goes round receivers with credit, one message each', async () => {
    const bench = await Bench.with([queue('q')]);
    const all = [0, 1, 2].map(() => new ReceiverOfTests());
    const receivers = all.map((kept) => bench.source('q').openReceiver({ mode: 'peekLock', name: 'r' }, kept.events));
    receivers[0]!.setCredit(10);
    receivers[1]!.setCredit(2);
    await bench.send('q', ...Array.from({ length: 8 }, (_, index) => text(String(index))));
    expect(all.map(({ messages }) => bodies(messages))).toEqual([['0', '2', '4', '5', '6', '7'], ['1', '3'], []]);
    expect(receivers.map(({ credit }) => credit)).toEqual([4, 0, 0]);
    receivers[0]!.close();
    receivers[2]!.setCredit(1);
    await bench.send('q', text('8'));
    expect(bodies(all[2]!.messages)).toEqual(['8']);
  });

  it('keeps order when contents must be read from the disk, and drains when the last has come', async () => {
    for (const mode of ['peekLock', 'receiveAndDelete'] as const) {
      const bench = await Bench.with([queue('q')]);
      await bench.send('q', text('one'), text('two'), text('three'));
      bench.disk.readsLater = true;
      const kept = new ReceiverOfTests();
      const receiver = bench.source('q').openReceiver({ mode, name: 'r' }, kept.events);
      receiver.setCredit(2);
      bench.disk.readsLater = false;
      receiver.setCredit(8);
      let drainedWith = -1;
      receiver.drain(() => {
        drainedWith = kept.messages.length;
      });
      expect(drainedWith).toBe(-1);
      await written();
      expect(bodies(kept.messages)).toEqual(['one', 'two', 'three']);
      expect([drainedWith, receiver.credit]).toEqual([3, 0]);
      receiver.drain(() => {
        drainedWith = 0;
      });
      expect(drainedWith).toBe(0);
    }
  });

  it('gives back what was on its way when the receiver closes', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('one'));
    bench.disk.readsLater = true;
    const kept = new ReceiverOfTests();
    const receiver = bench.source('q').openReceiver({ mode: 'peekLock', name: 'r' }, kept.events);
    receiver.setCredit(2);
    receiver.close();
    await written();
    expect(kept.messages).toEqual([]);
    bench.disk.readsLater = false;
    expect((await bench.receive('q'))[0]).toMatchObject({ deliveryCount: 0 });
  });
});
