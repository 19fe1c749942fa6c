/** The thread that owns the SQLite file of a journal. */
import { closeSync, fdatasyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { StoreErrorCode } from '../errors.ts';
import type { SqliteAnswer, SqliteJournalOptions, SqliteTask } from './sqlite-protocol.ts';
import type { StoredRow } from './table.ts';

const options: SqliteJournalOptions = workerData;
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');

/** Written for who waits: the file itself cannot be read by others. */
const ownerFile = `${options.path}.owner`;
const formatVersion = 1;
/** A portion of heads, at least. */
const portionBytes = 1024 * 1024;
/** Free pages that are kept for what comes; above, the file is made smaller, so much at a time. */
const keptBytes = 16 * 1024 * 1024;
const vacuumBytes = 4 * 1024 * 1024;
const shrinkMilliseconds = 100;

let file: JournalFile | undefined;
/** A step of making the file smaller is due. */
let scheduled = false;

port.on('message', (task: SqliteTask) => {
  let answer: SqliteAnswer;
  try {
    answer = perform(task);
  } catch (error) {
    answer = { failure: failureOf(error) };
  }
  const transfer: ArrayBuffer[] = [];
  if (answer.body != null) transfer.push(answer.body.buffer);
  for (const { head, body } of answer.rows ?? []) {
    transfer.push(head.buffer);
    if (body !== null) transfer.push(body.buffer);
  }
  port.postMessage(answer, transfer);
  if (task.kind === 'close') port.close();
  else if (task.kind === 'write') schedule();
});

function perform(task: SqliteTask): SqliteAnswer {
  if (task.kind === 'own') return own();
  if (task.kind === 'close') {
    file?.close();
    file = undefined;
    return {};
  }
  if (file === undefined) throw new Error('The file is not open.');
  switch (task.kind) {
    case 'write':
      file.write(task);
      return { body: task.body };
    case 'read':
      return { rows: file.read(task.ids, task.bodies) };
    case 'heads':
      return { rows: file.heads(task.after) };
  }
}

function own(): SqliteAnswer {
  try {
    file = new JournalFile();
  } catch (error) {
    const code = failureOf(error).resultCode & 0xff;
    if (code === 5 || code === 6) return { busy: true, owner: ownerOf() };
    throw error;
  }
  writeFileSync(ownerFile, options.owner, { mode: 0o600 });
  return { term: file.term, lastId: file.lastId };
}

/** Gives disk space back in small steps, between commits and not too often: what is free now may be needed in a moment. */
function schedule(): void {
  if (scheduled || file?.mayShrink !== true) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    try {
      if (file?.shrink() === true) schedule();
    } catch {
      // What it could not do now it does after another commit.
    }
  }, shrinkMilliseconds).unref();
}

class JournalFile {
  readonly term: number;
  readonly lastId: number;
  private readonly database: DatabaseSync;
  private readonly begin: StatementSync;
  private readonly commit: StatementSync;
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly whole: StatementSync;
  private readonly head: StatementSync;
  private readonly after: StatementSync;
  private readonly freePages: StatementSync;
  private readonly pageBytes: number;
  /** The write-ahead log, opened once more: SQLite's locks are on the file itself. */
  private readonly log: number;
  mayShrink = false;
  /** Pages were given up that the file still has. */
  private hasShrunk = false;

  constructor() {
    const database = new DatabaseSync(options.path, { timeout: 0 });
    this.database = database;
    try {
      // With exclusive locking the lock is held until the connection ends, or the process; no shared memory is used. `NORMAL`
      // leaves the log of a commit to `write`, which waits for its bytes alone (SQLite would wait for the file's times, too); before
      // the log flows into the file SQLite waits for both.
      database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = ${options.pageBytes};
        PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
        PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -16384;
        PRAGMA journal_size_limit = 67108864;`);
      this.term = this.takeOver();
      // After the tables are there, so that a test can fill what is left.
      if (options.maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${options.maxPages}`);
      this.begin = database.prepare('BEGIN IMMEDIATE');
      this.commit = database.prepare('COMMIT');
      this.insert = database.prepare('INSERT INTO journal_row (id, head, body) VALUES (?, ?, ?)');
      this.remove = database.prepare('DELETE FROM journal_row WHERE id BETWEEN ? AND ?');
      this.whole = database.prepare('SELECT id, head, body FROM journal_row WHERE id = ?');
      this.head = database.prepare('SELECT id, head FROM journal_row WHERE id = ?');
      this.after = database.prepare('SELECT id, head FROM journal_row WHERE id > ? ORDER BY id');
      this.freePages = database.prepare('PRAGMA freelist_count');
      // Of a file that is older than the option, the pages have the size that it was made with.
      this.pageBytes = Number(database.prepare('PRAGMA page_size').get()?.page_size);
      database.exec(`PRAGMA wal_autocheckpoint = ${Math.ceil(options.checkpointBytes / this.pageBytes)}`);
      const last = database.prepare('SELECT coalesce(max(id), 0) AS id FROM journal_row').get();
      this.lastId = Number(last?.id);
      this.log = openSync(`${options.path}-wal`, 'r+');
    } catch (error) {
      database.close();
      throw error;
    }
  }

  write({ id, head, body, deleted }: Extract<SqliteTask, { kind: 'write' }>): void {
    const { database } = this;
    this.begin.run();
    try {
      if (head !== null) this.insert.run(id, head, body);
      for (let at = 0; at < deleted.length; at += 2) this.remove.run(deleted[at] ?? 0, deleted[at + 1] ?? 0);
      this.commit.run();
      fdatasyncSync(this.log);
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
    if (deleted.length > 0) this.mayShrink = true;
  }

  read(ids: readonly number[], bodies: boolean): StoredRow[] {
    const statement = bodies ? this.whole : this.head;
    const rows: StoredRow[] = [];
    for (const id of ids) {
      const row = statement.get(id);
      if (row !== undefined) rows.push(stored(row));
    }
    return rows;
  }

  heads(after: number): StoredRow[] {
    const rows: StoredRow[] = [];
    let bytes = 0;
    for (const row of this.after.iterate(after)) {
      const found = stored(row);
      rows.push(found);
      bytes += found.head.length + 100;
      if (bytes >= portionBytes) break;
    }
    return rows;
  }

  /** Makes the file smaller by a step; whether there is more to do. */
  shrink(): boolean {
    if (!this.mayShrink) return false;
    const free = Number(this.freePages.get()?.freelist_count);
    this.mayShrink = free * this.pageBytes > keptBytes * 2;
    if (this.mayShrink) this.database.exec(`PRAGMA incremental_vacuum(${Math.ceil(vacuumBytes / this.pageBytes)})`);
    // The file itself is cut when the write-ahead log flows into it.
    else if (this.hasShrunk) this.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    this.hasShrunk = this.mayShrink;
    return this.mayShrink;
  }

  close(): void {
    closeSync(this.log);
    this.database.close();
  }

  /** Makes or checks the tables and counts the owner; returns the term. */
  private takeOver(): number {
    const { database } = this;
    database.exec('BEGIN IMMEDIATE');
    try {
      const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
      if (version > formatVersion) throw new OtherFile('NewerSchema', { actual: version, known: formatVersion });
      if (version === 0) {
        if (database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n !== 0) {
          throw new OtherFile('SchemaMismatch', { version, reason: 'the file is not one of a journal' });
        }
        database.exec(`CREATE TABLE journal (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, term INTEGER NOT NULL);
          CREATE TABLE journal_row (id INTEGER PRIMARY KEY, head BLOB NOT NULL, body BLOB);
          PRAGMA user_version = ${formatVersion};`);
        database.prepare('INSERT INTO journal VALUES (1, ?, 0)').run(options.name);
      }
      const row = database.prepare('UPDATE journal SET term = term + 1 RETURNING term, name').get();
      if (row?.name !== options.name) {
        throw new OtherFile('InvalidOption', {
          option: 'name',
          actual: `'${options.name}'`,
          expected: `'${row?.name}', whose journal the file is`,
        });
      }
      database.exec('COMMIT');
      return Number(row?.term);
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** An error of the store's table, which crosses to the other thread as its code and values. */
class OtherFile extends Error {
  readonly code: StoreErrorCode;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(code: StoreErrorCode, values: Readonly<Record<string, string | number>>) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

function stored(row: Record<string, unknown>): StoredRow {
  const { id, head, body } = row as { id: number; head: StoredRow['head']; body?: StoredRow['body'] };
  return { id, head, body: body ?? null };
}

function ownerOf(): string {
  try {
    return readFileSync(ownerFile, 'utf8').slice(0, 200);
  } catch {
    return 'another process';
  }
}

function failureOf(error: unknown): NonNullable<SqliteAnswer['failure']> {
  if (error instanceof OtherFile)
    return { resultCode: 0, message: error.message, code: error.code, values: error.values };
  if (!(error instanceof Error)) return { resultCode: 0, message: String(error) };
  const resultCode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  return { resultCode, message: error.message };
}
