import type { AmqpClock } from '@lazuli/amqp';
import type { Journal } from '@lazuli/store';
import type { CompiledRule, RuleDefinition } from '../contract.ts';
import type { Commits } from './commits.ts';
import type { Counters } from './counters.ts';
import type { Duplicates } from './duplicates.ts';
import type { Entity } from './entity.ts';
import type { LockTokens } from './lock-tokens.ts';
import type { Timers } from './timers.ts';

/** Bounds of a namespace; each has a default (`defaultBrokerLimits`). */
export interface BrokerLimits {
  /** Bytes that wait for the disk before sends are answered with `ServerBusy`; default 256 MiB. */
  readonly pendingBytes: number;
  /** Messages sent and settled in one transaction; default 100 (Service Bus quotas). */
  readonly transactionOperations: number;
  /** Transactions that are open at a time; default 10,000. */
  readonly transactions: number;
  /** Default two minutes. */
  readonly transactionMs: number;
  /** Receivers, and others waiting for a session, of one entity; default 5,000 (Service Bus quotas). */
  readonly receivers: number;
  /** State of a session; default 256 KiB. */
  readonly sessionStateBytes: number;
  /** Content that one call of peek gives at most (one message it always gives); default 4 MiB. */
  readonly peekBytes: number;
}

export const defaultBrokerLimits: BrokerLimits = {
  pendingBytes: 256 * 1024 * 1024,
  transactionOperations: 100,
  transactions: 10_000,
  transactionMs: 120_000,
  receivers: 5000,
  sessionStateBytes: 256 * 1024,
  peekBytes: 4 * 1024 * 1024,
};

export interface BrokerLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** What the parts of a namespace share. */
export interface BrokerContext {
  readonly journal: Journal;
  readonly clock: AmqpClock;
  readonly limits: BrokerLimits;
  readonly log: BrokerLog;
  readonly commits: Commits;
  readonly timers: Timers;
  readonly tokens: LockTokens;
  readonly counters: Counters;
  readonly compileRule: (rule: RuleDefinition) => CompiledRule;
  /** Identifiers that this turn has to write yet. */
  readonly unwrittenDuplicates: Set<Duplicates>;
  /** A queue, topic or subscription by its path, in any case. */
  find(path: string): Entity | undefined;
  /** Its idle time is over. */
  deleteIdle(entity: Entity): void;
  /** The journal is another's: nothing is done any more. */
  readonly isLost: boolean;
}
