import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasCompiler, type PowerLoss, powerLossIn } from './power-loss.ts';

/** What decides about lost sectors: none of what was not synced survives, or all of it. */
const nothing = () => 0;
const everything = () => 0.999;

describe.runIf(hasCompiler)('a loss of power, as it is simulated', () => {
  let scratch: string;
  let folder: string;
  let power: PowerLoss;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'lazuli-power-'));
    folder = join(scratch, 'data');
    mkdirSync(folder);
    power = powerLossIn(folder, scratch);
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  /** Runs a program to its last line, where it waits to be killed. */
  async function killed(program: string): Promise<void> {
    const script = `import fs from 'node:fs'; const file = process.argv[1]; ${program}
      process.stdout.write('done'); setInterval(() => {}, 1000);`;
    const args = ['--input-type=module', '-e', script, join(folder, 'file')];
    const child = spawn(process.execPath, args, { env: { ...process.env, ...power.environment } });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  const content = () => readFileSync(join(folder, 'file'), 'latin1');

  it('takes what was not synced, and leaves what was', async () => {
    writeFileSync(join(folder, 'file'), 'before');
    await killed(`
      const open = fs.openSync(file, 'r+');
      fs.writeSync(open, 'BEFORE and synced', 0); fs.fsyncSync(open);
      fs.writeSync(open, 'lost', 7); fs.writeSync(open, ', at the end', 17); fs.ftruncateSync(open, 10);`);
    expect(content()).toBe('BEFORE los');
    expect(power.strike(nothing)).toBe(3);
    expect(content()).toBe('BEFORE and synced');
  });

  it('takes what was written in pieces', async () => {
    writeFileSync(join(folder, 'file'), 'before');
    await killed(`
      const open = fs.openSync(file, 'r+');
      fs.writevSync(open, [Buffer.from('BE'), Buffer.from('FORE')], 0); fs.fsyncSync(open);
      fs.writevSync(open, [Buffer.from('lost'), Buffer.from(' too')], 4);`);
    expect(content()).toBe('BEFOlost too');
    expect(power.strike(nothing)).toBe(2);
    expect(content()).toBe('BEFORE');
  });

  it('may leave all of it', async () => {
    await killed(`fs.writeFileSync(file, 'x'.repeat(2000)); fs.appendFileSync(file, 'y');`);
    expect(power.strike(everything)).toBeGreaterThan(1);
    expect(content()).toBe(`${'x'.repeat(2000)}y`);
  });

  it('takes single sectors', async () => {
    await killed(`fs.writeFileSync(file, 'x'.repeat(2048));`);
    const chances = [0.26, 0.9, 0.1, 0.9, 0.1];
    expect(power.strike(() => chances.shift() ?? 0)).toBe(1);
    expect(content()).toBe(`${'\0'.repeat(512)}${'x'.repeat(512)}${'\0'.repeat(512)}${'x'.repeat(512)}`);
  });

  it('has nothing to take when all was synced', async () => {
    await killed(
      `const open = fs.openSync(file, 'w'); fs.writevSync(open, [Buffer.from('a'), Buffer.from('b')]); fs.fdatasyncSync(open);`,
    );
    expect(power.strike(nothing)).toBe(0);
    expect(content()).toBe('ab');
  });
});
