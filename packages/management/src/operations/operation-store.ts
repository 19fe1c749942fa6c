import { randomUUID } from 'node:crypto';
import {
  AUDIT_LOG,
  type JsonObject,
  type JsonValue,
  type Operation,
  type PutOperation,
  type ResourceRecord,
  type Store,
} from '@lazuli/store';
import { activityEntry } from '../audit/activity.ts';
import { allRecords } from '../caching/record-cache.ts';
import type { ActionResult, Principal } from '../contract.ts';
import { ArmError, armError, type ErrorDetail } from '../errors.ts';
import { isJsonObject, stringAt } from '../json/json.ts';
import type { ManagementLog } from '../services.ts';

export const operationType = 'Lazuli.Management/operations';

export type OperationStatus = 'Running' | 'Succeeded' | 'Failed' | 'Canceled';

/** A long-running operation as it is stored, so that its status can be asked for after a restart. */
export interface LongOperation {
  readonly id: string;
  /** Namespace of the provider, for the URLs that answer the status. */
  readonly namespace: string;
  readonly status: OperationStatus;
  readonly startTime: string;
  readonly endTime?: string;
  readonly resourceId: string;
  readonly resourceType: string;
  /** `put`, `patch`, `delete`, or the name of the action. */
  readonly kind: string;
  /** Permission under which it was started. */
  readonly action: string;
  readonly principal: Principal;
  readonly correlationId: string;
  readonly onRestart: 'repeat' | 'fail';
  /** What the work is done with; only kept when it may have to be repeated. */
  readonly body?: JsonObject;
  readonly error?: ErrorDetail;
  readonly result?: Pick<ActionResult, 'status' | 'body' | 'headers'>;
  readonly cancelRequested?: boolean;
}

export type NewOperation = Omit<LongOperation, 'id' | 'status' | 'startTime' | 'endTime' | 'error' | 'result'>;

/** What work comes to: its answer, and what is written together with the end of the operation. */
export interface WorkOutcome {
  readonly result?: Pick<ActionResult, 'status' | 'body' | 'headers'>;
  readonly operations?: readonly Operation[];
  readonly status?: 'Succeeded' | 'Failed' | 'Canceled';
  readonly error?: ErrorDetail;
}

export interface OperationWork {
  run(signal: AbortSignal): Promise<WorkOutcome>;
  /** Further writes when it failed (the state of the resource). */
  onFailure?(error: ErrorDetail): Promise<readonly Operation[]>;
}

/** A running operation is another process's while its lease lasts. */
const leaseMilliseconds = 60_000;
/** Finished operations are kept this long. */
const keptMilliseconds = 7 * 24 * 60 * 60 * 1000;

/** Long-running operations: their records, and those that run in this process. */
export class OperationStore {
  readonly #store: Store;
  readonly #log: ManagementLog;
  readonly #now: () => number;
  readonly #running = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();
  #leaseTimer: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(store: Store, log: ManagementLog, now: () => number) {
    this.#store = store;
    this.#log = log;
    this.#now = now;
  }

  /** A new operation and the write that records it: put it into the batch that starts the work, then call {@link run}. */
  create(init: NewOperation): { readonly operation: LongOperation; readonly write: PutOperation } {
    const id = randomUUID();
    const operation: LongOperation = { ...init, id, status: 'Running', startTime: new Date(this.#now()).toISOString() };
    return { operation, write: this.#write(operation) };
  }

  async get(id: string): Promise<LongOperation | undefined> {
    const record = await this.#store.get(recordId(id));
    return record === undefined ? undefined : readOperation(record);
  }

  /** Starts the work of a recorded operation; how it ends is written to its record. */
  run(operation: LongOperation, work: OperationWork): void {
    const controller = new AbortController();
    const done = this.#complete(operation, work, controller.signal).finally(() => {
      this.#running.delete(operation.id);
      if (this.#running.size === 0) this.#stopRenewing();
    });
    this.#running.set(operation.id, { controller, done });
    this.#startRenewing();
  }

  /** Resolves when an operation of this process has ended; at once for others. */
  async whenDone(id: string): Promise<void> {
    await this.#running.get(id)?.done;
  }

  /** Asks the process that runs the operation to stop. */
  async cancel(id: string): Promise<void> {
    const record = await this.#store.get(recordId(id));
    const operation = record === undefined ? undefined : readOperation(record);
    if (operation === undefined || operation.status !== 'Running') return;
    const own = this.#running.get(id);
    if (own !== undefined) own.controller.abort();
    else await this.#store.change([this.#write({ ...operation, cancelRequested: true })]);
  }

  /** Told by the change feed that a record changed: another process may have asked to cancel. */
  async changed(key: string): Promise<void> {
    const own = this.#running.get(key.slice(key.lastIndexOf('/') + 1));
    if (own === undefined || own.controller.signal.aborted) return;
    const record = await this.#store.get(key);
    if (record !== undefined && readOperation(record).cancelRequested) own.controller.abort();
  }

  /**
   * Takes over operations whose process is gone: `resume` gives the work of one that can be repeated, and undefined otherwise;
   * those fail with `OperationInterrupted`. Forgets operations that ended long ago.
   * @param alone No other process uses the store: leases count for nothing.
   */
  async recover(alone: boolean, resume: (operation: LongOperation) => OperationWork | undefined): Promise<void> {
    const now = this.#now();
    for await (const record of allRecords(this.#store, { type: operationType })) {
      const operation = readOperation(record);
      if (operation.status !== 'Running') {
        if (Date.parse(operation.endTime ?? '') < now - keptMilliseconds)
          await this.#store.change([{ operation: 'delete', id: record.id }]);
        continue;
      }
      if (this.#running.has(operation.id) || (!alone && Date.parse(stringAt(record.body, 'leaseUntil') ?? '') > now))
        continue;
      // Taken by whoever writes first.
      const taken = await this.#store
        .change([{ ...this.#write(operation), ifMatch: record.etag }])
        .catch(() => undefined);
      if (taken === undefined) continue;
      const work = operation.onRestart === 'repeat' ? resume(operation) : undefined;
      this.run(operation, work ?? interrupted(resume(operation)));
    }
  }

  /** Stops the work that runs and waits until it has ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const running = [...this.#running.values()];
    for (const { controller } of running) controller.abort();
    await Promise.allSettled(running.map(({ done }) => done));
    this.#stopRenewing();
  }

  async #complete(operation: LongOperation, work: OperationWork, signal: AbortSignal): Promise<void> {
    // The answer to the request that started it goes first.
    await new Promise((resolve) => setImmediate(resolve));
    let end: Partial<LongOperation>;
    let operations: readonly Operation[] = [];
    try {
      const outcome = await work.run(signal);
      operations = outcome.operations ?? [];
      end = { status: outcome.status ?? 'Succeeded', result: outcome.result, error: outcome.error };
    } catch (error) {
      // It stays as running: the next start repeats it, or says that it was interrupted.
      if (this.#isClosing && signal.aborted) return;
      const detail = this.#detail(error, operation);
      end = { status: signal.aborted ? 'Canceled' : 'Failed', error: detail };
      operations = (await work.onFailure?.(detail).catch(() => undefined)) ?? [];
    }
    const ended = this.#write({ ...operation, ...end, body: undefined, endTime: new Date(this.#now()).toISOString() });
    const append = [{ log: AUDIT_LOG, entries: [endEntry(operation, end, this.#now())] }];
    try {
      await this.#store.change([...operations, ended], { append });
    } catch (error) {
      this.#log.error(
        { operation: operation.id, error: String(error) },
        'The end of an operation could not be written.',
      );
      // Without the writes of the work, which may be what cannot be written.
      await this.#store.change([ended], { append }).catch(() => undefined);
    }
  }

  #detail(error: unknown, operation: LongOperation): ErrorDetail {
    if (error instanceof ArmError) return error.body;
    this.#log.error({ operation: operation.id, error: String(error) }, 'An operation failed.');
    return armError('InternalServerError', { correlationId: operation.correlationId }).body;
  }

  #write(operation: LongOperation): PutOperation {
    const { id, ...body } = operation;
    const leaseUntil = new Date(this.#now() + leaseMilliseconds).toISOString();
    // Through JSON: the types of the contract are wider than the store's.
    const stored: JsonValue = JSON.parse(JSON.stringify({ ...body, leaseUntil }));
    return { operation: 'put', id: recordId(id), type: operationType, body: isJsonObject(stored) ? stored : {} };
  }

  #startRenewing(): void {
    if (this.#leaseTimer !== undefined) return;
    this.#leaseTimer = setInterval(() => void this.#renew(), leaseMilliseconds / 3);
    this.#leaseTimer.unref();
  }

  #stopRenewing(): void {
    clearInterval(this.#leaseTimer);
    this.#leaseTimer = undefined;
  }

  async #renew(): Promise<void> {
    for (const id of this.#running.keys()) {
      const record = await this.#store.get(recordId(id)).catch(() => undefined);
      if (record === undefined || readOperation(record).status !== 'Running') continue;
      const write = this.#write(readOperation(record));
      await this.#store.change([{ ...write, ifMatch: record.etag }]).catch(() => undefined);
    }
  }
}

/** The end of an operation in the audit log; its beginning is there as accepted. */
function endEntry(operation: LongOperation, end: Partial<LongOperation>, now: number) {
  const { action, resourceId, resourceType, principal, correlationId } = operation;
  const hasFailed = end.status !== 'Succeeded';
  return activityEntry(
    {
      action,
      resourceId,
      resourceType,
      principal,
      correlationId,
      clientAddress: '',
      method: '',
      uri: '',
      status: hasFailed ? 'Failed' : 'Succeeded',
      statusCode: hasFailed ? 409 : 200,
      errorCode: end.error?.code,
    },
    now,
  );
}

function interrupted(work: OperationWork | undefined): OperationWork {
  return {
    run: () => Promise.reject(armError('OperationInterrupted')),
    onFailure: work?.onFailure?.bind(work),
  };
}

function recordId(id: string): string {
  return `/providers/${operationType}/${id}`;
}

/** Only this class writes such records, so their form is known. */
function readOperation(record: ResourceRecord): LongOperation {
  const { leaseUntil: _, ...body } = record.body;
  return { ...(body as unknown as Omit<LongOperation, 'id'>), id: record.id.slice(record.id.lastIndexOf('/') + 1) };
}
