/**
 * Kills Lazuli, with or without a loss of power, or the PostgreSQL below it, again and again under load, and checks what clients
 * saw: `npm run crash -- [ROUNDS] [lazuli|power|postgres]` (50 rounds each without arguments).
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, postgresPrograms, startPostgres } from '@lazuli/store/testing';
import { runLazuliCommand } from '../../kit/lazuli-process.ts';
import { CrashClients, untilListening } from './clients.ts';
import { violations } from './history.ts';
import { powerLossIn } from './power-loss.ts';

/** Whom `kill -9` meets; `power`: Lazuli, whose files then lose what was not synced. */
export type Killed = 'lazuli' | 'power' | 'postgres';
const killable: readonly Killed[] = ['lazuli', 'power', 'postgres'];

export interface CrashReport {
  readonly rounds: number;
  /** Changes of files that had not been synced when the power was lost. */
  readonly unsynced: number;
  readonly accepted: number;
  readonly settled: number;
  readonly violations: readonly string[];
}

export async function crashRounds(rounds: number, kills: Killed, seed: number): Promise<CrashReport> {
  const scratch = await mkdtemp(join(tmpdir(), 'lazuli-sb-crash-'));
  const folder = join(scratch, 'data');
  const config = join(scratch, 'Config.json');
  await mkdir(folder);
  await writeFile(config, JSON.stringify(configuration));
  const programs = kills === 'postgres' ? postgresPrograms() : undefined;
  const postgres = programs === undefined ? undefined : await startPostgres(programs);
  const power = kills === 'power' ? powerLossIn(folder, scratch) : undefined;
  let unsynced = 0;
  const port = await freePort();
  const random = randomFrom(seed);
  const starting = () => start(folder, config, port, postgres, power?.environment);
  let lazuli = await starting();
  const clients = new CrashClients({ port, userName: 'RootManageSharedAccessKey', password: 'SAS_KEY_VALUE' }, random);
  try {
    clients.start();
    for (let round = 0; round < rounds; round++) {
      const before = clients.confirmed;
      await untilProgress(() => clients.confirmed > before + 50 + random() * 300);
      if (postgres !== undefined) {
        await postgres.kill();
        await postgres.start();
      } else {
        await lazuli.end('SIGKILL');
        unsynced += power?.strike(random) ?? 0;
        lazuli = await starting();
      }
    }
    await clients.stop();
    // Locks of what was being held end with the process.
    await lazuli.end('SIGKILL');
    lazuli = await starting();
    await clients.drain();
  } finally {
    await clients.stop();
    await lazuli.end('SIGKILL');
    await postgres?.remove();
    await rm(scratch, { recursive: true, force: true });
  }
  const count = (kind: string) => clients.history.filter((event) => event.kind === kind).length;
  return {
    rounds,
    unsynced,
    accepted: count('accepted'),
    settled: count('settled'),
    violations: violations(clients.history),
  };
}

const startMs = 30_000;
const holder = { LockDuration: 'PT5M', MaxDeliveryCount: 1000, DefaultMessageTimeToLive: 'P1D' };
const configuration = {
  UserConfig: {
    Namespaces: [
      {
        Name: 'sbemulatorns',
        Queues: [
          { Name: 'plain', Properties: holder },
          { Name: 'ordered', Properties: { ...holder, RequiresSession: true } },
        ],
      },
    ],
  },
};

async function start(
  folder: string,
  config: string,
  port: number,
  postgres: PostgresServer | undefined,
  environment: Readonly<Record<string, string>> = {},
) {
  const ports = ['--port', '0', '--management-port', '0', '--no-tls', '--service-bus-port', String(port)];
  const store = postgres === undefined ? [] : ['--store', postgres.url];
  const args = ['start', '--data', folder, ...ports, '--service-bus-config', config, ...store];
  const lazuli = runLazuliCommand(args, environment);
  const failed = new AbortController();
  lazuli.child.once('exit', () => failed.abort());
  const givenUp = AbortSignal.any([failed.signal, AbortSignal.timeout(startMs)]);
  await untilListening(port, givenUp);
  if (givenUp.aborted) throw new Error(`lazuli did not start:\n${lazuli.output()}`);
  return lazuli;
}

async function untilProgress(isDone: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!isDone()) {
    if (performance.now() > deadline) throw new Error('clients make no progress: the broker did not come back');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/**
 * A port outside of the range that the system gives to clients: one that tries to reach a port of that range while nobody listens there can
 * end up connected to itself, and hold it.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

if (import.meta.main) {
  const rounds = Number(process.argv[2] ?? 50);
  const only = process.argv[3];
  if (only !== undefined && !killable.some((one) => one === only))
    throw new Error(`'${only}' cannot be killed; expected one of ${killable.join(', ')}`);
  let isBroken = false;
  for (const kills of killable) {
    if (only !== undefined && only !== kills) continue;
    const report = await crashRounds(rounds, kills, rounds);
    const what = kills === 'power' ? `losses of power (${report.unsynced} changes not synced)` : `kills of ${kills}`;
    console.log(
      `${report.rounds} ${what}: ${report.accepted} messages accepted, ${report.settled} settlements confirmed, ${report.violations.length} violations`,
    );
    for (const violation of report.violations.slice(0, 20)) console.log(`  ${violation}`);
    isBroken ||= report.violations.length > 0;
  }
  process.exit(isBroken ? 1 : 0);
}
