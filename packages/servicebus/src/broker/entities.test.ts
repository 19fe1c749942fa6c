import { describe, expect, it } from 'vitest';
import { answered, Bench, bodies, message, queue, ReceiverOfTests, subscription, topic, written } from './harness.ts';

const text = (body: string, parts = {}) => message({ body: Buffer.from(body), ...parts });

describe('entities', () => {
  it('are found in any case, by paths with slashes, with their sub-queues', async () => {
    const bench = await Bench.with([queue('Orders/New'), topic('T'), subscription('T', 'S')]);
    await bench.send('orders/NEW', text('one'));
    expect(bodies(await bench.peek('ORDERS/new'))).toEqual(['one']);
    expect(bench.source('orders/new/$deadletterqueue').path).toBe('orders/new/$deadletterqueue');
    expect(await bench.peek('orders/new/$Transfer/$DeadLetterQueue')).toEqual([]);
    expect(await bench.peek('t/subscriptions/s')).toEqual([]);
    expect(bench.source('t/subscriptions/s').rules).toHaveLength(1);
    expect(bench.source('orders/new').rules).toBeUndefined();
    expect(() => bench.sender('nobody')).toThrow(/messaging entity 'nobody' could not be found/);
    expect(() => bench.source('nobody/$DeadLetterQueue')).toThrow(/could not be found/);
    expect(() => bench.sender('t/subscriptions/s')).toThrow(/cannot be sent/);
    expect(() => bench.sender('orders/new/$DeadLetterQueue')).toThrow(/cannot be sent/);
    expect(() => bench.source('t')).toThrow(/cannot be received/);
  });

  it('that are deleted go with their messages; made anew they are empty and found by who held them', async () => {
    const bench = await Bench.with([queue('q'), queue('other')]);
    const target = bench.sender('q');
    await bench.send('q', text('one'), text('two'));
    const kept = new ReceiverOfTests();
    bench.source('q').openReceiver({ mode: 'peekLock', name: 'r' }, kept.events).setCredit(1);
    await bench.apply(queue('other'));
    expect(kept.closed).toMatchObject({ code: 'EntityNotFound' });
    await expect(answered((done) => target.send([text('three')], done))).rejects.toMatchObject({
      code: 'EntityNotFound',
    });
    await bench.apply(queue('other'), queue('q', { id: 'another' }));
    await answered((done) => target.send([text('four')], done));
    await written();
    expect(bodies(await bench.peek('q'))).toEqual(['four']);
    // Two entities and a message.
    expect(bench.disk.size).toBe(3);
    await bench.clock.pass(1e9);
    await bench.crash();
    expect(bodies(await bench.peek('q'))).toEqual(['four']);
  });

  it('that nobody names after a restart go with their messages', async () => {
    const bench = await Bench.with([queue('q'), queue('other', { requiresDuplicateDetection: true })]);
    await bench.send('other', text('one'));
    bench.definitions = [queue('q')];
    await bench.crash();
    await written();
    expect(bench.disk.size).toBe(1);
  });

  it('that are deleted with many messages do so little by little', async () => {
    const bench = await Bench.with([queue('q')]);
    const many = Array.from({ length: 5000 }, () => text('x'));
    await bench.send('q', ...many);
    await bench.apply();
    await written();
    await written();
    expect(bench.disk.size).toBe(0);
    expect(bench.namespace.statistics.messages).toBe(0);
  });

  it('refuse what their status says', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('one'));
    const kept = new ReceiverOfTests();
    bench.source('q').openReceiver({ mode: 'peekLock', name: 'r' }, kept.events);
    await bench.apply(queue('q', { status: 'ReceiveDisabled' }));
    expect(kept.closed).toMatchObject({ code: 'EntityDisabled' });
    await bench.send('q', text('two'));
    await expect(bench.receive('q')).rejects.toMatchObject({ code: 'EntityDisabled' });
    await bench.apply(queue('q', { status: 'SendDisabled' }));
    await expect(bench.send('q', text('three'))).rejects.toMatchObject({ code: 'EntityDisabled' });
    expect(bodies(await bench.receive('q'))).toEqual(['one', 'two']);
    await bench.apply(queue('q', { status: 'Disabled' }));
    await expect(bench.send('q', text('three'))).rejects.toMatchObject({ code: 'EntityDisabled' });
    await expect(bench.receive('q')).rejects.toMatchObject({ code: 'EntityDisabled' });
  });

  it('that are full or get too large a message refuse it', async () => {
    const bench = await Bench.with([queue('q', { maxSizeBytes: 400, maxMessageBytes: 200 })]);
    await bench.send('q', text('x'.repeat(90)));
    await expect(bench.send('q', text('x'.repeat(100)), text('x'.repeat(100)))).rejects.toMatchObject({
      code: 'QuotaExceeded',
      message: expect.stringMatching(
        /^The maximum entity size has been reached or exceeded for Queue: 'q'. Size of entity/,
      ),
    });
    await expect(bench.send('q', text('x'.repeat(300)))).rejects.toMatchObject({ code: 'MessageSizeExceeded' });
    await bench.settle('q', (await bench.receive('q'))[0]!, { kind: 'complete' });
    await bench.send('q', text('x'.repeat(100)));
    await bench.crash();
    await expect(bench.send('q', text('x'.repeat(100)), text('x'.repeat(100)))).rejects.toMatchObject({
      code: 'QuotaExceeded',
    });
  });

  it('that are idle are deleted, not while somebody receives or sends', async () => {
    const idle = { autoDeleteOnIdleMs: 300_000 };
    const bench = await Bench.with([queue('q', idle), topic('t', idle), subscription('t', 's')]);
    await bench.clock.pass(200_000);
    await bench.send('q', text('one'));
    await bench.clock.pass(200_000);
    expect(bench.gone).toMatchObject([{ path: 't' }]);
    expect(bench.namespace.runtime('t/subscriptions/s')).toBeUndefined();
    const receiver = bench.source('q').openReceiver({ mode: 'peekLock', name: 'r' }, new ReceiverOfTests().events);
    await bench.clock.pass(2_000_000);
    expect(bench.gone).toHaveLength(1);
    receiver.close();
    await bench.clock.pass(600_000);
    expect(bench.gone).toMatchObject([{ path: 't' }, { path: 'q' }]);
    expect(() => bench.sender('q')).toThrow(/could not be found/);
  });

  it('find duplicates within their window, also after a restart, and drop them', async () => {
    const bench = await Bench.with([
      queue('q', { requiresDuplicateDetection: true, duplicateDetectionHistoryMs: 20_000 }),
    ]);
    await bench.send(
      'q',
      text('one', { messageId: 'a' }),
      text('again', { messageId: 'a' }),
      text('two', { messageId: 'b' }),
    );
    const later = bench.clock.now() + 5000;
    await bench.sender('q').schedule([text('three', { messageId: 'c', scheduledEnqueueTime: later })]);
    await bench.send('q', text('again', { messageId: 'c' }));
    for (const held of await bench.receive('q')) await bench.settle('q', held, { kind: 'complete' });
    await bench.crash();
    await bench.send('q', text('again', { messageId: 'b' }));
    await bench.clock.pass(5000);
    expect(bodies(await bench.peek('q'))).toEqual(['three']);
    await bench.clock.pass(17_000);
    await bench.send('q', text('anew', { messageId: 'a' }));
    expect(bodies(await bench.peek('q'))).toEqual(['three', 'anew']);
    await bench.clock.pass(60_000);
    // The queue and two messages: the history is gone.
    expect(bench.disk.size).toBe(3);
  });

  it('with partitions tell duplicates apart by partition key', async () => {
    const bench = await Bench.with([queue('q', { requiresDuplicateDetection: true, enablePartitioning: true })]);
    const [one, two] = [1, 2].map((key) => text(String(key), { messageId: 'a', partitionKey: String(key) }));
    await bench.send('q', one!, two!, one!);
    expect(bodies(await bench.peek('q'))).toEqual(['1', '2']);
  });

  it('never give out a sequence number twice, whatever is left of the messages', async () => {
    const bench = await Bench.with([queue('q')]);
    const seen = new Set<number>();
    for (let round = 0; round < 5; round++) {
      await bench.send('q', ...Array.from({ length: 7 }, () => text('x')));
      for (const { sequenceNumber } of await bench.receive('q', 100, 'receiveAndDelete')) {
        expect(seen.has(sequenceNumber)).toBe(false);
        seen.add(sequenceNumber);
      }
      await bench.crash();
    }
    expect(seen.size).toBe(35);
  });
});

describe('scheduled messages', () => {
  it('become active when they are due under a new number, in order, also after a restart', async () => {
    const bench = await Bench.with([queue('q')]);
    const start = bench.clock.now();
    const at = (seconds: number) => ({ scheduledEnqueueTime: start + seconds * 1000 });
    const numbers = await bench.sender('q').schedule([text('b', at(20)), text('a', at(10)), text('c', at(20))]);
    expect(numbers).toEqual([1, 2, 3]);
    await bench.send('q', text('late', at(-5)), text('d', { ...at(30), timeToLiveMs: 1000 }));
    expect(await bench.peek('q')).toMatchObject([
      { state: 'scheduled', enqueuedTime: start + 20_000 },
      { state: 'scheduled' },
      { state: 'scheduled' },
      { state: 'active' },
      { state: 'scheduled', expiresAt: Number.POSITIVE_INFINITY },
    ]);
    expect(bench.namespace.runtime('q')).toMatchObject({ scheduledMessageCount: 4, activeMessageCount: 1 });
    await bench.clock.pass(10_000);
    await bench.crash();
    await bench.clock.pass(10_000);
    const active = (await bench.peek('q')).filter(({ state }) => state === 'active');
    expect(bodies(active)).toEqual(['late', 'a', 'b', 'c']);
    expect(active[1]).toMatchObject({ enqueuedSequenceNumber: 2, enqueuedTime: start + 10_000 });
    expect(active[1]!.sequenceNumber).toBeGreaterThan(5);
    await bench.clock.pass(10_000);
    expect(bodies(await bench.peek('q'))).toContain('d');
    await bench.clock.pass(1000);
    expect(bodies(await bench.receive('q'))).toEqual(['late', 'a', 'b', 'c']);
  });

  it('are cancelled all or none', async () => {
    const bench = await Bench.with([queue('q')]);
    const scheduledEnqueueTime = bench.clock.now() + 1000;
    const target = bench.sender('q');
    const [one, two] = await target.schedule([
      text('1', { scheduledEnqueueTime }),
      text('2', { scheduledEnqueueTime }),
    ]);
    await expect(target.cancelScheduled([one!, 77])).rejects.toMatchObject({ code: 'MessageNotFound' });
    await target.cancelScheduled([one!]);
    await expect(target.cancelScheduled([one!])).rejects.toMatchObject({ code: 'MessageNotFound' });
    await bench.clock.pass(1000);
    await expect(target.cancelScheduled([two!])).rejects.toMatchObject({ code: 'MessageNotFound' });
    expect(bodies(await bench.receive('q'))).toEqual(['2']);
  });
});

describe('browsing', () => {
  it('gives messages in any state from a number on, as many and as large as is allowed', async () => {
    const bench = await Bench.with([queue('q')], { peekBytes: 1000 });
    await bench.send('q', ...['1', '2', '3', '4'].map((each) => text(each)));
    await bench.receive('q', 1);
    await bench.settle('q', (await bench.receive('q', 1))[0]!, { kind: 'defer' });
    await bench.sender('q').schedule([text('5', { scheduledEnqueueTime: bench.clock.now() + 1e6 })]);
    bench.disk.readsLater = true;
    expect(bodies(await bench.peek('q'))).toEqual(['1', '2', '3', '4', '5']);
    expect(bodies(await bench.peek('q', 2, 3))).toEqual(['2', '3', '4']);
    expect(await bench.peek('q', 6)).toEqual([]);
    await bench.send('q', text('x'.repeat(2000)));
    expect(await bench.peek('q', 4)).toHaveLength(2);
    expect(await bench.peek('q', 6)).toHaveLength(1);
  });

  it('deletes a number of messages that were there before a time, none that somebody holds', async () => {
    const bench = await Bench.with([queue('q')]);
    await bench.send('q', text('1'), text('2'), text('3'));
    await bench.receive('q', 1);
    await bench.clock.pass(10);
    const before = bench.clock.now();
    await bench.send('q', text('4'));
    expect(await bench.source('q').deleteMessages({ count: 1, before })).toBe(1);
    expect(await bench.source('q').deleteMessages({ count: 10, before })).toBe(1);
    expect(bodies(await bench.peek('q'))).toEqual(['1', '4']);
    await bench.crash();
    expect(bodies(await bench.peek('q'))).toEqual(['1', '4']);
  });
});

describe('a long queue', () => {
  it('is browsed in slices that let others work', async () => {
    const bench = await Bench.with([queue('q')]);
    const many = Array.from({ length: 25_000 }, (_, index) => message({ groupId: index === 24_000 ? 'it' : 'other' }));
    await bench.send('q', ...many);
    let turns = 0;
    const count = () => {
      turns++;
      if (turns < 100) setImmediate(count);
    };
    setImmediate(count);
    const found = await bench.source('q').peek({ from: 0, count: 5, sessionId: 'it' });
    expect(found).toMatchObject([{ sequenceNumber: 24_001, sessionId: 'it' }]);
    expect(turns).toBeGreaterThan(1);
    expect(await bench.source('q').deleteMessages({ count: 24_999, before: bench.clock.now() + 1 })).toBe(24_999);
    expect(await bench.peek('q')).toHaveLength(1);
  });
});
