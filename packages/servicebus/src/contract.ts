/**
 * # The rooms of the broker, and the doors between them
 *
 *     amqp/       links, $cbs, $management, coordinator ─┐
 *     http/       REST data plane, ATOM administration ──┼─► broker/  queues, topics, sessions, transactions ─► Journal (store)
 *     listener/   one port for all of it                 │      ▲
 *     entities/   the directory: definitions in the resource Store ─┘ apply
 *     access/     who may: SAS, bearer tokens, $cbs claims
 *     filters/    SQL filters and actions, correlation filters
 *     message/    messages as bytes: read, edited, written
 *
 * `broker/` holds the state of one namespace in memory, makes it durable through a `Journal`, and does all its work inside
 * of one turn of the event loop: no lock, no race. What has to be on disk before somebody is told waits for
 * `Journal.onCommitted`. It knows no protocol: fronts call it and translate its errors (`errors.ts`).
 */
import type { AmqpValue } from '@lazuli/amqp';
import type { ServiceBusError } from './errors.ts';

/** Calls back once: without an argument when it is on disk, with the reason when it is refused. */
export type Done = (error?: ServiceBusError) => void;

// ——— Entities ———————————————————————————————————————————————————————————————————————————————————————————————————————————

export type EntityStatus = 'Active' | 'Disabled' | 'SendDisabled' | 'ReceiveDisabled';
export type Right = 'Send' | 'Listen' | 'Manage';

/** What queues and subscriptions have in common. Durations in milliseconds, `Infinity`: for ever. */
export interface MessageHolderDefinition {
  /** Identity of this incarnation: an entity that is deleted and made again has another. */
  readonly id: string;
  readonly lockDurationMs: number;
  readonly requiresSession: boolean;
  readonly defaultTimeToLiveMs: number;
  readonly deadLetteringOnMessageExpiration: boolean;
  readonly maxDeliveryCount: number;
  readonly autoDeleteOnIdleMs: number;
  /** Path of a queue or topic; undefined: none. */
  readonly forwardTo: string | undefined;
  readonly forwardDeadLetteredMessagesTo: string | undefined;
  readonly status: EntityStatus;
}

/** What queues and topics have in common. */
export interface MessageEntryDefinition {
  /** As it was created; found without regard to case. */
  readonly path: string;
  readonly maxSizeBytes: number;
  readonly maxMessageBytes: number;
  readonly requiresDuplicateDetection: boolean;
  readonly duplicateDetectionHistoryMs: number;
  readonly enablePartitioning: boolean;
}

export interface QueueDefinition extends MessageHolderDefinition, MessageEntryDefinition {
  readonly kind: 'queue';
}

export interface TopicDefinition extends MessageEntryDefinition {
  readonly kind: 'topic';
  readonly id: string;
  readonly defaultTimeToLiveMs: number;
  readonly autoDeleteOnIdleMs: number;
  readonly status: EntityStatus;
}

export interface SubscriptionDefinition extends MessageHolderDefinition {
  readonly kind: 'subscription';
  readonly topicPath: string;
  readonly name: string;
  readonly deadLetteringOnFilterEvaluationExceptions: boolean;
  readonly rules: readonly RuleDefinition[];
}

export type EntityDefinition = QueueDefinition | TopicDefinition | SubscriptionDefinition;

export interface RuleDefinition {
  readonly name: string;
  readonly filter: RuleFilter;
  /** SQL action; undefined: none. */
  readonly action: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
}

export type RuleFilter =
  | {
      readonly kind: 'sql';
      readonly expression: string;
      /** `@name`s of the expression. */
      readonly parameters?: ReadonlyMap<string, SqlValue>;
    }
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | ({ readonly kind: 'correlation' } & CorrelationConditions);

export interface CorrelationConditions {
  readonly correlationId?: string;
  readonly messageId?: string;
  readonly to?: string;
  readonly replyTo?: string;
  /** `Label`, `Subject`. */
  readonly subject?: string;
  readonly sessionId?: string;
  readonly replyToSessionId?: string;
  readonly contentType?: string;
  /** Names with regard to case. */
  readonly properties?: ReadonlyMap<string, SqlValue>;
}

// ——— Values that filters compute with ————————————————————————————————————————————————————————————————————————————————————

/** `bigint`: Int64; `number`: Double (and Decimal); `Date`: DateTime; `Uint8Array`: binary; GUIDs and durations are `SqlOther`. */
export type SqlValue = null | boolean | bigint | number | string | Date | Uint8Array | SqlOther;

export interface SqlOther {
  readonly type: 'guid' | 'timespan' | 'uri';
  /** As .NET writes it. */
  readonly text: string;
}

/** A message as a filter sees it. `undefined`: the property is not there. */
export interface MessageView {
  /** A system property by its name without `sys.`, any case: `MessageId`, `Label`, `SequenceNumber` …; `null`: no such name exists. */
  system(name: string): { readonly value: SqlValue | undefined } | null;
  /** An application property; case does not count, the exact spelling first. */
  application(name: string): SqlValue | undefined;
  /** With regard to case. */
  applicationExact(name: string): SqlValue | undefined;
}

/** A message as an action changes it. @throws {FilterError} for a system property that cannot be set, or a type that does not fit. */
export interface MessageEdit extends MessageView {
  setSystem(name: string, value: SqlValue): void;
  setApplication(name: string, value: SqlValue): void;
  removeApplication(name: string): void;
  removeSystem(name: string): void;
}

/** Made by `compileRule` in `filters/`: whether a message passes. @throws {FilterError} when it cannot be told */
export interface CompiledRule {
  readonly definition: RuleDefinition;
  matches(message: MessageView): boolean;
  /** Undefined: the rule has no action. */
  readonly act: ((message: MessageEdit) => void) | undefined;
  /** Every property that it may ask for is known before: a topic need not decode what nobody asks for. */
  readonly needsApplicationProperties: boolean;
}

// ——— Messages ———————————————————————————————————————————————————————————————————————————————————————————————————————————

/**
 * A message that was read from the wire and belongs to no entity yet (`message/read-message.ts`). Its bare part stays the
 * bytes that came; a `message-id` was given to it where it had none.
 */
export interface NewMessage {
  readonly messageId: string;
  readonly sessionId: string | undefined;
  readonly partitionKey: string | undefined;
  /** `Infinity`: for ever. */
  readonly timeToLiveMs: number;
  /** Milliseconds since 1970; undefined: at once. */
  readonly scheduledEnqueueTime: number | undefined;
  /** What is kept: header fields, annotations of the sender, and the bare message. `message/` writes and reads it. */
  readonly content: MessageContent;
}

export interface MessageContent {
  /** Encoded: what `message/` needs of header and annotations to write the message again. */
  readonly envelope: Uint8Array;
  /** Properties, application properties, body, footer, as they came. */
  readonly bare: Uint8Array;
}

/** A message as it lies in a queue, with its body. */
export interface BrokeredMessage {
  readonly sequenceNumber: number;
  /** Of a message that was scheduled, forwarded …: the number that it had first. */
  readonly enqueuedSequenceNumber: number | undefined;
  readonly enqueuedTime: number;
  /** `Infinity`: never. */
  readonly expiresAt: number;
  readonly deliveryCount: number;
  readonly state: 'active' | 'deferred' | 'scheduled';
  readonly messageId: string;
  readonly sessionId: string | undefined;
  readonly content: MessageContent;
  /** Application properties that were changed since: by abandon, defer, dead-lettering. They count over those in the content. */
  readonly overrides: ReadonlyMap<string, AmqpValue> | undefined;
  /** Path of the entity in which it was dead-lettered. */
  readonly deadLetterSource: string | undefined;
}

/** A message that a receiver holds. It is also the handle by which it is settled. */
export interface DeliveredMessage extends BrokeredMessage {
  /** 16 bytes, in the order of RFC 4122; undefined: received and deleted. */
  readonly lockToken: Uint8Array | undefined;
  readonly lockedUntil: number | undefined;
}

export type Settlement =
  | { readonly kind: 'complete' }
  | { readonly kind: 'abandon'; readonly properties?: ReadonlyMap<string, AmqpValue> }
  | { readonly kind: 'defer'; readonly properties?: ReadonlyMap<string, AmqpValue> }
  | {
      readonly kind: 'deadLetter';
      readonly reason?: string;
      readonly description?: string;
      readonly properties?: ReadonlyMap<string, AmqpValue>;
    };

// ——— The broker —————————————————————————————————————————————————————————————————————————————————————————————————————————

/** A namespace that is served. Made by `openNamespace` in `broker/`. */
export interface ServedNamespace {
  readonly name: string;
  /**
   * What there is now: entities that are not in it are deleted with their messages, others are made or changed. What it says about
   * an entity that has not changed costs nothing. Resolves when it is on disk.
   */
  apply(definitions: readonly EntityDefinition[]): Promise<void>;

  /**
   * Where messages are sent: a queue or a topic.
   * @throws {ServiceBusError} `EntityNotFound`; `SendNotAllowed` for subscriptions and sub-queues
   */
  sender(path: string): SendTarget;
  /**
   * Where messages lie: a queue, `topic/Subscriptions/name`, or a sub-queue (`/$DeadLetterQueue`, `/$Transfer/$DeadLetterQueue`).
   * Entities that forward have one too (for their rules, for browsing); its receivers are refused with `ReceiveNotAllowed`.
   * @throws {ServiceBusError} `EntityNotFound`; `ReceiveNotAllowed` for topics
   */
  source(path: string): MessageSource;
  beginTransaction(): Transaction;
  /** Of queues and subscriptions, by path; undefined: no such entity. */
  runtime(path: string): EntityRuntime | undefined;
  readonly statistics: NamespaceStatistics;
  /** Stops the clocks; messages stay. Receivers are told. */
  close(): Promise<void>;
}

export interface SendTarget {
  readonly path: string;
  readonly maxMessageBytes: number;
  /** @throws {ServiceBusError} where nothing can be sent to it now: `EntityNotFound`, `EntityDisabled`, `NotOwner` */
  ensureOpen(): void;
  /** All of them or none. Duplicates are taken and dropped. Answers when they are on disk. */
  send(messages: readonly NewMessage[], done: Done, transaction?: Transaction): void;
  /** Answers with the sequence numbers by which they can be cancelled; within a transaction, once that has committed. */
  schedule(messages: readonly NewMessage[], transaction?: Transaction): Promise<readonly number[]>;
  /** @throws {ServiceBusError} `MessageNotFound` unless all of them are scheduled */
  cancelScheduled(sequenceNumbers: readonly number[], transaction?: Transaction): Promise<void>;
}

export interface MessageSource {
  readonly path: string;
  readonly requiresSession: boolean;
  /** Messages are pushed as far as credit goes. @throws {ServiceBusError} `SessionRequired`, `SessionNotSupported`, `EntityDisabled` … */
  openReceiver(options: ReceiverOptions, events: ReceiverEvents): Receiver;
  /**
   * A receiver of a session: of this one, or (null) of the next that has messages and no owner, within the time. Rejects with
   * `SessionCannotBeLocked` and `SessionNotAvailable` (a time-out).
   */
  acceptSession(
    sessionId: string | null,
    options: ReceiverOptions & { readonly waitMs: number; readonly signal?: AbortSignal },
    events: ReceiverEvents,
  ): Promise<SessionReceiver>;

  /** Settles what a receiver of this source holds. Not by the lock's owner, or after its end: `MessageLockLost` / `SessionLockLost`. */
  settle(message: DeliveredMessage, settlement: Settlement, done: Done, transaction?: Transaction): void;
  /** The message that a lock token (16 bytes, RFC 4122) stands for. @throws {ServiceBusError} `MessageLockLost` */
  locked(token: Uint8Array): DeliveredMessage;
  /** Until when it is locked now. @throws {ServiceBusError} `MessageLockLost` */
  renewLock(token: Uint8Array): number;

  /** Messages in any state from a sequence number on, in order, without locking. */
  peek(query: {
    readonly from: number;
    readonly count: number;
    readonly sessionId?: string;
  }): Promise<readonly BrokeredMessage[]>;
  /** @throws {ServiceBusError} `MessageNotFound` unless all of them are deferred */
  receiveDeferred(
    sequenceNumbers: readonly number[],
    options: Pick<ReceiverOptions, 'mode'> & { readonly sessionId?: string },
  ): Promise<readonly DeliveredMessage[]>;
  /** Deletes unlocked active messages that were enqueued before; how many. At most `count`. */
  deleteMessages(query: { readonly count: number; readonly before: number }): Promise<number>;

  /** @throws {ServiceBusError} `SessionLockLost` unless it is locked */
  renewSessionLock(sessionId: string): number;
  /** Undefined: none. */
  sessionState(sessionId: string): Uint8Array | undefined;
  setSessionState(sessionId: string, state: Uint8Array | null): Promise<void>;
  /** Ids in order: sessions with messages (`updatedAfter` undefined), or whose state was set after that time. */
  sessions(query: { readonly updatedAfter?: number; readonly skip: number; readonly top: number }): readonly string[];
  /** Rules of a subscription; undefined for all others. */
  readonly rules: readonly RuleDefinition[] | undefined;
}

export interface ReceiverOptions {
  readonly mode: 'peekLock' | 'receiveAndDelete';
  /** For logs. */
  readonly name: string;
}

export interface ReceiverEvents {
  /** A message was taken for this receiver; its lock began when it was taken. Uses up one credit. */
  onMessage(message: DeliveredMessage): void;
  /** The receiver has ended: the entity is gone or disabled, the session's lock is lost. */
  onClosed(error: ServiceBusError): void;
}

export interface Receiver {
  /** Messages that it may take from now on, in all. */
  setCredit(credit: number): void;
  readonly credit: number;
  /** Calls back when nothing that was there at the call is still to come (at once where nothing is); credit is then 0. */
  drain(done: () => void): void;
  /** Messages that it holds keep their locks (those of a session are let go, in order). */
  close(): void;
}

export interface SessionReceiver extends Receiver {
  readonly sessionId: string;
  readonly lockedUntil: number;
}

/** Operations that become visible together (two minutes at most). Nothing that was done in it is seen before. */
export interface Transaction {
  readonly id: Uint8Array;
  /** Rejects with `TransactionAborted` where one of its operations failed or its time ran out. */
  commit(): Promise<void>;
  rollback(): void;
}

export interface EntityRuntime {
  readonly activeMessageCount: number;
  readonly deadLetterMessageCount: number;
  readonly scheduledMessageCount: number;
  readonly transferMessageCount: number;
  readonly transferDeadLetterMessageCount: number;
  /** Of queues and topics. */
  readonly sizeInBytes: number;
  /** Milliseconds since 1970. */
  readonly accessedAt: number;
  readonly subscriptionCount: number;
}

export interface NamespaceStatistics {
  readonly messages: number;
  /** Since the start. */
  readonly sent: number;
  readonly delivered: number;
  readonly completed: number;
  readonly abandoned: number;
  readonly deadLettered: number;
  readonly expired: number;
  readonly lockExpiries: number;
}

// ——— The directory ———————————————————————————————————————————————————————————————————————————————————————————————————————

/**
 * Entities of a namespace as resources (`Microsoft.ServiceBus/namespaces/…` in the resource Store): what ATOM, `$management`
 * and the command line change, and Resource Manager changes beside them. `body` is the ARM document (`properties` as in
 * `resources/service-bus`). A change is on disk and served when the promise resolves.
 */
export interface EntityDirectory {
  list(kind: 'queue' | 'topic'): Promise<readonly EntityRecord[]>;
  subscriptions(topicPath: string): Promise<readonly EntityRecord[]>;
  rules(topicPath: string, subscription: string): Promise<readonly EntityRecord[]>;
  /** By path: `q`, `t`, `t/Subscriptions/s`, `t/Subscriptions/s/Rules/r`. */
  get(path: string): Promise<EntityRecord | undefined>;
  /** @throws {ServiceBusError} `EntityAlreadyExists`, `EntityNotFound` (the parent, or an update), `BadRequest` (with what is wrong), `QuotaExceeded` */
  put(
    path: string,
    kind: EntityRecord['kind'],
    properties: EntityProperties,
    mode: 'create' | 'update',
  ): Promise<EntityRecord>;
  /** @throws {ServiceBusError} `EntityNotFound` */
  delete(path: string): Promise<void>;
}

/**
 * Names and values as in Resource Manager: `{ lockDuration: 'PT1M', requiresSession: false }`. Beyond it, in `put` and in records:
 * - `authorizationRules` of queues and topics: `{ keyName, rights, primaryKey?, secondaryKey?, createdTime?, modifiedTime? }[]`, all of
 *   them; absent: they stay as they are (a key that is absent is made);
 * - `defaultRule` of a subscription, on creation only: `{ name, properties }` of the rule that is made with it instead of `$Default`;
 * - values in `correlationFilter.properties`, `sqlFilter.parameters` and `action.parameters`: a string, or `{ type, value }` with a type of
 *   XML Schema (`http/atom/typed-values.ts`).
 */
export type EntityProperties = { readonly [name: string]: unknown };

export interface EntityRecord {
  readonly kind: 'queue' | 'topic' | 'subscription' | 'rule';
  /** In the case in which it was created. */
  readonly path: string;
  readonly name: string;
  /** Whole, defaults filled in. */
  readonly properties: EntityProperties;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

// ——— Access —————————————————————————————————————————————————————————————————————————————————————————————————————————————

/**
 * Who may do what (`access/`). A claim comes from a token (SAS or bearer, told apart by what it is, never by what it is called) and
 * counts until it expires.
 */
export interface AccessControl {
  /**
   * @param audience Resource that the caller names (`sb://host/queue`, `http://…`, a path); it must lie under the token's.
   * @throws {ServiceBusError} `Unauthorized` with a reason that tells no secret
   */
  verifyToken(token: string, audience: string): Promise<Claim>;
  /** SASL PLAIN: name of a rule and its key. Undefined: wrong. */
  verifyKey(ruleName: string, key: string): Promise<Claim | undefined>;
}

export interface Claim {
  /** Path under which it counts, lower case, without slashes around it; empty: the whole namespace. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Whether it gives the right on an entity at or below its path. Asked at each use: rules may change. */
  allows(right: Right, entityPath: string): boolean;
  /** For logs: name of the rule, or of the application. */
  readonly who: string;
}
