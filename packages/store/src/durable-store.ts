import { randomUUID } from 'node:crypto';
import { backup } from './backup/backup.ts';
import { restore } from './backup/restore.ts';
import { CommitQueue } from './change/commit-queue.ts';
import { stateOf } from './change/load.ts';
import { prepareBatch } from './change/prepare-batch.ts';
import { checkStore } from './check/check-store.ts';
import {
  AUDIT_LOG,
  type BackupOptions,
  type BackupSummary,
  type ChangeNotice,
  type ChangeOptions,
  type ChangeResult,
  type CheckReport,
  type CompactOptions,
  type LogEntry,
  type LogVerification,
  type NewLogEntry,
  type Operation,
  type RestoreOptions,
  type RotateOptions,
  type RotationSummary,
  type Store,
  type StoreLimits,
  type StoreView,
  type SubscribeOptions,
  type Subscription,
} from './contract.ts';
import { StoreError } from './errors.ts';
import { compactChanges } from './feed/compact-changes.ts';
import { type ChangeSource, FeedSubscription } from './feed/subscription.ts';
import type { KeyRing } from './keys/key-ring.ts';
import { rotateKeys } from './keys/rotate-keys.ts';
import { trimLog } from './logs/trim-log.ts';
import { verifyLog } from './logs/verify-log.ts';
import { SqlReader } from './read/sql-reader.ts';
import { readView } from './read/view.ts';
import type { Execute, SqlDriver } from './sql/driver.ts';

export interface DurableStoreOptions {
  readonly driver: SqlDriver;
  readonly ring: KeyRing;
  readonly epoch: string;
  readonly limits: StoreLimits;
  readonly groupCommit: number;
  readonly pollMilliseconds: number;
  readonly viewMilliseconds: number;
  readonly now: () => number;
  /** Called when all else is closed. */
  readonly onClose: () => Promise<void>;
}

/** The store over a database whose schema is up to date. */
export class DurableStore extends SqlReader implements Store, ChangeSource {
  readonly kind: 'sqlite' | 'postgres';
  readonly pollMilliseconds: number;
  private readonly options: DurableStoreOptions;
  private readonly driver: SqlDriver;
  private readonly queue: CommitQueue;
  private readonly subscriptions = new Set<FeedSubscription>();
  private currentEpoch: string;
  private closing: Promise<void> | undefined;

  constructor(options: DurableStoreOptions) {
    const { driver, ring } = options;
    const exec: Execute = (statements) =>
      this.closing === undefined ? driver.query(statements) : Promise.reject(new StoreError('StoreClosed'));
    super(exec, driver.dialect, ring);
    this.options = options;
    this.driver = driver;
    this.kind = driver.kind;
    this.pollMilliseconds = options.pollMilliseconds;
    this.currentEpoch = options.epoch;
    const wake = (): void => {
      for (const subscription of this.subscriptions) subscription.hint();
    };
    driver.onHint(wake);
    const { groupCommit, now } = options;
    const { waitingBatches } = options.limits;
    this.queue = new CommitQueue({ driver, groupCommit, waitingBatches, now, onCommit: wake });
  }

  get epoch(): string {
    return this.currentEpoch;
  }

  async change(operations: readonly Operation[], options: ChangeOptions = {}): Promise<ChangeResult> {
    this.refuseWhenClosed();
    return this.queue.submit(prepareBatch(operations, options, this.options.limits, this.options.ring));
  }

  async append(log: string, entries: readonly NewLogEntry[]): Promise<readonly LogEntry[]> {
    return (await this.change([], { append: [{ log, entries }] })).appended;
  }

  async read<T>(work: (view: StoreView) => Promise<T>): Promise<T> {
    this.refuseWhenClosed();
    return readView(this.driver, this.options.ring, this.options.viewMilliseconds, work);
  }

  subscribe(
    fromSequence: number,
    handler: (notice: ChangeNotice) => void | Promise<void>,
    options: SubscribeOptions = {},
  ): Subscription {
    this.refuseWhenClosed();
    const subscription = new FeedSubscription(this, fromSequence, handler, options, (self) => {
      this.subscriptions.delete(self);
    });
    this.subscriptions.add(subscription);
    return subscription;
  }

  async state(): Promise<{ readonly epoch: string; readonly sequence: number }> {
    this.refuseWhenClosed();
    const [rows] = await this.driver.query([
      { sql: 'SELECT epoch, sequence, feed_floor FROM store_state WHERE id = 1' },
    ]);
    const state = stateOf(rows);
    this.currentEpoch = state.epoch;
    return state;
  }

  async compactChanges(options: CompactOptions = {}): Promise<number> {
    this.refuseWhenClosed();
    return compactChanges(this.driver, this.options.now(), options);
  }

  async trimLog(log: string, sequence: number): Promise<number> {
    this.refuseWhenClosed();
    return trimLog(this.driver, log, sequence);
  }

  async verifyLog(log: string): Promise<LogVerification> {
    this.refuseWhenClosed();
    const view = await this.driver.view();
    try {
      return await verifyLog(view.exec, log);
    } finally {
      await view.close();
    }
  }

  verifyAudit(): Promise<LogVerification> {
    return this.verifyLog(AUDIT_LOG);
  }

  async check(): Promise<CheckReport> {
    this.refuseWhenClosed();
    return checkStore(this.driver, this.options.ring);
  }

  async backup(path: string, options: BackupOptions = {}): Promise<BackupSummary> {
    this.refuseWhenClosed();
    return backup(this.driver, this.options.now(), path, options);
  }

  async restore(path: string, options: RestoreOptions = {}): Promise<BackupSummary> {
    this.refuseWhenClosed();
    const epoch = randomUUID();
    const summary = await restore(this.driver, epoch, path, options);
    this.currentEpoch = epoch;
    for (const subscription of this.subscriptions) subscription.hint();
    return summary;
  }

  async rotateKeys(options: RotateOptions = {}): Promise<RotationSummary> {
    this.refuseWhenClosed();
    return rotateKeys(this.driver, this.options.ring, options);
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async shutDown(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    await this.queue.idle();
    await this.driver.close();
    this.options.ring.close();
    await this.options.onClose();
  }

  private refuseWhenClosed(): void {
    if (this.closing !== undefined) throw new StoreError('StoreClosed');
  }
}
