import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Expected, expectPrefix, startJournalWriter } from '../testing/journal-crash.ts';
import { postgresPrograms, startPostgres } from '../testing/postgres-server.ts';
import { openJournal } from './open-journal.ts';

/** `LAZULI_TEST_CRASHES`: how many times as many as usual. */
const rounds = 20 * Number(process.env.LAZULI_TEST_CRASHES ?? 1);

const opening = { name: 'crash', owner: 'the test', leaseMilliseconds: 400 };

test(`SQLite: a writer that is killed ${rounds} times loses nothing acknowledged, and nothing removed returns`, {
  timeout: 5_000 * rounds,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-journal-'));
  try {
    const url = `sqlite:${join(folder, 'journal.db')}`;
    let state: Expected = new Map();
    for (let round = 0; round < rounds; round++) {
      const writer = startJournalWriter(url, undefined, round * 1_000_000);
      await writer.reached(round * 17);
      const said = await writer.kill();
      const opened = await openJournal(url, opening);
      state = await expectPrefix(opened, state, said);
      await opened.journal.close();
    }
    expect(state.size).toBeGreaterThan(20);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const programs = postgresPrograms();

test.skipIf(programs === undefined)(
  `PostgreSQL: the server or the writer is killed ${rounds} times; the same, and the writer goes on when the server is back`,
  { timeout: 10_000 * rounds },
  async () => {
    const server = await startPostgres(programs ?? '');
    try {
      const schema = `test_${randomBytes(6).toString('hex')}`;
      let state: Expected = new Map();
      for (let round = 0; round < rounds; round++) {
        const writer = startJournalWriter(server.url, schema, round * 1_000_000);
        await writer.reached(round * 7);
        if (round % 2 === 1) {
          await server.kill();
          await server.start();
          await writer.reached(round * 7 + 200);
        }
        const said = await writer.kill();
        const opened = await openJournal(server.url, { ...opening, schema });
        state = await expectPrefix(opened, state, said);
        await opened.journal.close();
      }
      expect(state.size).toBeGreaterThan(20);
    } finally {
      await server.remove();
    }
  },
);

test.skipIf(programs === undefined)(
  'PostgreSQL: a writer that stood still finds itself replaced, and nothing of it is written',
  {
    timeout: 30_000,
  },
  async () => {
    const server = await startPostgres(programs ?? '');
    try {
      const schema = 'stopped';
      const writer = startJournalWriter(server.url, schema, 0);
      await writer.reached(50);
      writer.pause();
      const opened = await openJournal(server.url, { ...opening, schema });
      let heads = 0;
      for await (const { head } of opened.items) heads += head.length / 4;
      writer.resume();
      expect(await writer.ended).toContain("is not this process's any more");
      await opened.journal.close();
      const again = await openJournal(server.url, { ...opening, schema });
      let after = 0;
      for await (const { head } of again.items) after += head.length / 4;
      expect(after).toBe(heads);
      await again.journal.close();
    } finally {
      await server.remove();
    }
  },
);
