import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type PortableHeader, readPortable, writePortable } from './portable-file.ts';
import type { TableRow } from './table-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'lazuli-portable-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const header: PortableHeader = {
  format: 'lazuli-store',
  formatVersion: 1,
  schemaVersion: 1,
  epoch: 'e',
  sequence: 3,
  feedFloor: 0,
  createdAt: '2026-11-24T12:00:00.000Z',
};
const rows: readonly TableRow[] = [
  { table: 'log_head', row: ['audit', 1, 'hash \u2028 "\n', 0, 'x'] },
  { table: 'secret', row: ['/a', 's', 'k', Buffer.from([0, 255, 10]), Buffer.alloc(0)] },
  { table: 'log_entry', row: ['audit', 1, 5, null, null, '{"a":"\u{1f600}"}', 'h'] },
];

async function write(name: string): Promise<string> {
  const path = join(folder, name);
  async function* source(): AsyncGenerator<TableRow> {
    yield* rows;
  }
  expect(await writePortable(path, header, source())).toBe(rows.length);
  return path;
}

async function read(path: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const row of readPortable(path, (given) => found.push(given))) found.push(row);
  return found;
}

test('what was written is read', async () => {
  expect(await read(await write('whole'))).toEqual([header, ...rows]);
});

test('a file in which bytes differ or are missing is refused, or means the same', async () => {
  const good = readFileSync(await write('good'));
  const path = join(folder, 'bad');
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, difference, cut) => {
      const bytes = Buffer.from(good);
      const index = at % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ difference;
      writeFileSync(path, cut ? good.subarray(0, index) : bytes);
      const found = await read(path).catch((error: unknown) => error);
      // Time and system in the head of a gzip file say nothing.
      if (Array.isArray(found)) expect(found).toEqual([header, ...rows]);
      else expect(found).toMatchObject({ code: 'BackupInvalid' });
    }),
    { numRuns: 100 },
  );
});

test('whatever lines a file has, it is refused', async () => {
  const path = join(folder, 'lines');
  const line = fc.oneof(fc.json(), fc.string(), fc.constant(JSON.stringify(header)), fc.constant('["secret",[]]'));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.boolean(), async (lines, compressed) => {
      const text = lines.join('\n');
      writeFileSync(path, compressed ? gzipSync(text) : text);
      await expect(read(path)).rejects.toMatchObject({ code: 'BackupInvalid' });
    }),
    { numRuns: 100 },
  );
});
