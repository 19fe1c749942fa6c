import type { LogEntry, LogHead, LogPage, LogQuery } from '../contract.ts';
import { StoreError } from '../errors.ts';
import { limitOf, orderOf } from '../read/resource-queries.ts';
import type { Query, Row, SqlValue } from '../sql/driver.ts';
import { integer, text } from '../sql/row-values.ts';
import { bodyOf } from '../values/json-body.ts';
import { rangeBelow, textFault } from '../values/resource-id.ts';
import { isoOf, timeParameter } from '../values/time.ts';
import { entryOf, firstHash } from './chain.ts';
import { checkLogName } from './log-name.ts';

/** See `StoreReader.readLog`. */
export async function readLog(read: (query: Query) => Promise<Row[]>, log: string, query: LogQuery): Promise<LogPage> {
  checkLogName(log);
  const limit = limitOf(query.limit);
  const order = orderOf(query.order);
  const params: SqlValue[] = [log];
  const conditions = ['log = $1'];
  const add = (condition: (parameter: string) => string, value: SqlValue): void => {
    params.push(value);
    conditions.push(condition(`$${params.length}`));
  };
  if (query.after !== undefined)
    add((p) => (order === 'ASC' ? `sequence > ${p}` : `sequence < ${p}`), afterOf(query.after));
  if (query.from !== undefined) add((p) => `at >= ${p}`, timeParameter('from', query.from));
  if (query.to !== undefined) add((p) => `at < ${p}`, timeParameter('to', query.to));
  if (query.subject !== undefined) {
    const key = subjectKeyOf(query.subject);
    const [from, to] = rangeBelow(key);
    params.push(key, from, to);
    const n = params.length;
    conditions.push(`(subject_key = $${n - 2} OR (subject_key > $${n - 1} AND subject_key < $${n}))`);
  }
  const rows = await read({
    sql: `SELECT log, sequence, at, subject, body, hash FROM log_entry WHERE ${conditions.join(' AND ')} ORDER BY sequence ${order} LIMIT $${params.length + 1}`,
    params: [...params, limit + 1],
  });
  const entries = rows.slice(0, limit).map(logEntryOf);
  return rows.length > limit ? { entries, next: entries.at(-1)?.sequence } : { entries };
}

/** See `StoreReader.logHead`. */
export async function readHead(read: (query: Query) => Promise<Row[]>, log: string): Promise<LogHead> {
  checkLogName(log);
  const [row] = await read({ sql: 'SELECT sequence, hash FROM log_head WHERE log = $1', params: [log] });
  return row === undefined
    ? { sequence: 0, hash: firstHash(log) }
    : { sequence: integer(row, 'sequence'), hash: text(row, 'hash') };
}

function logEntryOf(row: Row): LogEntry {
  const { log, sequence, at, subject, body, hash } = entryOf(row);
  return { log, sequence, at: isoOf(at), subject, body: bodyOf(body, `Entry ${sequence} of the log '${log}'`), hash };
}

function afterOf(after: number): number {
  if (Number.isSafeInteger(after)) return after;
  throw new StoreError('InvalidQuery', { parameter: 'after', actual: String(after), expected: 'a whole number' });
}

function subjectKeyOf(subject: string): string {
  const fault = textFault(subject, 10_000);
  if (fault === undefined) return subject.toLowerCase();
  throw new StoreError('InvalidQuery', { parameter: 'subject', actual: fault, expected: 'an id' });
}
