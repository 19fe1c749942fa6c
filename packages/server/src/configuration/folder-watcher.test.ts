import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FolderWatcher, watchFolder } from './folder-watcher.ts';

let folder: string;
let watcher: FolderWatcher | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lazuli-watch-'));
  await mkdir(join(folder, 'apis/orders'), { recursive: true });
  await writeFile(join(folder, 'apis/orders/policy.xml'), '<policies />');
});
afterEach(async () => {
  watcher?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts to watch; `until(path)` resolves with every path reported so far as soon as `path` is among them. */
function start() {
  const seen = new Set<string>();
  const waiting = new Map<string, (paths: Set<string>) => void>();
  watcher = watchFolder(folder, {
    onChange(paths) {
      for (const path of paths) seen.add(path);
      for (const [path, resolve] of waiting) if (seen.has(path)) resolve(seen);
    },
    onFallback: () => {},
    settleMs: 10,
    patienceMs: 100,
  });
  return (path: string) =>
    new Promise<Set<string>>((resolve) => {
      if (seen.has(path)) resolve(seen);
      else waiting.set(path, resolve);
    });
}

describe('the folder watcher', () => {
  it('reports a file that is written in place', async () => {
    const until = start();
    await writeFile(join(folder, 'apis/orders/policy.xml'), '<policies></policies>');
    await until('apis/orders/policy.xml');
  });

  it('reports a file that is saved under another name and renamed', async () => {
    const until = start();
    await writeFile(join(folder, 'apis/orders/policy.xml~'), '<policies></policies>');
    await rename(join(folder, 'apis/orders/policy.xml~'), join(folder, 'apis/orders/policy.xml'));
    await until('apis/orders/policy.xml');
  });

  it('reports files in folders that are made while it watches, at any depth', async () => {
    const until = start();
    await mkdir(join(folder, 'apis/customers/operations/get-customer'), { recursive: true });
    await writeFile(join(folder, 'apis/customers/operations/get-customer/policy.xml'), '<policies />');
    await until('apis/customers/operations/get-customer/policy.xml');
  });

  it('reports a file that is removed', async () => {
    const until = start();
    await rm(join(folder, 'apis/orders/policy.xml'));
    await until('apis/orders/policy.xml');
  });

  it('says nothing of folders whose names start with a dot', async () => {
    const until = start();
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, '.git/index'), '1');
    await writeFile(join(folder, 'apis/orders/policy.xml'), '2');
    const seen = await until('apis/orders/policy.xml');
    expect([...seen].filter((path) => path.includes('.git'))).toEqual([]);
  });
});
