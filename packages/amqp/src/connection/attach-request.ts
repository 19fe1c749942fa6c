import { descriptors } from '../codec/descriptors.ts';
import { ulong } from '../codec/typed.ts';
import type {
  AmqpErrorInfo,
  AttachReply,
  AttachRequest,
  CoordinatorTarget,
  DeliveryState,
  PeerReceives,
  PeerSends,
  ReceivingHandler,
  SendingHandler,
  Terminus,
} from '../contract.ts';
import type { Flow } from '../frames/flow.ts';
import { type Attach, writeAttach } from '../frames/performatives.ts';
import { stateOf } from '../frames/states.ts';
import { replySource, replyTarget, sourceOf, targetOf } from '../frames/termini.ts';
import { AmqpMap, type AmqpValue, Described } from '../values.ts';
import type { AmqpConnection } from './connection.ts';
import { ReceivingEndpoint } from './receiving-link.ts';
import { SendingEndpoint } from './sending-link.ts';
import type { Session } from './session.ts';

/** @throws {AmqpViolation} where source, target or unsettled map are not what they must be */
export function requestOf(session: Session, attach: Attach): AttachRequestBase & AttachRequest {
  return attach.role === 'sender' ? new SenderRequest(session, attach) : new ReceiverRequest(session, attach);
}

/** A link that the peer wants and that was not answered yet. */
export abstract class AttachRequestBase {
  readonly connection: AmqpConnection;
  readonly name: string;
  readonly source: Terminus | undefined;
  readonly target: Terminus | CoordinatorTarget | undefined;
  readonly senderSettleMode: 0 | 1 | 2;
  readonly receiverSettleMode: 0 | 1;
  readonly properties: AmqpMap;
  readonly desiredCapabilities: readonly string[];
  readonly maxMessageSize: number | undefined;
  readonly unsettled: ReadonlyMap<string, DeliveryState | undefined> | undefined;
  readonly initialDeliveryCount: number | undefined;
  protected readonly session: Session;
  protected readonly attach: Attach;
  protected state: 'waiting' | 'answered' | 'abandoned' = 'waiting';
  #onAbandoned: (() => void)[] = [];

  constructor(session: Session, attach: Attach) {
    this.session = session;
    this.connection = session.connection;
    this.attach = attach;
    this.name = attach.name;
    this.source = sourceOf(attach.source);
    this.target = targetOf(attach.target);
    this.senderSettleMode = attach.senderSettleMode;
    this.receiverSettleMode = attach.receiverSettleMode;
    this.properties = attach.properties;
    this.desiredCapabilities = attach.desiredCapabilities;
    this.maxMessageSize = attach.maxMessageSize;
    this.unsettled = unsettledOf(attach.unsettled);
    this.initialDeliveryCount = attach.initialDeliveryCount;
  }

  onAbandoned(call: () => void): void {
    this.#onAbandoned.push(call);
  }

  /** The peer detached before the answer: it gets the attach that belongs before our detach. */
  abandon(): void {
    if (this.state !== 'waiting') return;
    this.state = 'abandoned';
    if (!this.session.isEnded) this.writeRefusal();
    for (const call of this.#onAbandoned) this.connection.outlet.later(call);
  }

  refuse(error: AmqpErrorInfo): void {
    if (this.state !== 'waiting') return;
    this.state = 'answered';
    this.writeRefusal();
    this.session.detach(this.attach.handle, error);
  }

  /** What the peer's flows say before the answer is kept. */
  onFlow(_flow: Flow): void {}

  protected abstract writeRefusal(): void;
}

class SenderRequest extends AttachRequestBase implements PeerSends {
  readonly role = 'sender';

  accept(reply: AttachReply, handler: ReceivingHandler): ReceivingEndpoint {
    const { session, attach } = this;
    const link = new ReceivingEndpoint(
      session,
      attach.handle,
      attach.name,
      handler,
      reply.maxMessageSize ?? 0,
      attach.initialDeliveryCount ?? 0,
    );
    if (this.state !== 'waiting') {
      link.isOpen = false;
      session.connection.outlet.later(() => handler.onClosed?.(undefined, false));
      return link;
    }
    this.state = 'answered';
    session.attached(attach.handle, link);
    writeAttach(session.connection.outlet.output, session.channel, {
      ...answer(session, attach, reply),
      role: 'receiver',
      receiverSettleMode: 0,
      source: replySource(attach.source, reply),
      target: replyTarget(attach.target, reply),
      initialDeliveryCount: undefined,
    });
    session.connection.outlet.flushSoon();
    return link;
  }

  protected writeRefusal(): void {
    const { session, attach } = this;
    writeAttach(session.connection.outlet.output, session.channel, {
      ...answer(session, attach, {}),
      role: 'receiver',
      source: replySource(attach.source, {}),
      target: null,
      initialDeliveryCount: undefined,
    });
  }
}

class ReceiverRequest extends AttachRequestBase implements PeerReceives {
  readonly role = 'receiver';
  /** The last flow of the peer; `Flow` objects are reused. */
  #flow: { readonly deliveryCount: number; readonly linkCredit: number; readonly drain: boolean } | undefined;

  override onFlow(flow: Flow): void {
    const linkCredit = flow.linkCredit === -1 ? (this.#flow?.linkCredit ?? -1) : flow.linkCredit;
    this.#flow = { deliveryCount: flow.deliveryCount, linkCredit, drain: flow.drain };
  }

  accept(reply: AttachReply, handler: SendingHandler): SendingEndpoint {
    const { session, attach } = this;
    const link = new SendingEndpoint(session, attach.handle, attach.name, handler);
    if (this.state !== 'waiting') {
      link.isOpen = false;
      session.connection.outlet.senders.delete(link);
      session.connection.outlet.later(() => handler.onClosed?.(undefined, []));
      return link;
    }
    this.state = 'answered';
    session.attached(attach.handle, link);
    writeAttach(session.connection.outlet.output, session.channel, {
      ...answer(session, attach, reply),
      role: 'sender',
      source: replySource(attach.source, reply),
      target: replyTarget(attach.target, reply),
      initialDeliveryCount: session.connection.firstSerials.deliveryCount,
    });
    session.connection.outlet.flushSoon();
    const flow = this.#flow;
    if (flow !== undefined) {
      link.begin(flow.linkCredit, flow.deliveryCount, flow.drain);
      session.connection.outlet.later(() => link.notify());
    }
    return link;
  }

  protected writeRefusal(): void {
    const { session, attach } = this;
    writeAttach(session.connection.outlet.output, session.channel, {
      ...answer(session, attach, {}),
      role: 'sender',
      source: null,
      target: replyTarget(attach.target, {}),
      initialDeliveryCount: session.connection.firstSerials.deliveryCount,
    });
  }
}

function answer(session: Session, attach: Attach, reply: AttachReply) {
  return {
    ...unsettledIn(reply, session.connection.remoteFrameBytes),
    name: attach.name,
    handle: attach.handle,
    senderSettleMode: attach.senderSettleMode,
    receiverSettleMode: attach.receiverSettleMode,
    maxMessageSize: reply.maxMessageSize,
    offeredCapabilities: reply.offeredCapabilities ?? [],
    desiredCapabilities: [],
    properties: reply.properties ?? new AmqpMap(),
  };
}

/** As many as an attach frame of the peer's size has room for beside everything else. */
function unsettledIn({ accepted = new Set() }: AttachReply, frameBytes: number) {
  if (accepted.size === 0) return { unsettled: undefined, incompleteUnsettled: false };
  const most = Math.max(0, Math.floor((frameBytes / 2 - 256) / unsettledEntryBytes));
  const outcome = new Described(ulong(descriptors.accepted), []);
  const entries = [...accepted].slice(0, most).map((tag): [AmqpValue, AmqpValue] => [Buffer.from(tag, 'hex'), outcome]);
  return { unsettled: new AmqpMap(entries), incompleteUnsettled: entries.length < accepted.size };
}

/** A tag of 32 bytes and an outcome without fields. */
const unsettledEntryBytes = 48;

/** Tags that are no binaries are left out, and all beyond the first thousands. */
function unsettledOf(map: AmqpMap | undefined): ReadonlyMap<string, DeliveryState | undefined> | undefined {
  if (map === undefined) return undefined;
  const unsettled = new Map<string, DeliveryState | undefined>();
  for (const [tag, state] of map.entries) {
    if (!Buffer.isBuffer(tag) || tag.length > 32) continue;
    unsettled.set(tag.toString('hex'), state === null ? undefined : stateOf(state));
    if (unsettled.size === mostUnsettled) break;
  }
  return unsettled;
}

const mostUnsettled = 5000;
