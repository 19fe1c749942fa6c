import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Store } from '../contract.ts';

interface Acknowledged {
  readonly lane: number;
  readonly n: number;
  readonly root: string;
  readonly sequence: number;
  readonly etag: string;
  readonly entry: number;
}

export interface CrashWriter {
  /** Resolves when so many batches were acknowledged by it. */
  reached(batches: number): Promise<void>;
  /** Kills it (where it has not ended) and resolves with all that it said was written. */
  kill(): Promise<readonly Acknowledged[]>;
}

export function startWriter(url: string, schema: string | undefined, keys: string, name: string): CrashWriter {
  const program = fileURLToPath(new URL('./crash-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [program, url, schema ?? '-', keys, name], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let output = '';
  let errors = '';
  let check = (): void => {};
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    check();
  });
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const lines = (): string[] => output.split('\n').slice(0, -1);
  return {
    reached: (batches) =>
      new Promise((resolve, reject) => {
        child.once('close', () => reject(new Error(`the writer ended: ${errors}`)));
        check = () => {
          if (lines().length >= batches) resolve();
        };
        check();
      }),
    async kill() {
      child.kill('SIGKILL');
      await exited;
      return lines().map((line): Acknowledged => JSON.parse(line));
    },
  };
}

/** Nothing that was acknowledged is lost, etags are those that were given, the feed has no gap, the audit log no break. */
export async function expectNothingLost(store: Store, acknowledged: readonly Acknowledged[]): Promise<void> {
  const latest = new Map<string, number>();
  for (const { root, n, etag, entry } of acknowledged) {
    const id = `${root}/new/${n}`;
    expect(await store.get(id), id).toMatchObject({ etag, body: { n }, secretFields: ['s'] });
    expect((await store.readLog('audit', { after: entry - 1, limit: 1 })).entries[0]).toMatchObject({ body: { n } });
    latest.set(root, Math.max(latest.get(root) ?? 0, n));
  }
  for (const [root, n] of latest) {
    const counter = await store.get(`${root}/counter/one`);
    // The batch after the last that was acknowledged may have been written too: then it was written whole.
    const written = Number(counter?.body.n);
    expect([n, n + 1]).toContain(written);
    expect(await store.get(`${root}/new/${written}`)).toBeDefined();
    expect(await store.get(`${root}/new/${written + 1}`)).toBeUndefined();
    expect((await store.get(`${root}/some/times`)) !== undefined).toBe(written % 2 === 0);
  }
  let position = 0;
  for (;;) {
    const page = await store.changesAfter(position);
    position = page.sequence;
    if (!page.more) break;
  }
  expect(position).toBe(await store.sequence());
  expect(await store.check()).toMatchObject({ ok: true, problems: [] });
}

/** How often a crash is tried: `LAZULI_TEST_CRASHES`, default 1. */
export const crashes = Number(process.env.LAZULI_TEST_CRASHES ?? 1);
