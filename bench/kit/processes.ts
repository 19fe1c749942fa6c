import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ticksPerSecond = 100;

/** A server under measurement, with everything that it starts. */
export interface Measured {
  readonly name: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Runs a program and resolves when `isReady` says so (asked every 50 ms, for 30 s). Its output goes to a file, and into the error message. */
export async function startProcess(
  name: string,
  command: string,
  args: readonly string[],
  isReady: () => Promise<boolean>,
  environment: NodeJS.ProcessEnv = process.env,
  logFile: string = join(mkdtempSync(join(tmpdir(), 'lazuli-bench-log-')), 'output.log'),
): Promise<Measured> {
  const log = openSync(logFile, 'w');
  const child = spawn(command, args, { stdio: ['ignore', log, log], env: environment });
  closeSync(log);
  const deadline = performance.now() + 30_000;
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null)
      throw new Error(`${name} ended with ${child.exitCode}:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
    if (performance.now() > deadline) {
      await end(child);
      throw new Error(`${name} was not ready within 30 s:\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { name, pid: child.pid ?? 0, stop: () => end(child) };
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** CPU time (user and system) of a process and its descendants so far, in microseconds. */
export function cpuMicroseconds(pid: number): number {
  let ticks = 0;
  for (const one of withDescendants(pid)) {
    const fields = statOf(one);
    if (fields) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return (ticks * 1_000_000) / ticksPerSecond;
}

/** CPU seconds of a process, its children, and those of its children that have ended; 0 where there is no process. */
export function cpuSecondsWithEnded(pid: number | undefined): number {
  if (pid === undefined) return 0;
  let ticks = 0;
  for (const one of withDescendants(pid)) {
    const fields = statOf(one)?.map(Number);
    if (fields === undefined) continue;
    ticks += (fields[11] ?? 0) + (fields[12] ?? 0);
    if (one === pid) ticks += (fields[13] ?? 0) + (fields[14] ?? 0);
  }
  return ticks / ticksPerSecond;
}

/** Resident memory of a process and its descendants, in MiB. */
export function residentMebibytes(pid: number): number {
  let kibibytes = 0;
  for (const one of withDescendants(pid)) {
    const match = /VmRSS:\s+(\d+) kB/.exec(read(`/proc/${one}/status`) ?? '');
    kibibytes += Number(match?.[1] ?? 0);
  }
  return Math.round(kibibytes / 1024);
}

function withDescendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(statOf(Number(entry))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const all: number[] = [];
  const visit = (one: number) => {
    all.push(one);
    for (const child of children.get(one) ?? []) visit(child);
  };
  visit(pid);
  return all;
}

/** The fields of /proc/PID/stat after the command's name. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Says what to install when a program that a bench compares with is not on the path. */
export function requirePrograms(programs: Readonly<Record<string, string>>): void {
  const missing = Object.entries(programs).filter(([program]) => !isInstalled(program));
  if (missing.length === 0) return;
  console.error(
    `This bench needs ${missing.map(([program]) => program).join(', ')}: apt-get install ${missing.map(([, pkg]) => pkg).join(' ')}`,
  );
  process.exit(2);
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], {
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    return true;
  } catch {
    return false;
  }
}
