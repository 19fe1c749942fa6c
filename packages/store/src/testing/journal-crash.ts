import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { JournalOpened } from '../journal/contract.ts';

interface Turn {
  readonly turn: number;
  readonly appended: readonly number[];
  readonly amended: readonly number[];
  readonly removed: readonly number[];
}

export interface JournalWriter {
  /** Resolves when so many turns were acknowledged. */
  reached(turns: number): Promise<void>;
  /** Stops and continues it: SIGSTOP, SIGCONT. */
  pause(): void;
  resume(): void;
  /** Resolves with what it said of why, when it has ended. */
  readonly ended: Promise<string>;
  /** Kills it; resolves with what it was about to do, and how many turns of that were acknowledged. */
  kill(): Promise<{ readonly turns: readonly Turn[]; readonly acknowledged: number }>;
}

export function startJournalWriter(url: string, schema: string | undefined, first: number): JournalWriter {
  const program = fileURLToPath(new URL('./journal-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [program, url, schema ?? '-', String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const turns: Turn[] = [];
  let [acknowledged, rest, errors] = [0, '', ''];
  let check = (): void => {};
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const said: Turn | { readonly acknowledged: number } = JSON.parse(line);
      if ('turn' in said) turns.push(said);
      else acknowledged = said.acknowledged + 1;
    }
    check();
  });
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return {
    reached: (count) =>
      new Promise((resolve, reject) => {
        child.once('close', () => reject(new Error(`the writer ended: ${errors}`)));
        check = () => {
          if (acknowledged >= count) resolve();
        };
        check();
      }),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    ended: exited.then(() => errors),
    async kill() {
      child.kill('SIGKILL');
      await exited;
      return { turns, acknowledged };
    },
  };
}

/** What should be in the journal: numbers, and the turn that amended them last. */
export type Expected = Map<number, number | undefined>;

/**
 * What was acknowledged is there, and of the turns behind it the first few, each whole. Returns what is there. The writer is the only
 * one since `before`.
 */
export async function expectPrefix(
  { journal, items }: JournalOpened,
  before: Expected,
  { turns, acknowledged }: Awaited<ReturnType<JournalWriter['kill']>>,
): Promise<Expected> {
  const found: Expected = new Map();
  for await (const { item, head, amendment } of items) {
    const n = Buffer.from(head).readUInt32LE();
    found.set(n, amendment === undefined ? undefined : Number(Buffer.from(amendment).toString()));
    const body = await journal.readBody(item);
    expect(Buffer.alloc(100 + (n % 50) * 100, `${n} `).equals(Buffer.concat(body)), `body of ${n}`).toBe(true);
  }
  const expected: Expected = new Map(before);
  for (const [index, turn] of turns.entries()) {
    if (index >= acknowledged && same(expected, found)) break;
    for (const n of turn.appended) expected.set(n, undefined);
    for (const n of turn.amended) if (expected.has(n)) expected.set(n, turn.turn);
    for (const n of turn.removed) expected.delete(n);
  }
  expect([...found]).toEqual([...expected]);
  return found;
}

function same(a: Expected, b: Expected): boolean {
  return a.size === b.size && [...a].every(([n, amendment]) => b.has(n) && b.get(n) === amendment);
}
