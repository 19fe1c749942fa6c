import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FolderInMemory } from '../folder/folder-in-memory.ts';
import { createFolderReader, readServiceFolder } from './folder-reader.ts';

const names = ['a', 'b', 'c'];
const contents: Record<string, readonly (string | object)[]> = {
  'apis/#/apiInformation.json': [
    { properties: { path: 'one' } },
    { properties: { path: 'two', apiVersionSetId: '/apiVersionSets/a', apiVersion: 'v1' } },
    { properties: { path: 7 } },
    '{ broken',
  ],
  'apis/#/policy.xml': ['<policies />', '<policies><inbound /></policies>', '\u0000'],
  'versionSets/#/versionSetInformation.json': [{ properties: { displayName: 'S', versioningScheme: 'Segment' } }, {}],
  'products/#/productInformation.json': [{ properties: { displayName: 'P' } }],
  'products/#/apis.json': [['a'], [{ name: 'b' }], ['nobody']],
  'namedValues/#/namedValueInformation.json': [{ properties: { displayName: 'n', secret: true } }],
  'secrets.local.json': [{ namedValues: { a: 'one' } }, { namedValues: { a: 'two', b: 'three' } }, 'not json'],
};

const write = fc.record({
  path: fc.constantFrom(...Object.keys(contents)),
  name: fc.constantFrom(...names),
  which: fc.nat(3),
  remove: fc.constantFrom(false, false, false, true),
});

it('reading only what was written gives what reading everything gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(write, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), async (rounds) => {
      const folder = new FolderInMemory({ 'apis/a/apiInformation.json': { properties: { path: 'x' } } });
      const reader = createFolderReader(folder);
      for (const round of rounds) {
        for (const { path, name, which, remove } of round) {
          const file = path.replace('#', name);
          const choices = contents[path] ?? [];
          if (remove) folder.remove(file);
          else folder.set(file, choices[which % choices.length] as string | object);
        }
        expect(await reader.read()).toEqual(await readServiceFolder(folder));
      }
    }),
    { numRuns: 60 },
  );
});

it('a change of one file leaves every other resource the same object', async () => {
  const folder = new FolderInMemory({
    'apis/a/apiInformation.json': { properties: { path: 'a' } },
    'apis/b/apiInformation.json': { properties: { path: 'b' } },
  });
  const reader = createFolderReader(folder);
  const [a, b] = (await reader.read()).model.apis;
  folder.set('apis/b/apiInformation.json', { properties: { path: 'c' } });
  const [sameA, otherB] = (await reader.read()).model.apis;
  expect(sameA).toBe(a);
  expect(otherB).not.toBe(b);
  expect(otherB?.path).toBe('c');
});
