import { expect, test } from 'vitest';
import { readFiles } from '../../testing/folders.ts';

const specification = { openapi: '3.1.0', info: { title: 'T', version: '1' } };

test('an API has one specification', async () => {
  const { problems } = await readFiles({
    'apis/a/apiInformation.json': { path: 'a' },
    'apis/a/specification.json': specification,
    'apis/a/specification.yaml': JSON.stringify(specification),
  });
  expect(problems).toEqual(['SeveralSpecifications apis/a/specification.yaml:0:0']);
});

test('a folder whose name goes on after a semicolon is a revision or nothing', async () => {
  const { problems } = await readFiles({ 'apis/a;v=2/apiInformation.json': { path: 'a' } });
  expect(problems).toEqual(['InvalidRevisionName apis/a;v=2:0:0']);
});

test('title and description of the specification stand in for those of the information file', async () => {
  const info = { title: 'Title', description: 'Described', version: '1' };
  const files = (more: object) => ({
    'apis/a/apiInformation.json': { path: 'a', ...more },
    'apis/a/specification.json': { ...specification, info },
  });
  expect((await readFiles(files({}))).model.apis).toMatchObject([{ displayName: 'Title', description: 'Described' }]);
  expect((await readFiles(files({ displayName: 'Own', description: 'Too' }))).model.apis).toMatchObject([
    { displayName: 'Own', description: 'Too' },
  ]);
});
