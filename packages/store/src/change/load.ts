import { StoreError } from '../errors.ts';
import { firstHash } from '../logs/chain.ts';
import { fieldsOf } from '../read/record-rows.ts';
import type { Dialect, Row, Statement, WriteTransaction } from '../sql/driver.ts';
import { integer, text } from '../sql/row-values.ts';
import { rangeBelow } from '../values/resource-id.ts';
import type { PreparedBatch } from './prepare-batch.ts';

/** What deciding about a batch needs to know of a resource. */
export interface ResourceState {
  readonly id: string;
  readonly type: string;
  readonly etag: string;
  readonly createdAt: number;
  readonly secretFields: readonly string[];
}

export interface LogState {
  sequence: number;
  hash: string;
  readonly floor: number;
  readonly floorHash: string;
}

/** The part of the store that a group of batches touches, held against other writers. */
export interface Loaded {
  readonly sequence: number;
  readonly resources: Map<string, ResourceState>;
  readonly logs: Map<string, LogState>;
}

/**
 * The lock under which everything is written: taking it first makes all writers, of all processes, one after the other,
 * so that sequences are given in the order in which the changes become visible, without gaps.
 */
export const lockState = (dialect: Dialect): Statement => ({
  sql: `SELECT epoch, sequence, feed_floor FROM store_state WHERE id = 1${dialect.forUpdate}`,
});

export function stateOf(rows: readonly Row[] | undefined): { epoch: string; sequence: number; floor: number } {
  const row = rows?.[0];
  if (row === undefined) throw new StoreError('StoreCorrupt', { what: 'The table store_state', reason: 'it is empty' });
  return { epoch: text(row, 'epoch'), sequence: integer(row, 'sequence'), floor: integer(row, 'feed_floor') };
}

export async function load(tx: WriteTransaction, dialect: Dialect, batches: readonly PreparedBatch[]): Promise<Loaded> {
  const keys = new Set<string>();
  const subtrees = new Set<string>();
  const logs = new Set<string>();
  for (const { operations, entries } of batches) {
    for (const { operation, key } of operations) {
      keys.add(key);
      if (operation === 'deleteSubtree') subtrees.add(key);
    }
    for (const { log } of entries) logs.add(log);
  }
  const columns = 'key, id, type, etag, created_at, secret_fields';
  const [state, heads = [], ...resources] = await tx.exec([
    lockState(dialect),
    { sql: `SELECT * FROM log_head WHERE ${dialect.within('log', 1)}`, params: [JSON.stringify([...logs])] },
    {
      sql: `SELECT ${columns} FROM resource WHERE ${dialect.within('key', 1)}`,
      params: [JSON.stringify([...keys])],
    },
    ...[...subtrees].map((key) => ({
      sql: `SELECT ${columns} FROM resource WHERE key > $1 AND key < $2`,
      params: rangeBelow(key),
    })),
  ]);
  return {
    sequence: stateOf(state).sequence,
    resources: new Map(resources.flat().map((row) => [text(row, 'key'), resourceStateOf(row)])),
    logs: new Map([
      ...[...logs].map((log): [string, LogState] => [log, emptyLog(log)]),
      ...heads.map((row): [string, LogState] => [text(row, 'log'), logStateOf(row)]),
    ]),
  };
}

function resourceStateOf(row: Row): ResourceState {
  const id = text(row, 'id');
  return {
    id,
    type: text(row, 'type'),
    etag: text(row, 'etag'),
    createdAt: integer(row, 'created_at'),
    secretFields: fieldsOf(text(row, 'secret_fields'), id),
  };
}

export function emptyLog(log: string): LogState {
  const hash = firstHash(log);
  return { sequence: 0, hash, floor: 0, floorHash: hash };
}

export function logStateOf(row: Row): LogState {
  return {
    sequence: integer(row, 'sequence'),
    hash: text(row, 'hash'),
    floor: integer(row, 'floor'),
    floorHash: text(row, 'floor_hash'),
  };
}
