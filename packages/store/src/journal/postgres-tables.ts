import type { Client } from 'pg';
import { StoreError } from '../errors.ts';

const version = 1;

/**
 * One row of `journal` for each, with its lease; the rows of all in `journal_row`, found by its number. Bytes are kept as they are
 * (`EXTERNAL`): most are messages that compress badly, and are gone soon. The row of `journal` changes with every commit:
 * room in its page lets PostgreSQL change it in place. Without settings of their own the tables would be vacuumed far too late for what
 * comes and goes so fast.
 */
const statements = [
  'CREATE TABLE journal_schema (version INT NOT NULL)',
  `INSERT INTO journal_schema VALUES (${version})`,
  `CREATE TABLE journal (
     number INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     term BIGINT NOT NULL,
     owner TEXT NOT NULL,
     expires TIMESTAMPTZ NOT NULL,
     last_row BIGINT NOT NULL,
     last_row_before BIGINT NOT NULL
   ) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0)`,
  `CREATE TABLE journal_row (
     journal INT NOT NULL,
     id BIGINT NOT NULL,
     head BYTEA NOT NULL,
     body BYTEA,
     PRIMARY KEY (journal, id)
   ) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.1,
           toast.autovacuum_vacuum_threshold = 10000, toast.autovacuum_vacuum_scale_factor = 0.1)`,
  'ALTER TABLE journal_row ALTER COLUMN head SET STORAGE EXTERNAL, ALTER COLUMN body SET STORAGE EXTERNAL',
];

/** Makes the schema and its tables where they are missing. Throws `NewerSchema` or `UnsupportedDatabase`. */
export async function prepareTables(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query("SELECT current_setting('server_version_num')::int AS version");
  if (!(rows[0]?.version >= 140_000)) {
    throw new StoreError('UnsupportedDatabase', { actual: rows[0]?.version, expected: 'PostgreSQL 14 or later' });
  }
  if (await isThere(client)) return;
  await client.query('BEGIN');
  try {
    // The lock of the store's migrations: processes that start together wait for each other.
    await client.query('SELECT pg_advisory_xact_lock(119165922143337)');
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    if (!(await isThere(client))) for (const statement of statements) await client.query(statement);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function isThere(client: Client): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass('journal_schema') IS NOT NULL AS made");
  if (rows[0]?.made !== true) return false;
  const found = await client.query('SELECT version FROM journal_schema');
  const actual = Number(found.rows[0]?.version);
  if (actual !== version) throw new StoreError('NewerSchema', { actual, known: version });
  return true;
}
