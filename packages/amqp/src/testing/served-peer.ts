import { uint, ulong } from '../codec/typed.ts';
import { AmqpConnection, type FirstSerials } from '../connection/connection.ts';
import type {
  AttachRequest,
  ConnectionHandler,
  ConnectionOptions,
  IncomingDelivery,
  OutgoingDelivery,
  ReceivingLink,
  SendingLink,
} from '../contract.ts';
import { type AmqpValue, Described } from '../values.ts';
import { ManualClock } from './manual-clock.ts';
import { MemoryTransport } from './memory-transport.ts';
import { amqpHeader, RawPeer } from './raw-peer.ts';

/** A raw client that is connected to an engine in memory, and everything that the engine's handler was told. */
export class ServedPeer {
  readonly clock = new ManualClock();
  readonly transport = new MemoryTransport();
  readonly peer: RawPeer;
  readonly connection: AmqpConnection;
  readonly attaches: AttachRequest[] = [];
  readonly receiving: ReceivingLink[] = [];
  readonly sending: SendingLink[] = [];
  readonly deliveries: IncomingDelivery[] = [];
  readonly outcomes: { readonly delivery: OutgoingDelivery; readonly state: unknown; readonly settled: boolean }[] = [];
  /** What happened, in order: `sendable`, `drain`, `closed amqp:…`, `violation amqp:…`, `gone`. */
  readonly events: string[] = [];

  constructor(overrides: ServedPeerOptions = {}) {
    const { handler, firstSerials, ...options } = overrides;
    this.peer = new RawPeer((bytes) => this.transport.deliver(bytes));
    this.transport.peer = this.peer;
    this.connection = new AmqpConnection(
      this.transport,
      {
        containerId: 'engine',
        sasl: { mechanisms: ['ANONYMOUS', 'PLAIN'], authenticate: ({ mechanism }) => ({ mechanism }) },
        clock: this.clock,
        ...options,
      },
      {
        onAttach: (attach) => {
          this.attaches.push(attach);
          this.accept(attach);
        },
        onClose: (error) => this.events.push(`gone ${condition(error)}`.trim()),
        onViolation: (error) => this.events.push(`violation ${error.condition}`),
        ...handler,
      },
      firstSerials,
    );
  }

  /** Accepts as the tests want it: all that comes is kept, nothing is settled or sent by itself. */
  accept(attach: AttachRequest, reply: { readonly maxMessageSize?: number } = {}): void {
    const closed = (error: { readonly condition: string } | undefined) =>
      void this.events.push(`closed ${condition(error)}`.trim());
    if (attach.role === 'sender') {
      this.receiving.push(
        attach.accept(reply, { onDelivery: (delivery) => void this.deliveries.push(delivery), onClosed: closed }),
      );
      return;
    }
    this.sending.push(
      attach.accept(reply, {
        onSendable: () => void this.events.push('sendable'),
        onDrain: () => void this.events.push('drain'),
        onOutcome: (delivery, state, settled) => void this.outcomes.push({ delivery, state, settled }),
        onClosed: (error, unsettled) => void this.events.push(`closed ${condition(error)} ${unsettled.length}`),
      }),
    );
  }

  /** Header and `open`, past SASL. */
  open(fields: readonly AmqpValue[] = ['client']): void {
    this.peer.write(amqpHeader);
    this.peer.send(0x10, fields);
  }

  begin(window = 2048, channel = 0, nextOutgoingId = 0): void {
    this.peer.send(0x11, [null, uint(nextOutgoingId), uint(window), uint(2048)], { channel });
  }

  attachSender(handle = 0, initialDeliveryCount = 0): void {
    this.peer.send(0x12, attachFields(`sender-${handle}`, handle, false, initialDeliveryCount));
  }

  attachReceiver(handle = 0): void {
    this.peer.send(0x12, attachFields(`receiver-${handle}`, handle, true));
  }

  /** Connected, with a session. */
  static begun(options: ServedPeerOptions = {}): ServedPeer {
    const served = new ServedPeer(options);
    served.open();
    served.begin();
    return served;
  }
}

interface ServedPeerOptions extends Partial<ConnectionOptions> {
  readonly handler?: Partial<ConnectionHandler>;
  readonly firstSerials?: FirstSerials;
}

export function attachFields(name: string, handle: number, isReceiver: boolean, count = 0): AmqpValue[] {
  return [
    name,
    uint(handle),
    isReceiver,
    null,
    null,
    new Described(ulong(0x28), ['from']),
    new Described(ulong(0x29), ['to']),
    null,
    null,
    isReceiver ? null : uint(count),
  ];
}

/** Of a transfer: id and tag, then whatever is to be different. */
export function transferFields(
  handle: number,
  id: number | null,
  options: {
    readonly tag?: Buffer | null;
    readonly settled?: boolean;
    readonly more?: boolean;
    readonly aborted?: boolean;
    readonly state?: AmqpValue;
    readonly resume?: boolean;
  } = {},
): AmqpValue[] {
  const tag = options.tag === undefined ? Buffer.from([id ?? 0]) : options.tag;
  return [
    uint(handle),
    id === null ? null : uint(id),
    tag,
    uint(0),
    options.settled ?? false,
    options.more ?? false,
    null,
    options.state ?? null,
    options.resume ?? false,
    options.aborted ?? false,
  ];
}

/** Of a flow: the session's part, then that of a link. */
export function flowFields(
  session: readonly [nextIncoming: number | null, window: number, nextOutgoing: number, outgoingWindow: number],
  link?: {
    readonly handle: number;
    readonly count: number | null;
    readonly credit: number;
    readonly drain?: boolean;
    readonly echo?: boolean;
  },
): AmqpValue[] {
  const fields: AmqpValue[] = session.map((value) => (value === null ? null : uint(value)));
  if (link === undefined) return fields;
  return [
    ...fields,
    uint(link.handle),
    link.count === null ? null : uint(link.count),
    uint(link.credit),
    null,
    link.drain ?? false,
    link.echo ?? false,
  ];
}

/** What was written in this turn goes out at its end. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const accepted = new Described(ulong(0x24), []);

const condition = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'condition' in error
    ? String(error.condition)
    : error === undefined
      ? ''
      : String(error);

/** The condition of an error in a frame. */
export function conditionOf(value: AmqpValue | undefined): string | undefined {
  if (!(value instanceof Described) || !Array.isArray(value.value)) return undefined;
  const first = value.value[0];
  return first === undefined
    ? undefined
    : first instanceof Object && 'value' in first
      ? String(first.value)
      : String(first);
}
