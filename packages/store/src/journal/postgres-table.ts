import { setTimeout as delay } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { StoreError, StoreUnavailableError } from '../errors.ts';
import { copyOut } from './copy-out.ts';
import { PostgresLink } from './postgres-link.ts';
import { prepareTables } from './postgres-tables.ts';
import type { RowBody } from './row-body.ts';
import type { Waiting } from './sqlite-table.ts';
import type { JournalTable, RowChange, StoredHead, StoredRow } from './table.ts';

export interface PostgresJournalOptions {
  readonly url: string;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly leaseMilliseconds: number;
  /** How long a broken connection is made anew before a commit fails. */
  readonly retryMilliseconds: number;
}

/** How often it is looked whether a lease has ended. */
const lookMilliseconds = 250;
const portionBytes = 4 * 1024 * 1024;

/**
 * Rows in PostgreSQL, owned by lease: the row of the journal says whose term it is and, by the server's clock, until when. Each
 * commit takes that row first, in the same statement, and writes nothing where the term is not its own.
 */
export class PostgresTable implements JournalTable {
  readonly term: number;
  readonly lastId: number;
  private readonly options: PostgresJournalOptions;
  private readonly number: number;
  private readonly writing: PostgresLink;
  private readonly reading: PostgresLink;
  private readonly leasing: PostgresLink;
  private readonly closing = new AbortController();
  private readonly renewal: Promise<void>;
  private lost: StoreError | undefined;
  private told: (reason: Error) => void = () => {};

  /** Waits while another process has the lease. Rejects with `JournalBusy` where `signal` ended that. */
  static async open(options: PostgresJournalOptions, waiting: Waiting): Promise<PostgresTable> {
    const config: ClientConfig = {
      connectionString: options.url,
      application_name: 'lazuli journal',
      // Plans are kept while the table grows: never one that reads it all.
      options: `-c search_path=${options.schema} -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off`,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    };
    const links = [1, 2, 3].map(() => new PostgresLink(config, options.retryMilliseconds));
    const [writing, reading, leasing] = links as [PostgresLink, PostgresLink, PostgresLink];
    try {
      await leasing.with((client) => prepareTables(client, options.schema));
      const owned = await own(leasing, options, waiting);
      return new PostgresTable(options, owned, writing, reading, leasing);
    } catch (error) {
      for (const link of links) await link.close();
      throw error;
    }
  }

  private constructor(
    options: PostgresJournalOptions,
    owned: Owned,
    writing: PostgresLink,
    reading: PostgresLink,
    leasing: PostgresLink,
  ) {
    this.options = options;
    this.term = owned.term;
    this.lastId = owned.lastId;
    this.number = owned.number;
    this.writing = writing;
    this.reading = reading;
    this.leasing = leasing;
    this.renewal = this.renew();
  }

  async *heads(): AsyncGenerator<readonly StoredHead[]> {
    let [after, limit] = [0, 20];
    for (;;) {
      const rows = await this.select('NULL', `id > ${after} ORDER BY id LIMIT ${limit}`);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      after = last.id;
      const bytes = rows.reduce((sum, { head }) => sum + head.length, 0);
      limit = Math.min(limit * 4, 2_000, Math.max(1, Math.floor((portionBytes * rows.length) / bytes)));
    }
  }

  async write(change: RowChange): Promise<RowBody | null> {
    if (this.lost !== undefined) throw this.lost;
    const { rows } = await this.writing.ask(this.commitOf(change));
    if (rows.length === 0) await this.explain(change.id);
    return change.body;
  }

  read(ids: readonly number[]): Promise<readonly StoredRow[]> {
    return this.select('body', among(ids));
  }

  readHeads(ids: readonly number[]): Promise<readonly StoredHead[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.select('NULL', among(ids));
  }

  onLost(call: (reason: Error) => void): void {
    this.told = call;
    if (this.lost !== undefined) call(this.lost);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.renewal;
    if (this.lost === undefined) {
      await this.leasing
        .ask({
          text: "UPDATE journal SET expires = '-infinity' WHERE number = $1 AND term = $2",
          values: [this.number, this.term],
        })
        .catch(() => undefined); // Then the lease ends by itself.
    }
    for (const link of [this.writing, this.reading, this.leasing]) await link.close();
  }

  /** Takes the row of the journal, where the term is its own and the commit was not done already; then inserts and deletes. */
  private commitOf({ id, head, body, deleted }: RowChange) {
    const { number, term, options } = this;
    const fence = `WITH fence AS (UPDATE journal SET last_row = $3, expires = clock_timestamp() + $4 * interval '1 ms'
      WHERE number = $1 AND term = $2 AND last_row < $3 RETURNING number)`;
    const insert =
      ', added AS (INSERT INTO journal_row (journal, id, head, body) SELECT number, $3, $5::bytea, $6::bytea FROM fence)';
    const last = 'SELECT FROM fence';
    const values: unknown[] = [number, term, id, options.leaseMilliseconds];
    if (head !== null) values.push(bufferOf(head), body === null ? null : bufferOf(body.whole()));
    const base = head === null ? fence : `${fence}${insert}`;
    const n = values.length;
    if (deleted.length === 0) return { name: `journal ${n}`, text: `${base} ${last}`, values };
    if (deleted.length === 2) {
      const one = `, gone AS (DELETE FROM journal_row USING fence
        WHERE journal = fence.number AND id BETWEEN $${n + 1} AND $${n + 2})`;
      return { name: `journal ${n} 1`, text: `${base}${one} ${last}`, values: [...values, ...deleted] };
    }
    const many = `, gone AS (DELETE FROM journal_row USING fence, unnest($${n + 1}::bigint[], $${n + 2}::bigint[]) AS range (first, last)
      WHERE journal = fence.number AND id BETWEEN range.first AND range.last)`;
    const even = deleted.filter((_, index) => index % 2 === 0);
    const odd = deleted.filter((_, index) => index % 2 === 1);
    return { name: `journal ${n} n`, text: `${base}${many} ${last}`, values: [...values, even, odd] };
  }

  /** A commit found another term than its own, or itself: it was done when a connection broke. */
  private async explain(id: number): Promise<void> {
    const { rows } = await this.writing.ask({
      text: 'SELECT term, owner, last_row, last_row_before FROM journal WHERE number = $1',
      values: [this.number],
    });
    const [row] = rows;
    const term = Number(row?.term);
    if (term === this.term && Number(row?.last_row) >= id) return;
    const lost = this.lose(String(row?.owner));
    // What the next owner found is what was written before.
    if (term === this.term + 1 && Number(row?.last_row_before) >= id) return;
    if (term > this.term + 1) throw new StoreUnavailableError(lost.message, 'unknown', { cause: lost });
    throw lost;
  }

  private async renew(): Promise<void> {
    const { options, closing } = this;
    for (;;) {
      const waited = await delay(options.leaseMilliseconds / 4, true, { signal: closing.signal, ref: false }).catch(
        () => false,
      );
      if (!waited || this.lost !== undefined) return;
      try {
        const { rows } = await this.leasing.ask({
          name: 'journal renew',
          text: `UPDATE journal SET expires = clock_timestamp() + $3 * interval '1 ms'
            WHERE number = $1 AND term = $2 RETURNING owner`,
          values: [this.number, this.term, options.leaseMilliseconds],
        });
        if (rows.length > 0 || closing.signal.aborted) continue;
        const found = await this.leasing.ask({
          text: 'SELECT owner FROM journal WHERE number = $1',
          values: [this.number],
        });
        this.lose(String(found.rows[0]?.owner));
      } catch {
        // The server is away; commits find out, and the next attempt.
      }
    }
  }

  private lose(owner: string): StoreError {
    if (this.lost === undefined) {
      const reason = `'${owner}' has taken it over`;
      this.lost = new StoreError('JournalLost', { name: this.options.name, reason });
      this.told(this.lost);
    }
    return this.lost;
  }

  /** `COPY` takes no parameters: what is put together here are numbers. */
  private async select(body: string, which: string): Promise<StoredRow[]> {
    const select = `SELECT id, head, ${body} FROM journal_row WHERE journal = ${this.number} AND ${which}`;
    const rows = await this.reading.with((client) => copyOut(client, select));
    return rows.map(([id, head, bytes]) => {
      if (id == null || head == null) throw new StoreError('StoreCorrupt', { what: 'The journal', reason: 'a NULL' });
      return { id: Number(Buffer.from(id.buffer).readBigInt64BE()), head, body: bytes ?? null };
    });
  }
}

interface Owned {
  readonly number: number;
  readonly term: number;
  readonly lastId: number;
}

async function own(link: PostgresLink, options: PostgresJournalOptions, waiting: Waiting): Promise<Owned> {
  const { name, owner, leaseMilliseconds } = options;
  await link.ask({
    text: `INSERT INTO journal (name, term, owner, expires, last_row, last_row_before)
      VALUES ($1, 0, '', '-infinity', 0, 0) ON CONFLICT DO NOTHING`,
    values: [name],
  });
  for (let told = false; ; told = true) {
    const taken = await link.ask({
      text: `UPDATE journal SET term = term + 1, owner = $2, last_row_before = last_row,
          expires = clock_timestamp() + $3 * interval '1 ms'
        WHERE name = $1 AND expires < clock_timestamp() RETURNING number, term, last_row`,
      values: [name, owner, leaseMilliseconds],
    });
    const [row] = taken.rows;
    if (row !== undefined) return { number: row.number, term: Number(row.term), lastId: Number(row.last_row) };
    const found = await link.ask({ text: 'SELECT owner FROM journal WHERE name = $1', values: [name] });
    const other = String(found.rows[0]?.owner);
    if (!told) waiting.onWaiting?.(other);
    const aborted = await delay(lookMilliseconds, false, { signal: waiting.signal }).catch(() => true);
    if (aborted) throw new StoreError('JournalBusy', { name, owner: other });
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);

const among = (ids: readonly number[]): string => `id = ANY ('{${ids.map(Number).join(',')}}'::bigint[])`;
