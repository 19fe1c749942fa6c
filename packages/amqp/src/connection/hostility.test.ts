import { describe, expect, it } from 'vitest';
import { symbol, ubyte, uint, ulong, ushort } from '../codec/typed.ts';
import { amqpHeader, rawFrame, saslHeader } from '../testing/raw-peer.ts';
import {
  accepted,
  attachFields,
  conditionOf,
  flowFields,
  ServedPeer,
  transferFields,
  turn,
} from '../testing/served-peer.ts';
import { AmqpMap, type AmqpValue, Described } from '../values.ts';

const body = Buffer.from('005375a003616263', 'hex');
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** A frame with this body, whatever it is. */
function frameOf(bytes: Buffer, channel = 0): Buffer {
  const frame = Buffer.concat([hex('00000000 02 00 0000'), bytes]);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt16BE(channel, 6);
  return frame;
}

/** A session with a link each way, credit both ways, a delivery each way and a settlement each way. */
function wholeSession(): Buffer[] {
  return [
    saslHeader,
    rawFrame(0x41, [symbol('PLAIN'), Buffer.from('\0me\0secret')], { type: 1 }),
    amqpHeader,
    rawFrame(0x10, ['client', 'host', uint(65_536), null, uint(60_000)]),
    rawFrame(0x11, [null, uint(0), uint(2048), uint(2048)]),
    rawFrame(0x12, attachFields('out', 0, false)),
    rawFrame(0x12, attachFields('in', 1, true)),
    rawFrame(0x13, flowFields([0, 2048, 0, 2048], { handle: 1, count: 0, credit: 10 })),
    rawFrame(0x14, transferFields(0, 0), { payload: body }),
    rawFrame(0x14, transferFields(0, 1, { more: true }), { payload: body }),
    rawFrame(0x14, transferFields(0, null, { tag: null }), { payload: body }),
    rawFrame(0x15, [true, uint(0), uint(5), true, accepted]),
    rawFrame(0x15, [false, uint(0), null, true, accepted]),
    rawFrame(0x13, flowFields([0, 2048, 2, 2048], { handle: 1, count: 0, credit: 10, drain: true })),
    rawFrame(0x16, [uint(0), true]),
    rawFrame(0x17, []),
    rawFrame(0x18, []),
  ];
}

/** An engine that grants and sends and settles by itself. */
const busy = (options: ConstructorParameters<typeof ServedPeer>[0] = {}): ServedPeer =>
  new ServedPeer({
    ...options,
    handler: {
      onAttach(attach) {
        if (attach.role === 'sender') {
          const link = attach.accept({}, { onDelivery: (delivery) => delivery.settle({ kind: 'accepted' }) });
          link.grant(100);
          return;
        }
        const send = () => {
          if (link.sendable > 0) link.send({ tag: Buffer.from('t'), pieces: [body], settled: false });
        };
        const link = attach.accept(
          {},
          {
            onSendable: send,
            onDrain: () => link.drained(),
            onOutcome: (delivery, state, settled) => {
              if (!settled) delivery.settle(state ?? { kind: 'released' });
            },
          },
        );
      },
    },
  });

describe('broken bytes', () => {
  it('a whole session that stops at any byte leaves nothing behind', async () => {
    const bytes = Buffer.concat(wholeSession());
    for (let length = 0; length < bytes.length; length++) {
      const served = busy();
      served.peer.write(bytes.subarray(0, length));
      served.transport.lose();
      await turn();
      expect(served.connection).toMatchObject({ linkCount: 0, sessionCount: 0, unsettledCount: 0, partialBytes: 0 });
      expect(served.clock.timerCount).toBe(0);
    }
  });

  it('a whole session is one, cut anywhere', async () => {
    const bytes = Buffer.concat(wholeSession());
    for (let cut = 0; cut < bytes.length; cut++) {
      const served = busy();
      served.peer.write(bytes.subarray(0, cut));
      served.peer.write(bytes.subarray(cut));
      await turn();
      expect(served.events, `cut at ${cut}`).toEqual([]);
      expect(served.peer.of(0x18)[0]!.fields[0]).toBeNull();
      expect(served.transport.isEnded).toBe(true);
    }
  });

  it('frames with any byte changed end in order, never in an exception or a loop', async () => {
    const frames = wholeSession();
    let seed = 20_251;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const slowest = { milliseconds: 0 };
    for (let round = 0; round < 6000; round++) {
      const served = busy({ limits: { partialBytes: 1_000_000 } });
      const changed = Buffer.concat(frames);
      const changes = 1 + random(4);
      for (let change = 0; change < changes; change++) {
        // The handshake is mostly left alone: what follows is to be reached.
        const at = random(20) === 0 ? random(changed.length) : 70 + random(changed.length - 70);
        changed[at] = [0x00, 0xff, 0x40, 0x45, 0x80, 0xf0, 0xd1, random(256), random(256), random(256)][random(10)]!;
      }
      const before = process.cpuUsage();
      served.peer.write(changed);
      const { user, system } = process.cpuUsage(before);
      slowest.milliseconds = Math.max(slowest.milliseconds, (user + system) / 1000);
      if (round % 50 === 0) await turn();
      served.transport.lose();
      expect(served.events.filter((event) => /Error|internal/.test(event))).toEqual([]);
      expect(served.connection).toMatchObject({ linkCount: 0, sessionCount: 0, unsettledCount: 0, partialBytes: 0 });
    }
    expect(slowest.milliseconds).toBeLessThan(50);
  }, 30_000);

  it('random bytes behind an open session end it in order', async () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    for (let round = 0; round < 2000; round++) {
      const served = ServedPeer.begun();
      const length = 4 + random(60);
      const bytes = Buffer.from(Array.from({ length }, () => random(256)));
      bytes.set([0x00, 0x53, 0x10 + random(9)]);
      served.peer.write(frameOf(bytes));
      served.transport.lose();
      expect(served.events.filter((event) => /Error|internal/.test(event))).toEqual([]);
    }
    await turn();
  });
});

/** Where an error is told: frame and the index of its field. */
const places = { close: [0x18, 0], end: [0x17, 0], detach: [0x16, 2] } as const;

describe('a peer that breaks a rule is told which', () => {
  const granted = () => {
    const served = ServedPeer.begun({ limits: { incomingWindow: 8, links: 10, sessions: 10 } });
    served.attachSender(0);
    served.attachReceiver(1);
    served.receiving[0]!.grant(3);
    return served;
  };

  it.each<[string, keyof typeof places, string, (served: ServedPeer) => void]>([
    [
      'a frame of 7 bytes',
      'close',
      'amqp:connection:framing-error',
      ({ peer }) => peer.write(hex('00000007 02000000')),
    ],
    ['a frame of 4 GB', 'close', 'amqp:connection:framing-error', ({ peer }) => peer.write(hex('ffffffff 02000000'))],
    [
      'a body within the header',
      'close',
      'amqp:connection:framing-error',
      ({ peer }) => peer.write(hex('00000008 01000000')),
    ],
    [
      'a body behind the frame',
      'close',
      'amqp:connection:framing-error',
      ({ peer }) => peer.write(hex('00000008 03000000')),
    ],
    ['a frame of SASL', 'close', 'amqp:connection:framing-error', ({ peer }) => peer.send(0x41, ['x'], { type: 1 })],
    ['a frame of no type', 'close', 'amqp:connection:framing-error', ({ peer }) => peer.send(0x13, [], { type: 7 })],
    ['a body that is no performative', 'close', 'amqp:decode-error', ({ peer }) => peer.write(frameOf(hex('a10161')))],
    ['an unknown performative', 'close', 'amqp:decode-error', ({ peer }) => peer.send(0x19, [])],
    [
      'a large unknown descriptor',
      'close',
      'amqp:decode-error',
      ({ peer }) => peer.write(frameOf(hex('0080ffffffffffffff1445'))),
    ],
    [
      'a symbolic unknown descriptor',
      'close',
      'amqp:decode-error',
      ({ peer }) => peer.write(frameOf(hex('00a3016145'))),
    ],
    [
      'a descriptor of descriptors',
      'close',
      'amqp:decode-error',
      ({ peer }) => peer.write(frameOf(Buffer.alloc(5000))),
    ],
    [
      'a performative that is a map',
      'close',
      'amqp:decode-error',
      ({ peer }) => peer.write(frameOf(hex('005312c10100'))),
    ],
    ['a transfer that is a map', 'close', 'amqp:decode-error', ({ peer }) => peer.write(frameOf(hex('005314c10100')))],
    [
      'a list that is longer than its frame',
      'close',
      'amqp:decode-error',
      ({ peer }) => peer.write(frameOf(hex('005313c0ff0a43'))),
    ],
    [
      'a count beyond the list',
      'close',
      'amqp:decode-error',
      ({ peer }) => peer.write(frameOf(hex('005313d000000005ffffffff43'))),
    ],
    [
      'an array of 4e9 nulls',
      'close',
      'amqp:decode-error',
      ({ peer }) => peer.write(frameOf(hex('005312c00d01f000000006ffffffff4040'))),
    ],
    ['a transfer without a handle', 'close', 'amqp:invalid-field', ({ peer }) => peer.send(0x14, [])],
    ['a flow without windows', 'close', 'amqp:invalid-field', ({ peer }) => peer.send(0x13, [])],
    ['a disposition without a role', 'close', 'amqp:invalid-field', ({ peer }) => peer.send(0x15, [])],
    ['a handle of another type', 'close', 'amqp:decode-error', ({ peer }) => peer.send(0x14, ['0'])],
    [
      'a tag of 33 bytes',
      'close',
      'amqp:invalid-field',
      ({ peer }) => peer.send(0x14, transferFields(0, 0, { tag: Buffer.alloc(33) })),
    ],
    [
      'a state in a state',
      'close',
      'amqp:decode-error',
      ({ peer }) => peer.send(0x14, transferFields(0, 0, { state: transactional(transactional(null)) })),
    ],
    ['a second open', 'close', 'amqp:illegal-state', ({ peer }) => peer.send(0x10, ['again'])],
    ['begin on a channel in use', 'close', 'amqp:illegal-state', (served) => served.begin()],
    ['begin beyond the highest channel', 'close', 'amqp:connection:framing-error', (served) => served.begin(10, 10)],
    [
      'begin that answers none',
      'close',
      'amqp:invalid-field',
      ({ peer }) => peer.send(0x11, [ushort(3), uint(0), uint(1), uint(1)], { channel: 3 }),
    ],
    [
      'attach on no session',
      'close',
      'amqp:illegal-state',
      ({ peer }) => peer.send(0x12, attachFields('x', 0, true), { channel: 5 }),
    ],
    [
      'transfer on no session',
      'close',
      'amqp:illegal-state',
      ({ peer }) => peer.send(0x14, transferFields(0, 0), { channel: 5 }),
    ],
    ['end on no session', 'close', 'amqp:illegal-state', ({ peer }) => peer.send(0x17, [], { channel: 5 })],
    [
      'attach beyond the highest handle',
      'close',
      'amqp:connection:framing-error',
      (served) => served.attachReceiver(10),
    ],
    ['attach without a name', 'close', 'amqp:invalid-field', ({ peer }) => peer.send(0x12, [null, uint(5), true])],
    ['attach without a role', 'close', 'amqp:invalid-field', ({ peer }) => peer.send(0x12, ['x', uint(5)])],
    [
      'attach with a settle mode of 3',
      'close',
      'amqp:invalid-field',
      ({ peer }) => peer.send(0x12, ['x', uint(5), true, ubyte(3)]),
    ],
    [
      'attach whose source is none',
      'close',
      'amqp:decode-error',
      ({ peer }) => peer.send(0x12, ['x', uint(5), true, null, null, 'queue']),
    ],
    [
      'attach whose filter is a list',
      'close',
      'amqp:decode-error',
      ({ peer }) =>
        peer.send(0x12, [
          'x',
          uint(5),
          true,
          null,
          null,
          new Described(ulong(0x28), ['a', null, null, null, null, null, null, [1, 2].map(uint)]),
        ]),
    ],
    [
      'attach of a sender that counts from nowhere',
      'end',
      'amqp:invalid-field',
      ({ peer }) => peer.send(0x12, ['x', uint(5), false]),
    ],
    ['attach on a handle in use', 'end', 'amqp:session:handle-in-use', (served) => served.attachReceiver(0)],
    ['detach of no link', 'end', 'amqp:session:unattached-handle', ({ peer }) => peer.send(0x16, [uint(7), true])],
    [
      'transfer on no link',
      'end',
      'amqp:session:unattached-handle',
      ({ peer }) => peer.send(0x14, transferFields(7, 0)),
    ],
    [
      'flow of no link',
      'end',
      'amqp:session:unattached-handle',
      ({ peer }) => peer.send(0x13, flowFields([0, 1, 0, 1], { handle: 7, count: 0, credit: 1 })),
    ],
    [
      'transfer on a link that it receives from',
      'end',
      'amqp:not-allowed',
      ({ peer }) => peer.send(0x14, transferFields(1, 0)),
    ],
    [
      'a delivery without an id',
      'end',
      'amqp:invalid-field',
      ({ peer }) => peer.send(0x14, transferFields(0, null, { tag: Buffer.from('t') })),
    ],
    [
      'a delivery without a tag',
      'end',
      'amqp:invalid-field',
      ({ peer }) => peer.send(0x14, transferFields(0, 0, { tag: null })),
    ],
    [
      'a gap in the ids',
      'end',
      'amqp:invalid-field',
      ({ peer }) => {
        peer.send(0x14, transferFields(0, 5), { payload: body });
        peer.send(0x14, transferFields(0, 7), { payload: body });
      },
    ],
    [
      'an id that comes again',
      'end',
      'amqp:invalid-field',
      ({ peer }) => {
        peer.send(0x14, transferFields(0, 5), { payload: body });
        peer.send(0x14, transferFields(0, 5), { payload: body });
      },
    ],
    [
      'another id within a delivery',
      'end',
      'amqp:invalid-field',
      ({ peer }) => {
        peer.send(0x14, transferFields(0, 5, { more: true }), { payload: body });
        peer.send(0x14, transferFields(0, 6), { payload: body });
      },
    ],
    ['a disposition backwards', 'end', 'amqp:invalid-field', ({ peer }) => peer.send(0x15, [true, uint(5), uint(4)])],
    [
      'more transfers than the window',
      'end',
      'amqp:session:window-violation',
      ({ peer }) => {
        for (let count = 0; count < 9; count++) peer.send(0x14, transferFields(0, 0, { more: true }));
      },
    ],
    [
      'more messages than the credit',
      'detach',
      'amqp:link:transfer-limit-exceeded',
      ({ peer }) => {
        for (let id = 0; id < 4; id++) peer.send(0x14, transferFields(0, id, { settled: true }));
      },
    ],
  ])('%s: %s with %s', async (_, place, condition, act) => {
    const served = granted();
    await turn();
    act(served);
    await turn();
    const [code, field] = places[place];
    const [frame] = served.peer.of(code);
    expect(conditionOf(frame?.fields[field])).toBe(condition);
    expect(served.transport.isEnded).toBe(place === 'close');
    if (place === 'close') expect(served.events).toContain(`violation ${condition}`);
    if (place !== 'detach')
      expect(served.connection).toMatchObject({ linkCount: 0, unsettledCount: 0, partialBytes: 0 });
    // What was on its way is no new offence; after the peer's own end the channel is free.
    if (place === 'end') {
      served.peer.send(0x14, transferFields(0, 50), { payload: body });
      served.peer.send(0x13, flowFields([0, 1, 0, 1], { handle: 7, count: 0, credit: 1 }));
      served.peer.send(0x17, []);
      served.begin();
      await turn();
      expect(served.peer.of(0x11)).toHaveLength(2);
      expect(served.peer.of(0x17)).toHaveLength(1);
    }
    served.peer.send(0x13, flowFields([0, 1, 0, 1]));
    served.transport.lose();
    expect(served.events.filter((event) => event.startsWith('gone'))).toHaveLength(1);
  });

  it.each([0, 1, 511])('max-frame-size %i is too small', async (size) => {
    const served = new ServedPeer();
    served.open(['client', null, uint(size)]);
    await turn();
    expect(conditionOf(served.peer.of(0x18)[0]!.fields[0])).toBe('amqp:invalid-field');
  });

  it('anything before open is', async () => {
    const served = new ServedPeer();
    served.peer.write(amqpHeader);
    served.begin();
    await turn();
    expect(served.peer.frames.map(({ code }) => code)).toEqual([0x10, 0x18]);
    expect(conditionOf(served.peer.of(0x18)[0]!.fields[0])).toBe('amqp:illegal-state');
  });

  it('SASL frames out of turn are', async () => {
    const served = new ServedPeer();
    served.peer.write(saslHeader);
    served.peer.send(0x43, [Buffer.from('x')], { type: 1 });
    await turn();
    expect(served.transport.isEnded).toBe(true);
    expect(served.events).toEqual(['violation amqp:illegal-state']);
  });

  it('is not listened to after that', async () => {
    const served = granted();
    served.peer.write(hex('00000000 02000000'));
    for (const frame of wholeSession()) served.peer.write(frame);
    await turn();
    expect(served.attaches).toHaveLength(2);
    expect(served.peer.of(0x18)).toHaveLength(1);
  });

  it('a close that is answered by more than close does no harm', async () => {
    const served = granted();
    served.connection.close();
    for (const frame of wholeSession().slice(4)) served.peer.write(frame);
    await turn();
    expect(served.peer.of(0x18)).toHaveLength(1);
    expect(served.transport.isEnded).toBe(true);
  });
});

const transactional = (outcome: AmqpValue): Described => new Described(ulong(0x34), [Buffer.from('t'), outcome]);

describe('what costs a peer little costs us little', () => {
  /** CPU milliseconds of what is done now. */
  const spent = (work: () => void): number => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };

  const withUnsettled = async (count: number) => {
    const served = ServedPeer.begun();
    served.begin(0x7fffffff, 1);
    served.peer.send(0x12, attachFields('in', 0, true), { channel: 1 });
    served.peer.send(0x13, flowFields([0, 0x7fffffff, 0, 0], { handle: 0, count: 0, credit: 0x7fffffff }), {
      channel: 1,
    });
    const [link] = served.sending;
    for (let index = 0; index < count; index++) link!.send({ tag: Buffer.from('t'), pieces: [body], settled: false });
    await turn();
    return served;
  };

  it('a disposition of three hundred million ids', async () => {
    const served = await withUnsettled(10);
    const milliseconds = spent(() =>
      served.peer.send(0x15, [true, uint(5), uint(300_000_000), true, accepted], { channel: 1 }),
    );
    expect(milliseconds).toBeLessThan(50);
    expect(served.outcomes).toHaveLength(5);
    expect(served.connection.unsettledCount).toBe(5);
  });

  it('dispositions of all deliveries again and again take turns with others', async () => {
    const served = await withUnsettled(20_000);
    const frame = rawFrame(0x15, [true, uint(0), uint(20_000), false, accepted], { channel: 1 });
    const many = Buffer.concat(new Array(50).fill(frame));
    const milliseconds = spent(() => served.peer.write(many));
    expect(milliseconds).toBeLessThan(50);
    expect(served.transport.isPaused).toBe(true);
    for (let round = 0; round < 60; round++) await turn();
    expect(served.outcomes).toHaveLength(50 * 20_000);
    expect(served.transport.isPaused).toBe(false);
  });

  it('windows and credit that jump about', async () => {
    const served = await withUnsettled(3);
    for (const [seen, window, count, credit] of [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0x80000000, 5, 0x80000000, 5],
      [3, 0, 3, 0],
      [0, 0, 0, 0],
      [100, 100, 100, 100],
    ] as const) {
      served.peer.send(0x13, flowFields([seen, window, 0, 0], { handle: 0, count, credit }), { channel: 1 });
      expect(served.sending[0]!.sendable).toBeGreaterThanOrEqual(0);
    }
    expect(served.sending[0]!.sendable).toBe(100);
  });

  it('five thousand links, and one more', async () => {
    const served = ServedPeer.begun();
    const frames = Buffer.concat(
      Array.from({ length: 5000 }, (_, handle) => rawFrame(0x12, attachFields(`l${handle}`, handle, handle % 2 === 0))),
    );
    served.peer.write(frames);
    await turn();
    expect(served.connection.linkCount).toBe(5000);
    served.begin(10, 1);
    served.peer.send(0x12, attachFields('one more', 0, true), { channel: 1 });
    await turn();
    expect(conditionOf(served.peer.of(0x16)[0]!.fields[2])).toBe('amqp:resource-limit-exceeded');
    expect(served.connection.linkCount).toBe(5000);
    const milliseconds = spent(() => served.peer.send(0x18, []));
    expect(milliseconds).toBeLessThan(50);
    expect(served.events.filter((event) => event.startsWith('closed'))).toHaveLength(5000);
  });

  it('links that are refused and never detached', async () => {
    const served = new ServedPeer({
      limits: { connectionLinks: 20 },
      handler: { onAttach: (attach) => attach.refuse({ condition: 'amqp:not-found' }) },
    });
    served.open();
    served.begin();
    for (let handle = 0; handle < 100; handle++) served.attachReceiver(handle);
    await turn();
    expect(conditionOf(served.peer.of(0x17)[0]!.fields[0])).toBe('amqp:resource-limit-exceeded');
    expect(served.connection.handleCount).toBe(0);
  });

  it('messages without end are bounded over all links', async () => {
    const served = new ServedPeer({ limits: { partialBytes: 200_000 } });
    served.open();
    served.begin();
    for (let handle = 0; handle < 10; handle++) served.attachSender(handle);
    for (const link of served.receiving) link.grant(10);
    for (let handle = 0; handle < 10; handle++) {
      served.peer.send(0x14, transferFields(handle, handle, { more: true }), { payload: Buffer.alloc(30_000) });
    }
    await turn();
    expect(served.connection.partialBytes).toBeLessThanOrEqual(200_000);
    expect(conditionOf(served.peer.of(0x16)[0]!.fields[2])).toBe('amqp:resource-limit-exceeded');
    expect(served.connection.linkCount).toBeLessThan(10);
  });

  it('frames of nothing, without end', async () => {
    const served = ServedPeer.begun();
    served.attachSender();
    served.receiving[0]!.grant(1);
    const empty = rawFrame(0x14, transferFields(0, 0, { more: true }));
    for (let round = 0; round < 50; round++) {
      served.peer.write(Buffer.concat(new Array(1000).fill(empty)));
      await turn();
    }
    expect(served.connection.partialBytes).toBe(0);
    expect(served.events).toEqual([]);
  });

  it('messages begun on many sessions whose windows are too small are bounded together', async () => {
    const served = new ServedPeer({ limits: { writeBufferBytes: 100_000 } });
    served.open(['client', null, uint(512)]);
    for (let channel = 0; channel < 50; channel++) {
      served.begin(1, channel);
      served.peer.send(0x12, attachFields(`in-${channel}`, 0, true), { channel });
      served.peer.send(0x13, flowFields([0, 1, 0, 0], { handle: 0, count: 0, credit: 10 }), { channel });
    }
    await turn();
    const message = { tag: Buffer.from('t'), pieces: [Buffer.alloc(30_000)], settled: true };
    for (const link of served.sending) if (link.sendable > 0) link.send(message);
    await turn();
    expect(served.connection.outlet.restBytes).toBeLessThan(130_000);
    served.peer.send(0x18, []);
    expect(served.connection.outlet.restBytes).toBe(0);
  });

  it('links with very long names are bounded together', async () => {
    const served = ServedPeer.begun();
    for (let handle = 0; handle < 400; handle++) served.peer.send(0x12, attachFields('n'.repeat(60_000), handle, true));
    await turn();
    expect(served.sending.length).toBeLessThan(290);
    expect(conditionOf(served.peer.of(0x16)[0]!.fields[2])).toBe('amqp:resource-limit-exceeded');
    served.peer.send(0x17, []);
    expect(served.connection.attachBytes).toBe(0);
  });

  it('deliveries that nobody settles', async () => {
    const served = ServedPeer.begun({ limits: { unsettled: 10 } });
    served.attachSender();
    served.receiving[0]!.grant(100);
    for (let id = 0; id < 11; id++) served.peer.send(0x14, transferFields(0, id), { payload: body });
    await turn();
    expect(conditionOf(served.peer.of(0x16)[0]!.fields[2])).toBe('amqp:resource-limit-exceeded');
    expect(served.deliveries).toHaveLength(10);
    expect(served.connection.unsettledCount).toBe(0);
  });

  it('a peer that asks and does not read is not read from', async () => {
    const served = ServedPeer.begun({ limits: { writeBufferBytes: 10_000 } });
    served.attachReceiver();
    await turn();
    served.transport.isStuck = true;
    const echo = rawFrame(0x13, flowFields([0, 10, 0, 10], { handle: 0, count: 0, credit: 0, echo: true }));
    let asked = 0;
    while (!served.transport.isPaused && asked < 10_000) {
      served.peer.write(echo);
      asked++;
      await turn();
    }
    expect(asked).toBeLessThan(1000);
    served.transport.release();
    expect(served.transport.isPaused).toBe(false);
  });

  it('an attach with a very large unsettled map', async () => {
    const served = ServedPeer.begun();
    const entries = Array.from({ length: 6000 }, (_, index): [AmqpValue, AmqpValue] => [
      Buffer.from(index.toString(16)),
      null,
    ]);
    const fields = attachFields('x', 0, true);
    fields[7] = new AmqpMap(entries);
    const milliseconds = spent(() => served.peer.send(0x12, fields));
    expect(milliseconds).toBeLessThan(100);
    expect(served.attaches[0]!.unsettled!.size).toBe(5000);
  });
});
