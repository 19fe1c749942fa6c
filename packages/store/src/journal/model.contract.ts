import { describe, expect, test } from 'vitest';
import type { Journal, JournalItem } from './contract.ts';
import { all, bodyText, bytesOf, type JournalPlace } from './journal.contract.ts';

const runs = Number(process.env.LAZULI_TEST_RUNS ?? 6);

interface Expected {
  readonly head: string;
  readonly body: string;
  amendment: string | undefined;
  item: JournalItem;
}

/** Random operations, compared with what a list would hold. `LAZULI_TEST_RUNS`: how many histories. */
export function describeJournalModel(name: string, create: () => Promise<JournalPlace>, least = 1): void {
  const histories = Math.max(runs, least);
  describe(`journal in ${name}`, () => {
    test(`${histories} histories of random operations agree with a model`, {
      timeout: 60_000 + histories * 2_000,
    }, async () => {
      for (let seed = 1; seed <= histories; seed++) await history(seed, create);
    });
  });
}

async function history(seed: number, create: () => Promise<JournalPlace>): Promise<void> {
  const random = generator(seed);
  const below = (n: number): number => Math.floor(random() * n);
  await using place = await create();
  let model: Expected[] = [];
  let count = 0;
  for (let opening = 0; opening < 4; opening++) {
    // Bodies are large in some histories: then rows are written anew.
    const bodyBytes = seed % 2 === 0 ? 300_000 : 300;
    const opened = await place.open({ cacheBytes: below(3) * 500_000, compactBelow: seed % 3 === 0 ? 0.9 : 0.5 });
    const { journal } = opened;
    const found = await all(opened);
    const told = `seed ${seed}, opening ${opening}`;
    expect(
      found.map(({ head, amendment }) => [head, amendment]),
      told,
    ).toEqual(model.map(({ head, amendment }) => [head, amendment]));
    for (const [index, { item }] of found.entries()) model[index]!.item = item;
    await someBodies(journal, model, below, told);
    for (let turn = 0; turn < 60; turn++) {
      for (let n = below(12); n > 0; n--) {
        const action = below(10);
        if (action < 4 || model.length === 0) {
          const body = below(4) === 0 ? '' : `${count} `.repeat(below(bodyBytes) / 8);
          const shared = journal.body([bytesOf(body)]);
          for (let copies = below(6) === 0 ? 3 : 1; copies > 0; copies--) {
            const head = String(count++);
            model.push({ head, body, amendment: undefined, item: journal.append(bytesOf(head), shared) });
          }
        } else if (action < 6) {
          const one = model[below(model.length)]!;
          one.amendment = `amended ${count++}`;
          journal.amend(one.item, bytesOf(one.amendment));
        } else {
          // Often old ones, so that rows become empty.
          const [gone] = model.splice(below(2) === 0 ? 0 : below(model.length), 1);
          journal.remove(gone!.item);
        }
      }
      const wait = below(4);
      if (wait === 0) await journal.commit();
      else if (wait === 1) await new Promise((resolve) => setImmediate(resolve));
      else if (wait === 2) await someBodies(journal, model, below, told);
    }
    if (below(2) === 0) await journal.commit();
    await journal.close();
    if (below(4) === 0) model = await emptied(place, model);
  }
}

async function emptied(place: JournalPlace, model: readonly Expected[]): Promise<Expected[]> {
  const opened = await place.open();
  const found = await all(opened);
  expect(found).toHaveLength(model.length);
  for (const { item } of found) opened.journal.remove(item);
  await opened.journal.commit();
  expect(opened.journal.statistics).toMatchObject({ items: 0, liveBytes: 0 });
  await opened.journal.close();
  return [];
}

async function someBodies(
  journal: Journal,
  model: readonly Expected[],
  below: (n: number) => number,
  told: string,
): Promise<void> {
  const chosen = Array.from({ length: Math.min(5, model.length) }, () => model[below(model.length)]!);
  const read = await Promise.all(chosen.map(({ item }) => bodyText(journal, item)));
  for (const [index, { body, head }] of chosen.entries()) {
    expect(read[index] === body, `${told}: body of ${head}`).toBe(true);
  }
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}
