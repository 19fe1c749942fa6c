import { expect, test } from 'vitest';
import { FolderInMemory } from '../folder/folder-in-memory.ts';
import { createFolderReader } from './folder-reader.ts';

const files = {
  'apis/a/apiInformation.json': { path: 'a', serviceUrl: 'https://a.example' },
  'apis/a/specification.yaml':
    'openapi: 3.0.3\ninfo: { title: A, version: "1" }\npaths:\n  /x:\n    $ref: shared/paths.yaml#/x\n',
  'apis/a/shared/paths.yaml': 'x:\n  get:\n    operationId: get-x\n    responses: {}\n',
  'apis/b/apiInformation.json': { path: 'b' },
  'products/p/productInformation.json': { displayName: 'P' },
  'products/p/apis.json': [{ name: 'a' }],
  'backends/one/backendInformation.json': { url: 'https://one.example' },
  'namedValues/n/namedValueInformation.json': { displayName: 'n', value: '1' },
  'policy.xml': '<policies />',
};

test('what did not change is the same object', async () => {
  const folder = new FolderInMemory(files);
  const reader = createFolderReader(folder);
  const { model: before } = await reader.read();
  const { model: after } = await reader.read();
  for (const kind of ['apis', 'products', 'backends', 'namedValues'] as const) {
    expect(before[kind].length).toBeGreaterThan(0);
    for (const [index, resource] of before[kind].entries()) expect(after[kind][index]).toBe(resource);
  }
  expect(after.policy).toBe(before.policy);
});

test('a file that is written again as it was changes nothing', async () => {
  const folder = new FolderInMemory(files);
  const reader = createFolderReader(folder);
  const { model: before } = await reader.read();
  folder.set('apis/a/apiInformation.json', files['apis/a/apiInformation.json']);
  expect((await reader.read()).model.apis[0]).toBe(before.apis[0]);
});

const changes: readonly [string, (folder: FolderInMemory) => unknown][] = [
  ['its information file', (folder) => folder.set('apis/a/apiInformation.json', { path: 'changed' })],
  ['a new policy', (folder) => folder.set('apis/a/policy.xml', '<policies />')],
  [
    'a file that its specification refers to',
    (folder) => folder.set('apis/a/shared/paths.yaml', 'x:\n  put:\n    responses: {}\n'),
  ],
  ['its specification going away', (folder) => folder.remove('apis/a/specification.yaml')],
];

test.each(changes)('an API changes with %s, and no other resource does', async (_, change) => {
  const folder = new FolderInMemory(files);
  const reader = createFolderReader(folder);
  const { model: before } = await reader.read();
  change(folder);
  const { model: after } = await reader.read();
  expect(after.apis[0]).not.toBe(before.apis[0]);
  expect(after.apis[0]).not.toEqual(before.apis[0]);
  expect(after.apis[1]).toBe(before.apis[1]);
  expect(after.products[0]).toBe(before.products[0]);
  expect(after.policy).toBe(before.policy);
});

test('a revision changes with what it inherits', async () => {
  const folder = new FolderInMemory({ ...files, 'apis/a;rev=2/apiInformation.json': {} });
  const reader = createFolderReader(folder);
  await reader.read();
  folder.set('apis/a/apiInformation.json', { path: 'moved' });
  const { model } = await reader.read();
  expect(model.apis.filter(({ name }) => name === 'a').map(({ path }) => path)).toEqual(['moved', 'moved']);
});

test('a reference is checked again when what it names goes and comes back', async () => {
  const folder = new FolderInMemory(files);
  const reader = createFolderReader(folder);
  expect((await reader.read()).diagnostics).toEqual([]);
  folder.remove('apis/a/apiInformation.json').remove('apis/a/specification.yaml').remove('apis/a/shared/paths.yaml');
  expect((await reader.read()).diagnostics).toMatchObject([{ code: 'UnknownReference', file: 'products/p/apis.json' }]);
  folder.set('apis/a/apiInformation.json', { path: 'a' });
  const { model, diagnostics } = await reader.read();
  expect(diagnostics).toEqual([]);
  expect(model.products[0]?.apis).toEqual(['a']);
});

test('problems are reported at every reading, reused or not', async () => {
  const reader = createFolderReader(new FolderInMemory({ 'apis/a/apiInformation.json': '{}' }));
  const { diagnostics: first } = await reader.read();
  expect(first).toMatchObject([{ code: 'MissingProperty' }]);
  expect((await reader.read()).diagnostics).toEqual(first);
});

test('a changed secret changes only the resource that it belongs to', async () => {
  const folder = new FolderInMemory({ ...files, 'secrets.local.json': { namedValues: { n: 'old' } } });
  const reader = createFolderReader(folder);
  const { model: before } = await reader.read();
  folder.set('secrets.local.json', { namedValues: { n: 'new' } });
  const { model: after } = await reader.read();
  expect(after.namedValues[0]?.value).toBe('new');
  expect(after.apis[0]).toBe(before.apis[0]);
  expect(after.backends[0]).toBe(before.backends[0]);
});

test('readings that overlap follow one another', async () => {
  const reader = createFolderReader(new FolderInMemory(files));
  const [first, second] = await Promise.all([reader.read(), reader.read()]);
  expect(second.model.apis[0]).toBe(first.model.apis[0]);
});
