import { describe, expect, it } from 'vitest';
import { Bench, bodies, message, queue, ReceiverOfTests, written } from './harness.ts';

const inSession = (groupId: string, body: string, parts = {}) =>
  message({ body: Buffer.from(body), groupId, ...parts });

async function accept(bench: Bench, id: string | null, waitMs = 0, credit = 100) {
  const kept = new ReceiverOfTests();
  const receiver = await bench.source('q').acceptSession(id, { mode: 'peekLock', name: 'r', waitMs }, kept.events);
  if (credit > 0) receiver.setCredit(credit);
  await written();
  return { kept, receiver };
}

const open = () => Bench.with([queue('q', { requiresSession: true, lockDurationMs: 10_000 })]);

describe('a session', () => {
  it('goes to one receiver, in order, and is refused to others', async () => {
    const bench = await open();
    await bench.send('q', inSession('a', 'a1'), inSession('b', 'b1'), inSession('a', 'a2'));
    const { kept, receiver } = await accept(bench, 'a');
    expect([receiver.sessionId, receiver.lockedUntil]).toEqual(['a', bench.clock.now() + 10_000]);
    expect(bodies(kept.messages)).toEqual(['a1', 'a2']);
    expect(kept.messages[0]).toMatchObject({ sessionId: 'a', lockedUntil: receiver.lockedUntil });
    await expect(accept(bench, 'a')).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
    await bench.send('q', inSession('a', 'a3'));
    expect(bodies(kept.messages)).toEqual(['a1', 'a2', 'a3']);
    await bench.settle('q', kept.messages[1]!, { kind: 'complete' });
    receiver.close();
    await expect(bench.settle('q', kept.messages[0]!, { kind: 'complete' })).rejects.toMatchObject({
      code: 'SessionLockLost',
    });
    const next = await accept(bench, 'a');
    expect(bodies(next.kept.messages)).toEqual(['a1', 'a3']);
    // Letting go of a session is no failed delivery.
    expect(next.kept.messages[0]).toMatchObject({ deliveryCount: 0 });
  });

  it('gives nothing that comes after a message which was given back and is not on disk yet', async () => {
    const bench = await open();
    await bench.send('q', inSession('a', 'a1'), inSession('a', 'a2'), inSession('a', 'a3'));
    const { kept, receiver } = await accept(bench, 'a', 0, 1);
    bench.source('q').settle(kept.messages[0]!, { kind: 'abandon' }, () => {});
    receiver.setCredit(2);
    await written();
    expect(bodies(kept.messages)).toEqual(['a1', 'a1', 'a2']);
    // Its lock ends, and somebody else has it at once: both have failed once more.
    const waiting = accept(bench, null, 60_000);
    await bench.clock.pass(10_000);
    const next = await waiting;
    expect(bodies(next.kept.messages)).toEqual(['a1', 'a2', 'a3']);
    expect(next.kept.messages.map(({ deliveryCount }) => deliveryCount)).toEqual([2, 1, 0]);
  });

  it('is given to who asks for the next, at once or when there is one', async () => {
    const bench = await open();
    await bench.send('q', inSession('a', 'a1'));
    const first = await accept(bench, null);
    expect(first.receiver.sessionId).toBe('a');
    const waiting = accept(bench, null, 60_000);
    const second = accept(bench, null, 1000);
    const refused = expect(second).rejects.toMatchObject({
      code: 'SessionNotAvailable',
      condition: 'com.microsoft:timeout',
    });
    await bench.clock.pass(1000);
    await refused;
    await bench.send('q', inSession('c', 'c1'));
    expect((await waiting).receiver.sessionId).toBe('c');
    const third = accept(bench, null, 60_000);
    await written();
    first.receiver.close();
    expect((await third).receiver.sessionId).toBe('a');
    await expect(accept(bench, null)).rejects.toMatchObject({ code: 'SessionNotAvailable' });
  });

  it('is not given to who has stopped waiting', async () => {
    const bench = await open();
    const abort = new AbortController();
    const options = { mode: 'peekLock', name: 'r', waitMs: 1e6, signal: abort.signal } as const;
    const waiting = bench.source('q').acceptSession(null, options, new ReceiverOfTests().events);
    const refused = expect(waiting).rejects.toMatchObject({ code: 'SessionNotAvailable' });
    abort.abort();
    await refused;
    await bench.send('q', inSession('a', 'a1'));
    expect((await accept(bench, null)).receiver.sessionId).toBe('a');
  });

  it('lost by its lock’s end raises delivery counts, and tells the receiver', async () => {
    const bench = await Bench.with([
      queue('q', { requiresSession: true, lockDurationMs: 10_000, maxDeliveryCount: 2 }),
    ]);
    await bench.send('q', inSession('a', 'a1'), inSession('a', 'a2'));
    const { kept, receiver } = await accept(bench, 'a', 0, 1);
    await bench.clock.pass(8000);
    expect(bench.source('q').renewSessionLock('a')).toBe(bench.clock.now() + 10_000);
    expect(receiver.lockedUntil).toBe(bench.clock.now() + 10_000);
    await bench.clock.pass(8000);
    expect(kept.closed).toBeUndefined();
    await bench.clock.pass(2000);
    expect(kept.closed).toMatchObject({ code: 'SessionLockLost' });
    expect(() => bench.source('q').renewSessionLock('a')).toThrow(/session lock was lost on session 'a'/);
    const again = await accept(bench, null);
    expect(again.kept.messages.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 0]);
    await bench.clock.pass(10_000);
    await bench.crash();
    expect(await bench.peek('q')).toMatchObject([{ sessionId: 'a', deliveryCount: 1 }]);
    expect(bodies(await bench.receive('q/$DeadLetterQueue'))).toEqual(['a1']);
    expect((await bench.peek('q/$DeadLetterQueue'))[0]).toMatchObject({ sessionId: 'a', deliveryCount: 2 });
  });

  it('has a state, that outlives its messages and a restart until it is cleared', async () => {
    const bench = await open();
    const source = bench.source('q');
    const { receiver } = await accept(bench, 'a');
    expect(source.sessionState('a')).toBeUndefined();
    await source.setSessionState('a', Buffer.from('one'));
    const between = bench.clock.now();
    await bench.clock.pass(5);
    await source.setSessionState('a', Buffer.from('two'));
    await expect(source.setSessionState('b', Buffer.from('x'))).rejects.toMatchObject({ code: 'SessionLockLost' });
    await expect(source.setSessionState('a', Buffer.alloc(1e6))).rejects.toMatchObject({ code: 'MessageSizeExceeded' });
    receiver.close();
    await bench.crash();
    expect(Buffer.from(bench.source('q').sessionState('a')!).toString()).toBe('two');
    await bench.send('q', inSession('b', 'b1'), inSession('c', 'c1'));
    expect(bench.source('q').sessions({ skip: 0, top: 10 })).toEqual(['b', 'c']);
    expect(bench.source('q').sessions({ skip: 1, top: 1 })).toEqual(['c']);
    expect(bench.source('q').sessions({ updatedAfter: between, skip: 0, top: 10 })).toEqual(['a']);
    expect(bench.source('q').sessions({ updatedAfter: between + 5, skip: 0, top: 10 })).toEqual([]);
    await accept(bench, 'a');
    await bench.source('q').setSessionState('a', null);
    await bench.crash();
    expect(bench.source('q').sessionState('a')).toBeUndefined();
    expect(bench.disk.size).toBe(3);
  });

  it('keeps deferred messages for who has it', async () => {
    const bench = await open();
    await bench.send('q', inSession('a', 'a1'), inSession('a', 'a2'));
    const { kept } = await accept(bench, 'a', 0, 1);
    await bench.settle('q', kept.messages[0]!, { kind: 'defer' });
    const source = bench.source('q');
    await expect(source.receiveDeferred([1], { mode: 'peekLock' })).rejects.toMatchObject({ code: 'MessageNotFound' });
    await expect(source.receiveDeferred([1], { mode: 'peekLock', sessionId: 'b' })).rejects.toMatchObject({
      code: 'MessageNotFound',
    });
    const [deferred] = await source.receiveDeferred([1], { mode: 'peekLock', sessionId: 'a' });
    await bench.settle('q', deferred!, { kind: 'complete' });
    expect(bodies(await bench.peek('q'))).toEqual(['a2']);
  });

  it('is needed by messages and receivers of its queue, and by no others', async () => {
    const bench = await Bench.with([queue('q', { requiresSession: true }), queue('plain')]);
    await expect(bench.send('q', message())).rejects.toMatchObject({ code: 'SessionIdMissing' });
    await expect(bench.receive('q')).rejects.toMatchObject({ code: 'SessionRequired' });
    const options = { mode: 'peekLock', name: 'r', waitMs: 0 } as const;
    await expect(bench.source('plain').acceptSession('a', options, new ReceiverOfTests().events)).rejects.toMatchObject(
      {
        code: 'SessionNotSupported',
      },
    );
    expect(() => bench.source('plain').sessions({ skip: 0, top: 1 })).toThrow();
    await bench.send('plain', inSession('a', 'x'));
    await bench.crash();
    expect(await bench.receive('plain')).toMatchObject([{ sessionId: 'a' }]);
  });

  it('ends for receivers and those who wait when the queue goes', async () => {
    const bench = await open();
    await bench.send('q', inSession('a', 'a1'));
    const { kept } = await accept(bench, 'a');
    const refused = expect(accept(bench, null, 1e6)).rejects.toMatchObject({ code: 'EntityNotFound' });
    await written();
    await bench.apply();
    await refused;
    expect(kept.closed).toMatchObject({ code: 'EntityNotFound' });
  });

  it('of many costs nothing when others get messages', async () => {
    const bench = await open();
    const ids = Array.from({ length: 10_000 }, (_, index) => `s${index}`);
    await bench.send('q', ...ids.map((id) => inSession(id, 'x')));
    const started = performance.now();
    for (let round = 0; round < 50; round++) await bench.send('q', inSession('s7', 'y'));
    expect(performance.now() - started).toBeLessThan(2000);
    const { receiver, kept } = await accept(bench, null);
    expect([receiver.sessionId, kept.messages.length]).toEqual(['s0', 1]);
  });
});
