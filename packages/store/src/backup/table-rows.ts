import { StoreError } from '../errors.ts';
import type { Execute, Row, SqlValue } from '../sql/driver.ts';
import { type TableName, tableNames, tables } from '../sql/tables.ts';

export interface TableRow {
  readonly table: TableName;
  /** In the order of the table's columns. */
  readonly row: readonly SqlValue[];
}

const page = 200;

/** Every row of every table, in the order of primary keys. All reads of `exec` must show one moment. */
export async function* allRows(exec: Execute): AsyncGenerator<TableRow> {
  for (const table of tableNames) yield* rowsOf(exec, table);
}

/** Every row of a table, as the database gives it. */
export async function* rowsOf(exec: Execute, table: TableName): AsyncGenerator<TableRow & { readonly named: Row }> {
  const names = Object.keys(tables[table].columns);
  const primaryKey: readonly string[] = tables[table].primaryKey;
  let after: SqlValue[] | undefined;
  for (;;) {
    const places = primaryKey.map((_, index) => `$${index + 1}`);
    const where = after === undefined ? '' : `WHERE (${primaryKey.join(', ')}) > (${places.join(', ')})`;
    const [rows = []] = await exec([
      {
        sql: `SELECT ${names.join(', ')} FROM ${table} ${where} ORDER BY ${primaryKey.join(', ')} LIMIT ${page}`,
        params: after ?? [],
      },
    ]);
    for (const named of rows) yield { table, named, row: names.map((name) => named[name] ?? null) };
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = primaryKey.map((name) => last[name] ?? null);
  }
}

/** A row as JSON can hold it: bytes in Base64. */
export function toJson({ row }: TableRow): (string | number | null)[] {
  return row.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value));
}

/** The row that `toJson` gave. Throws `BackupInvalid`. */
export function fromJson(table: TableName, values: readonly unknown[], path: string): SqlValue[] {
  const types = Object.values(tables[table].columns);
  if (values.length !== types.length) throw invalid(path, `a row of ${table} has ${values.length} columns`);
  return types.map((type, index) => {
    const value = values[index];
    if (value === null) return null;
    if (type === 'bigint' && typeof value === 'number' && Number.isSafeInteger(value)) return value;
    if (type === 'text' && typeof value === 'string') return value;
    if (type === 'bytea' && typeof value === 'string') return Buffer.from(value, 'base64');
    throw invalid(path, `a row of ${table} holds a value of the wrong type`);
  });
}

export const invalid = (path: string, reason: string): StoreError => new StoreError('BackupInvalid', { path, reason });
