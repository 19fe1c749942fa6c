/**
 * The thread that holds connections to a SQLite file. `node:sqlite` blocks while the disk writes; here it blocks nobody
 * but those who asked for it.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Insert, Row, SqlValue, Statement } from '../sql/driver.ts';
import { tables } from '../sql/tables.ts';
import type { Failure, Request, Response, Task, ThreadOptions } from './protocol.ts';

const options: ThreadOptions = workerData;
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');

let main: Connection | undefined;
const views = new Map<number, Connection>();
let lastView = 0;

port.on('message', (request: Request) => {
  let response: Response;
  try {
    response = { id: request.id, ...perform(request.task) };
  } catch (error) {
    response = { id: request.id, failure: failureOf(error) };
  }
  port.postMessage(response);
  if (request.task.kind === 'close') port.close();
});

function perform(task: Task): { rows: Row[][]; view?: number } {
  switch (task.kind) {
    case 'exec': {
      if (task.view === undefined) main ??= new Connection();
      const connection = task.view === undefined ? main : views.get(task.view);
      if (connection === undefined) throw new Error('The view is closed.');
      return { rows: connection.exec(task.statements) };
    }
    case 'openView': {
      const connection = new Connection();
      try {
        connection.database.exec('BEGIN');
      } catch (error) {
        connection.database.close();
        throw error;
      }
      lastView++;
      views.set(lastView, connection);
      return { rows: [], view: lastView };
    }
    case 'closeView':
      views.get(task.view)?.database.close();
      views.delete(task.view);
      return { rows: [] };
    case 'close':
      for (const view of views.values()) view.database.close();
      views.clear();
      main?.database.close();
      return { rows: [] };
  }
}

class Connection {
  readonly database: DatabaseSync;
  /** Least recently used first. */
  private readonly prepared = new Map<string, StatementSync>();

  constructor() {
    const { path, immutable, busyMilliseconds, synchronous } = options;
    const location = immutable ? `${pathToFileURL(path).href}?immutable=1` : path;
    this.database = new DatabaseSync(location, { readOnly: immutable, timeout: busyMilliseconds });
    try {
      this.database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
      if (!immutable) this.database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};`);
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  /** Rolls back an open transaction when a statement fails. */
  exec(statements: readonly Statement[]): Row[][] {
    try {
      return statements.map((statement) =>
        'insert' in statement ? this.insert(statement) : this.all(statement.sql, statement.params ?? []),
      );
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  private all(sql: string, params: readonly SqlValue[]): Row[] {
    return this.statement(sql.replace(/\$(\d+)/g, '?$1')).all(...params) as Row[];
  }

  private insert({ insert, rows, replace }: Insert): Row[] {
    const statement = this.statement(insertSql(insert, replace === true));
    for (const row of rows) statement.run(...row);
    return [];
  }

  private statement(sql: string): StatementSync {
    const statement = this.prepared.get(sql) ?? this.database.prepare(sql);
    this.prepared.delete(sql);
    this.prepared.set(sql, statement);
    if (this.prepared.size > 200) {
      for (const oldest of this.prepared.keys()) {
        this.prepared.delete(oldest);
        break;
      }
    }
    return statement;
  }
}

function insertSql(name: Insert['insert'], replace: boolean): string {
  const { columns, primaryKey } = tables[name];
  const names = Object.keys(columns);
  const conflict = replace
    ? ` ON CONFLICT (${primaryKey.join(', ')}) DO UPDATE SET ${names.map((c) => `${c} = excluded.${c}`).join(', ')}`
    : '';
  return `INSERT INTO ${name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})${conflict}`;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { resultCode: 0, message: String(error) };
  const resultCode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  return { resultCode, message: error.message };
}
