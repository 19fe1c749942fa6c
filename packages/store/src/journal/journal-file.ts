import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { BodyBytes } from './body-bytes.ts';
import { JournalFileError } from './journal-file-error.ts';
import type { BodyMove, SqliteJournalOptions, SqliteTask } from './sqlite-protocol.ts';
import type { StoredRow } from './table.ts';

/** 2: bodies of large rows are in a file beside. */
const formatVersion = 2;
/** https://www.sqlite.org/rescode.html#ioerr */
const ioError = 10;
/** A portion of heads, at least. */
const portionBytes = 1024 * 1024;
/** Free pages that are kept for what comes; above, the file is made smaller, so much at a time. */
const keptBytes = 16 * 1024 * 1024;
const vacuumBytes = 4 * 1024 * 1024;

/** The SQLite file of a journal and the bodies beside it, owned by this thread. */
export class JournalFile {
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
  private readonly place: StatementSync;
  private readonly freePages: StatementSync;
  private readonly pageBytes: number;
  private readonly bodies: BodyBytes;
  /** The write-ahead log, opened once more: SQLite's locks are on the file itself. */
  private readonly log: number;
  mayShrink = false;
  /** Pages were given up that the file still has. */
  private hasShrunk = false;

  constructor(options: SqliteJournalOptions) {
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
      this.term = this.takeOver(options.name);
      // After the tables are there, so that a test can fill what is left.
      if (options.maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${options.maxPages}`);
      this.begin = database.prepare('BEGIN IMMEDIATE');
      this.commit = database.prepare('COMMIT');
      this.insert = database.prepare('INSERT INTO journal_row (id, head, body, page, bytes) VALUES (?, ?, ?, ?, ?)');
      this.remove = database.prepare('DELETE FROM journal_row WHERE id BETWEEN ? AND ?');
      this.whole = database.prepare('SELECT id, head, body, page, bytes FROM journal_row WHERE id = ?');
      this.head = database.prepare('SELECT id, head FROM journal_row WHERE id = ?');
      this.after = database.prepare('SELECT id, head FROM journal_row WHERE id > ? ORDER BY id');
      this.place = database.prepare('UPDATE journal_row SET page = ? WHERE id = ?');
      this.freePages = database.prepare('PRAGMA freelist_count');
      // Of a file that is older than the option, the pages have the size that it was made with.
      this.pageBytes = Number(database.prepare('PRAGMA page_size').get()?.page_size);
      database.exec(`PRAGMA wal_autocheckpoint = ${Math.ceil(options.checkpointBytes / this.pageBytes)}`);
      const last = database.prepare('SELECT coalesce(max(id), 0) AS id FROM journal_row').get();
      this.lastId = Number(last?.id);
      this.bodies = new BodyBytes(`${options.path}-bodies`);
      this.log = openSync(`${options.path}-wal`, 'r+');
    } catch (error) {
      database.close();
      throw error;
    }
  }

  write({ id, head, body, place, deleted }: Extract<SqliteTask, { kind: 'write' }>): void {
    if (place !== null) this.bodies.sync();
    this.transact(() => {
      if (head !== null) this.insert.run(id, head, body, place?.page ?? null, place?.bytes ?? null);
      for (let at = 0; at < deleted.length; at += 2) this.remove.run(deleted[at] ?? 0, deleted[at + 1] ?? 0);
    });
    if (deleted.length > 0) this.mayShrink = true;
  }

  read(ids: readonly number[], bodies: boolean): StoredRow[] {
    const statement = bodies ? this.whole : this.head;
    const rows: StoredRow[] = [];
    for (const id of ids) {
      const row = statement.get(id);
      if (row === undefined) continue;
      const found = stored(row);
      const { page = null, bytes } = row;
      const isApart = page !== null;
      rows.push(isApart ? { ...found, body: this.bodies.read({ page: Number(page), bytes: Number(bytes) }) } : found);
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

  /** Makes the SQLite file smaller by a step; whether there is more to do. */
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

  /** The same for the file beside. */
  shrinkBodies(moves: readonly BodyMove[], cutAt: number | undefined): void {
    if (moves.length > 0) {
      this.bodies.copy(moves);
      this.transact(() => {
        for (const { id, to } of moves) this.place.run(to, id);
      });
    }
    if (cutAt !== undefined) this.bodies.cut(cutAt);
  }

  /** Of all bodies in the file beside: id, page and bytes. */
  places(): Float64Array<ArrayBuffer> {
    const found: number[] = [];
    const rows = this.database.prepare('SELECT id, page, bytes FROM journal_row WHERE page IS NOT NULL');
    for (const { id, page, bytes } of rows.iterate()) found.push(Number(id), Number(page), Number(bytes));
    return Float64Array.from(found);
  }

  close(): void {
    closeSync(this.log);
    this.bodies.close();
    this.database.close();
  }

  /** What `change` writes is on the disk when it returns. */
  private transact(change: () => void): void {
    this.begin.run();
    try {
      change();
      this.commit.run();
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
    try {
      fdatasyncSync(this.log);
    } catch (error) {
      // As SQLite's own: whether the commit will be there is not known.
      throw Object.assign(new Error(`the log of '${this.database.location()}' was not synced`, { cause: error }), {
        errcode: ioError,
      });
    }
  }

  /** Makes or checks the tables and counts the owner; returns the term. */
  private takeOver(name: string): number {
    const { database } = this;
    database.exec('BEGIN IMMEDIATE');
    try {
      const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
      if (version > formatVersion) throw new JournalFileError('NewerSchema', { actual: version, known: formatVersion });
      if (version === 0) {
        if (database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n !== 0) {
          throw new JournalFileError('SchemaMismatch', { version, reason: 'the file is not one of a journal' });
        }
        database.exec(`CREATE TABLE journal (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, term INTEGER NOT NULL);
          CREATE TABLE journal_row (id INTEGER PRIMARY KEY, head BLOB NOT NULL, body BLOB);`);
        database.prepare('INSERT INTO journal VALUES (1, ?, 0)').run(name);
      }
      if (version < formatVersion) {
        // Of a row whose body is in the file beside: the page there, and how many bytes.
        database.exec(`ALTER TABLE journal_row ADD COLUMN page INTEGER; ALTER TABLE journal_row ADD COLUMN bytes INTEGER;
          PRAGMA user_version = ${formatVersion};`);
      }
      const row = database.prepare('UPDATE journal SET term = term + 1 RETURNING term, name').get();
      if (row?.name !== name) {
        throw new JournalFileError('InvalidOption', {
          option: 'name',
          actual: `'${name}'`,
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

function stored(row: Record<string, unknown>): StoredRow {
  const { id, head, body } = row as { id: number; head: StoredRow['head']; body?: StoredRow['body'] };
  return { id, head, body: body ?? null };
}
