import { expect, test } from 'vitest';
import { indexFolder, linkedNames } from './folder-index.ts';

const codes = (...paths: string[]) => indexFolder(paths).diagnostics.map(({ code, file }) => `${code} ${file}`);

test.each(['a:b', 'a#b', 'a%b', 'a\nb', 'a'.repeat(257)])('the name %j is refused, once', (name) => {
  expect(codes(`tags/${name}/tagInformation.json`, `tags/${name}/notes.md`)).toEqual([`InvalidName tags/${name}`]);
});

test('a revision may hold a semicolon in its name', () => {
  const { resources, names, diagnostics } = indexFolder([
    'apis/a/apiInformation.json',
    'apis/a;rev=2/apiInformation.json',
  ]);
  expect(diagnostics).toEqual([]);
  expect(resources.api.map(({ name }) => name)).toEqual(['a', 'a;rev=2']);
  expect([...names.api]).toEqual([['a', 'a']]);
});

test('names that differ only in case are one name', () => {
  expect(codes('tags/T/tagInformation.json', 'tags/t/tagInformation.json')).toEqual([
    'DuplicateResource tags/t/tagInformation.json',
  ]);
});

test('a resource in the folders of both layouts is there twice', () => {
  expect(codes('named values/n/namedValueInformation.json', 'namedValues/n/namedValueInformation.json')).toEqual([
    'DuplicateResource namedValues/n/namedValueInformation.json',
  ]);
});

test('links are the folders with an information file', () => {
  const files = ['apis/a/productApiInformation.json', 'apis/b/notes.md', 'apis/c/x/productApiInformation.json'];
  expect(linkedNames({ kind: 'product', name: 'p', directory: 'products/p', files }, 'apis')).toEqual(['a']);
});
