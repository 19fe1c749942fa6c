import { lockState, logStateOf } from '../change/load.ts';
import { AUDIT_LOG } from '../contract.ts';
import { StoreError } from '../errors.ts';
import type { SqlDriver } from '../sql/driver.ts';
import { text } from '../sql/row-values.ts';
import { checkLogName } from './log-name.ts';

/** See `Store.trimLog`. The hash of the last entry that goes is kept: the chain is verified from there. */
export async function trimLog(driver: SqlDriver, log: string, sequence: number): Promise<number> {
  checkLogName(log);
  if (log === AUDIT_LOG) throw new StoreError('AuditLogKept', { log });
  if (!Number.isSafeInteger(sequence) || sequence < 0) {
    throw new StoreError('InvalidQuery', {
      parameter: 'sequence',
      actual: String(sequence),
      expected: 'a whole number from 0',
    });
  }
  return driver.write(async (tx) => {
    const [, [head] = [], [last] = []] = await tx.exec([
      lockState(driver.dialect),
      { sql: 'SELECT * FROM log_head WHERE log = $1', params: [log] },
      {
        sql: 'SELECT hash FROM log_entry WHERE log = $1 AND sequence <= $2 ORDER BY sequence DESC LIMIT 1',
        params: [log, sequence],
      },
    ]);
    if (head === undefined || last === undefined) return 0;
    const state = logStateOf(head);
    const floor = Math.min(sequence, state.sequence);
    await tx.commit([
      { sql: 'DELETE FROM log_entry WHERE log = $1 AND sequence <= $2', params: [log, floor] },
      { insert: 'log_head', rows: [[log, state.sequence, state.hash, floor, text(last, 'hash')]], replace: true },
    ]);
    return floor - state.floor;
  });
}
