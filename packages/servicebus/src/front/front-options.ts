import type { AmqpClock, ConnectionLimits } from '@lazuli/amqp';
import type { AccessControl, EntityDirectory, ServedNamespace } from '../contract.ts';

/** A namespace as clients reach it. */
export interface ReachedNamespace {
  readonly served: ServedNamespace;
  readonly access: AccessControl;
  readonly directory: EntityDirectory;
}

export interface FrontLimits {
  /** Connections of a namespace; default 12,000, where Azure allows 5,000. */
  readonly connections: number;
  /** Messages that a sender may send before those before are on disk (fewer where they are large); default 1,000. */
  readonly senderCredit: number;
  /** Bytes of a connection's messages that wait for the disk before its senders get no more credit; default 32 MiB. */
  readonly pendingBytes: number;
  /** Requests to `$cbs` and `$management` that a client may have under way on a link; default 100. */
  readonly requests: number;
  /** Transactions that a connection may have open; default 1,000. */
  readonly transactions: number;
  /** How long a link is idle before it is detached; default ten minutes. */
  readonly linkIdleMs: number;
  /** How long a connection is without a link before it is closed; default five minutes. */
  readonly connectionIdleMs: number;
  /** The same for one that never had a link; default one minute. */
  readonly firstLinkMs: number;
  /** How long `accept next session` waits where the client does not say; default one minute. */
  readonly sessionWaitMs: number;
}

export const defaultFrontLimits: FrontLimits = {
  connections: 12_000,
  senderCredit: 1000,
  pendingBytes: 32 * 1024 * 1024,
  requests: 100,
  transactions: 1000,
  linkIdleMs: 600_000,
  connectionIdleMs: 300_000,
  firstLinkMs: 60_000,
  sessionWaitMs: 60_000,
};

export interface FrontLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface FrontOptions {
  /** The namespace that a host name means; undefined: none. */
  readonly namespaces: (hostName: string) => ReachedNamespace | undefined;
  readonly clock: AmqpClock;
  readonly log: FrontLog;
  readonly limits?: Partial<FrontLimits>;
  /** Of the engine. */
  readonly connectionLimits?: Partial<ConnectionLimits>;
}
