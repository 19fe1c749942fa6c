import { randomBytes } from 'node:crypto';
import type { ChangeResult, LogEntry, OperationResult, PutResult, RequireResult } from '../contract.ts';
import type { PreconditionFailedError } from '../errors.ts';
import { entryHash, entryRow, type StoredEntry } from '../logs/chain.ts';
import type { StoredResource } from '../read/record-rows.ts';
import type { SqlValue } from '../sql/driver.ts';
import { bodyOf } from '../values/json-body.ts';
import { isoOf } from '../values/time.ts';
import type { Loaded, LogState, ResourceState } from './load.ts';
import { checkPrecondition } from './precondition.ts';
import type { PreparedBatch, PreparedEntry, PreparedOther, PreparedPut } from './prepare-batch.ts';

/** What happens to one resource; `sequence` says when. */
export type Effect =
  | { readonly kind: 'put'; readonly resource: StoredResource; readonly put: PreparedPut }
  | { readonly kind: 'delete'; readonly key: string; readonly sequence: number; readonly state: ResourceState };

/**
 * Decides about batches one after the other, each on top of those that were accepted before it, without touching the
 * database: a batch that is refused leaves no trace, so that each keeps its own atomicity though all are written as one.
 */
export class GroupPlan {
  readonly effects: { readonly effect: Effect; readonly batch: number }[] = [];
  readonly entryRows: SqlValue[][] = [];
  /** Logs that have new entries. */
  readonly touchedLogs = new Set<string>();
  readonly logs: Map<string, LogState>;
  sequence: number;
  readonly now: number;
  private readonly resources: Map<string, ResourceState>;

  constructor(loaded: Loaded, now: number) {
    this.sequence = loaded.sequence;
    this.resources = loaded.resources;
    this.logs = loaded.logs;
    this.now = now;
  }

  /** Returns the error of a batch that is refused: a group goes on without it. */
  decide(batch: PreparedBatch): ChangeResult | PreconditionFailedError {
    const draft = new Draft(this.resources, this.sequence, this.now);
    const results: OperationResult[] = [];
    for (const [index, operation] of batch.operations.entries()) {
      const state = draft.get(operation.key);
      const failed = checkPrecondition(operation, index, state?.etag);
      if (failed !== undefined) return failed;
      results.push(operation.operation === 'put' ? draft.put(operation, state) : draft.other(operation, state));
    }
    this.sequence = draft.sequence;
    for (const effect of draft.effects) this.effects.push({ effect, batch: draft.sequence });
    for (const [key, state] of draft.changed) {
      if (state === undefined) this.resources.delete(key);
      else this.resources.set(key, state);
    }
    const appended = batch.entries.map((entry) => this.append(entry));
    return { results, sequence: this.sequence, appended };
  }

  private append({ log, subject, at, body }: PreparedEntry): LogEntry {
    const state = this.logs.get(log);
    if (state === undefined) throw new Error(`The log '${log}' was not loaded.`);
    const entry: StoredEntry = { log, sequence: state.sequence + 1, at: at ?? this.now, subject, body };
    state.hash = entryHash(state.hash, entry);
    state.sequence = entry.sequence;
    this.touchedLogs.add(log);
    this.entryRows.push(entryRow(entry, state.hash));
    return { ...entry, at: isoOf(entry.at), body: bodyOf(body, `An entry of the log '${log}'`), hash: state.hash };
  }
}

class Draft {
  readonly effects: Effect[] = [];
  /** `undefined`: deleted. */
  readonly changed = new Map<string, ResourceState | undefined>();
  sequence: number;
  private readonly base: ReadonlyMap<string, ResourceState>;
  private readonly now: number;

  constructor(base: ReadonlyMap<string, ResourceState>, sequence: number, now: number) {
    this.base = base;
    this.sequence = sequence;
    this.now = now;
  }

  get(key: string): ResourceState | undefined {
    return this.changed.has(key) ? this.changed.get(key) : this.base.get(key);
  }

  put(put: PreparedPut, existing: ResourceState | undefined): PutResult {
    this.sequence++;
    const { key, type, typeKey, parentKey, body } = put;
    const fields = new Set(existing?.secretFields);
    for (const field of put.removedFields) fields.delete(field);
    for (const field of put.secrets?.fields.keys() ?? []) fields.add(field);
    const resource: StoredResource = {
      key,
      // Azure keeps the case of the first PUT.
      id: existing?.id ?? put.id,
      type,
      typeKey,
      parentKey,
      body,
      secretFields: [...fields].sort(),
      etag: newEtag(this.sequence),
      createdAt: existing?.createdAt ?? this.now,
      updatedAt: this.now,
      sequence: this.sequence,
    };
    this.changed.set(key, resource);
    this.effects.push({ kind: 'put', resource, put });
    const { id, secretFields, etag, sequence } = resource;
    return {
      operation: 'put',
      created: existing === undefined,
      record: {
        id,
        key,
        type,
        body: bodyOf(body, `The resource '${id}'`),
        secretFields,
        etag,
        createdAt: isoOf(resource.createdAt),
        updatedAt: isoOf(resource.updatedAt),
        sequence,
      },
    };
  }

  other({ operation, key }: PreparedOther, state: ResourceState | undefined): OperationResult {
    if (operation === 'require') return required;
    const below = operation === 'deleteSubtree' ? this.keysBelow(key) : [];
    for (const child of below) this.delete(child, this.get(child));
    this.delete(key, state);
    return { operation, deleted: below.length + (state === undefined ? 0 : 1) };
  }

  private delete(key: string, state: ResourceState | undefined): void {
    if (state === undefined) return;
    this.sequence++;
    this.changed.set(key, undefined);
    this.effects.push({ kind: 'delete', key, sequence: this.sequence, state });
  }

  private keysBelow(key: string): string[] {
    const prefix = `${key}/`;
    const keys: string[] = [];
    for (const candidate of this.base.keys()) {
      if (candidate.startsWith(prefix) && !this.changed.has(candidate)) keys.push(candidate);
    }
    for (const [candidate, state] of this.changed) {
      if (state !== undefined && candidate.startsWith(prefix)) keys.push(candidate);
    }
    // The deepest first: a reader of the feed never meets a resource whose parent is gone.
    return keys.sort().reverse();
  }
}

const required: RequireResult = { operation: 'require' };

/** Grows with the sequence; its random part keeps it from coming back after an older backup was restored. */
function newEtag(sequence: number): string {
  const bytes = randomBytes(12);
  bytes.writeUIntBE(sequence, 0, 6);
  return bytes.toString('base64url');
}
