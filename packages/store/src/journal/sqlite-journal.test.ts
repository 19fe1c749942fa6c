import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { JournalItem, OpenJournalOptions } from './contract.ts';
import { journalOf } from './durable-journal.ts';
import { all, bodyText, bytesOf, describeJournal, type JournalPlace } from './journal.contract.ts';
import { describeJournalModel } from './model.contract.ts';
import { openJournal } from './open-journal.ts';
import { SqliteTable } from './sqlite-table.ts';

interface Place extends JournalPlace {
  readonly path: string;
}

async function create(settings: Partial<OpenJournalOptions> = {}): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-journal-'));
  const path = join(folder, 'journal.db');
  return {
    path,
    open: (options: Partial<OpenJournalOptions> = {}) =>
      openJournal(`sqlite:${path}`, { name: 'test', owner: 'this test', ...settings, ...options }),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeJournal('SQLite', create);
describeJournal('SQLite, all bodies apart', () => create({ apartFrom: 1 }));
describeJournalModel('SQLite', create);
// Few bodies lie apart, about half, and all of them.
for (const apartFrom of [2_000_000, 100_000, 1]) {
  describeJournalModel(`SQLite, with compaction all the time and bodies of ${apartFrom} bytes apart`, async () => {
    const place = await create();
    const options = {
      path: place.path,
      name: 'test',
      owner: 'x',
      pageBytes: 4096,
      checkpointBytes: 400 * 1024,
      apartFrom,
    };
    return {
      open: async ({ cacheBytes = 0, compactBelow = 0.5 } = {}) =>
        journalOf(await SqliteTable.open(options, {}), { name: 'test', cacheBytes, compactBelow, compactFrom: 20_000 }),
      [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
    };
  });
}

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
    apartFrom: 1024 * 1024,
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

test('the file of bodies becomes smaller, too, and what is left in it is moved', { timeout: 30_000 }, async () => {
  await using place = await create({ apartFrom: 1 });
  const { journal } = await place.open({ cacheBytes: 0 });
  const bodyOf = (n: number): Buffer => Buffer.alloc(400_000 + n * 1_000, `${n} `);
  const items = [];
  for (let n = 0; n < 200; n++) {
    items.push(journal.append(bytesOf(String(n)), journal.body([bodyOf(n)])));
    await journal.commit();
  }
  const size = (): number => statSync(`${place.path}-bodies`).size;
  expect(size()).toBeGreaterThan(100_000_000);
  // The last ones stay: only by moving them can the file become smaller.
  for (const item of items.slice(0, 190)) journal.remove(item);
  await journal.commit();
  for (const [n, item] of items.entries()) {
    if (n >= 190) expect(bodyOf(n).equals(Buffer.concat(await journal.readBody(item)))).toBe(true);
  }
  await expect.poll(size, { timeout: 20_000, interval: 5 }).toBeLessThan(40_000_000);
  for (const [n, item] of items.entries()) {
    if (n >= 190) expect(bodyOf(n).equals(Buffer.concat(await journal.readBody(item)))).toBe(true);
  }
  await journal.close();
  const opened = await place.open();
  const found = await all(opened);
  expect(found.map(({ head }) => head)).toEqual(items.slice(190).map((_, n) => String(190 + n)));
  for (const { item, head } of found) {
    expect(bodyOf(Number(head)).equals(Buffer.concat(await opened.journal.readBody(item)))).toBe(true);
    opened.journal.remove(item);
  }
  await opened.journal.close();
});

test('what is written while the file of bodies becomes smaller is there', { timeout: 30_000 }, async () => {
  await using place = await create({ apartFrom: 1 });
  const { journal } = await place.open({ cacheBytes: 0 });
  const live: { readonly item: JournalItem; readonly n: number }[] = [];
  const bodyOf = (n: number): Buffer => Buffer.alloc(100_000 + ((n * 7_919) % 300_000), `${n} `);
  const append = (n: number): void =>
    void live.push({ item: journal.append(bytesOf(String(n)), journal.body([bodyOf(n)])), n });
  let n = 0;
  for (; n < 400; n++) {
    append(n);
    if (n % 5 === 4) await journal.commit();
  }
  const size = (): number => statSync(`${place.path}-bodies`).size;
  const whole = size();
  // Rows get old: some of each goes, what is left of them is written anew, and the file is cut in steps beside that.
  for (let turn = 0; turn < 3_000 && size() > whole / 2; turn++) {
    for (let k = 0; k < 4 && live.length > 60; k++) {
      journal.remove(live.splice((turn * 31 + k) % live.length, 1)[0]!.item);
    }
    append(n++);
    await journal.commit();
    const one = live[(turn * 17) % live.length]!;
    expect(bodyOf(one.n).equals(Buffer.concat(await journal.readBody(one.item)))).toBe(true);
    if (live.length > 60) continue;
    journal.remove(live.shift()!.item);
  }
  expect(size()).toBeLessThanOrEqual(whole / 2);
  for (const one of live) expect(bodyOf(one.n).equals(Buffer.concat(await journal.readBody(one.item)))).toBe(true);
  await journal.close();
});

test('a file of bodies that is not the one that was written is refused', async () => {
  await using place = await create({ apartFrom: 1 });
  const { journal } = await place.open();
  for (const text of ['one', 'two']) {
    journal.append(bytesOf(text), journal.body([Buffer.alloc(5_000, text)]));
    await journal.commit();
  }
  await journal.close();
  const bodies = `${place.path}-bodies`;
  expect(statSync(bodies).mode & 0o777).toBe(0o600);
  const whole = readFileSync(bodies);
  const refused = async (reason: RegExp): Promise<void> => {
    await expect(place.open()).rejects.toMatchObject({ code: 'StoreCorrupt', message: expect.stringMatching(reason) });
  };
  rmSync(bodies);
  mkdirSync(bodies);
  await expect(place.open()).rejects.toMatchObject({ code: 'StoreUnavailable' });
  rmdirSync(bodies);
  await refused(/-bodies' is damaged: it is missing/);
  writeFileSync(bodies, whole.subarray(0, whole.length - 1));
  await refused(/has 13191 bytes where 13192 were written/);
  const change = (sql: string): void => {
    const database = new DatabaseSync(place.path);
    database.exec(sql);
    database.close();
  };
  writeFileSync(bodies, whole);
  change('UPDATE journal_row SET page = 1 WHERE page = 2');
  await refused(/two things lie at page 1/);
  change('UPDATE journal_row SET page = 2 WHERE page = 1');
  change('UPDATE journal_row SET bytes = -bytes WHERE page = 2');
  await refused(/row 2 says that it has -5000 bytes at page 2/);
  change('UPDATE journal_row SET bytes = -bytes WHERE page = 2');
  whole[3 * 4096] = 0x21;
  writeFileSync(bodies, whole);
  const opened = await place.open();
  const [first, second] = await all(opened);
  expect(await bodyText(opened.journal, first!.item)).toMatch(/^oneone/);
  await expect(opened.journal.readBody(second!.item)).rejects.toMatchObject({ code: 'StoreCorrupt' });
  await opened.journal.close();
});

test('a body that cannot be written is an error of the commit', async () => {
  await using place = await create({ apartFrom: 1 });
  const { journal } = await place.open();
  mkdirSync(`${place.path}-bodies`);
  const lost: Error[] = [];
  journal.onLost((reason) => lost.push(reason));
  journal.append(bytesOf('h'), journal.body([bytesOf('body')]));
  await expect(journal.commit()).rejects.toMatchObject({ code: 'StoreUnavailable', outcome: 'notWritten' });
  expect(lost).toHaveLength(1);
  await journal.close();
  rmdirSync(`${place.path}-bodies`);
  const second = await place.open();
  expect(await all(second)).toEqual([]);
  await second.journal.close();
});

test('a file of the version before is taken over', async () => {
  await using place = await create();
  const { journal } = await place.open();
  journal.append(bytesOf('head'), journal.body([bytesOf('body')]));
  await journal.close();
  const database = new DatabaseSync(place.path);
  database.exec(`ALTER TABLE journal_row DROP COLUMN page; ALTER TABLE journal_row DROP COLUMN bytes;
    PRAGMA user_version = 1`);
  database.close();
  const opened = await place.open({ apartFrom: 1 });
  const [found] = await all(opened);
  expect(await bodyText(opened.journal, found!.item)).toBe('body');
  opened.journal.append(bytesOf('more'), opened.journal.body([bytesOf('apart')]));
  await opened.journal.close();
  const again = await place.open();
  const [, more] = await all(again);
  expect(await bodyText(again.journal, more!.item)).toBe('apart');
  await again.journal.close();
});

test('other files, newer ones and journals of another name are refused', async () => {
  await using place = await create();
  await (await place.open()).journal.close();
  await expect(place.open({ name: 'other' })).rejects.toMatchObject({ code: 'InvalidOption' });
  const database = new DatabaseSync(place.path);
  database.exec('PRAGMA user_version = 3');
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
  await expect(place.open({ apartFrom: 0 })).rejects.toMatchObject({ code: 'InvalidOption' });
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
