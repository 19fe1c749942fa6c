/**
 * The face of the AMQP 1.0 engine (OASIS AMQP 1.0, parts 1 to 5): a connection over any transport, seen from the container
 * that was connected to. The engine keeps the protocol (framing, negotiation, windows, credit, delivery ids, settlement
 * on the wire); what a link means is its handler's. Nothing here waits: callbacks run while bytes are read, and what they
 * write is collected and sent once at the end of the turn.
 */
import type { AmqpMap, AmqpValue } from './values.ts';

/** Bytes to and from a peer: a socket, a TLS socket, a WebSocket. */
export interface Transport {
  /** Pieces, one behind the other; nobody changes them afterwards. False: the peer reads slowly; go on after `onDrain`. */
  write(pieces: readonly Uint8Array[]): boolean;
  /** Stops and goes on delivering bytes. */
  pause(): void;
  resume(): void;
  /** Sends what was written, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
  /** Called once, before any byte is delivered. */
  start(events: TransportEvents): void;
  /** Bytes that were written and wait for the peer. */
  readonly bufferedBytes: number;
}

export interface TransportEvents {
  /** `isLent`: they are overwritten after the call. */
  onBytes(bytes: Buffer, isLent?: boolean): void;
  onDrain(): void;
  /** The peer is gone, with the error where there was one. */
  onClose(error?: Error): void;
}

/** Bounds on what a peer may ask for; each has a default (`defaultConnectionLimits`). */
export interface ConnectionLimits {
  /** Bytes of a frame that is accepted, and announced as `max-frame-size`; default 65,536. */
  readonly frameBytes: number;
  /** Sessions at a time, `channel-max` + 1; default 5,000. */
  readonly sessions: number;
  /** Links of a session at a time, `handle-max` + 1; default 5,000. */
  readonly links: number;
  /** Links of a connection; default 5,000. */
  readonly connectionLinks: number;
  /** Frames of transfers that a session takes before the peer must wait; default 5,000. */
  readonly incomingWindow: number;
  /** Bytes of messages that are not complete, over all links of the connection; default 128 MiB. */
  readonly partialBytes: number;
  /** Bytes that may wait for a peer that does not read before nothing more is sent to it; default 4 MiB. */
  readonly writeBufferBytes: number;
  /** Deliveries that wait for their settlement, over all links; default 100,000. */
  readonly unsettled: number;
  /** Until the connection is open (header, SASL, open); default 30,000 ms. */
  readonly handshakeMilliseconds: number;
  /** `idle-time-out` that is announced: nothing is heard for twice that long, the connection ends; default 120,000 ms. */
  readonly idleMilliseconds: number;
}

export interface SaslAccess {
  /** Offered, in this order. */
  readonly mechanisms: readonly string[];
  /**
   * Undefined: refused (`auth`). What is returned is `Connection.identity`. `PLAIN` comes as user name and password, `EXTERNAL` and
   * `ANONYMOUS` and others as the bytes of the initial response.
   */
  authenticate(attempt: SaslAttempt): SaslIdentity | undefined | Promise<SaslIdentity | undefined>;
}

export interface SaslAttempt {
  readonly mechanism: string;
  readonly response: Uint8Array;
  /** Of PLAIN. */
  readonly userName?: string;
  readonly password?: string;
  readonly hostName?: string;
}

export interface SaslIdentity {
  readonly mechanism: string;
  /** Whatever the one who authenticated wants to find again. */
  readonly principal?: unknown;
}

export interface ConnectionOptions {
  /** `container-id` that is announced. */
  readonly containerId: string;
  readonly sasl: SaslAccess;
  readonly limits?: Partial<ConnectionLimits>;
  readonly offeredCapabilities?: readonly string[];
  readonly properties?: AmqpMap;
  /** Milliseconds since 1970, and timers: tests drive them. */
  readonly clock?: AmqpClock;
}

export interface AmqpClock {
  now(): number;
  /** Calls back once; returns what cancels. */
  after(milliseconds: number, call: () => void): () => void;
}

/** An error as it goes over the wire (2.8.14). */
export interface AmqpErrorInfo {
  /** `amqp:not-found` */
  readonly condition: string;
  readonly description?: string;
  readonly info?: AmqpMap;
}

export interface Connection {
  readonly hostName: string | undefined;
  /** `container-id` of the peer. */
  readonly remoteContainerId: string;
  readonly remoteProperties: AmqpMap;
  readonly identity: SaslIdentity;
  /** Sends `close` with the error where there is one, and ends. */
  close(error?: AmqpErrorInfo): void;
  readonly links: Iterable<Link>;
  /** Number of sessions and links now, for limits and metrics. */
  readonly sessionCount: number;
  readonly linkCount: number;
  /** When a link was last there (or the connection opened). */
  readonly linklessSince: number | undefined;
}

/** What the container does with a connection. All optional calls are for knowing, the others decide. */
export interface ConnectionHandler {
  /** The peer's `open` is here and was answered. */
  onOpen?(connection: Connection): AmqpErrorInfo | undefined;
  /**
   * A link wants to be: answer it with `accept` or `refuse`, now or later. Until then its frames wait (credit that the peer
   * grants is kept). The reply goes out before everything else of the link.
   */
  onAttach(attach: AttachRequest): void;
  /** Everything of the connection is gone; links were told (`onClosed`) before. */
  onClose?(error?: Error | AmqpErrorInfo): void;
  /** For logs: the peer broke a rule, or a limit. The connection is closed with that error. */
  onViolation?(error: AmqpErrorInfo): void;
}

export interface AttachFacts {
  readonly connection: Connection;
  readonly name: string;
  /** Address in `source` and `target` as they came (full URLs and leading slashes are the handler's to read). */
  readonly source: Terminus | undefined;
  readonly target: Terminus | CoordinatorTarget | undefined;
  readonly senderSettleMode: 0 | 1 | 2;
  readonly receiverSettleMode: 0 | 1;
  readonly properties: AmqpMap;
  readonly desiredCapabilities: readonly string[];
  readonly maxMessageSize: number | undefined;
  /** Delivery tags (hex) with states of the unsettled map, where the peer resumes a link; bounded. */
  readonly unsettled: ReadonlyMap<string, DeliveryState | undefined> | undefined;
  readonly initialDeliveryCount: number | undefined;
  /**
   * Calls back (once, not at once) if the peer leaves before it was answered. An answer after that does nothing: `accept` returns a
   * link that is not open.
   */
  onAbandoned(call: () => void): void;
}

export interface Terminus {
  readonly address: string | undefined;
  readonly dynamic: boolean;
  readonly durable: number;
  readonly expiryPolicy: string | undefined;
  readonly timeout: number;
  /** Filter set of a source: by name, the described value. */
  readonly filters: AmqpMap;
  readonly capabilities: readonly string[];
  readonly properties: AmqpMap;
}

export interface CoordinatorTarget {
  readonly isCoordinator: true;
  readonly capabilities: readonly string[];
}

export type AttachRequest = PeerSends | PeerReceives;

/** The peer is the sender: messages come in. */
export interface PeerSends extends AttachFacts {
  readonly role: 'sender';
  /** Credit is granted by `ReceivingLink.grant`. */
  accept(reply: AttachReply, handler: ReceivingHandler): ReceivingLink;
  refuse(error: AmqpErrorInfo): void;
}

/** The peer is the receiver: messages go out. */
export interface PeerReceives extends AttachFacts {
  readonly role: 'receiver';
  accept(reply: AttachReply, handler: SendingHandler): SendingLink;
  refuse(error: AmqpErrorInfo): void;
}

/** What the attach that answers says; the peer's own values where nothing is given. */
export interface AttachReply {
  /** Filters that were accepted, with the values in force (session filters come back with the session's id). */
  readonly filters?: AmqpMap;
  readonly properties?: AmqpMap;
  readonly offeredCapabilities?: readonly string[];
  readonly maxMessageSize?: number;
  /** Address of a dynamic node. */
  readonly address?: string;
  /**
   * Deliveries (by tag, hex) of the peer's unsettled map (2.6.13) that were accepted. Those that the attach frame has no room for are
   * left out, and it says so.
   */
  readonly accepted?: ReadonlySet<string>;
}

export interface Link {
  readonly name: string;
  readonly connection: Connection;
  /** Ends it with `detach(closed)`. `onClosed` is not called for it. */
  close(error?: AmqpErrorInfo): void;
  readonly isOpen: boolean;
  /** Free for who made the link. */
  context: unknown;
}

/** Messages come in. */
export interface ReceivingLink extends Link {
  /** Lets the peer send so many more than it may already; a `flow` goes out at the end of the turn. */
  grant(credit: number): void;
  /** Credit that the peer has left. */
  readonly credit: number;
}

export interface ReceivingHandler {
  /** A whole message. `delivery.settle` must be called once unless it came settled. */
  onDelivery(delivery: IncomingDelivery): void;
  /**
   * The peer goes on with a delivery of a link that was lost (2.6.13): what became of it. Undefined, or no method: it is not known
   * here, and is released. The content that comes with it is not looked at.
   */
  onResumed?(tag: Buffer): DeliveryState | undefined;
  /**
   * The peer detached (with the error where it gave one), ended its session, or is gone. `isForGood`: the link was closed (2.6.6);
   * otherwise the peer may come back to it.
   */
  onClosed?(error: AmqpErrorInfo | undefined, isForGood: boolean): void;
}

export interface IncomingDelivery {
  readonly link: ReceivingLink;
  readonly tag: Buffer;
  /** 0, or 0x80013700 for a batch of Service Bus. */
  readonly messageFormat: number;
  /** All sections, in one piece. It may be kept: nothing else writes into it. */
  readonly payload: Buffer;
  readonly isSettled: boolean;
  /** Set where the transfer is part of a transaction (4.5.1). */
  readonly transactionId: Buffer | undefined;
  /** Ends it on both sides. Runs of equal outcomes become one disposition. */
  settle(state: DeliveryState): void;
}

/** Messages go out. */
export interface SendingLink extends Link {
  /** Messages that may be sent now: credit of the link, as far as the windows and buffers of session and connection let it. */
  readonly sendable: number;
  /**
   * Sends a message; it must be sendable. The pieces are written one after another; nobody may change them any more, large ones are kept
   * until they are sent. `settled`: no outcome is awaited.
   */
  send(message: OutgoingMessage): OutgoingDelivery;
  /** Gives back the credit that is left: the answer to `onDrain`. */
  drained(): void;
}

export interface OutgoingMessage {
  /** At most 32 bytes. */
  readonly tag: Uint8Array;
  readonly pieces: readonly Uint8Array[];
  readonly settled: boolean;
  readonly messageFormat?: number;
  /** Found again as `OutgoingDelivery.context`. */
  readonly context?: unknown;
}

export interface OutgoingDelivery {
  readonly tag: Uint8Array;
  readonly context: unknown;
  readonly isSettled: boolean;
  /** Ends it: the last word of the sender, after the peer gave an outcome that it did not settle. */
  settle(state: DeliveryState): void;
}

export interface SendingHandler {
  /** `sendable` grew: by credit, a wider window, or a peer that reads again. */
  onSendable(): void;
  /** The peer wants the credit used up or given back: send what there is, then call `drained`. */
  onDrain(): void;
  /**
   * The peer's outcome for a delivery. `settled`: it has forgotten it already. Deliveries that are not known (any more) are
   * dropped by the engine. Must end with `delivery.settle`, now or later, unless `settled`.
   */
  onOutcome(delivery: OutgoingDelivery, state: DeliveryState | undefined, settled: boolean): void;
  /** As of `ReceivingHandler`; deliveries without an outcome are handed over. */
  onClosed?(error: AmqpErrorInfo | undefined, unsettled: readonly OutgoingDelivery[]): void;
}

/** Outcomes and states (3.4, 4.5.8). */
export type DeliveryState =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'released' }
  | { readonly kind: 'rejected'; readonly error?: AmqpErrorInfo }
  | {
      readonly kind: 'modified';
      readonly deliveryFailed: boolean;
      readonly undeliverableHere: boolean;
      readonly annotations: AmqpMap;
    }
  | { readonly kind: 'received'; readonly sectionNumber: number; readonly sectionOffset: number }
  | { readonly kind: 'declared'; readonly transactionId: Buffer }
  | { readonly kind: 'transactional'; readonly transactionId: Buffer; readonly outcome?: DeliveryState }
  /** A described value that is none of these. */
  | { readonly kind: 'unknown'; readonly value: AmqpValue };
