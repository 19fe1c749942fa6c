import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type TableName, tables } from '../sql/tables.ts';
import { fromJson, invalid, type TableRow, toJson } from './table-rows.ts';

/**
 * The portable backup: gzip of lines of JSON. The first is the header, then `["table", [values]]` for each row, and at the end
 * the number of rows and the SHA-256 of all bytes before, without which the file is not complete.
 */
export interface PortableHeader {
  readonly format: 'lazuli-store';
  readonly formatVersion: 1;
  readonly schemaVersion: number;
  readonly epoch: string;
  readonly sequence: number;
  readonly feedFloor: number;
  readonly createdAt: string;
}

/** Longer than any row: a body and its escapes. */
const maxLine = 256 * 1024 * 1024;

/** Resolves with the number of rows. */
export async function writePortable(
  path: string,
  header: PortableHeader,
  rows: AsyncIterable<TableRow>,
): Promise<number> {
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    const hash = createHash('sha256');
    const first = `${JSON.stringify(header)}\n`;
    hash.update(first);
    yield first;
    for await (const row of rows) {
      const line = `${JSON.stringify([row.table, toJson(row)])}\n`;
      hash.update(line);
      count++;
      yield line;
    }
    yield `${JSON.stringify({ end: true, rows: count, sha256: hash.digest('hex') })}\n`;
  }
  await pipeline(
    Readable.from(lines()),
    createGzip({ level: 6 }),
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
  );
  return count;
}

/** Calls `onHeader` with the header, then yields the rows. Throws `BackupInvalid`, at the end where the file is not complete. */
export async function* readPortable(
  path: string,
  onHeader: (header: PortableHeader) => void,
): AsyncGenerator<TableRow> {
  const hash = createHash('sha256');
  let rows = 0;
  let begun = false;
  let ended = false;
  for await (const line of linesOf(path)) {
    if (ended) throw invalid(path, 'it goes on after its end');
    const value = parse(line, path);
    if (!begun) {
      begun = true;
      onHeader(headerOf(value, path));
    } else if (Array.isArray(value)) {
      rows++;
      yield rowOf(value, path);
    } else {
      ended = true;
      if (property(value, 'rows') !== rows) throw invalid(path, 'rows are missing');
      if (property(value, 'sha256') !== hash.copy().digest('hex')) throw invalid(path, 'its checksum does not fit');
    }
    hash.update(line);
    hash.update('\n');
  }
  if (!ended) throw invalid(path, 'its end is missing');
}

function headerOf(value: unknown, path: string): PortableHeader {
  const number = (name: string): number => {
    const found = property(value, name);
    if (typeof found === 'number' && Number.isSafeInteger(found) && found >= 0) return found;
    throw invalid(path, `its header has no '${name}'`);
  };
  const string = (name: string): string => {
    const found = property(value, name);
    if (typeof found === 'string') return found;
    throw invalid(path, `its header has no '${name}'`);
  };
  if (property(value, 'format') !== 'lazuli-store') throw invalid(path, 'it is no backup of a store');
  if (number('formatVersion') !== 1) throw invalid(path, 'its format is of a newer version');
  return {
    format: 'lazuli-store',
    formatVersion: 1,
    schemaVersion: number('schemaVersion'),
    epoch: string('epoch'),
    sequence: number('sequence'),
    feedFloor: number('feedFloor'),
    createdAt: string('createdAt'),
  };
}

function rowOf(value: readonly unknown[], path: string): TableRow {
  const [table, values] = value;
  if (!isTable(table) || !Array.isArray(values)) throw invalid(path, 'a line is no row of a table');
  return { table, row: fromJson(table, values, path) };
}

function isTable(name: unknown): name is TableName {
  return typeof name === 'string' && Object.hasOwn(tables, name);
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function parse(line: string, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw invalid(path, 'a line is not JSON');
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const source = createReadStream(path);
  const gunzip = createGunzip();
  const flow = pipeline(source, gunzip);
  // Its failure is the failure of the loop below.
  flow.catch(() => undefined);
  let pending: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of gunzip) {
      let rest: Buffer = chunk;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        yield Buffer.concat([...pending, rest.subarray(0, end)]).toString('utf8');
        pending = [];
        size = 0;
        rest = rest.subarray(end + 1);
      }
      size += rest.length;
      if (size > maxLine) throw invalid(path, 'a line is too long');
      if (rest.length > 0) pending.push(rest);
    }
    await flow;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code !== undefined && error.name !== 'StoreError') {
      throw invalid(path, error.message);
    }
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  if (size > 0) throw invalid(path, 'its end is missing');
}
