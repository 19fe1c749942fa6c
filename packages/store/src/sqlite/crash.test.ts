import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crashes, expectNothingLost, startWriter } from '../testing/crash.ts';
import { createSqlite } from '../testing/harness.ts';
import { put } from '../testing/resources.ts';

test('killed writers lose nothing that they acknowledged', { timeout: 60_000 * crashes }, async () => {
  await using db = await createSqlite();
  const keys = join(db.folder, 'keys');
  const all: Awaited<ReturnType<ReturnType<typeof startWriter>['kill']>>[number][] = [];
  for (let round = 0; round < crashes; round++) {
    const writers = ['a', 'b'].map((name) => startWriter(db.url, undefined, keys, `${name}${round}`));
    await Promise.all(writers.map((writer) => writer.reached(20 + round)));
    for (const writer of writers) all.push(...(await writer.kill()));
    const store = await db.open();
    await expectNothingLost(store, all);
    await store.change([put(`/after/${round}`)]);
    await store.close();
  }
  expect(all.length).toBeGreaterThanOrEqual(40 * crashes);
});
