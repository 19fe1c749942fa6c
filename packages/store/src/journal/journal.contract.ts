import { describe, expect, test } from 'vitest';
import type { Journal, JournalItem, JournalOpened, OpenJournalOptions } from './contract.ts';

/** A place for a journal that can be opened again and again; one at a time. */
export interface JournalPlace extends AsyncDisposable {
  open(options?: Partial<OpenJournalOptions>): Promise<JournalOpened>;
}

export const bytesOf = (text: string): Uint8Array => Buffer.from(text);

export interface Found {
  readonly item: JournalItem;
  readonly head: string;
  readonly amendment: string | undefined;
}

export async function all({ items }: JournalOpened): Promise<Found[]> {
  const found: Found[] = [];
  for await (const { item, head, amendment } of items) {
    found.push({
      item,
      head: Buffer.from(head).toString(),
      amendment: amendment === undefined ? undefined : Buffer.from(amendment).toString(),
    });
  }
  return found;
}

export async function bodyText(journal: Journal, item: JournalItem): Promise<string> {
  return Buffer.concat(await journal.readBody(item)).toString();
}

/** The statements about journals that hold wherever they are kept. */
export function describeJournal(name: string, create: () => Promise<JournalPlace>): void {
  describe(`journal in ${name}`, () => {
    test('gives back what was committed, in the order in which it was appended, with the latest amendment', async () => {
      await using place = await create();
      const first = await place.open();
      expect(await all(first)).toEqual([]);
      const { journal } = first;
      const a = journal.append(bytesOf('a'), journal.body([bytesOf('body '), bytesOf('of a')]));
      const b = journal.append(bytesOf('b'));
      journal.append(new Uint8Array(0), journal.body([]));
      expect([a.bodyBytes, b.bodyBytes]).toEqual([9, 0]);
      await journal.commit();
      journal.amend(b, bytesOf('1'));
      journal.amend(b, bytesOf('2'));
      journal.append(bytesOf('d'), journal.body([bytesOf('body of d')]));
      await journal.commit();
      journal.amend(b, bytesOf('3'));
      await journal.close();

      const second = await place.open();
      const found = await all(second);
      expect(found.map(({ head, amendment }) => [head, amendment])).toEqual([
        ['a', undefined],
        ['b', '3'],
        ['', undefined],
        ['d', undefined],
      ]);
      expect(await Promise.all(found.map(({ item }) => bodyText(second.journal, item)))).toEqual([
        'body of a',
        '',
        '',
        'body of d',
      ]);
      expect(second.journal.term).toBeGreaterThan(journal.term);
      await second.journal.close();
    });

    test('what was removed does not return; its body cannot be read; removing it again does nothing', async () => {
      await using place = await create();
      const { journal } = await place.open();
      const [a, b, c] = ['a', 'b', 'c'].map((text) => journal.append(bytesOf(text), journal.body([bytesOf(text)])));
      if (a === undefined || b === undefined || c === undefined) throw new Error('three were appended');
      journal.remove(b); // In the same turn
      await journal.commit();
      journal.amend(a, bytesOf('late'));
      journal.remove(a);
      journal.remove(a);
      journal.amend(a, bytesOf('too late'));
      await expect(Promise.resolve(journal.readBody(a))).rejects.toMatchObject({ code: 'JournalItemGone' });
      await journal.commit();
      expect(journal.statistics.items).toBe(1);
      await journal.close();
      const second = await place.open();
      expect((await all(second)).map(({ head, amendment }) => [head, amendment])).toEqual([['c', undefined]]);
      await second.journal.close();
    });

    test('nothing is left when all is removed, also where rows speak of each other', async () => {
      await using place = await create();
      const { journal } = await place.open();
      let before: JournalItem[] = [];
      for (let round = 0; round < 20; round++) {
        const kept = before;
        before = Array.from({ length: 10 }, (_, n) =>
          journal.append(bytesOf(`${round}/${n}`), journal.body([bytesOf('x')])),
        );
        for (const item of kept.slice(0, 9)) journal.remove(item);
        if (kept[9] !== undefined) journal.amend(kept[9], bytesOf('stays'));
        await journal.commit();
      }
      expect(journal.statistics.items).toBe(29);
      await journal.close();
      const second = await place.open();
      for (const { item } of await all(second)) second.journal.remove(item);
      await second.journal.commit();
      await second.journal.commit();
      expect(second.journal.statistics).toMatchObject({ rows: 0, bytes: 0, liveBytes: 0, items: 0 });
      await second.journal.close();
      const third = await place.open();
      expect(await all(third)).toEqual([]);
      expect(third.journal.statistics.rows).toBe(0);
      await third.journal.close();
    });

    test('items of a transaction share a body, whichever of them goes first', async () => {
      await using place = await create();
      const { journal } = await place.open();
      const shared = journal.body([Buffer.alloc(10_000, 's')]);
      const items = Array.from({ length: 100 }, (_, n) => journal.append(bytesOf(String(n)), shared));
      journal.append(bytesOf('own'), journal.body([bytesOf('own')]));
      await journal.commit();
      expect(journal.statistics.bytes).toBeLessThan(15_000);
      for (const item of items.slice(0, 99)) journal.remove(item);
      await journal.commit();
      expect(journal.statistics.liveBytes).toBeGreaterThan(10_000);
      await journal.close();
      const second = await place.open({ cacheBytes: 0 });
      const found = await all(second);
      expect(found.map(({ head }) => head)).toEqual(['99', 'own']);
      expect(await Promise.all(found.map(({ item }) => bodyText(second.journal, item)))).toEqual([
        's'.repeat(10_000),
        'own',
      ]);
      await second.journal.close();
    });

    test('bodies that memory has no room for are read again, together', async () => {
      await using place = await create();
      const { journal } = await place.open({ cacheBytes: 100_000 });
      const items: JournalItem[] = [];
      for (let row = 0; row < 40; row++) {
        for (let n = 0; n < 10; n++) {
          items.push(journal.append(bytesOf('h'), journal.body([Buffer.alloc(1_000, `${items.length},`)])));
        }
        await journal.commit();
      }
      const expected = (n: number): string => Buffer.alloc(1_000, `${n},`).toString();
      const texts = await Promise.all(items.map((item) => bodyText(journal, item)));
      for (const [n, text] of texts.entries()) expect(text).toBe(expected(n));
      // One after the other, as a queue is read; and what was just read is at hand.
      for (const [n, item] of items.entries()) expect(await bodyText(journal, item)).toBe(expected(n));
      expect(journal.readBody(items.at(-1)!)).toBeInstanceOf(Array);
      await journal.close();
    });

    test('a body can be read before it is on disk, and while it gets there', async () => {
      await using place = await create();
      const { journal } = await place.open({ cacheBytes: 0 });
      const item = journal.append(bytesOf('h'), journal.body([bytesOf('at '), bytesOf('once')]));
      expect(await bodyText(journal, item)).toBe('at once');
      const done = journal.commit();
      await new Promise((resolve) => setImmediate(resolve));
      expect(await bodyText(journal, item)).toBe('at once');
      await done;
      expect(await bodyText(journal, item)).toBe('at once');
      await journal.close();
    });

    test('bytes that were given stay those of who gave them', async () => {
      await using place = await create();
      const { journal } = await place.open();
      const given = new Uint8Array(20_000).fill(7);
      const item = journal.append(bytesOf('h'), journal.body([given]));
      await journal.commit();
      expect([given.length, given[19_999]]).toEqual([20_000, 7]);
      expect(Buffer.concat(await journal.readBody(item)).equals(given)).toBe(true);
      await journal.close();
    });

    test('a body of 100 MB', { timeout: 60_000 }, async () => {
      await using place = await create();
      const { journal } = await place.open();
      const huge = Buffer.alloc(100_000_000, 'huge body ');
      journal.append(bytesOf('huge'), journal.body([huge.subarray(0, 10), huge.subarray(10)]));
      expect(journal.pendingBytes).toBe(100_000_004);
      await journal.commit();
      expect(journal.pendingBytes).toBe(0);
      await journal.close();
      const second = await place.open();
      const [found] = await all(second);
      const read = await second.journal.readBody(found!.item);
      expect(huge.equals(Buffer.concat(read))).toBe(true);
      second.journal.remove(found!.item);
      await second.journal.close();
      const third = await place.open();
      expect(await all(third)).toEqual([]);
      await third.journal.close();
    });

    test('callbacks come in order, once, when what was asked for before them is on disk', async () => {
      await using place = await create();
      const { journal } = await place.open();
      const heard: number[] = [];
      journal.onCommitted(() => heard.push(0)); // Nothing was asked for: soon.
      for (let n = 1; n < 50; n++) {
        journal.append(bytesOf(String(n)));
        journal.onCommitted(() => heard.push(n));
        if (n % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await journal.commit();
      expect(heard).toEqual(Array.from({ length: 50 }, (_, n) => n));
      expect(journal.pendingBytes).toBe(0);
      expect(journal.statistics.commits).toBeLessThan(20);
      await journal.close();
      expect(heard).toHaveLength(50);
    });

    test('closing writes what waits; afterwards nothing is', async () => {
      await using place = await create();
      const { journal } = await place.open();
      const outcomes: Promise<void>[] = [];
      for (let n = 0; n < 20; n++) {
        journal.append(bytesOf(String(n)), journal.body([Buffer.alloc(200_000)]));
        outcomes.push(journal.commit());
        if (n % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all([journal.close(), journal.close(), ...outcomes]);
      journal.append(bytesOf('late'));
      await expect(journal.commit()).rejects.toMatchObject({ code: 'StoreClosed' });
      expect(journal.pendingBytes).toBe(0);
      const second = await place.open();
      expect(await all(second)).toHaveLength(20);
      await second.journal.close();
    });

    test('space that is not needed is given back while others write: little of it is garbage', {
      timeout: 60_000,
    }, async () => {
      await using place = await create();
      const { journal } = await place.open({ cacheBytes: 1_000_000 });
      const kept = new Map<string, JournalItem>();
      let [appended, item] = [0, undefined as JournalItem | undefined];
      // One of fifty stays: it alone keeps its row, and the rows that speak of that one.
      let before: JournalItem[] = [];
      while (appended < 60_000_000) {
        const now: JournalItem[] = [];
        for (let n = 0; n < 50; n++) {
          const head = `${appended}`;
          item = journal.append(bytesOf(head), journal.body([Buffer.alloc(4_000, head)]));
          appended += 4_000;
          if (n === 0) kept.set(head, item);
          else now.push(item);
        }
        for (const old of before) journal.remove(old);
        before = now;
        await journal.commit();
        const first = kept.values().next().value;
        if (first !== undefined) journal.amend(first, bytesOf(String(appended)));
      }
      for (const old of before) journal.remove(old);
      // Compaction goes on by itself.
      await expect.poll(() => journal.statistics.bytes, { timeout: 20_000 }).toBeLessThan(17 * 1024 * 1024);
      for (const [head, one] of [...kept].slice(0, 50)) {
        expect(await bodyText(journal, one)).toBe(Buffer.alloc(4_000, head).toString());
      }
      await journal.close();
      const second = await place.open();
      const found = await all(second);
      expect(found.map(({ head }) => head)).toEqual([...kept.keys()]);
      expect(found[0]?.amendment).toBeDefined();
      await second.journal.close();
    });
  });
}
