import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, postgresPrograms, startPostgres } from '../testing/postgres-server.ts';
import type { OpenJournalOptions } from './contract.ts';
import { all, bytesOf, describeJournal, type JournalPlace } from './journal.contract.ts';
import { describeJournalModel } from './model.contract.ts';
import { openJournal } from './open-journal.ts';

const programs = postgresPrograms();

describe.skipIf(programs === undefined)('with a server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
  });
  afterAll(() => server?.remove());

  interface Place extends JournalPlace {
    readonly schema: string;
  }
  const create = async (): Promise<Place> => {
    const schema = `test_${randomBytes(6).toString('hex')}`;
    return {
      schema,
      open: (options: Partial<OpenJournalOptions> = {}) =>
        openJournal(server.url, { name: 'test', owner: 'this test', schema, ...options }),
      async [Symbol.asyncDispose]() {},
    };
  };
  const sql = async (schema: string, text: string): Promise<void> => {
    const client = new Client({ connectionString: server.url, options: `-c search_path=${schema}` });
    await client.connect();
    await client.query(text);
    await client.end();
  };

  describeJournal('PostgreSQL', create);
  describeJournalModel('PostgreSQL', create);

  test('journals of different names in one schema know nothing of each other', async () => {
    await using place = await create();
    const [one, two] = await Promise.all([place.open({ name: 'one' }), place.open({ name: 'two' })]);
    for (const { journal } of [one, two]) {
      const item = journal.append(bytesOf(journal.name), journal.body([bytesOf(journal.name)]));
      journal.append(bytesOf('gone'));
      await journal.commit();
      if (journal.name === 'two') journal.remove(item);
      await journal.close();
    }
    const again = await place.open({ name: 'one' });
    expect((await all(again)).map(({ head }) => head)).toEqual(['one', 'gone']);
    await again.journal.close();
  });

  test('a second owner waits until the first lets go, or its lease ends; the first then finds its commits refused', async () => {
    await using place = await create();
    const first = await place.open({ owner: 'first', leaseMilliseconds: 60_000 });
    const stop = new AbortController();
    const busy = place.open({
      signal: stop.signal,
      onWaiting: (owner) => {
        expect(owner).toBe('first');
        stop.abort();
      },
    });
    await expect(busy).rejects.toMatchObject({ code: 'JournalBusy' });
    first.journal.append(bytesOf('before'));
    await first.journal.commit();

    const second = place.open({ owner: 'second', onWaiting: () => void first.journal.close() });
    expect((await second).journal.term).toBe(first.journal.term + 1);
    // As if the second had stood still until its lease was over.
    await sql(place.schema, "UPDATE journal SET expires = '-infinity'");
    const third = await place.open({ owner: 'third' });
    expect((await all(third)).map(({ head }) => head)).toEqual(['before']);
    const lost: Error[] = [];
    const { journal } = await second;
    journal.onLost((reason) => lost.push(reason));
    journal.append(bytesOf('too late'));
    await expect(journal.commit()).rejects.toMatchObject({ code: 'JournalLost' });
    expect(lost).toMatchObject([{ code: 'JournalLost' }]);
    await journal.close();
    await third.journal.close();
    const fourth = await place.open();
    expect((await all(fourth)).map(({ head }) => head)).toEqual(['before']);
    await fourth.journal.close();
  });

  test('an owner that asks for nothing hears that it lost the journal, too', async () => {
    await using place = await create();
    const { journal } = await place.open({ leaseMilliseconds: 200 });
    const lost = new Promise<Error>((resolve) => journal.onLost(resolve));
    await sql(place.schema, "UPDATE journal SET term = term + 1, owner = 'thief'");
    expect((await lost).message).toContain('thief');
    await journal.close();
  });

  test('a lease is renewed for as long as its owner lives', async () => {
    await using place = await create();
    const { journal } = await place.open({ leaseMilliseconds: 400 });
    const stop = new AbortController();
    const other = place.open({ signal: stop.signal });
    other.catch(() => undefined);
    const outcome = await Promise.race([other, new Promise((resolve) => setTimeout(resolve, 1_200, 'still waiting'))]);
    expect(outcome).toBe('still waiting');
    stop.abort();
    await expect(other).rejects.toMatchObject({ code: 'JournalBusy' });
    await journal.close();
  });

  test('connections that are cut are made anew; nothing is written twice or lost', { timeout: 30_000 }, async () => {
    await using place = await create();
    const { journal } = await place.open();
    let cutting = true;
    const cut = (async () => {
      while (cutting) {
        await sql(
          place.schema,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lazuli journal'",
        );
      }
    })();
    for (let n = 0; n < 100; n++) {
      journal.append(bytesOf(String(n)), journal.body([Buffer.alloc(50_000)]));
      await journal.commit();
    }
    cutting = false;
    await cut;
    await journal.close();
    const second = await place.open();
    expect((await all(second)).map(({ head }) => head)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
    await second.journal.close();
  });

  test('a commit whose outcome was not heard is looked up: done, or done again', async () => {
    await using place = await create();
    const { journal } = await place.open();
    journal.append(bytesOf('a'));
    await journal.commit();
    // The next commit finds itself done already.
    await sql(place.schema, 'UPDATE journal SET last_row = last_row + 1');
    journal.append(bytesOf('b'));
    await journal.commit();
    await journal.close();
  });

  test('tables of a newer version are refused', async () => {
    await using place = await create();
    await (await place.open()).journal.close();
    await sql(place.schema, 'UPDATE journal_schema SET version = 2');
    await expect(place.open()).rejects.toMatchObject({ code: 'NewerSchema' });
    await expect(place.open({ schema: 'No' })).rejects.toMatchObject({ code: 'InvalidOption' });
    await expect(place.open({ leaseMilliseconds: 1 })).rejects.toMatchObject({ code: 'InvalidOption' });
  });
});
