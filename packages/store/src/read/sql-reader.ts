import type {
  ChangePage,
  ListQuery,
  LogHead,
  LogPage,
  LogQuery,
  ResourceFilter,
  ResourcePage,
  ResourceRecord,
  StoreReader,
} from '../contract.ts';
import { StoreError } from '../errors.ts';
import { readChanges } from '../feed/read-changes.ts';
import { unseal } from '../keys/envelope.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { readHead, readLog } from '../logs/read-log.ts';
import type { Dialect, Execute, Query, Row } from '../sql/driver.ts';
import { bytes, integer, text } from '../sql/row-values.ts';
import { keyOf } from '../values/resource-id.ts';
import { recordColumns, recordOf } from './record-rows.ts';
import { countByTypeQuery, countQuery, limitOf, listQuery, maxPage } from './resource-queries.ts';

/** Reading through SQL, of a whole store or of a view. */
export class SqlReader implements StoreReader {
  private readonly exec: Execute;
  private readonly dialect: Dialect;
  private readonly ring: KeyRing;

  constructor(exec: Execute, dialect: Dialect, ring: KeyRing) {
    this.exec = exec;
    this.dialect = dialect;
    this.ring = ring;
  }

  async get(id: string): Promise<ResourceRecord | undefined> {
    const [row] = await this.rows({
      sql: `SELECT ${recordColumns} FROM resource r WHERE r.key = $1`,
      params: [keyOf(id)],
    });
    return row && recordOf(row);
  }

  async getMany(ids: readonly string[]): Promise<readonly ResourceRecord[]> {
    if (ids.length > maxPage) {
      throw new StoreError('InvalidQuery', { parameter: 'ids', actual: ids.length, expected: `at most ${maxPage}` });
    }
    const keys = ids.map(keyOf);
    const rows = await this.rows({
      sql: `SELECT ${recordColumns} FROM resource r WHERE ${this.dialect.within('r.key', 1)}`,
      params: [JSON.stringify(keys)],
    });
    const found = new Map(rows.map((row) => [text(row, 'key'), row]));
    return keys.flatMap((key) => {
      const row = found.get(key);
      return row === undefined ? [] : [recordOf(row)];
    });
  }

  async list(query: ListQuery = {}): Promise<ResourcePage> {
    const limit = limitOf(query.limit);
    const rows = await this.rows(listQuery(query, limit));
    const [first] = rows;
    if (first === undefined)
      throw new StoreError('StoreCorrupt', { what: 'The table store_state', reason: 'it is empty' });
    const items = rows
      .slice(0, limit)
      .filter((row) => row.key !== null)
      .map(recordOf);
    const sequence = integer(first, 'at_sequence');
    return rows.length > limit ? { items, next: items.at(-1)?.key, sequence } : { items, sequence };
  }

  async count(filter: ResourceFilter = {}): Promise<number> {
    const [row] = await this.rows(countQuery(filter));
    return row === undefined ? 0 : integer(row, 'count');
  }

  async countByType(filter: ResourceFilter = {}): Promise<ReadonlyMap<string, number>> {
    const rows = await this.rows(countByTypeQuery(filter));
    return new Map(rows.map((row) => [text(row, 'type'), integer(row, 'count')]));
  }

  async readSecrets(id: string, fields?: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const key = keyOf(id);
    const rows = await this.rows({
      sql: 'SELECT s.field, s.data_key, s.nonce, s.ciphertext, d.key_id, d.wrapped FROM secret s LEFT JOIN data_key d ON d.id = s.data_key WHERE s.key = $1 ORDER BY s.field',
      params: [key],
    });
    const wanted = rows.filter((row) => fields === undefined || fields.includes(text(row, 'field')));
    return new Map(wanted.map((row) => [text(row, 'field'), unsealRow(this.ring, key, row)]));
  }

  async sequence(): Promise<number> {
    const [row] = await this.rows({ sql: 'SELECT sequence FROM store_state WHERE id = 1' });
    return row === undefined ? 0 : integer(row, 'sequence');
  }

  changesAfter(sequence: number, limit?: number): Promise<ChangePage> {
    return readChanges((query) => this.rows(query), sequence, limit);
  }

  readLog(log: string, query: LogQuery = {}): Promise<LogPage> {
    return readLog((statement) => this.rows(statement), log, query);
  }

  logHead(log: string): Promise<LogHead> {
    return readHead((statement) => this.rows(statement), log);
  }

  private async rows(query: Query): Promise<Row[]> {
    const [rows = []] = await this.exec([query]);
    return rows;
  }
}

/** A row of `secret` with those columns of its data key that wrap it. */
export function unsealRow(ring: KeyRing, key: string, row: Row): string {
  const field = text(row, 'field');
  if (row.wrapped === null) {
    throw new StoreError('StoreCorrupt', {
      what: `The secret '${field}' of '${key}'`,
      reason: 'its data key is missing',
    });
  }
  return unseal(ring, key, {
    field,
    dataKeyId: text(row, 'data_key'),
    wrappedKey: { keyId: text(row, 'key_id'), wrapped: bytes(row, 'wrapped') },
    nonce: bytes(row, 'nonce'),
    ciphertext: bytes(row, 'ciphertext'),
  });
}
