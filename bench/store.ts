/**
 * What a change and a list cost: PUTs a second and CPU for each, group commit against one by one, on SQLite and on PostgreSQL
 * (where it is installed; started here, waiting for the disk). `node bench/store.ts [SECONDS]`.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Operation, openStore, type Store } from '@lazuli/store';
import { postgresPrograms, startPostgres } from '@lazuli/store/testing';
import { cpuSecondsWithEnded } from './kit/processes.ts';

const seconds = Number(process.argv[2] ?? 3);
const clients = 64;
const service = '/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/x';
const apiType = 'Microsoft.ApiManagement/service/apis';
const payload = randomBytes(384).toString('hex');

const folder = mkdtempSync(join(tmpdir(), 'lazuli-bench-'));
const keys = { kind: 'file', path: join(folder, 'keys'), create: true } as const;
const programs = postgresPrograms();
const server = programs === undefined ? undefined : await startPostgres(programs, true);
try {
  console.log(`${clients} clients, bodies of 1 KiB, ${seconds} s each\n`);
  console.log('| database | commit | PUTs/s | CPU µs/PUT (Lazuli) | CPU µs/PUT (server) | p50 ms | p99 ms |');
  console.log('|---|---|---|---|---|---|---|');
  for (const groupCommit of [500, 1]) await puts('SQLite', `sqlite:${join(folder, `g${groupCommit}.db`)}`, groupCommit);
  if (server !== undefined) {
    for (const groupCommit of [500, 1]) await puts('PostgreSQL', server.url, groupCommit, server.pid());
  }
  console.log('\n60,000 resources (10,000 APIs, five things below each):\n');
  console.log('| database | fill s | page of 1,000 APIs ms | all 10,000 APIs ms | count ms | get ms |');
  console.log('|---|---|---|---|---|---|');
  await lists('SQLite', `sqlite:${join(folder, 'lists.db')}`);
  if (server !== undefined) await lists('PostgreSQL', server.url);
} finally {
  await server?.remove();
  rmSync(folder, { recursive: true, force: true });
}

async function puts(name: string, url: string, groupCommit: number, serverPid?: number): Promise<void> {
  await using store = await openStore(url, { keys, groupCommit, schema: `g${groupCommit}` });
  await store.change([api(0)]);
  const end = performance.now() + seconds * 1_000;
  const [cpu, serverCpu] = [process.cpuUsage(), cpuSecondsWithEnded(serverPid)];
  const latencies: number[] = [];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let n = 0; performance.now() < end; n++) {
        const begun = performance.now();
        await store.change([api(client * 1_000 + (n % 1_000))]);
        latencies.push(performance.now() - begun);
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const count = latencies.length;
  latencies.sort((a, b) => a - b);
  const percentile = (p: number): string => (latencies[Math.floor(count * p)] ?? 0).toFixed(1);
  const ofServer =
    serverPid === undefined ? '–' : (((cpuSecondsWithEnded(serverPid) - serverCpu) * 1e6) / count).toFixed(0);
  const how = groupCommit === 1 ? 'one by one' : 'group';
  console.log(
    `| ${name} | ${how} | ${(count / elapsed).toFixed(0)} | ${((user + system) / count).toFixed(0)} | ${ofServer} | ${percentile(0.5)} | ${percentile(0.99)} |`,
  );
}

async function lists(name: string, url: string): Promise<void> {
  await using store = await openStore(url, { keys, schema: 'lists' });
  const filling = performance.now();
  for (let from = 0; from < 10_000; from += 500) {
    await store.change(Array.from({ length: 500 }, (_, n) => withChildren(from + n)).flat());
  }
  const filled = ((performance.now() - filling) / 1_000).toFixed(1);
  const page = await time(() => store.list({ scope: service, type: apiType, limit: 1_000 }));
  const all = await time(() => store.list({ scope: service, type: apiType, limit: 10_000 }));
  const count = await time(() => store.count({ scope: service, type: apiType }));
  const get = await time(() => store.get(`${service}/apis/api-05000`));
  console.log(`| ${name} | ${filled} | ${page} | ${all} | ${count} | ${get} |`);
}

/** Median of eleven, in milliseconds. */
async function time(work: () => ReturnType<Store['list'] | Store['count'] | Store['get']>): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < 11; round++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return (times.sort((a, b) => a - b)[5] ?? 0).toFixed(1);
}

function api(n: number): Operation {
  const id = `${service}/apis/api-${String(n).padStart(5, '0')}`;
  return { operation: 'put', id, type: apiType, body: { properties: { displayName: `API ${n}`, payload } } };
}

function withChildren(n: number): Operation[] {
  const parent = api(n);
  const child = (path: string, type: string): Operation => ({
    operation: 'put',
    id: `${parent.id}/${path}`,
    type: `${apiType}/${type}`,
    body: { properties: { payload: payload.slice(0, 200) } },
  });
  return [
    parent,
    child('operations/get', 'operations'),
    child('operations/get/policies/policy', 'operations/policies'),
    child('operations/put', 'operations'),
    child('operations/put/policies/policy', 'operations/policies'),
    child('policies/policy', 'policies'),
  ];
}
