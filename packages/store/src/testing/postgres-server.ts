import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** For tests: a PostgreSQL of their own in a temporary folder, reached through a socket in it. */
export interface PostgresServer {
  readonly url: string;
  /** The first of its processes; the others are its children. */
  pid(): number | undefined;
  /** Ends it as a power cut would: the processes are killed, nothing is written first. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  /** Kills it and removes its folder. */
  remove(): Promise<void>;
}

/**
 * The folder of PostgreSQL's programs: `LAZULI_TEST_POSTGRES`, or where Debian and others put them. Where there is none, tests of
 * PostgreSQL do not run, and say so; where everything must be tested (CI=true) that is an error.
 */
export function postgresPrograms(): string | undefined {
  const named = process.env.LAZULI_TEST_POSTGRES;
  if (named !== undefined) {
    if (existsSync(join(named, 'initdb'))) return named;
    throw new Error(`LAZULI_TEST_POSTGRES is '${named}', which holds no initdb.`);
  }
  const found = candidates().find((folder) => existsSync(join(folder, 'initdb')));
  if (found === undefined) {
    const message = "PostgreSQL is not installed ('apt-get install postgresql', or LAZULI_TEST_POSTGRES=FOLDER)";
    if (process.env.CI === 'true') throw new Error(`${message}.`);
    console.warn(`\n*** NOT TESTED: the PostgreSQL driver of the store. ${message}. ***\n`);
  }
  return found;
}

/** `fsync`: whether it waits for the disk; a killed process loses nothing either way, a measurement needs it. */
export async function startPostgres(programs: string, fsync = false): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-postgres-'));
  const user = serverUser();
  if (user !== undefined) {
    execFileSync('chown', [`${user.uid}:${user.gid}`, folder]);
    chmodSync(folder, 0o700);
  }
  const data = join(folder, 'data');
  const common = { cwd: folder, ...user, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'lazuli', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...common,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    fsync: fsync ? 'on' : 'off',
    max_connections: '60',
  };
  let server: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    for (let tries = 0; ; tries++) {
      try {
        return await startOnce();
      } catch (error) {
        // A process of the one that was killed has not ended yet.
        if (tries === 20 || !String(error).includes('pre-existing shared memory block')) throw error;
        await delay(100);
      }
    }
  };
  const startOnce = async (): Promise<void> => {
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(join(programs, 'postgres'), ['-D', data, ...args], {
      ...common,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server = child;
    await new Promise<void>((resolve, reject) => {
      let output = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('ready to accept connections')) resolve();
      });
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`postgres ended: ${output}`)));
    });
    child.stderr?.removeAllListeners('data').resume();
  };
  const kill = async (): Promise<void> => {
    const child = server;
    server = undefined;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // Its processes end themselves when the first of them is gone; the new one waits for their shared memory. Stopped, it makes
    // no further ones.
    child.kill('SIGSTOP');
    const children = childrenOf(child.pid);
    child.kill('SIGKILL');
    for (const pid of children) signal(pid);
    await exited;
  };
  await start();
  return {
    url: `postgres://lazuli@localhost/postgres?host=${encodeURIComponent(folder)}`,
    pid: () => server?.pid,
    start,
    kill,
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function candidates(): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package makes. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function childrenOf(pid: number): number[] {
  try {
    const output = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return output
      .split('\n')
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
