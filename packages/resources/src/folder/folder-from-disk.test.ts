import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderFromDisk } from './folder-from-disk.ts';
import { FolderUnavailableError } from './folder-source.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lazuli-folder-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(path: string, content = 'x'): string {
  const full = join(directory, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, content);
  return full;
}

async function list(limits = {}) {
  const { files, diagnostics } = await folderFromDisk(directory, limits).list();
  return {
    paths: files.map(({ path }) => path).sort(),
    codes: diagnostics.map(({ code, file }) => `${code} ${file}`).sort(),
  };
}

test('lists files with paths relative to the folder and reads them', async () => {
  write('policy.xml', '<policies />');
  write('named values/a b/namedValueInformation.json');
  expect(await list()).toEqual({ paths: ['named values/a b/namedValueInformation.json', 'policy.xml'], codes: [] });
  expect(Buffer.from((await folderFromDisk(directory).read('policy.xml')) ?? []).toString()).toBe('<policies />');
});

test('passes over hidden folders and node_modules', async () => {
  write('.git/config.json');
  write('node_modules/a/policy.xml');
  write('apis/a/node_modules/policy.xml');
  expect(await list()).toEqual({ paths: [], codes: [] });
});

test('follows links that stay inside and refuses those that lead out', async () => {
  write('shared/schema.yaml');
  mkdirSync(join(directory, 'apis/a'), { recursive: true });
  symlinkSync('../../shared', join(directory, 'apis/a/schemas'));
  symlinkSync('/etc/hostname', join(directory, 'apis/a/policy.xml'));
  symlinkSync('../../..', join(directory, 'apis/a/out'));
  symlinkSync('nowhere', join(directory, 'apis/a/broken'));
  expect(await list()).toEqual({
    paths: ['apis/a/schemas/schema.yaml', 'shared/schema.yaml'],
    codes: ['FileUnreadable apis/a/broken', 'LinkLeavesFolder apis/a/out', 'LinkLeavesFolder apis/a/policy.xml'],
  });
});

test('does not run in circles', async () => {
  write('a/x.json');
  write('b/y.json');
  symlinkSync('../b', join(directory, 'a/b'));
  symlinkSync('../a', join(directory, 'b/a'));
  symlinkSync('.', join(directory, 'self'));
  const { paths, codes } = await list();
  expect(paths).toEqual(['a/b/y.json', 'a/x.json', 'b/a/x.json', 'b/y.json']);
  expect(codes).toContain('FileUnreadable self');
});

test('reads a folder that Kubernetes mounts from a ConfigMap once', async () => {
  write('..2026_01_01/policy.xml');
  symlinkSync('..2026_01_01', join(directory, '..data'));
  symlinkSync('..data/policy.xml', join(directory, 'policy.xml'));
  expect(await list()).toEqual({ paths: ['policy.xml'], codes: [] });
});

test('reports what goes beyond the limits', async () => {
  write('big.json', 'x'.repeat(100));
  write('big.png', 'x'.repeat(100));
  write('a/b/c/deep.json');
  expect((await list({ fileSize: 99, depth: 2 })).codes).toEqual(['FileTooLarge big.json', 'FolderTooDeep a/b/c']);
  expect((await list({ files: 2 })).codes).toEqual(['TooManyFiles .']);
});

test('gives a file a version once it is old enough to be told apart by its time', async () => {
  const path = write('a.json');
  const version = async () => (await folderFromDisk(directory).list()).files[0]?.version;
  expect(await version()).toBeNull();
  const past = new Date(Date.now() - 60_000);
  utimesSync(path, past, past);
  const first = await version();
  expect(first).toEqual(expect.any(String));
  expect(await version()).toBe(first);
});

test('says so when there is no folder', async () => {
  await expect(folderFromDisk(join(directory, 'missing')).list()).rejects.toThrow(FolderUnavailableError);
  await expect(folderFromDisk(write('file')).list()).rejects.toThrow(/is not a folder/);
});

test('a file that has gone is null', async () => {
  expect(await folderFromDisk(directory).read('gone.json')).toBeNull();
});
