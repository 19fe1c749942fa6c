import { resolve } from 'node:path';
import { StoreError } from '../errors.ts';
import { checkedSchema } from '../postgres/schema-name.ts';
import type { JournalOpened, OpenJournalOptions } from './contract.ts';
import { journalOf } from './durable-journal.ts';
import { PostgresTable } from './postgres-table.ts';
import { SqliteTable } from './sqlite-table.ts';
import type { JournalTable } from './table.ts';

/**
 * Opens the journal `options.name` at `url`, `sqlite:PATH` (a file of its own) or `postgres://…`; waits while another process
 * owns it. Rejects with `JournalBusy` where `signal` ended the wait, `InvalidUrl`, `InvalidJournal`, `InvalidOption`,
 * `StoreCorrupt`, `StoreUnavailable` …
 */
export async function openJournal(url: string, options: OpenJournalOptions): Promise<JournalOpened> {
  const { name, cacheBytes = 64 * 1024 * 1024, compactBelow = 0.5 } = options;
  if (!/^[\w.-]{1,128}$/.test(name)) throw new StoreError('InvalidJournal', { name });
  if (!(compactBelow >= 0 && compactBelow <= 1)) {
    throw new StoreError('InvalidOption', {
      option: 'compactBelow',
      actual: compactBelow,
      expected: 'between 0 and 1',
    });
  }
  const table = await openTable(url, options);
  try {
    return await journalOf(table, { name, cacheBytes, compactBelow });
  } catch (error) {
    await table.close().catch(() => undefined);
    throw error;
  }
}

async function openTable(url: string, options: OpenJournalOptions): Promise<JournalTable> {
  const { name, owner, signal, onWaiting } = options;
  if (/^postgres(ql)?:\/\//.test(url)) {
    const schema = checkedSchema(url, options.schema);
    const { leaseMilliseconds = 5_000 } = options;
    if (!(Number.isSafeInteger(leaseMilliseconds) && leaseMilliseconds >= 100 && leaseMilliseconds <= 3_600_000)) {
      const expected = 'a whole number from 100 to 3,600,000';
      throw new StoreError('InvalidOption', { option: 'leaseMilliseconds', actual: leaseMilliseconds, expected });
    }
    const table = { url, schema, name, owner, leaseMilliseconds, retryMilliseconds: 10_000 };
    return PostgresTable.open(table, { signal, onWaiting });
  }
  const path = /^sqlite:(?!:memory:)(?:\/\/(?=\/))?([^\0]+)$/.exec(url)?.[1];
  if (path === undefined) throw new StoreError('InvalidUrl', { url: url.replace(/\/\/[^@]*@/, '//…@') });
  const { apartFrom = 128 * 1024 } = options;
  if (!(apartFrom >= 1))
    throw new StoreError('InvalidOption', { option: 'apartFrom', actual: apartFrom, expected: 'at least 1' });
  const file = { path: resolve(path), name, owner, pageBytes, checkpointBytes, apartFrom };
  return SqliteTable.open(file, { signal, onWaiting });
}

/** A message of 64 KiB is written with a quarter of the system calls that pages of 8 KiB take; small commits cost the same. */
const pageBytes = 32 * 1024;
const checkpointBytes = 16 * 1024 * 1024;
