import { resourceRow } from '../read/record-rows.ts';
import type { Dialect, SqlValue, Statement } from '../sql/driver.ts';
import type { Effect, GroupPlan } from './group-plan.ts';

/** The statements that write what a plan decided. Of each resource only its last state is written; the feed has every step. */
export function writeOut(plan: GroupPlan, dialect: Dialect): Statement[] {
  return [...writeResources(plan, dialect), ...writeLogs(plan)];
}

function writeResources({ effects, sequence, now }: GroupPlan, dialect: Dialect): Statement[] {
  if (effects.length === 0) return [];
  const outcomes = new Map<string, Outcome>();
  const feed: SqlValue[][] = [];
  for (const { effect, batch } of effects) {
    const key = effect.kind === 'put' ? effect.resource.key : effect.key;
    let outcome = outcomes.get(key);
    if (outcome === undefined) {
      outcome = new Outcome();
      outcomes.set(key, outcome);
    }
    outcome.add(effect);
    feed.push(feedRow(effect, batch, now));
  }
  const put: SqlValue[][] = [];
  const deleted: string[] = [];
  const withSecrets: [string, Outcome][] = [];
  for (const [key, outcome] of outcomes) {
    if (outcome.row === undefined) deleted.push(key);
    else put.push(outcome.row);
    if (outcome.wiped || outcome.secrets.size > 0) withSecrets.push([key, outcome]);
  }
  return [
    { sql: 'UPDATE store_state SET sequence = $1 WHERE id = 1', params: [sequence] },
    ...insertion('resource', put, true),
    ...deletion('resource', 'key', deleted, dialect),
    ...insertion('change_feed', feed, false),
    ...writeSecrets(withSecrets, dialect),
    ...dialect.notify,
  ];
}

/** What remains of all effects on one resource. */
class Outcome {
  /** `undefined`: it is deleted. */
  row: SqlValue[] | undefined;
  /** What it had before this group is gone, its secrets too. */
  wiped = false;
  /** By field: its row in `secret`; `null` removes it. */
  readonly secrets = new Map<string, { readonly row: SqlValue[]; readonly dataKey: SqlValue[] } | null>();

  add(effect: Effect): void {
    if (effect.kind === 'delete') {
      this.row = undefined;
      // Where no field was ever kept nothing needs to be looked for.
      this.wiped ||= effect.state.secretFields.length > 0;
      this.secrets.clear();
      return;
    }
    const { resource, put } = effect;
    this.row = resourceRow(resource);
    for (const field of put.removedFields) this.secrets.set(field, null);
    if (put.secrets === undefined) return;
    const { dataKey, fields } = put.secrets;
    const keyRow = [dataKey.id, resource.key, dataKey.keyId, dataKey.wrapped];
    for (const [field, { nonce, ciphertext }] of fields) {
      this.secrets.set(field, { row: [resource.key, field, dataKey.id, nonce, ciphertext], dataKey: keyRow });
    }
  }
}

function writeSecrets(outcomes: readonly [string, Outcome][], dialect: Dialect): Statement[] {
  if (outcomes.length === 0) return [];
  const dataKeys = new Map<SqlValue, SqlValue[]>();
  const rows: SqlValue[][] = [];
  const removed: Statement[] = [];
  for (const [key, { secrets, wiped }] of outcomes) {
    for (const [field, secret] of secrets) {
      if (secret === null) {
        if (!wiped) removed.push({ sql: 'DELETE FROM secret WHERE key = $1 AND field = $2', params: [key, field] });
        continue;
      }
      rows.push(secret.row);
      dataKeys.set(secret.dataKey[0] ?? null, secret.dataKey);
    }
  }
  const keys = outcomes.map(([key]) => key);
  return [
    ...deletion(
      'secret',
      'key',
      outcomes.filter(([, { wiped }]) => wiped).map(([key]) => key),
      dialect,
    ),
    ...removed,
    ...insertion('data_key', [...dataKeys.values()], false),
    ...insertion('secret', rows, true),
    // A data key whose last field was replaced protects nothing any more.
    {
      sql: `DELETE FROM data_key WHERE ${dialect.within('key', 1)} AND NOT EXISTS (SELECT 1 FROM secret WHERE secret.data_key = data_key.id)`,
      params: [JSON.stringify(keys)],
    },
  ];
}

function writeLogs({ entryRows, touchedLogs, logs }: GroupPlan): Statement[] {
  if (entryRows.length === 0) return [];
  const heads: SqlValue[][] = [];
  for (const [log, { sequence, hash, floor, floorHash }] of logs) {
    if (touchedLogs.has(log)) heads.push([log, sequence, hash, floor, floorHash]);
  }
  return [...insertion('log_entry', entryRows, false), ...insertion('log_head', heads, true)];
}

/** In the order of the columns of the table `change_feed`. */
function feedRow(effect: Effect, batch: number, now: number): SqlValue[] {
  const { id, type, etag } = effect.kind === 'put' ? effect.resource : effect.state;
  const sequence = effect.kind === 'put' ? effect.resource.sequence : effect.sequence;
  return [sequence, batch, effect.kind, id, type, etag, now];
}

function insertion(
  insert: 'resource' | 'change_feed' | 'log_entry' | 'log_head' | 'data_key' | 'secret',
  rows: SqlValue[][],
  replace: boolean,
): Statement[] {
  return rows.length === 0 ? [] : [{ insert, rows, replace }];
}

function deletion(table: string, column: string, values: readonly string[], dialect: Dialect): Statement[] {
  if (values.length === 0) return [];
  return [{ sql: `DELETE FROM ${table} WHERE ${dialect.within(column, 1)}`, params: [JSON.stringify(values)] }];
}
