import { describe, expect, it } from 'vitest';
import { symbol, uint, ulong } from '../codec/typed.ts';
import { encodeValue } from '../codec/writer.ts';
import type { AttachRequest, SaslIdentity } from '../contract.ts';
import { amqpHeader, plain, rawFrame, saslHeader } from '../testing/raw-peer.ts';
import {
  accepted,
  attachFields,
  conditionOf,
  flowFields,
  ServedPeer,
  transferFields,
  turn,
} from '../testing/served-peer.ts';
import { readTransactionControl } from '../transactions.ts';
import { AmqpMap, Described } from '../values.ts';

const body = Buffer.from('005375a003616263', 'hex');

describe('the handshake', () => {
  it('offers mechanisms, then lets in who says who it is', async () => {
    const served = new ServedPeer();
    served.peer.write(saslHeader);
    await turn();
    expect(served.peer.headers).toEqual(['3 1.0.0']);
    expect(plain(served.peer.frames[0]!.fields[0])).toMatchObject({ type: 'symbol' });
    served.peer.send(0x41, [symbol('ANONYMOUS')], { type: 1 });
    await turn();
    expect(plain(served.peer.frames[1]!.fields[0])).toBe(0);
    served.open();
    await turn();
    expect(served.peer.headers).toEqual(['3 1.0.0', '0 1.0.0']);
    expect(served.peer.of(0x10)).toHaveLength(1);
    expect(served.connection.identity).toEqual({ mechanism: 'ANONYMOUS' });
  });

  it('takes everything at once, one byte at a time', async () => {
    const served = new ServedPeer();
    const bytes = Buffer.concat([
      saslHeader,
      rawFrame(0x41, [symbol('PLAIN'), Buffer.from('\0me\0secret')], { type: 1 }),
      amqpHeader,
      rawFrame(0x10, ['client', 'host.example']),
      rawFrame(0x11, [null, uint(0), uint(10), uint(10)]),
      rawFrame(0x12, attachFields('link', 0, true)),
    ]);
    for (const byte of bytes) served.peer.write(Buffer.from([byte]));
    await turn();
    expect(served.connection).toMatchObject({ hostName: 'host.example', remoteContainerId: 'client', linkCount: 1 });
    expect(served.attaches).toHaveLength(1);
  });

  it('waits with the bytes until a slow judge has decided', async () => {
    let decide: (identity: SaslIdentity | undefined) => void = () => {};
    const served = new ServedPeer({
      sasl: {
        mechanisms: ['EXTERNAL'],
        authenticate: () => new Promise((resolve) => (decide = resolve)),
      },
    });
    served.peer.write(
      Buffer.concat([
        saslHeader,
        rawFrame(0x41, [symbol('EXTERNAL')], { type: 1 }),
        amqpHeader,
        rawFrame(0x10, ['client']),
      ]),
    );
    served.peer.write(rawFrame(0x11, [null, uint(0), uint(10), uint(10)]));
    await turn();
    expect(served.transport.isPaused).toBe(true);
    expect(served.peer.of(0x10)).toHaveLength(0);
    decide({ mechanism: 'EXTERNAL', principal: 'me' });
    await turn();
    expect(served.transport.isPaused).toBe(false);
    expect(served.connection.identity.principal).toBe('me');
    expect(served.connection.sessionCount).toBe(1);
  });

  it.each([
    ['a wrong secret', () => undefined, 1],
    ['a judge out of reach', () => Promise.reject(new Error('down')), 4],
  ])('ends for %s', async (_, authenticate, code) => {
    const served = new ServedPeer({ sasl: { mechanisms: ['PLAIN'], authenticate } });
    served.peer.write(saslHeader);
    served.peer.send(0x41, [symbol('PLAIN'), Buffer.from('\0me\0wrong')], { type: 1 });
    await turn();
    expect(plain(served.peer.frames[1]!.fields[0])).toBe(code);
    expect(served.transport.isEnded).toBe(true);
  });

  it.each(['NTLM', 'EXTERNAL'])('ends for a mechanism that was not offered: %s', async (mechanism) => {
    const served = new ServedPeer();
    served.peer.write(saslHeader);
    served.peer.send(0x41, [symbol(mechanism)], { type: 1 });
    await turn();
    expect(plain(served.peer.frames[1]!.fields[0])).toBe(1);
    expect(served.transport.isEnded).toBe(true);
  });

  it('asks for the response of PLAIN where it did not come', async () => {
    const seen: (string | undefined)[] = [];
    const served = new ServedPeer({
      sasl: {
        mechanisms: ['PLAIN'],
        authenticate: ({ userName, password, mechanism }) => {
          seen.push(userName, password);
          return { mechanism };
        },
      },
    });
    served.peer.write(saslHeader);
    served.peer.send(0x41, [symbol('PLAIN')], { type: 1 });
    await turn();
    expect(served.peer.frames[1]!.code).toBe(0x42);
    served.peer.send(0x43, [Buffer.from('\0me\0secret')], { type: 1 });
    await turn();
    expect(plain(served.peer.frames[2]!.fields[0])).toBe(0);
    expect(seen).toEqual(['me', 'secret']);
  });

  it.each([
    ['another version', '414d515000020000'],
    ['HTTP', Buffer.from('GET / HT').toString('hex')],
    ['TLS within', '414d515002010000'],
  ])('answers %s with the header that it speaks, then ends', async (_, header) => {
    const served = new ServedPeer();
    served.peer.write(Buffer.from(header, 'hex'));
    await turn();
    expect(served.peer.headers).toEqual(['3 1.0.0']);
    expect(served.transport.isEnded).toBe(true);
  });

  it('asks those who skip SASL for ANONYMOUS, and sends them to SASL where that is refused', async () => {
    const served = new ServedPeer({ sasl: { mechanisms: ['PLAIN'], authenticate: () => undefined } });
    served.open();
    await turn();
    expect(served.peer.headers).toEqual(['3 1.0.0']);
    expect(served.transport.isEnded).toBe(true);
  });

  it('ends after its time', async () => {
    const served = new ServedPeer({ limits: { handshakeMilliseconds: 1000 } });
    served.peer.write(saslHeader);
    served.clock.advance(999);
    expect(served.transport.isEnded).toBe(false);
    served.clock.advance(1);
    await turn();
    expect(served.transport.isEnded).toBe(true);
  });

  it('writes open, begin and attach with all fields', async () => {
    const served = ServedPeer.begun();
    served.attachReceiver();
    await turn();
    const [open] = served.peer.of(0x10);
    expect(open!.fields).toHaveLength(10);
    expect(open!.fields[9]).toBeInstanceOf(AmqpMap);
    expect(plain(open!.fields)).toMatchObject(['engine', null, 65_536, 4999, 120_000, null, null, null, null, {}]);
    const [begin] = served.peer.of(0x11);
    expect(plain(begin!.fields)).toMatchObject([0, 0, 5000, 0x7fffffff, 4999, null, null, {}]);
    const [attach] = served.peer.of(0x12);
    expect(attach!.fields).toHaveLength(14);
    expect(plain(attach!.fields)).toMatchObject([
      'receiver-0',
      0,
      false,
      2,
      0,
      { code: 0x28, value: ['from', 0, 'session-end', 0, false, {}, null, {}, null, null, null] },
      { code: 0x29, value: ['to', 0, 'session-end', 0, false, {}, null] },
      null,
      false,
      0,
      0,
      null,
      null,
      {},
    ]);
  });

  it('can be ended by the handler when the connection opens', async () => {
    const served = new ServedPeer({ handler: { onOpen: () => ({ condition: 'amqp:unauthorized-access' }) } });
    served.open();
    await turn();
    expect(conditionOf(served.peer.of(0x18)[0]!.fields[0])).toBe('amqp:unauthorized-access');
    served.peer.send(0x18, []);
    await turn();
    expect(served.transport.isEnded).toBe(true);
  });
});

describe('keeping alive', () => {
  it('sends empty frames before half of the peer’s time is over', async () => {
    const served = new ServedPeer();
    served.open(['client', null, null, null, uint(4000)]);
    await turn();
    const heartbeats = () => served.peer.frames.filter(({ code }) => code === 0).length;
    for (let passed = 0; passed < 20_000; passed += 1000) {
      served.clock.advance(1000);
      await turn();
    }
    expect(heartbeats()).toBeGreaterThanOrEqual(9);
    expect(heartbeats()).toBeLessThanOrEqual(20);
  });

  it('ends a connection on which nothing is heard for twice the time', async () => {
    const served = ServedPeer.begun({ limits: { idleMilliseconds: 10_000 } });
    await turn();
    for (let passed = 0; passed < 60_000; passed += 5000) {
      served.clock.advance(5000);
      served.peer.write(Buffer.from('0000000802000000', 'hex'));
    }
    expect(served.transport.isEnded).toBe(false);
    served.clock.advance(30_000);
    await turn();
    expect(conditionOf(served.peer.of(0x18)[0]!.fields[0])).toBe('amqp:resource-limit-exceeded');
    expect(served.transport.isEnded).toBe(true);
  });

  it('leaves no timer when it is over', async () => {
    const served = ServedPeer.begun();
    served.peer.send(0x18, []);
    await turn();
    served.transport.lose();
    expect(served.clock.timerCount).toBe(0);
    expect(served.events).toEqual(['gone']);
  });

  it('ends the transport of a peer that does not answer close', async () => {
    const served = ServedPeer.begun();
    served.connection.close({ condition: 'amqp:connection:forced' });
    await turn();
    served.clock.advance(6000);
    expect(served.transport.isDestroyed).toBe(true);
    expect(served.events).toEqual(['gone amqp:connection:forced']);
  });
});

describe('links on which messages come in', () => {
  const withSender = async (options = {}) => {
    const served = ServedPeer.begun(options);
    served.attachSender();
    await turn();
    return served;
  };

  it('grant credit, take messages, and settle runs of them with one frame', async () => {
    const served = await withSender();
    served.receiving[0]!.grant(10);
    served.receiving[0]!.grant(5);
    await turn();
    expect(plain(served.peer.of(0x13).at(-1)!.fields)).toMatchObject([
      0,
      5000,
      0,
      0x7fffffff,
      0,
      0,
      15,
      0,
      false,
      false,
      {},
    ]);
    for (let id = 0; id < 6; id++) served.peer.send(0x14, transferFields(0, id), { payload: body });
    expect(served.deliveries).toHaveLength(6);
    expect(served.deliveries[2]).toMatchObject({ isSettled: false, messageFormat: 0, transactionId: undefined });
    expect(served.deliveries[2]!.tag).toEqual(Buffer.from([2]));
    expect(served.deliveries[2]!.payload).toEqual(body);
    expect(served.receiving[0]!.credit).toBe(9);
    for (const delivery of served.deliveries.slice(0, 4)) delivery.settle({ kind: 'accepted' });
    served.deliveries[4]!.settle({ kind: 'released' });
    served.deliveries[5]!.settle({ kind: 'released' });
    served.deliveries[5]!.settle({ kind: 'accepted' });
    await turn();
    expect(served.peer.of(0x15).map(({ fields }) => plain(fields))).toEqual([
      [true, 0, 3, true, { code: 0x24, value: [] }, false],
      [true, 4, 5, true, { code: 0x26, value: [] }, false],
    ]);
    expect(served.connection.unsettledCount).toBe(0);
  });

  it('put frames of a message together, of two links at once', async () => {
    const served = await withSender();
    served.attachSender(1);
    await turn();
    for (const link of served.receiving) link.grant(10);
    served.peer.send(0x14, transferFields(0, 0, { more: true }), { payload: Buffer.from('ab') });
    served.peer.send(0x14, transferFields(1, 1, { more: true }), { payload: Buffer.from('12') });
    served.peer.send(0x14, transferFields(0, null, { tag: null, more: true }), { payload: Buffer.from('cd') });
    served.peer.send(0x14, transferFields(1, 1, { settled: true }), { payload: Buffer.from('34') });
    served.peer.send(0x14, transferFields(0, null, { tag: null }), { payload: Buffer.alloc(0) });
    expect(served.deliveries.map(({ payload, isSettled, tag }) => [String(payload), isSettled, tag[0]])).toEqual([
      ['1234', true, 1],
      ['abcd', false, 0],
    ]);
    expect(served.connection.partialBytes).toBe(0);
  });

  it('drop aborted deliveries and give their credit back', async () => {
    const served = await withSender();
    served.receiving[0]!.grant(2);
    served.peer.send(0x14, transferFields(0, 0, { more: true }), { payload: body });
    served.peer.send(0x14, transferFields(0, 0, { aborted: true }));
    served.peer.send(0x14, transferFields(0, 1, { aborted: true }));
    served.peer.send(0x14, transferFields(0, 2), { payload: body });
    expect(served.deliveries).toHaveLength(1);
    expect(served.receiving[0]!.credit).toBe(1);
    expect(served.connection.partialBytes).toBe(0);
  });

  it('ignore deliveries that are resumed, as none is kept over a detach', async () => {
    const served = await withSender();
    served.receiving[0]!.grant(2);
    served.peer.send(0x14, transferFields(0, 0, { resume: true }), { payload: body });
    served.peer.send(0x14, transferFields(0, 1, { resume: true, more: true }), { payload: body });
    served.peer.send(0x14, transferFields(0, 1), { payload: body });
    served.peer.send(0x14, transferFields(0, 2), { payload: body });
    expect(served.deliveries.map(({ tag }) => tag[0])).toEqual([2]);
  });

  it('know ids and counts beyond 2^32', async () => {
    const first = 0xfffffffd;
    const served = new ServedPeer({
      firstSerials: { transferId: first, deliveryId: first, deliveryCount: first },
      limits: { incomingWindow: 4 },
    });
    served.open();
    served.begin(2048, 0, first);
    served.attachSender(0, first);
    await turn();
    served.receiving[0]!.grant(10);
    for (let count = 0; count < 6; count++) {
      served.peer.send(0x14, transferFields(0, (first + count) >>> 0), { payload: body });
      await turn();
    }
    for (const delivery of served.deliveries) delivery.settle({ kind: 'accepted' });
    served.receiving[0]!.grant(1);
    await turn();
    expect(plain(served.peer.of(0x15)[0]!.fields)).toMatchObject([true, first, 2, true, {}, false]);
    expect(plain(served.peer.of(0x13).at(-1)!.fields)).toMatchObject([
      3,
      4,
      first,
      0x7fffffff,
      0,
      3,
      5,
      0,
      false,
      false,
      {},
    ]);
    expect(served.events).toEqual([]);
  });

  it('fill the session’s window up before it is used up', async () => {
    const served = ServedPeer.begun({ limits: { incomingWindow: 10 } });
    served.attachSender();
    await turn();
    served.receiving[0]!.grant(1000);
    await turn();
    for (let id = 0; id < 100; id++) {
      served.peer.send(0x14, transferFields(0, id, { settled: true }), { payload: body });
      if (id % 6 === 5) await turn();
    }
    expect(served.deliveries).toHaveLength(100);
    expect(served.events).toEqual([]);
  });

  it('carry transactions', async () => {
    const served = await withSender();
    served.receiving[0]!.grant(1);
    const state = new Described(ulong(0x34), [Buffer.from('txn')]);
    served.peer.send(0x14, transferFields(0, 0, { state }), { payload: body });
    expect(served.deliveries[0]!.transactionId).toEqual(Buffer.from('txn'));
    served.deliveries[0]!.settle({
      kind: 'transactional',
      transactionId: Buffer.from('txn'),
      outcome: { kind: 'accepted' },
    });
    await turn();
    expect(plain(served.peer.of(0x15)[0]!.fields[4])).toEqual({
      code: 0x34,
      value: [Buffer.from('txn'), { code: 0x24, value: [] }],
    });
  });

  it('say how large a message may be, reject a larger one, whole or in parts, and end', async () => {
    for (const [settled, more] of [
      [false, false],
      [false, true],
      [true, false],
    ] as const) {
      const served = ServedPeer.begun({
        handler: { onAttach: (attach) => served.accept(attach, { maxMessageSize: 10 }) },
      });
      served.attachSender();
      await turn();
      expect(plain(served.peer.of(0x12)[0]!.fields[10])).toBe(10);
      served.receiving[0]!.grant(5);
      if (more) served.peer.send(0x14, transferFields(0, 0, { more }), { payload: Buffer.alloc(6) });
      served.peer.send(0x14, transferFields(0, 0, { more, settled }), { payload: Buffer.alloc(11) });
      await turn();
      const rejected = served.peer.frames.findIndex(({ code }) => code === 0x15);
      const detached = served.peer.frames.findIndex(({ code }) => code === 0x16);
      expect(rejected === -1).toBe(settled);
      expect(rejected).toBeLessThan(detached);
      if (!settled) {
        const state = JSON.stringify(plain(served.peer.frames[rejected]!.fields[4]));
        expect(state).toContain('amqp:link:message-size-exceeded');
      }
      expect(conditionOf(served.peer.frames[detached]!.fields[2])).toBe('amqp:link:message-size-exceeded');
      expect(served.events).toEqual(['closed amqp:link:message-size-exceeded']);
      expect(served.deliveries).toHaveLength(0);
      served.peer.send(0x14, transferFields(0, 1), { payload: body });
      await turn();
      expect(served.peer.of(0x18)).toHaveLength(0);
    }
  });

  it('forget what was not settled when they end', async () => {
    const served = await withSender();
    served.receiving[0]!.grant(5);
    served.peer.send(0x14, transferFields(0, 0), { payload: body });
    expect(served.connection.unsettledCount).toBe(1);
    served.peer.send(0x16, [uint(0), true]);
    await turn();
    expect(served.connection.unsettledCount).toBe(0);
    served.deliveries[0]!.settle({ kind: 'accepted' });
    await turn();
    expect(served.peer.of(0x15)).toHaveLength(0);
    expect(served.events).toEqual(['closed']);
    expect(plain(served.peer.of(0x16)[0]!.fields)).toEqual([0, true, null]);
    expect(served.connection.linkCount).toBe(0);
  });
});

describe('links on which messages go out', () => {
  const withReceiver = async (
    credit = 10,
    options: ConstructorParameters<typeof ServedPeer>[0] = {},
    window = 2048,
  ) => {
    const served = new ServedPeer(options);
    served.open(['client', null, uint(512)]);
    served.begin(window);
    served.attachReceiver();
    await turn();
    if (credit > 0) served.peer.send(0x13, flowFields([0, window, 0, 10], { handle: 0, count: 0, credit }));
    return served;
  };
  const message = (text: string | Buffer, settled = false) => ({
    tag: Buffer.from('tag'),
    pieces: [Buffer.from('<'), Buffer.from(text), Buffer.from('>')],
    settled,
    messageFormat: 0x80013700,
    context: text,
  });

  it('send what they have credit for, and hear the outcomes', async () => {
    const served = await withReceiver(3);
    const [link] = served.sending;
    expect(served.events).toEqual(['sendable']);
    expect(link!.sendable).toBe(3);
    const deliveries = ['a', 'b', 'c'].map((text) => link!.send(message(text)));
    expect(link!.sendable).toBe(0);
    await turn();
    const transfers = served.peer.of(0x14);
    expect(transfers.map(({ payload }) => String(payload))).toEqual(['<a>', '<b>', '<c>']);
    expect(plain(transfers[1]!.fields)).toEqual([
      0,
      1,
      Buffer.from('tag'),
      0x80013700,
      false,
      false,
      null,
      null,
      false,
      false,
      false,
    ]);
    served.peer.send(0x15, [true, uint(0), uint(1), false, accepted]);
    expect(served.outcomes).toMatchObject([
      { state: { kind: 'accepted' }, settled: false, delivery: { context: 'a' } },
      { state: { kind: 'accepted' }, settled: false, delivery: { context: 'b' } },
    ]);
    deliveries[0]!.settle({ kind: 'accepted' });
    deliveries[1]!.settle({ kind: 'accepted' });
    served.peer.send(0x15, [true, uint(2), null, true, accepted]);
    expect(served.outcomes[2]).toMatchObject({ settled: true, delivery: { context: 'c', isSettled: true } });
    await turn();
    expect(served.peer.of(0x15).map(({ fields }) => plain(fields))).toEqual([
      [false, 0, 1, true, { code: 0x24, value: [] }, false],
    ]);
    expect(served.connection.unsettledCount).toBe(0);
    served.peer.send(0x15, [true, uint(0), uint(2), true, accepted]);
    expect(served.outcomes).toHaveLength(3);
  });

  it('know credit that counts from where the peer stood', async () => {
    const served = await withReceiver(5);
    const [link] = served.sending;
    for (const text of ['a', 'b', 'c']) link!.send(message(text, true));
    // Written before the peer saw any of the three.
    served.peer.send(0x13, flowFields([0, 2048, 0, 10], { handle: 0, count: 0, credit: 10 }));
    expect(link!.sendable).toBe(7);
    served.peer.send(0x13, flowFields([3, 2048, 0, 10], { handle: 0, count: 3, credit: 1 }));
    expect(link!.sendable).toBe(1);
    served.peer.send(0x13, flowFields([3, 2048, 0, 10], { handle: 0, count: 0, credit: 1 }));
    expect(link!.sendable).toBe(0);
  });

  it('cut messages into frames that the peer takes', async () => {
    const served = await withReceiver(1);
    const text = 'x'.repeat(2000);
    served.sending[0]!.send(message(text));
    await turn();
    const transfers = served.peer.of(0x14);
    expect(transfers.length).toBeGreaterThan(4);
    expect(Buffer.concat(transfers.map(({ payload }) => payload)).toString()).toBe(`<${text}>`);
    expect(transfers.map(({ fields }) => fields[5])).toEqual([...new Array(transfers.length - 1).fill(true), false]);
    expect(transfers.every(({ fields }) => plain(fields[1]) === 0)).toBe(true);
  });

  it('never send more frames than the peer’s window', async () => {
    const served = await withReceiver(10, {}, 3);
    const [link] = served.sending;
    expect(link!.sendable).toBe(3);
    const text = 'y'.repeat(3000);
    link!.send(message(text));
    expect(link!.sendable).toBe(0);
    await turn();
    expect(served.peer.of(0x14)).toHaveLength(3);
    served.events.length = 0;
    served.peer.send(0x13, flowFields([3, 3, 0, 10]));
    await turn();
    expect(served.peer.of(0x14)).toHaveLength(6);
    expect(served.events).toEqual([]);
    served.peer.send(0x13, flowFields([6, 10, 0, 10]));
    await turn();
    const transfers = served.peer.of(0x14);
    expect(Buffer.concat(transfers.map(({ payload }) => payload)).toString()).toBe(`<${text}>`);
    expect(served.events).toEqual(['sendable']);
    expect(link!.sendable).toBeGreaterThan(0);
    expect(link!.sendable).toBeLessThan(10);
  });

  it('call again when the window opens, though they did not ask', async () => {
    const served = await withReceiver(10, {}, 2);
    const [link] = served.sending;
    for (let count = link!.sendable; count > 0; count--) link!.send(message('z', true));
    served.events.length = 0;
    served.peer.send(0x13, flowFields([2, 5, 0, 10]));
    expect(served.events).toEqual(['sendable']);
    expect(link!.sendable).toBe(5);
  });

  it('answer drain, with and without credit', async () => {
    const served = await withReceiver(5);
    const [link] = served.sending;
    served.peer.send(0x13, flowFields([0, 2048, 0, 10], { handle: 0, count: 0, credit: 5, drain: true }));
    expect(served.events).toEqual(['sendable', 'drain']);
    link!.send(message('a', true));
    link!.drained();
    link!.drained();
    await turn();
    expect(plain(served.peer.of(0x13).at(-1)!.fields)).toMatchObject([
      0,
      5000,
      1,
      0x7fffffff,
      0,
      5,
      0,
      0,
      true,
      false,
      {},
    ]);
    expect(served.peer.of(0x13)).toHaveLength(1);
    expect(link!.sendable).toBe(0);
    served.peer.send(0x13, flowFields([1, 2048, 0, 10], { handle: 0, count: 5, credit: 0, drain: true }));
    expect(served.events).toEqual(['sendable', 'drain', 'drain']);
    link!.drained();
    await turn();
    expect(served.peer.of(0x13)).toHaveLength(2);
  });

  it('echo their state', async () => {
    const served = await withReceiver(0);
    served.peer.send(0x13, flowFields([0, 2048, 0, 10], { handle: 0, count: 0, credit: 7, echo: true }));
    served.peer.send(0x13, [uint(0), uint(2048), uint(0), uint(10), null, null, null, null, null, true]);
    await turn();
    expect(plain(served.peer.of(0x13).map(({ fields }) => fields[6]!))).toEqual([7, null]);
  });

  it('stop at the bound of unsettled deliveries, and go on below it', async () => {
    const served = await withReceiver(100, { limits: { unsettled: 4 } });
    const [link] = served.sending;
    while (link!.sendable > 0) link!.send(message('u'));
    expect(served.connection.unsettledCount).toBe(4);
    served.events.length = 0;
    served.peer.send(0x15, [true, uint(0), uint(1), true, accepted]);
    await turn();
    expect(served.events).toEqual(['sendable']);
    expect(link!.sendable).toBe(2);
  });

  it('stop for a peer that does not read, and go on when it does', async () => {
    const served = await withReceiver(1000, { limits: { writeBufferBytes: 10_000 } });
    const [link] = served.sending;
    served.transport.isStuck = true;
    let sent = 0;
    while (link!.sendable > 0) {
      link!.send(message('v'.repeat(400), true));
      sent++;
      if (sent % 5 === 0) await turn();
    }
    expect(sent).toBeLessThan(40);
    await turn();
    expect(served.transport.isPaused).toBe(true);
    expect(link!.sendable).toBe(0);
    served.events.length = 0;
    served.transport.release();
    await turn();
    expect(served.transport.isPaused).toBe(false);
    expect(served.events).toEqual(['sendable']);
    expect(link!.sendable).toBeGreaterThan(0);
  });

  it('stop within a large message for a peer that does not read, and go on when it does', async () => {
    const served = await withReceiver(2, { limits: { writeBufferBytes: 10_000 } }, 100_000);
    const [link] = served.sending;
    served.transport.isStuck = true;
    const text = 'w'.repeat(200_000);
    link!.send(message(text, true));
    for (let count = 0; count < 10; count++) await turn();
    expect(served.transport.bufferedBytes).toBeLessThan(20_000);
    expect(link!.sendable).toBe(0);
    served.events.length = 0;
    for (let count = 0; count < 50; count++) {
      served.transport.release();
      await turn();
      served.transport.isStuck = count < 20;
    }
    expect(Buffer.concat(served.peer.of(0x14).map(({ payload }) => payload)).toString()).toBe(`<${text}>`);
    expect(served.events).toEqual(['sendable']);
    expect(served.connection.outlet.restBytes).toBe(0);
  });

  it('end with a peer that reads nothing for too long', async () => {
    const served = await withReceiver(10, { limits: { idleMilliseconds: 10_000 } });
    served.transport.isStuck = true;
    served.sending[0]!.send(message('a'));
    await turn();
    for (let passed = 0; passed < 15_000; passed += 5000) {
      served.clock.advance(5000);
      served.peer.write(Buffer.from('0000000802000000', 'hex'));
    }
    expect(served.transport.isEnded).toBe(false);
    served.clock.advance(5000);
    expect(served.transport.isEnded).toBe(true);
  });

  it('hand over what was not settled when the peer leaves', async () => {
    const served = await withReceiver(10);
    const [link] = served.sending;
    const deliveries = ['a', 'b', 'c'].map((text) => link!.send(message(text)));
    served.peer.send(0x15, [true, uint(1), null, true, accepted]);
    await turn();
    served.peer.send(0x17, []);
    await turn();
    expect(served.events).toEqual(['sendable', 'closed  2']);
    expect(served.connection).toMatchObject({ unsettledCount: 0, linkCount: 0, sessionCount: 0 });
    expect(served.peer.of(0x17)).toHaveLength(1);
    deliveries[0]!.settle({ kind: 'released' });
    expect(link!.isOpen).toBe(false);
    await turn();
    expect(served.peer.of(0x15)).toHaveLength(0);
  });

  it('settle before they detach', async () => {
    const served = await withReceiver(10);
    const [link] = served.sending;
    const delivery = link!.send(message('a'));
    served.peer.send(0x15, [true, uint(0), null, false, accepted]);
    delivery.settle({ kind: 'accepted' });
    link!.close({ condition: 'amqp:link:detach-forced' });
    await turn();
    expect(served.peer.frames.slice(-3).map(({ code }) => code)).toEqual([0x14, 0x15, 0x16]);
    expect(plain(served.peer.of(0x16)[0]!.fields)).toMatchObject([
      0,
      true,
      { code: 0x1d, value: ['amqp:link:detach-forced', null, {}] },
    ]);
    expect(served.events).toEqual(['sendable']);
    // Its frames that were on the way, then its detach, then the handle is free.
    served.peer.send(0x13, flowFields([1, 10, 0, 10], { handle: 0, count: 1, credit: 5 }));
    served.peer.send(0x16, [uint(0), true]);
    served.attachReceiver();
    await turn();
    expect(served.peer.of(0x12)).toHaveLength(2);
    expect(served.peer.of(0x16)).toHaveLength(1);
  });
});

describe('attaching', () => {
  it('is answered later; credit that came meanwhile counts, and the answer goes first', async () => {
    let request: AttachRequest | undefined;
    const served = ServedPeer.begun({ handler: { onAttach: (attach) => (request = attach) } });
    served.attachReceiver();
    served.peer.send(0x13, flowFields([0, 2048, 0, 10], { handle: 0, count: 0, credit: 3 }));
    await turn();
    expect(served.peer.of(0x12)).toHaveLength(0);
    served.accept(request!);
    expect(served.events).toEqual([]);
    await turn();
    expect(served.events).toEqual(['sendable']);
    expect(served.sending[0]!.sendable).toBe(3);
    expect(served.peer.frames.at(-1)!.code).toBe(0x12);
  });

  it('that is drained before the answer is told so after it', async () => {
    let request: AttachRequest | undefined;
    const served = ServedPeer.begun({ handler: { onAttach: (attach) => (request = attach) } });
    served.attachReceiver();
    served.peer.send(0x13, flowFields([0, 2048, 0, 10], { handle: 0, count: 0, credit: 3, drain: true }));
    served.accept(request!);
    await turn();
    expect(served.events).toEqual(['drain']);
  });

  it('that is refused has a null terminus and a detach that says why', async () => {
    const served = ServedPeer.begun({
      handler: { onAttach: (attach) => attach.refuse({ condition: 'amqp:not-found', description: 'No such queue.' }) },
    });
    served.attachReceiver(0);
    served.attachSender(1);
    await turn();
    const [receiver, sender] = served.peer.of(0x12);
    expect([receiver!.fields[5], sender!.fields[6]]).toEqual([null, null]);
    expect(served.peer.of(0x16).map(({ fields }) => plain(fields))).toMatchObject([
      [0, true, { code: 0x1d, value: ['amqp:not-found', 'No such queue.', {}] }],
      [1, true, { code: 0x1d }],
    ]);
    expect(served.connection.linkCount).toBe(0);
  });

  it.each([
    ['detaches', (served: ServedPeer) => served.peer.send(0x16, [uint(0), true])],
    ['ends the session', (served: ServedPeer) => served.peer.send(0x17, [])],
    ['closes', (served: ServedPeer) => served.peer.send(0x18, [])],
    ['is gone', (served: ServedPeer) => served.transport.lose()],
  ])('is over when the peer %s before the answer', async (_, leave) => {
    let request: AttachRequest | undefined;
    const served = ServedPeer.begun({ handler: { onAttach: (attach) => (request = attach) } });
    served.attachReceiver();
    request!.onAbandoned(() => served.events.push('abandoned'));
    leave(served);
    await turn();
    expect(served.events).toContain('abandoned');
    served.accept(request!);
    await turn();
    expect(served.sending[0]!.isOpen).toBe(false);
    expect(served.events.at(-1)).toBe('closed  0');
    expect(served.connection.linkCount).toBe(0);
  });

  it('hands over what the peer says: filters, capabilities, unsettled deliveries', async () => {
    const served = ServedPeer.begun();
    const filter = new Described(ulong(0x468c00000004), "x > '1'");
    served.peer.send(0x12, [
      'link',
      uint(3),
      true,
      null,
      null,
      new Described(ulong(0x28), [
        'q',
        uint(2),
        symbol('never'),
        uint(5),
        false,
        null,
        null,
        new AmqpMap([[symbol('f'), filter]]),
      ]),
      null,
      new AmqpMap([
        [Buffer.from('t1'), null],
        [Buffer.from('t2'), accepted],
      ]),
      false,
      null,
      ulong(1000),
      null,
      symbol('com.example:x'),
      new AmqpMap([[symbol('k'), 'v']]),
    ]);
    await turn();
    const [attach] = served.attaches;
    expect(attach).toMatchObject({
      name: 'link',
      role: 'receiver',
      source: { address: 'q', durable: 2, expiryPolicy: 'never', timeout: 5, dynamic: false },
      target: undefined,
      maxMessageSize: 1000,
      desiredCapabilities: ['com.example:x'],
      senderSettleMode: 2,
      receiverSettleMode: 0,
    });
    expect(attach!.properties.get('k')).toBe('v');
    expect(attach!.source!.filters.get('f')).toEqual(filter);
    expect([...attach!.unsettled!]).toEqual([
      ['7431', undefined],
      ['7432', { kind: 'accepted' }],
    ]);
    expect(served.peer.of(0x12)[0]!.fields[7]).toBeNull();
  });

  it('to a coordinator is known, and so is what is sent to it', async () => {
    const served = ServedPeer.begun();
    const fields = attachFields('txn', 0, false);
    fields[6] = new Described(ulong(0x30), [symbol('amqp:local-transactions')]);
    served.peer.send(0x12, fields);
    await turn();
    expect(served.attaches[0]!.target).toEqual({ isCoordinator: true, capabilities: ['amqp:local-transactions'] });
    expect(plain(served.peer.of(0x12)[0]!.fields[6])).toMatchObject({ code: 0x30 });
    const value = (described: Described) => encodeValue(new Described(ulong(0x77), described));
    expect(readTransactionControl(value(new Described(ulong(0x31), [])))).toEqual({ kind: 'declare' });
    expect(readTransactionControl(value(new Described(ulong(0x32), [Buffer.from('t'), true])))).toEqual({
      kind: 'discharge',
      transactionId: Buffer.from('t'),
      fail: true,
    });
    expect(() => readTransactionControl(value(accepted))).toThrow(/declare or discharge/);
    served.receiving[0]!.grant(1);
    served.peer.send(0x14, transferFields(0, 0), { payload: value(new Described(ulong(0x31), [])) });
    served.deliveries[0]!.settle({ kind: 'declared', transactionId: Buffer.from('t') });
    await turn();
    expect(plain(served.peer.of(0x15)[0]!.fields[4])).toEqual({ code: 0x33, value: [Buffer.from('t')] });
  });

  it('lists the links, and tells since when there is none', async () => {
    const served = ServedPeer.begun();
    served.clock.advance(50);
    expect(served.connection.linklessSince).toBe(0);
    served.attachReceiver(0);
    served.attachSender(1);
    await turn();
    expect([...served.connection.links].map(({ name }) => name)).toEqual(['receiver-0', 'sender-1']);
    expect(served.connection.linklessSince).toBeUndefined();
    served.sending[0]!.close();
    served.peer.send(0x16, [uint(1), true]);
    expect(served.connection.linklessSince).toBe(50);
  });
});

describe('a bug of the handler', () => {
  it('ends the connection and nothing else', async () => {
    const served = ServedPeer.begun({
      handler: {
        onAttach: () => {
          throw new Error('bug');
        },
      },
    });
    served.attachReceiver();
    await turn();
    expect(conditionOf(served.peer.of(0x18)[0]!.fields[0])).toBe('amqp:internal-error');
    served.transport.lose();
    expect(served.events).toEqual(['gone Error: bug']);
  });
});
