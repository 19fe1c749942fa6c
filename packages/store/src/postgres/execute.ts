import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Insert, Query, Row, SqlValue, Statement } from '../sql/driver.ts';
import { tables } from '../sql/tables.ts';

/**
 * Sends all statements at once (the connection pipelines) and resolves with the rows of each. When one fails the rest fails
 * with it, inside a transaction; the first error is thrown.
 */
export async function execute(client: ClientBase, statements: readonly Statement[]): Promise<Row[][]> {
  const sent = statements.map((statement) => {
    const { sql, params = [] } = 'insert' in statement ? insertion(statement) : statement;
    return client.query({ name: nameOf(sql), text: sql, values: [...params] });
  });
  const settled = await Promise.allSettled(sent);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value.rows as Row[];
  });
}

interface Parameterised {
  readonly sql: string;
  readonly params?: readonly (SqlValue | readonly SqlValue[])[];
}

/** All rows as one statement: an array a column. */
function insertion({ insert, rows, replace }: Insert): Parameterised {
  return {
    sql: insertSql(insert, replace === true),
    params: Object.keys(tables[insert].columns).map((_, column) => rows.map((row) => row[column] ?? null)),
  };
}

function insertSql(name: Insert['insert'], replace: boolean): string {
  const { columns, primaryKey } = tables[name];
  const names = Object.keys(columns);
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${type}[]`);
  const conflict = replace
    ? ` ON CONFLICT (${primaryKey.join(', ')}) DO UPDATE SET ${names.map((c) => `${c} = excluded.${c}`).join(', ')}`
    : '';
  return `INSERT INTO ${name} (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})${conflict}`;
}

const names = new Map<Query['sql'], string>();

/** A name lets the server keep the statement parsed. */
function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = `lazuli_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
    if (names.size < 1_000) names.set(sql, name);
  }
  return name;
}
