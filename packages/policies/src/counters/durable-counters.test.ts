import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeCounters } from './contract.ts';
import { DurableCounters } from './durable-counters.ts';

let folder: string;
let now: number;
let logged: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lazuli-quotas-'));
  now = Date.UTC(2026, 0, 1);
  logged = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const journal = () => join(folder, 'quotas.journal');
const open = (compactAboveBytes?: number) =>
  DurableCounters.open({
    folder,
    now: () => now,
    log: { write: (_level, message) => logged.push(message) },
    compactAboveBytes,
  });
const sumOf = (counters: DurableCounters, key = 'q') => counters.addToFixedWindow(key, 0, null, 0);

describeCounters('durable', async () => {
  const counters = await open();
  return {
    counters,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    close: () => counters.close(),
  };
});

describe('DurableCounters', () => {
  it('remembers quotas over a restart, those that are over excepted', async () => {
    const first = await open();
    first.addToFixedWindow('q', 0, null, 3);
    first.addToFixedWindow('q', 0, null, 4);
    first.addToFixedWindow('short', now, now + 1_000, 1);
    first.addToFixedWindow('k'.repeat(5_000), 0, null, 2);
    first.slidingWindow('rate', 1, 60_000, 1);
    await first.close();
    now += 1_000;
    const second = await open();
    expect([sumOf(second), sumOf(second, 'k'.repeat(5_000))]).toEqual([7, 2]);
    expect(second.addToFixedWindow('short', now - 1_000, now, 0)).toBe(0);
    expect(second.slidingWindow('rate', 1, 60_000, 1).allowed).toBe(true);
    await second.close();
    expect(logged).toEqual([]);
  });

  it('drops a last record that was torn, wherever it was torn', async () => {
    const first = await open();
    first.addToFixedWindow('q', 0, null, 3);
    await first.flush();
    const whole = statSync(journal()).size;
    first.addToFixedWindow('q', 0, null, 4);
    await first.close();
    const bytes = readFileSync(journal());
    for (let size = whole; size < bytes.length; size++) {
      writeFileSync(journal(), bytes);
      truncateSync(journal(), size);
      const second = await open();
      expect(sumOf(second)).toBe(3);
      await second.close();
    }
    expect(logged).toEqual([]);
  });

  it('drops damaged lines and keeps the others', async () => {
    const first = await open();
    first.addToFixedWindow('a', 0, null, 1);
    first.addToFixedWindow('b', 0, null, 2);
    await first.close();
    const text = readFileSync(journal(), 'utf8');
    writeFileSync(journal(), `garbage\n${text.replace('"a",0', '"a",1')}00000000 []\n`);
    const second = await open();
    expect([sumOf(second, 'a'), sumOf(second, 'b')]).toEqual([0, 2]);
    expect(logged).toHaveLength(1);
    await second.close();
  });

  it('begins anew with a file that is none', async () => {
    appendFileSync(journal(), Buffer.from([0, 255, 10, 1, 2, 10]));
    const counters = await open();
    expect(sumOf(counters)).toBe(0);
    await counters.close();
  });

  it('stays small', async () => {
    const counters = await open(2_000);
    for (let i = 1; i <= 500; i++) {
      counters.addToFixedWindow('q', 0, null, 1);
      if (i % 5 === 0) await counters.flush();
    }
    expect(statSync(journal()).size).toBeLessThan(2_200);
    await counters.close();
    const next = await open();
    expect(sumOf(next)).toBe(500);
    await next.close();
  });

  it('goes on counting when the disk fails, says so once, and catches up afterwards', async () => {
    const counters = await open(0);
    counters.addToFixedWindow('q', 0, null, 1);
    await counters.flush();
    rmSync(folder, { recursive: true });
    for (let i = 0; i < 3; i++) {
      counters.addToFixedWindow('q', 0, null, 1);
      await counters.flush();
    }
    expect([sumOf(counters), logged]).toEqual([4, [expect.stringContaining('cannot be written')]]);
    mkdirSync(folder);
    await counters.close();
    const next = await open();
    expect(sumOf(next)).toBe(4);
    await next.close();
  });

  it('loses nothing that was flushed when the process is killed', async () => {
    const program = `
      import { DurableCounters } from ${JSON.stringify(join(import.meta.dirname, 'durable-counters.ts'))};
      const counters = await DurableCounters.open({
        folder: process.argv[1], now: Date.now, log: { write() {} }, compactAboveBytes: 500,
      });
      for (;;) {
        const sum = counters.addToFixedWindow('q', 0, null, 1);
        await counters.flush();
        process.stdout.write(sum + '\\n');
      }`;
    let least = 0;
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      await new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.stdout.on('data', (chunk: Buffer) => {
          output += chunk.toString();
          if (output.split('\n').length > 40) child.kill('SIGKILL');
        });
      });
      const acknowledged = Number(output.split('\n').at(-2));
      expect(acknowledged).toBeGreaterThan(least);
      least = acknowledged;
    }
    const counters = await open();
    // The one under way when the process was killed may have been written.
    expect(sumOf(counters) - least).toBeLessThanOrEqual(1);
    expect(sumOf(counters)).toBeGreaterThanOrEqual(least);
    await counters.close();
  });
});
