import type { ChangeResult } from '../contract.ts';
import { PreconditionFailedError, StoreError, StoreUnavailableError } from '../errors.ts';
import type { SqlDriver } from '../sql/driver.ts';
import { integer, text } from '../sql/row-values.ts';
import { GroupPlan } from './group-plan.ts';
import { load, lockState } from './load.ts';
import type { PreparedBatch } from './prepare-batch.ts';
import { writeOut } from './write-out.ts';

export interface CommitQueueOptions {
  readonly driver: SqlDriver;
  /** Most batches in one transaction. */
  readonly groupCommit: number;
  readonly waitingBatches: number;
  readonly now: () => number;
  /** Called after changes were committed. */
  readonly onCommit: () => void;
}

interface Waiter {
  readonly batch: PreparedBatch;
  readonly resolve: (result: ChangeResult) => void;
  readonly reject: (error: unknown) => void;
}

const maxGroupBytes = 16 * 1024 * 1024;

/** Group commit: batches that arrive while a transaction is being written are written together in the next one. */
export class CommitQueue {
  private readonly options: CommitQueueOptions;
  private readonly waiting: Waiter[] = [];
  private draining: Promise<void> | undefined;

  constructor(options: CommitQueueOptions) {
    this.options = options;
  }

  /** Resolves when the batch is on disk. */
  submit(batch: PreparedBatch): Promise<ChangeResult> {
    const { waitingBatches } = this.options;
    if (this.waiting.length >= waitingBatches) {
      return Promise.reject(new StoreError('StoreBusy', { reason: `${waitingBatches} batches wait to be written` }));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ batch, resolve, reject });
      this.draining ??= this.drain();
    });
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.draining;
  }

  private async drain(): Promise<void> {
    // What the same turn of the event loop submits belongs to the first group already.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.write(this.nextGroup());
    this.draining = undefined;
  }

  private nextGroup(): Waiter[] {
    let count = 0;
    let bytes = 0;
    for (const { batch } of this.waiting) {
      bytes += batch.bytes;
      if (count > 0 && (count >= this.options.groupCommit || bytes > maxGroupBytes)) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async write(group: readonly Waiter[]): Promise<void> {
    try {
      const outcomes = await this.commit(group.map(({ batch }) => batch));
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined || outcome instanceof PreconditionFailedError) reject(outcome);
        else resolve(outcome);
      }
    } catch (error) {
      if (group.length > 1 && error instanceof StoreError && error.code === 'StoreRefused') {
        // One of them cannot be written; the others must not suffer from it.
        for (const waiter of group) await this.write([waiter]);
        return;
      }
      for (const { reject } of group) reject(error);
    }
  }

  private async commit(
    batches: readonly PreparedBatch[],
  ): Promise<readonly (ChangeResult | PreconditionFailedError)[]> {
    const { driver, now, onCommit } = this.options;
    for (;;) {
      let plan: GroupPlan | undefined;
      let outcomes: readonly (ChangeResult | PreconditionFailedError)[] = [];
      try {
        await driver.write(async (tx) => {
          const decided = new GroupPlan(await load(tx, driver.dialect, batches), now());
          outcomes = batches.map((batch) => decided.decide(batch));
          plan = decided;
          await tx.commit(writeOut(decided, driver.dialect));
        });
      } catch (error) {
        const unknown = error instanceof StoreUnavailableError && error.outcome === 'unknown';
        if (!unknown || plan === undefined) throw error;
        if (!(await wasCommitted(driver, plan, error))) continue;
      }
      onCommit();
      return outcomes;
    }
  }
}

/**
 * Looks whether a plan whose commit broke off is in the database after all. The lock waits until the server has ended the
 * broken transaction. Throws `error` where that cannot be found out.
 */
async function wasCommitted(driver: SqlDriver, plan: GroupPlan, error: StoreUnavailableError): Promise<boolean> {
  const last = plan.effects.at(-1)?.effect;
  const entry = plan.entryRows.at(-1);
  try {
    return await driver.write(async (tx) => {
      const [, changes = [], entries = []] = await tx.exec([
        lockState(driver.dialect),
        { sql: 'SELECT etag, id, at FROM change_feed WHERE sequence = $1', params: [plan.sequence] },
        {
          sql: 'SELECT hash FROM log_entry WHERE log = $1 AND sequence = $2',
          params: [entry?.[0] ?? '', entry?.[1] ?? 0],
        },
      ]);
      if (last !== undefined) {
        const expected = last.kind === 'put' ? last.resource : last.state;
        return changes.some(
          (row) =>
            text(row, 'etag') === expected.etag && text(row, 'id') === expected.id && integer(row, 'at') === plan.now,
        );
      }
      return entry === undefined || entries.some((row) => text(row, 'hash') === entry.at(-1));
    });
  } catch {
    throw error;
  }
}
