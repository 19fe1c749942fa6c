import type { Row, SqlValue } from '../sql/driver.ts';
import { integer, optionalText, text } from '../sql/row-values.ts';
import { contentHash } from '../values/content-hash.ts';

/** An entry as the table `log_entry` holds it, without its hash. */
export interface StoredEntry {
  readonly log: string;
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly subject: string | undefined;
  readonly body: string;
}

/** The hash before the first entry of a log. */
export const firstHash = (log: string): string => contentHash('lazuli log 1', log);

/** The hash of an entry covers the hash of the one before and all that it holds. */
export function entryHash(previous: string, { log, sequence, at, subject, body }: StoredEntry): string {
  return contentHash('lazuli log 1', previous, log, sequence, at, subject ?? null, body);
}

/** In the order of the columns of the table `log_entry`. */
export function entryRow(entry: StoredEntry, hash: string): SqlValue[] {
  const { log, sequence, at, subject, body } = entry;
  return [log, sequence, at, subject ?? null, subject?.toLowerCase() ?? null, body, hash];
}

export function entryOf(row: Row): StoredEntry & { readonly hash: string } {
  return {
    log: text(row, 'log'),
    sequence: integer(row, 'sequence'),
    at: integer(row, 'at'),
    subject: optionalText(row, 'subject'),
    body: text(row, 'body'),
    hash: text(row, 'hash'),
  };
}
