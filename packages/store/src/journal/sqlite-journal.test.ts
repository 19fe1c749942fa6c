import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { OpenJournalOptions } from './contract.ts';
import { journalOf } from './durable-journal.ts';
import { all, bytesOf, describeJournal, type JournalPlace } from './journal.contract.ts';
import { describeJournalModel } from './model.contract.ts';
import { openJournal } from './open-journal.ts';
import { SqliteTable } from './sqlite-table.ts';

interface Place extends JournalPlace {
  readonly path: string;
}

async function create(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-journal-'));
  const path = join(folder, 'journal.db');
  return {
    path,
    open: (options: Partial<OpenJournalOptions> = {}) =>
      openJournal(`sqlite:${path}`, { name: 'test', owner: 'this test', ...options }),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeJournal('SQLite', create);
describeJournalModel('SQLite', create);
describeJournalModel('SQLite, with compaction all the time', async () => {
  const place = await create();
  const options = { path: place.path, name: 'test', owner: 'x', pageBytes: 4096, checkpointBytes: 400 * 1024 };
  return {
    open: async ({ cacheBytes = 0, compactBelow = 0.5 } = {}) =>
      journalOf(await SqliteTable.open(options, {}), { name: 'test', cacheBytes, compactBelow, compactFrom: 20_000 }),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
});

test('a second owner waits, and is told for whom; the signal ends that', async () => {
  await using place = await create();
  const { journal } = await place.open();
  const stop = new AbortController();
  const waited = place.open({
    owner: 'another',
    signal: stop.signal,
    onWaiting: (owner) => {
      expect(owner).toBe('this test');
      stop.abort();
    },
  });
  await expect(waited).rejects.toMatchObject({ code: 'JournalBusy' });
  const next = place.open({ onWaiting: () => void journal.close() });
  expect((await next).journal.term).toBe(journal.term + 1);
  await (await next).journal.close();
});

test('a process that dies lets go of the file', async () => {
  await using place = await create();
  await (await place.open()).journal.close();
  const program = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(process.argv[1]);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT');
    console.log('owned');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', program, place.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const opened = await place.open({ onWaiting: () => void child.kill('SIGKILL') });
  expect(child.killed).toBe(true);
  await opened.journal.close();
});

test('a full disk is an error of the commit; the journal is lost, what was committed is there', async () => {
  await using place = await create();
  const settings = { name: 'test', cacheBytes: 0, compactBelow: 0.5 };
  const options = {
    path: place.path,
    name: 'test',
    owner: 'x',
    pageBytes: 4096,
    checkpointBytes: 4 * 1024 * 1024,
    maxPages: 300,
  };
  const { journal } = await journalOf(await SqliteTable.open(options, {}), settings);
  const lost: Error[] = [];
  journal.onLost((reason) => lost.push(reason));
  let committed = 0;
  const fill = async (): Promise<void> => {
    for (; committed < 1_000; committed++) {
      journal.append(bytesOf(String(committed)), journal.body([Buffer.alloc(10_000)]));
      await journal.commit();
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: 'StoreUnavailable', outcome: 'notWritten' });
  expect(lost).toHaveLength(1);
  await journal.close();
  expect(committed).toBeGreaterThan(50);
  const second = await place.open();
  expect(await all(second)).toHaveLength(committed);
  await second.journal.close();
});

test('the file becomes smaller when much was removed', { timeout: 30_000 }, async () => {
  await using place = await create();
  const { journal } = await place.open();
  const items = Array.from({ length: 100 }, () =>
    journal.append(bytesOf('h'), journal.body([Buffer.alloc(1_000_000)])),
  );
  await journal.commit();
  for (const item of items) journal.remove(item);
  await journal.commit();
  const size = (): number => {
    journal.append(bytesOf('one more commit'));
    return statSync(place.path).size;
  };
  await expect.poll(size, { timeout: 20_000, interval: 5 }).toBeLessThan(60_000_000);
  await journal.close();
});

test('other files, newer ones and journals of another name are refused', async () => {
  await using place = await create();
  await (await place.open()).journal.close();
  await expect(place.open({ name: 'other' })).rejects.toMatchObject({ code: 'InvalidOption' });
  const database = new DatabaseSync(place.path);
  database.exec('PRAGMA user_version = 2');
  database.close();
  await expect(place.open()).rejects.toMatchObject({ code: 'NewerSchema' });
  const foreign = new DatabaseSync(`${place.path}.foreign`);
  foreign.exec('CREATE TABLE t (x)');
  foreign.close();
  const named = { name: 'test', owner: 'x' };
  await expect(openJournal(`sqlite:${place.path}.foreign`, named)).rejects.toMatchObject({ code: 'SchemaMismatch' });
  writeFileSync(`${place.path}.text`, 'x'.repeat(10_000));
  await expect(openJournal(`sqlite:${place.path}.text`, named)).rejects.toMatchObject({ code: 'StoreCorrupt' });
  await expect(openJournal('sqlite::memory:', named)).rejects.toMatchObject({ code: 'InvalidUrl' });
  await expect(openJournal('mysql://x', named)).rejects.toMatchObject({ code: 'InvalidUrl' });
  await expect(place.open({ name: 'a/b' })).rejects.toMatchObject({ code: 'InvalidJournal' });
  await expect(place.open({ compactBelow: 2 })).rejects.toMatchObject({ code: 'InvalidOption' });
});

test('a row that was damaged is found, in its head when it is opened and in its bodies when they are read', async () => {
  await using place = await create();
  const { journal } = await place.open();
  journal.append(bytesOf('head'), journal.body([bytesOf('body')]));
  await journal.close();
  const change = (sql: string): void => {
    const database = new DatabaseSync(place.path);
    database.exec(sql);
    database.close();
  };
  change("UPDATE journal_row SET body = CAST('bodY' AS BLOB)");
  const opened = await place.open();
  const [found] = await all(opened);
  await expect(opened.journal.readBody(found!.item)).rejects.toMatchObject({ code: 'StoreCorrupt' });
  await opened.journal.close();
  change('UPDATE journal_row SET head = substr(head, 1, length(head) - 1)');
  await expect(place.open()).rejects.toMatchObject({ code: 'StoreCorrupt' });
});
