import { describe, expect, it } from 'vitest';
import type { NewMessage, Transaction } from '../contract.ts';
import { answered, Bench, bodies, message, queue, ReceiverOfTests, written } from './harness.ts';

const text = (body: string, parts = {}) => message({ body: Buffer.from(body), ...parts });
const send = (bench: Bench, path: string, transaction: Transaction, ...messages: NewMessage[]) =>
  answered((done) => bench.sender(path).send(messages, done, transaction));

describe('a transaction', () => {
  it('does all of it at the commit, across entities, as one', async () => {
    const bench = await Bench.with([queue('a'), queue('b')]);
    await bench.send('a', text('1'), text('2'), text('3'));
    const [one, two, three] = await bench.receive('a');
    const transaction = bench.namespace.beginTransaction();
    await send(bench, 'b', transaction, text('x'), text('y'));
    await bench.settle('a', one!, { kind: 'complete' }, transaction);
    await bench.settle('a', two!, { kind: 'deadLetter', reason: 'R' }, transaction);
    await bench.settle('a', three!, { kind: 'abandon' }, transaction);
    expect(await bench.peek('b')).toEqual([]);
    expect(await bench.peek('a')).toHaveLength(3);
    await expect(bench.settle('a', one!, { kind: 'complete' })).rejects.toMatchObject({ code: 'MessageLockLost' });
    const committed = transaction.commit();
    await committed;
    await bench.crash();
    expect(bodies(await bench.peek('b'))).toEqual(['x', 'y']);
    expect(await bench.peek('a')).toMatchObject([{ sequenceNumber: 3, deliveryCount: 1 }]);
    expect(bodies(await bench.peek('a/$DeadLetterQueue'))).toEqual(['2']);
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'TransactionUnknown' });
  });

  it('that is rolled back leaves nothing, and messages with who held them', async () => {
    const bench = await Bench.with([queue('a', { lockDurationMs: 10_000 })]);
    await bench.send('a', text('1'), text('2'));
    const [one, two] = await bench.receive('a');
    const transaction = bench.namespace.beginTransaction();
    await send(bench, 'a', transaction, text('x'));
    await bench.settle('a', one!, { kind: 'complete' }, transaction);
    await bench.settle('a', two!, { kind: 'complete' }, transaction);
    transaction.rollback();
    await expect(send(bench, 'a', transaction, text('x'))).rejects.toMatchObject({ code: 'TransactionUnknown' });
    await bench.settle('a', two!, { kind: 'complete' });
    await bench.clock.pass(10_000);
    expect(await bench.receive('a')).toMatchObject([{ sequenceNumber: 1, deliveryCount: 1 }]);
  });

  it('is aborted as a whole when something in it cannot be done any more', async () => {
    const bench = await Bench.with([queue('a', { lockDurationMs: 10_000 }), queue('b')]);
    await bench.send('a', text('1'));
    const [one] = await bench.receive('a');
    const transaction = bench.namespace.beginTransaction();
    await send(bench, 'b', transaction, text('x'));
    await bench.settle('a', one!, { kind: 'complete' }, transaction);
    await bench.clock.pass(10_000);
    // It stays locked while the transaction is open.
    expect(await bench.receive('a')).toEqual([]);
    await expect(transaction.commit()).rejects.toMatchObject({
      code: 'TransactionAborted',
      message: expect.stringContaining('lock supplied is invalid'),
    });
    await bench.clock.pass(0);
    expect(await bench.peek('b')).toEqual([]);
    expect(await bench.receive('a')).toMatchObject([{ deliveryCount: 1 }]);
  });

  it('does not keep a message whose settlement it did not take', async () => {
    const bench = await Bench.with([queue('a', { lockDurationMs: 10_000 })]);
    await bench.send('a', text('1'), text('2'));
    const [one, two] = await bench.receive('a');
    const transaction = bench.namespace.beginTransaction();
    await send(bench, 'a', transaction, ...Array.from({ length: 100 }, () => text('x')));
    await expect(bench.settle('a', one!, { kind: 'complete' }, transaction)).rejects.toMatchObject({
      code: 'QuotaExceeded',
    });
    transaction.rollback();
    await bench.settle('a', one!, { kind: 'complete' });
    await expect(bench.settle('a', two!, { kind: 'complete' }, transaction)).rejects.toMatchObject({
      code: 'TransactionUnknown',
    });
    await bench.clock.pass(10_000);
    expect(await bench.receive('a')).toMatchObject([{ sequenceNumber: 2, deliveryCount: 1 }]);
  });

  it('is rolled back after two minutes', async () => {
    const bench = await Bench.with([queue('a')]);
    const transaction = bench.namespace.beginTransaction();
    await send(bench, 'a', transaction, text('x'));
    await bench.clock.pass(120_000);
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'TransactionTimeout' });
    expect(await bench.peek('a')).toEqual([]);
  });

  it('holds a hundred messages, and there are so many of them', async () => {
    const bench = await Bench.with([queue('a')], { transactions: 1 });
    const transaction = bench.namespace.beginTransaction();
    expect(() => bench.namespace.beginTransaction()).toThrow(/transactions are open/);
    await send(bench, 'a', transaction, ...Array.from({ length: 100 }, () => text('x')));
    await expect(send(bench, 'a', transaction, text('x'))).rejects.toMatchObject({ code: 'QuotaExceeded' });
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'TransactionAborted' });
    bench.namespace.beginTransaction();
  });

  it('gives a session back where its receiver went meanwhile', async () => {
    const bench = await Bench.with([queue('q', { requiresSession: true })]);
    await bench.send('q', text('1', { groupId: 'a' }), text('2', { groupId: 'a' }));
    const kept = new ReceiverOfTests();
    const options = { mode: 'peekLock', name: 'r', waitMs: 0 } as const;
    const receiver = await bench.source('q').acceptSession('a', options, kept.events);
    receiver.setCredit(2);
    const transaction = bench.namespace.beginTransaction();
    await bench.settle('q', kept.messages[0]!, { kind: 'complete' }, transaction);
    receiver.close();
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'TransactionAborted' });
    const again = new ReceiverOfTests();
    (await bench.source('q').acceptSession('a', options, again.events)).setCredit(5);
    await written();
    expect(bodies(again.messages)).toEqual(['1', '2']);
  });
});

describe('messages that a transaction schedules', () => {
  const inOneHour = (bench: Bench) => ({ scheduledEnqueueTime: bench.clock.now() + 3_600_000 });

  it('have their numbers at once, and are there when it commits, also after a crash', async () => {
    const bench = await Bench.with([queue('a')]);
    const transaction = bench.namespace.beginTransaction();
    const target = bench.sender('a');
    const numbers = await target.schedule([text('x', inOneHour(bench)), text('y', inOneHour(bench))], transaction);
    // Others that come meanwhile have numbers of their own, and may be behind them.
    await bench.send('a', text('now'));
    const [later] = await target.schedule([text('later', inOneHour(bench))]);
    expect(new Set([...numbers, later]).size).toBe(3);
    expect(bodies(await bench.peek('a'))).toEqual(['now', 'later']);
    await transaction.commit();
    await bench.crash();
    expect((await bench.peek('a')).filter(({ state }) => state === 'scheduled')).toMatchObject([
      { sequenceNumber: numbers[0] },
      { sequenceNumber: numbers[1] },
      { sequenceNumber: later },
    ]);
    await bench.sender('a').cancelScheduled([numbers[0]!]);
    await bench.clock.pass(3_600_000);
    expect(bodies(await bench.receive('a'))).toEqual(['now', 'y', 'later']);
  });

  it('are never there when it is rolled back', async () => {
    const bench = await Bench.with([queue('a')]);
    const transaction = bench.namespace.beginTransaction();
    const [number] = await bench.sender('a').schedule([text('x', inOneHour(bench))], transaction);
    transaction.rollback();
    await expect(bench.sender('a').cancelScheduled([number!])).rejects.toMatchObject({ code: 'MessageNotFound' });
    await bench.clock.pass(3_600_000);
    expect(await bench.peek('a')).toEqual([]);
  });

  it('are cancelled by it when it commits, and not before', async () => {
    const bench = await Bench.with([queue('a')]);
    const target = bench.sender('a');
    const numbers = await target.schedule([text('x', inOneHour(bench)), text('y', inOneHour(bench))]);
    const kept = bench.namespace.beginTransaction();
    await target.cancelScheduled(numbers, kept);
    kept.rollback();
    const transaction = bench.namespace.beginTransaction();
    await target.cancelScheduled([numbers[0]!], transaction);
    expect(await bench.peek('a')).toHaveLength(2);
    await transaction.commit();
    expect(bodies(await bench.peek('a'))).toEqual(['y']);
    await expect(target.cancelScheduled(numbers, bench.namespace.beginTransaction())).rejects.toMatchObject({
      code: 'MessageNotFound',
    });
  });

  it('end it when their time came before they were cancelled', async () => {
    const bench = await Bench.with([queue('a')]);
    const target = bench.sender('a');
    const numbers = await target.schedule([text('x', { scheduledEnqueueTime: bench.clock.now() + 1000 })]);
    const transaction = bench.namespace.beginTransaction();
    await target.cancelScheduled(numbers, transaction);
    await bench.clock.pass(1000);
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'TransactionAborted' });
    expect(bodies(await bench.receive('a'))).toEqual(['x']);
  });

  it('are of the queue that gave their numbers, not of one that was made under its name', async () => {
    const bench = await Bench.with([queue('a')]);
    const transaction = bench.namespace.beginTransaction();
    await bench.sender('a').schedule([text('x', inOneHour(bench))], transaction);
    await bench.apply();
    await bench.apply(queue('a'));
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'TransactionAborted' });
    expect(await bench.peek('a')).toEqual([]);
  });
});

describe('a namespace whose journal is lost', () => {
  it('refuses everything, and tells who waits', async () => {
    const bench = await Bench.with([queue('a')]);
    await bench.send('a', text('1'));
    const [one] = await bench.receive('a');
    const kept = new ReceiverOfTests();
    bench.source('a').openReceiver({ mode: 'peekLock', name: 'r' }, kept.events);
    const pending = expect(answered((done) => bench.sender('a').send([text('x')], done))).rejects.toMatchObject({
      code: 'NotOwner',
    });
    bench.lose(new Error('taken over'));
    await pending;
    expect(kept.closed).toMatchObject({ code: 'NotOwner' });
    await expect(bench.send('a', text('x'))).rejects.toMatchObject({ code: 'NotOwner' });
    await expect(bench.settle('a', one!, { kind: 'complete' })).rejects.toMatchObject({ code: 'NotOwner' });
    await expect(bench.receive('a')).rejects.toMatchObject({ code: 'NotOwner' });
    await expect(bench.apply()).rejects.toMatchObject({ code: 'NotOwner' });
    expect(() => bench.namespace.beginTransaction()).toThrow(/does not serve/);
    await bench.namespace.close();
  });
});
