/**
 * What a message costs in the journal: appended (1 KiB), read and removed again, 200 of each in a transaction, with nothing and with a
 * million messages before it; on SQLite and on PostgreSQL (where it is installed; started here, waiting for the disk).
 * And what an item takes in memory, and how long it takes to open a journal. `node --expose-gc bench/journal.ts [DEPTH] [SECONDS]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JournalItem, openJournal } from '@lazuli/store';
import { postgresPrograms, startPostgres } from '@lazuli/store/testing';
import { cpuSecondsWithEnded } from './kit/processes.ts';

const depth = Number(process.argv[2] ?? 1_000_000);
const seconds = Number(process.argv[3] ?? 3);
const together = 200;
const payload = Buffer.alloc(1_024, 'payload of a message ');
const head = Buffer.alloc(60, 'head');

const folder = mkdtempSync(join(tmpdir(), 'lazuli-bench-'));
const programs = postgresPrograms();
const server = programs === undefined ? undefined : await startPostgres(programs, true);
try {
  console.log(
    '| database | depth | messages/s | CPU µs/message (Lazuli) | CPU µs/message (server) | commit p50 ms | p99 ms |',
  );
  console.log('|---|---|---|---|---|---|---|');
  await measure('SQLite', `sqlite:${join(folder, 'journal.db')}`);
  if (server !== undefined) await measure('PostgreSQL', server.url, server.pid());
} finally {
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(name: string, url: string, serverPid?: number): Promise<void> {
  const options = { name: 'bench', owner: 'bench', schema: 'bench' };
  const { journal } = await openJournal(url, options);
  const items: JournalItem[] = [];
  let oldest = 0;
  const append = (): void => {
    for (let n = 0; n < together; n++) items.push(journal.append(head, journal.body([payload])));
  };
  /** Two transactions under way, as with a broker that is busy: one is filled while one is written. */
  const run = async (label: string): Promise<void> => {
    append();
    await journal.commit();
    const end = performance.now() + seconds * 1_000;
    const [cpu, serverCpu, started] = [process.cpuUsage(), cpuSecondsWithEnded(serverPid), performance.now()];
    let count = 0;
    let last: Promise<unknown> = Promise.resolve();
    while (performance.now() < end) {
      append();
      const read: Promise<unknown>[] = [];
      for (let n = 0; n < together; n++) {
        const body = journal.readBody(items[oldest + n]!);
        if (body instanceof Promise) read.push(body);
      }
      await Promise.all(read);
      for (let n = 0; n < together; n++) journal.remove(items[oldest++]!);
      count += together;
      const committed = journal.commit();
      await last;
      last = committed;
    }
    await last;
    const elapsed = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    const ofServer =
      serverPid === undefined ? '–' : (((cpuSecondsWithEnded(serverPid) - serverCpu) * 1e6) / count).toFixed(1);
    const { p50, p99 } = journal.statistics.commitLatency;
    console.log(
      `| ${name} | ${label} | ${(count / elapsed).toFixed(0)} | ${((user + system) / count).toFixed(1)} | ${ofServer} | ${p50.toFixed(1)} | ${p99.toFixed(1)} |`,
    );
  };
  await run('0');
  items.splice(0, oldest);
  oldest = 0;
  globalThis.gc?.();
  const before = process.memoryUsage();
  while (items.length < depth) {
    append();
    if (items.length % 1_000 === 0) await journal.commit();
  }
  await journal.commit();
  globalThis.gc?.();
  const after = process.memoryUsage();
  const perItem = (after.heapUsed - before.heapUsed) / items.length;
  await run(String(depth));
  await journal.close();
  const opening = performance.now();
  const again = await openJournal(url, options);
  let found = 0;
  for await (const { item } of again.items) if (item.bodyBytes > 0) found++;
  const opened = ((performance.now() - opening) / 1_000).toFixed(1);
  await again.journal.close();
  console.log(
    `\n${name}: ${perItem.toFixed(0)} bytes of heap an item, that in the list of this bench included; ${found} items found again in ${opened} s\n`,
  );
}
