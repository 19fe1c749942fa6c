import { describe, expect, it } from 'vitest';
import { Bench, bodies, message, queue, rule, subscription, topic, written } from './harness.ts';

const text = (body: string, parts = {}) => message({ body: Buffer.from(body), ...parts });
const flags = (...names: string[]) => ({ applicationProperties: new Map(names.map((name) => [name, true])) });
const sql = (expression: string) => ({ kind: 'sql', expression }) as const;

describe('a topic', () => {
  it('gives every subscription with a rule that matches one copy, under the number of the topic', async () => {
    const bench = await Bench.with([
      topic('t'),
      subscription('t', 'all'),
      subscription('t', 'none', { rules: [] }),
      subscription('t', 'either', { rules: [rule('1', sql('a')), rule('2', sql('b'))] }),
    ]);
    await bench.send('t', text('plain'), text('a', flags('a')), text('ab', flags('a', 'b')));
    expect(bodies(await bench.peek('t/subscriptions/all'))).toEqual(['plain', 'a', 'ab']);
    expect(await bench.peek('t/subscriptions/none')).toEqual([]);
    const [first] = await bench.receive('t/subscriptions/either');
    expect(first).toMatchObject({ sequenceNumber: 1, enqueuedSequenceNumber: 2 });
    await bench.settle('t/subscriptions/either', first!, { kind: 'complete' });
    await bench.crash();
    expect(bodies(await bench.peek('t/subscriptions/either'))).toEqual(['ab']);
    expect(bodies(await bench.peek('t/subscriptions/all'))).toEqual(['plain', 'a', 'ab']);
    expect(bench.namespace.runtime('t')).toMatchObject({ subscriptionCount: 3 });
    expect(bench.namespace.runtime('t')!.sizeInBytes).toBeGreaterThan(200);
  });

  it('makes a copy of its own for every rule with an action', async () => {
    const rules = [
      rule('plain', { kind: 'true' }),
      rule('one', { kind: 'true' }, 'set x'),
      rule('two', sql('a'), 'set y'),
    ];
    const bench = await Bench.with([topic('t'), subscription('t', 's', { rules })]);
    await bench.send('t', text('m', flags('a')));
    const copies = await bench.peek('t/subscriptions/s');
    expect(bodies(copies)).toEqual(['m', 'm', 'm']);
    expect(copies.map(({ overrides }) => overrides?.get('RuleName'))).toEqual([undefined, 'one', 'two']);
    expect(Buffer.from(copies[1]!.content.bare).includes('x')).toBe(true);
  });

  it('dead-letters in the subscription what its rules cannot tell about, or drops it', async () => {
    const rules = [rule('fail', sql('fail'))];
    const bench = await Bench.with([
      topic('t'),
      subscription('t', 'keeps', { rules }),
      subscription('t', 'drops', { rules, deadLetteringOnFilterEvaluationExceptions: false }),
    ]);
    await bench.send('t', text('m'));
    expect(await bench.peek('t/subscriptions/keeps')).toEqual([]);
    const [dead] = await bench.peek('t/subscriptions/keeps/$DeadLetterQueue');
    expect(dead!.overrides).toEqual(
      new Map([
        ['DeadLetterReason', 'FilterException'],
        ['DeadLetterErrorDescription', 'it cannot be told'],
      ]),
    );
    expect(bench.namespace.runtime('t/subscriptions/drops')).toMatchObject({ deadLetterMessageCount: 0 });
  });

  it('dead-letters a message without session id where the subscription needs one', async () => {
    const bench = await Bench.with([topic('t'), subscription('t', 's', { requiresSession: true })]);
    await bench.send('t', text('without'), text('with', { groupId: 'a' }));
    expect(bodies(await bench.peek('t/subscriptions/s'))).toEqual(['with']);
    expect((await bench.peek('t/subscriptions/s/$DeadLetterQueue'))[0]!.overrides?.get('DeadLetterReason')).toBe(
      'Session ID is null.',
    );
  });

  it('holds scheduled messages until they are due, and asks its rules then', async () => {
    const bench = await Bench.with([topic('t', { requiresDuplicateDetection: true }), subscription('t', 's')]);
    const scheduledEnqueueTime = bench.clock.now() + 1000;
    const [one] = await bench
      .sender('t')
      .schedule([text('1', { scheduledEnqueueTime }), text('2', { scheduledEnqueueTime })]);
    await bench.crash();
    expect(bench.namespace.runtime('t')).toMatchObject({ scheduledMessageCount: 2 });
    await bench.sender('t').cancelScheduled([one!]);
    bench.disk.readsLater = true;
    await bench.clock.pass(1000);
    expect(bodies(await bench.peek('t/subscriptions/s'))).toEqual(['2']);
    expect(await bench.peek('t/subscriptions/s')).toMatchObject([{ enqueuedSequenceNumber: 2, state: 'active' }]);
    expect(bench.namespace.runtime('t')).toMatchObject({ scheduledMessageCount: 0 });
  });

  it('lets the shortest time to live count', async () => {
    const bench = await Bench.with([
      topic('t', { defaultTimeToLiveMs: 2000 }),
      subscription('t', 'long'),
      subscription('t', 'short', { defaultTimeToLiveMs: 1000 }),
    ]);
    const now = bench.clock.now();
    await bench.send('t', text('m', { timeToLiveMs: 5000 }));
    expect((await bench.peek('t/subscriptions/long'))[0]).toMatchObject({ expiresAt: now + 2000 });
    expect((await bench.peek('t/subscriptions/short'))[0]).toMatchObject({ expiresAt: now + 1000 });
  });

  it('goes on with rules as they are now', async () => {
    const bench = await Bench.with([topic('t'), subscription('t', 's')]);
    await bench.apply(topic('t'), subscription('t', 's', { rules: [rule('a', sql('a'))] }));
    await bench.send('t', text('plain'), text('a', flags('a')));
    expect(bodies(await bench.peek('t/subscriptions/s'))).toEqual(['a']);
    await bench.apply(topic('t'));
    await written();
    expect(bench.namespace.runtime('t')).toMatchObject({ sizeInBytes: 0, subscriptionCount: 0 });
  });
});

describe('forwarding', () => {
  it('takes a message on with the send, through topics too', async () => {
    const bench = await Bench.with([
      queue('a', { forwardTo: 't' }),
      topic('t'),
      subscription('t', 's', { forwardTo: 'b' }),
      queue('b'),
    ]);
    await bench.send('a', text('m', { groupId: 'g' }));
    expect(await bench.peek('b')).toMatchObject([{ sequenceNumber: 1, enqueuedSequenceNumber: 1, sessionId: 'g' }]);
    expect(bench.namespace.runtime('a')).toMatchObject({ activeMessageCount: 0, sizeInBytes: 0 });
    await expect(bench.receive('a')).rejects.toMatchObject({ code: 'ReceiveNotAllowed' });
    await bench.crash();
    expect(bodies(await bench.peek('b'))).toEqual(['m']);
  });

  it('ends after four entities in the dead-letter queue', async () => {
    const chain = [1, 2, 3, 4, 5, 6].map((each) =>
      queue(`q${each}`, { forwardTo: each < 6 ? `q${each + 1}` : undefined }),
    );
    const bench = await Bench.with([...chain, queue('loop', { forwardTo: 'loop' })]);
    await bench.send('q2', text('fits'));
    await bench.send('q1', text('m'));
    await bench.send('loop', text('l'));
    expect(bodies(await bench.peek('q6'))).toEqual(['fits']);
    const [dead] = await bench.peek('q5/$DeadLetterQueue');
    expect(dead!.overrides?.get('DeadLetterReason')).toBe('MaxTransferHopCountExceeded');
    expect(bodies(await bench.peek('loop/$DeadLetterQueue'))).toEqual(['l']);
  });

  it('that fails leaves the message in the transfer dead-letter queue, with the reason', async () => {
    const bench = await Bench.with([
      queue('a', { forwardTo: 'b' }),
      queue('b', { status: 'Disabled' }),
      queue('c', { forwardTo: 'nobody' }),
      queue('d', { forwardTo: 'full' }),
      queue('full', { maxSizeBytes: 10 }),
    ]);
    for (const path of ['a', 'c', 'd']) {
      await bench.send(path, text('m'));
      const [dead] = await bench.receive(`${path}/$Transfer/$DeadLetterQueue`);
      expect(dead!.overrides?.get('DeadLetterReason')).toMatch(/Exception$/);
      expect(bench.namespace.runtime(path)).toMatchObject({ transferDeadLetterMessageCount: 1 });
    }
  });

  it('takes along what was there before, and what was scheduled', async () => {
    const bench = await Bench.with([queue('a'), queue('b'), queue('c', { requiresDuplicateDetection: true })]);
    await bench.send('a', text('1', { messageId: 'x' }), text('2', { messageId: 'x' }), text('3'));
    await bench.sender('a').schedule([text('4', { scheduledEnqueueTime: bench.clock.now() + 1000 })]);
    const [held] = await bench.receive('a', 1);
    await bench.apply(queue('a', { forwardTo: 'b' }), queue('b'), queue('c'));
    expect(bodies(await bench.peek('b'))).toEqual(['2', '3']);
    await bench.settle('a', held!, { kind: 'abandon' });
    await bench.clock.pass(1000);
    expect(bodies(await bench.peek('b'))).toEqual(['2', '3', '1', '4']);
    await bench.crash();
    expect(bodies(await bench.peek('b'))).toEqual(['2', '3', '1', '4']);
    // A queue that finds duplicates has to look at them.
    bench.disk.readsLater = true;
    await bench.apply(queue('a'), queue('b', { forwardTo: 'c' }), queue('c', { requiresDuplicateDetection: true }));
    await written();
    expect(bodies(await bench.peek('c'))).toEqual(['2', '3', '4']);
    expect(await bench.peek('b')).toEqual([]);
  });

  it('takes dead letters on, with where they come from', async () => {
    const bench = await Bench.with([
      queue('a', {
        forwardDeadLetteredMessagesTo: 'dead',
        defaultTimeToLiveMs: 1000,
        deadLetteringOnMessageExpiration: true,
      }),
      queue('dead'),
    ]);
    await bench.send('a', text('1'), text('2'));
    await bench.settle('a', (await bench.receive('a', 1))[0]!, { kind: 'deadLetter', reason: 'R' });
    await bench.clock.pass(1000);
    await bench.crash();
    const letters = await bench.peek('dead');
    expect(letters).toMatchObject([
      { deadLetterSource: 'a', enqueuedSequenceNumber: 1, deliveryCount: 0, expiresAt: Number.POSITIVE_INFINITY },
      { deadLetterSource: 'a', enqueuedSequenceNumber: 2 },
    ]);
    expect(letters.map(({ overrides }) => overrides?.get('DeadLetterReason'))).toEqual(['R', 'TTLExpiredException']);
    expect(await bench.peek('a/$DeadLetterQueue')).toEqual([]);
  });

  it('leaves dead letters where they are when they cannot go on', async () => {
    const bench = await Bench.with([queue('a', { forwardDeadLetteredMessagesTo: 'nobody' })]);
    await bench.send('a', text('1'));
    await bench.settle('a', (await bench.receive('a'))[0]!, { kind: 'deadLetter' });
    expect(bodies(await bench.peek('a/$DeadLetterQueue'))).toEqual(['1']);
    await bench.apply(queue('a', { forwardDeadLetteredMessagesTo: 'b' }), queue('b'));
    expect(bodies(await bench.peek('b'))).toEqual(['1']);
  });

  it('of a message that lacks a session id ends in the dead-letter queue of the destination', async () => {
    const bench = await Bench.with([queue('a', { forwardTo: 'b' }), queue('b', { requiresSession: true })]);
    await bench.send('a', text('without'), text('with', { groupId: 'g' }));
    expect(bodies(await bench.peek('b'))).toEqual(['with']);
    expect(bodies(await bench.peek('b/$DeadLetterQueue'))).toEqual(['without']);
  });
});
