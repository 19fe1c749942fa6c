import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FolderInMemory } from '../folder/folder-in-memory.ts';
import { createFolderReader, readServiceFolder } from './folder-reader.ts';
import { informationFiles } from './information-files.ts';
import { layout } from './layout.ts';

const information = '{ "path": "a" }';

/** Codes of what a folder with one API has, with this specification. */
async function codesOf(extension: string, specification: string | Uint8Array): Promise<string[]> {
  const folder = new FolderInMemory({
    'apis/a/apiInformation.json': information,
    [`apis/a/specification.${extension}`]: specification,
  });
  return (await readServiceFolder(folder)).diagnostics.map(({ code }) => code);
}

const levels = 100_000;
const openapi = 'openapi: 3.0.3\ninfo: { title: A, version: "1" }\npaths: {}\n';
const bomb = `a0: &a0 [x, x]\n${Array.from({ length: 30 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]\n`).join('')}`;

describe('hostile documents are refused', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['arrays in JSON', 'json', '['.repeat(levels) + ']'.repeat(levels), 'NestedTooDeep'],
    ['objects in JSON', 'json', '{"a":'.repeat(levels) + 1 + '}'.repeat(levels), 'NestedTooDeep'],
    ['arrays in JSON that do not end', 'json', '['.repeat(levels), 'NestedTooDeep'],
    ['flow collections in YAML', 'yaml', '['.repeat(levels) + ']'.repeat(levels), 'NestedTooDeep'],
    ['flow maps in YAML', 'yaml', '{a: '.repeat(levels) + 1 + '}'.repeat(levels), 'NestedTooDeep'],
    ['sequences in one line of YAML', 'yaml', `${'- '.repeat(levels)}x`, 'NestedTooDeep'],
    ['keys in one line of YAML', 'yaml', `${'? '.repeat(levels)}x`, 'NestedTooDeep'],
    [
      'block maps in YAML',
      'yaml',
      Array.from({ length: 2000 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
      'NestedTooDeep',
    ],
    ['aliases that multiply', 'yaml', openapi + bomb, 'TooManyAliases'],
    ['an alias inside its own anchor', 'yaml', 'a: &a\n  b: *a\n', 'NestedTooDeep'],
    ['an alias of nothing', 'yaml', 'a: *nothing\n', 'YamlSyntax'],
    ['NUL', 'json', '{"a": "\0"}', 'NulCharacter'],
  ];
  test.each(cases)('%s', async (_, extension, text, code) => {
    expect(await codesOf(extension, text)).toContain(code);
  });

  test('bytes that are not UTF-8', async () => {
    expect(await codesOf('json', new Uint8Array([0x7b, 0xc0, 0x80, 0x7d]))).toEqual(['InvalidEncoding']);
  });

  test('names of the prototype are names like others', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    for (const name of names) {
      const text = `{ "path": "a", "${name}": { "displayName": "polluted" } }`;
      const { model, diagnostics } = await readServiceFolder(
        new FolderInMemory({ 'apis/a/apiInformation.json': text, [`tags/${name}/tagInformation.json`]: '{}' }),
      );
      expect(diagnostics.map(({ code }) => code)).toEqual(['UnknownProperty', 'MissingProperty']);
      expect(model.apis[0]?.displayName).toBe('a');
    }
    expect(Object.hasOwn(Object.prototype, 'displayName')).toBe(false);
  });
});

describe('large input is read', () => {
  test('a specification of ten megabytes', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [
        `/p${index}/{id}`,
        { get: { description: 'd'.repeat(400), responses: { 200: { description: 'ok' } } } },
      ]),
    );
    const text = JSON.stringify({ openapi: '3.0.3', info: { title: 'A', version: '1' }, paths });
    expect(text.length).toBeGreaterThan(9_000_000);
    const { model, diagnostics } = await readServiceFolder(
      new FolderInMemory({ 'apis/a/apiInformation.json': information, 'apis/a/specification.json': text }),
    );
    expect(diagnostics).toEqual([]);
    expect(model.apis[0]?.operations.length).toBe(20_000);
  });

  test('a string of ten megabytes, which no message repeats', async () => {
    const text = `{ "path": "${'a'.repeat(10_000_000)}" }`;
    const { diagnostics } = await readServiceFolder(new FolderInMemory({ 'apis/a/apiInformation.json': text }));
    expect(diagnostics).toMatchObject([{ code: 'InvalidValue' }]);
    expect(diagnostics[0]?.message.length).toBeLessThan(1000);
  });

  test('a file above the limit is reported, not read', async () => {
    const folder = new FolderInMemory({ 'apis/a/apiInformation.json': information, 'policy.xml': 'x'.repeat(2000) });
    const { model, diagnostics } = await readServiceFolder(folder, { fileSizeLimit: 1000 });
    expect(diagnostics).toMatchObject([{ code: 'FileTooLarge', file: 'policy.xml' }]);
    expect(model.policy).toBeNull();
  });

  test('twenty thousand resources, twice', async () => {
    const folder = new FolderInMemory();
    for (let index = 0; index < 20_000; index++)
      folder.set(`tags/t${index}/tagInformation.json`, `{"displayName":"${index}"}`);
    const reader = createFolderReader(folder);
    expect((await reader.read()).model.tags.length).toBe(20_000);
    expect((await reader.read()).diagnostics).toEqual([]);
  });

  test('two thousand properties that are not known', async () => {
    const unknown = Array.from({ length: 2000 }, (_, index) => [`property${index}`, index]);
    const text = JSON.stringify({ path: 'a', ...Object.fromEntries(unknown) });
    const { diagnostics } = await readServiceFolder(new FolderInMemory({ 'apis/a/apiInformation.json': text }));
    expect(diagnostics.length).toBe(2000);
  });
});

describe('whatever stands in the files, reading them does not throw', () => {
  const paths = [
    ...layout.map(({ folders, informationFile }) => `${folders.at(-1)}/a/${informationFile}`),
    'apis/a/operations/o/operationInformation.json',
    'apis/a/operations/o/policy.xml',
    'apis/a/diagnostics/d/diagnosticInformation.json',
    'apis/a/schemas/s/schemaInformation.json',
    'apis/a/specification.json',
    'apis/a/specification.yaml',
    'apis/a/tags.json',
    'apis/a;rev=2/apiInformation.json',
    'apis/;rev=0/apiInformation.json',
    'products/a/apis.json',
    'tags/a/apis/a/tagApiInformation.json',
    'policy fragments/a/policy.xml',
    'policy.xml',
    'secrets.local.json',
    'secrets.local.yaml',
  ];
  const words = informationFiles.flatMap(({ properties }) => Object.keys(properties));
  const openapiWords = [
    ...['openapi', 'swagger', 'info', 'paths', '/a/{b}', 'get', 'parameters', 'responses', 'content', 'schema', '$ref'],
    ...['name', 'in', 'required', 'examples', 'components', 'schemas', 'allOf', 'items', 'properties', 'discriminator'],
    ...[
      'namedValues',
      'subscriptions',
      'certificates',
      'definitions',
      '200',
      'default',
      'mapping',
      'type',
      'x-ms-paths',
    ],
  ];
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom('3.0.0', '3.1.0', '2.0', '#/paths', '#', '#/components/schemas/a', 'a.json#/x', '../../x.yaml'),
      fc.constantFrom(
        '/apis/a',
        '/backends/a',
        'a',
        '/',
        'Pool',
        'PT1M',
        'query',
        'path',
        'https://a.example',
        'string',
      ),
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words, ...openapiWords, '__proto__'), tie('value'), { maxKeys: 6 }),
    ),
  })).value;
  const content = fc.oneof(
    { weight: 4, arbitrary: value.map((each) => JSON.stringify(each) ?? '') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
  );

  test('once and again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...paths), content, { maxKeys: 12 }), async (files) => {
        const reader = createFolderReader(new FolderInMemory(files));
        const { model, diagnostics } = await reader.read();
        for (const { line, column, file, message } of diagnostics) {
          expect(line).toBeGreaterThanOrEqual(0);
          expect(column > 0 || line === 0).toBe(true);
          expect(file).not.toBe('');
          expect(message).not.toMatch(/undefined|\[object/);
        }
        const again = await reader.read();
        expect(again.diagnostics).toEqual(diagnostics);
        for (const [index, each] of model.apis.entries()) expect(again.model.apis[index]).toBe(each);
      }),
      { numRuns: 400 },
    );
  });

  test('specifications', async () => {
    const specification = fc.record({
      openapi: fc.constantFrom('3.0.1', '3.1.0'),
      info: fc.constant({ title: 'A', version: '1' }),
      paths: fc.dictionary(
        fc.constantFrom('/a', '/a/{b}', '/{b}/{b}', '/x?y={z}', 'bad', '/{'),
        fc.dictionary(fc.constantFrom('get', 'post', 'parameters', '$ref', 'servers'), value),
      ),
      components: fc.record({ schemas: fc.dictionary(fc.constantFrom('a', 'b', 'a/b~c'), value) }),
    });
    await fc.assert(
      fc.asyncProperty(specification, async (each) => {
        await codesOf('json', JSON.stringify(each));
      }),
      { numRuns: 400 },
    );
  });
});
