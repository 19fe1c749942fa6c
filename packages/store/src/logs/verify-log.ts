import { emptyLog, logStateOf } from '../change/load.ts';
import type { LogVerification } from '../contract.ts';
import type { Execute } from '../sql/driver.ts';
import { entryHash, entryOf } from './chain.ts';
import { checkLogName } from './log-name.ts';

const page = 1_000;

/** Follows the chain of a log from its first kept entry to its head. All reads of `exec` must show one moment. */
export async function verifyLog(exec: Execute, log: string): Promise<LogVerification> {
  checkLogName(log);
  const [[row] = []] = await exec([{ sql: 'SELECT * FROM log_head WHERE log = $1', params: [log] }]);
  const head = row === undefined ? emptyLog(log) : logStateOf(row);
  let hash = head.floorHash;
  let last = head.floor;
  for (;;) {
    const [rows = []] = await exec([
      {
        sql: `SELECT * FROM log_entry WHERE log = $1 AND sequence > $2 ORDER BY sequence LIMIT ${page}`,
        params: [log, last],
      },
    ]);
    for (const entryRow of rows) {
      const entry = entryOf(entryRow);
      const expected = last + 1;
      if (entry.sequence !== expected) return { ok: false, sequence: expected, reason: 'the entry is missing' };
      if (expected > head.sequence)
        return { ok: false, sequence: expected, reason: 'the entry is beyond the head of the log' };
      hash = entryHash(hash, entry);
      if (entry.hash !== hash) {
        return { ok: false, sequence: expected, reason: 'its hash does not follow from it and the entry before' };
      }
      if ((entryRow.subject_key ?? undefined) !== entry.subject?.toLowerCase()) {
        return { ok: false, sequence: expected, reason: 'it is filed under another subject' };
      }
      last = expected;
    }
    if (rows.length < page) break;
  }
  if (last < head.sequence) return { ok: false, sequence: last + 1, reason: 'the entry is missing' };
  if (hash !== head.hash)
    return { ok: false, sequence: last, reason: 'its hash is not the one at the head of the log' };
  return { ok: true, entries: head.sequence - head.floor, head: { sequence: head.sequence, hash: head.hash } };
}
