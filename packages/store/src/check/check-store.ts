import { rowsOf } from '../backup/table-rows.ts';
import { stateOf } from '../change/load.ts';
import type { CheckProblem, CheckReport } from '../contract.ts';
import { StoreError } from '../errors.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { verifyLog } from '../logs/verify-log.ts';
import { unsealRow } from '../read/sql-reader.ts';
import type { Execute, Row, SqlDriver } from '../sql/driver.ts';
import { text } from '../sql/row-values.ts';
import { checkFeed } from './check-feed.ts';
import { checkResources } from './check-resources.ts';

const maxProblems = 1_000;

/** See `Store.check`. */
export async function checkStore(driver: SqlDriver, ring: KeyRing): Promise<CheckReport> {
  const problems: CheckProblem[] = [];
  const report = (code: string, subject: string, message: string): void => {
    if (problems.length < maxProblems) problems.push({ code, subject, message });
  };
  for (const message of await driver.checkFiles()) report('FileDamaged', 'database', message);
  const view = await driver.view();
  try {
    const [rows] = await view.exec([{ sql: 'SELECT epoch, sequence, feed_floor FROM store_state WHERE id = 1' }]);
    const state = stateOf(rows);
    const resources = await checkResources(view.exec, state.sequence, report);
    const changes = await checkFeed(view.exec, state, resources, report);
    const secrets = await checkSecrets(view.exec, ring, resources, report);
    const logEntries = await checkLogs(view.exec, report);
    return { ok: problems.length === 0, problems, resources: resources.size, changes, secrets, logEntries };
  } finally {
    await view.close();
  }
}

export type Report = (code: string, subject: string, message: string) => void;

/** What other parts must agree with. */
export interface CheckedResource {
  readonly etag: string;
  readonly sequence: number;
  /** Fields whose secret was not found yet. */
  readonly secretFields: Set<string>;
}

/** Runs a check of one row; that a column does not hold what it should is a problem like any other. */
export function guarded(report: Report, code: string, subject: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    report(
      error instanceof StoreError ? error.code : code,
      subject,
      error instanceof Error ? error.message : String(error),
    );
  }
}

async function checkSecrets(
  exec: Execute,
  ring: KeyRing,
  resources: ReadonlyMap<string, CheckedResource>,
  report: Report,
): Promise<number> {
  const dataKeys = new Map<string, Row>();
  const used = new Set<string>();
  for await (const { named } of rowsOf(exec, 'data_key')) dataKeys.set(String(named.id), named);
  let count = 0;
  for await (const { named } of rowsOf(exec, 'secret')) {
    count++;
    const subject = `${named.key}#${named.field}`;
    guarded(report, 'SecretDamaged', subject, () => {
      const key = text(named, 'key');
      const dataKey = dataKeys.get(text(named, 'data_key'));
      used.add(text(named, 'data_key'));
      if (!resources.get(key)?.secretFields.delete(text(named, 'field'))) {
        report('SecretWithoutResource', subject, 'No resource lists this secret.');
      }
      unsealRow(ring, key, { ...named, key_id: dataKey?.key_id ?? null, wrapped: dataKey?.wrapped ?? null });
    });
  }
  for (const [key, { secretFields }] of resources) {
    for (const field of secretFields)
      report('SecretMissing', `${key}#${field}`, 'The resource lists a secret that is not there.');
  }
  for (const [id, row] of dataKeys) {
    if (!used.has(id)) report('DataKeyUnused', String(row.key), `The data key '${id}' protects nothing.`);
  }
  return count;
}

async function checkLogs(exec: Execute, report: Report): Promise<number> {
  const [rows = []] = await exec([
    { sql: 'SELECT log FROM log_head UNION SELECT DISTINCT log FROM log_entry ORDER BY log' },
  ]);
  let entries = 0;
  for (const row of rows) {
    const log = String(row.log);
    try {
      const found = await verifyLog(exec, log);
      if (found.ok) entries += found.entries;
      else report('LogBroken', log, `Entry ${found.sequence}: ${found.reason}.`);
    } catch (error) {
      report('LogBroken', log, error instanceof Error ? error.message : String(error));
    }
  }
  return entries;
}
