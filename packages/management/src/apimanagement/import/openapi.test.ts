import { expect, test } from 'vitest';
import { endpoints, files, importOf, messages, serving, written } from './import-test-kit.ts';

const responses = { 200: { description: 'OK' } };
const document = (paths: object, more: object = {}) =>
  JSON.stringify({ openapi: '3.0.3', info: { title: 'T', version: '1' }, paths, ...more });

test('documents that a link refers to are read from where it is', async () => {
  const main = `openapi: 3.0.3
info: { title: Linked, version: '1' }
paths:
  /pets/{id}:
    $ref: 'paths/pet.yaml#/item'
`;
  const pet = `item:
  get:
    operationId: getPet
    parameters:
      - $ref: ../parameters.json#/id
    responses:
      '200':
        description: OK
        content:
          application/json:
            schema: { $ref: "../schemas/pet" }
`;
  const texts = {
    '/api/main.yaml': main,
    '/api/paths/pet.yaml': pet,
    '/api/parameters.json': JSON.stringify({
      id: { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
    }),
    '/api/schemas/pet': JSON.stringify({
      type: 'object',
      properties: { parent: { $ref: '#' }, name: { type: 'string' }, owner: { $ref: '../main.yaml#/info' } },
    }),
  };
  await serving(files(texts), async (url) => {
    const imported = await importOf('openapi-link', `${url}/api/main.yaml`);
    expect(imported.problems).toEqual([]);
    expect(written(imported).get('operations/getpet')).toMatchObject({
      urlTemplate: '/pets/{id}',
      templateParameters: [{ name: 'id', type: 'integer' }],
    });
    expect(messages(await importOf('openapi', main))).toEqual([
      expect.stringMatching(/^Parsing error\(s\): The specification is not valid\. Line 5, column \d+: /),
    ]);
  });
  await serving(files({ ...texts, '/api/parameters.json': '{' }), async (url) => {
    expect(messages(await importOf('openapi-link', `${url}/api/main.yaml`))[0]).toMatch(
      `Parsing error(s): The document '${url}/api/parameters.json' is not valid. Line 1, column`,
    );
  });
  await serving(files({ '/api/main.yaml': main }), async (url) => {
    expect(messages(await importOf('openapi-link', `${url}/api/main.yaml`))).toEqual([
      `Cannot read '${url}/api/paths/pet.yaml': the answer is 404 Not Found.`,
    ]);
  });
});

test('required query parameters go into the template, or stay in the query', async () => {
  const text = document({
    '/a': { get: { parameters: [{ name: 'q', in: 'query', required: true, schema: { type: 'string' } }], responses } },
  });
  expect(endpoints(await importOf('openapi+json', text))).toEqual(['GET /a?q={q}']);
  const query = await importOf('openapi+json', text, { translateRequiredQueryParameters: 'query' });
  expect(endpoints(query)).toEqual(['GET /a']);
  expect(written(query).get('operations/get-a')).toMatchObject({
    request: { queryParameters: [{ name: 'q', required: true }] },
  });
  const wrong = await importOf('openapi+json', text, { translateRequiredQueryParameters: 'none' });
  expect(wrong.problems).toMatchObject([{ target: 'properties.translateRequiredQueryParameters' }]);
});

test('two operations with one id', async () => {
  const operation = { operationId: 'List Things', responses };
  const imported = await importOf('openapi+json', document({ '/a': { get: operation }, '/b': { get: operation } }));
  expect([...written(imported).keys()]).toEqual(['operations/list-things', 'operations/list-things-1']);
});

test.each([
  [
    'servers with variables',
    document(
      {},
      { servers: [{ url: '{s}://h.example/{v}/', variables: { s: { default: 'https' }, v: { default: 'v2' } } }] },
    ),
    'https://h.example/v2',
  ],
  [
    'host, basePath and schemes',
    JSON.stringify({
      swagger: '2.0',
      info: { title: 'T', version: '1' },
      host: 'h.example',
      basePath: '/b',
      schemes: ['http', 'https'],
      paths: {},
    }),
    'https://h.example/b',
  ],
])('%s', async (_, text, serviceUrl) => {
  expect((await importOf('swagger-json', text)).properties.serviceUrl).toBe(serviceUrl);
});

test('parameters of all places, forms, examples; security is left to policies', async () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const imported = await importOf(
    'openapi+json',
    document(
      {
        '/x/{p}': {
          post: {
            operationId: 'x',
            security: [{ key: [] }],
            parameters: ['path', 'query', 'header', 'cookie'].map((place) => ({
              name: place.slice(0, 1),
              in: place,
              required: place === 'path',
              schema: { type: 'integer', enum: [1, 2], default: 1 },
            })),
            requestBody: {
              content: {
                'application/x-www-form-urlencoded': { schema, examples: { one: { value: { a: 'b' } } } },
              },
            },
            responses,
          },
        },
      },
      { components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'k' } } } },
    ),
  );
  expect(written(imported).get('operations/x')).toMatchObject({
    templateParameters: [{ name: 'p', type: 'integer', values: ['1', '2'], defaultValue: '1' }],
    request: {
      queryParameters: [{ name: 'q' }],
      headers: [{ name: 'h' }],
      representations: [{ contentType: 'application/x-www-form-urlencoded', examples: { one: { value: { a: 'b' } } } }],
    },
  });
});

test('OpenAPI 3.1', async () => {
  const imported = await importOf(
    'openapi+json',
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1', summary: 's' },
      webhooks: { created: { post: { responses } } },
      paths: {
        '/a': {
          get: {
            operationId: 'a',
            responses: {
              200: {
                description: 'OK',
                content: { 'application/json': { schema: { type: ['string', 'null'], const: 'x', examples: ['x'] } } },
              },
            },
          },
        },
      },
    }),
  );
  expect(imported.problems).toEqual([]);
  expect(endpoints(imported)).toEqual(['GET /a']);
});

test('a large document takes no longer than it must', async () => {
  const schemas: Record<string, object> = {};
  for (let i = 0; i < 300; i++)
    schemas[`S${i}`] = { type: 'object', properties: { next: { $ref: `#/components/schemas/S${(i + 1) % 300}` } } };
  const paths: Record<string, object> = {};
  for (let i = 0; i < 500; i++)
    paths[`/r${i}/{id}`] = {
      get: {
        operationId: `op${i}`,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'OK',
            content: { 'application/json': { schema: { $ref: `#/components/schemas/S${i % 300}` } } },
          },
        },
      },
    };
  const started = performance.now();
  const imported = await importOf('openapi+json', document(paths, { components: { schemas } }));
  expect(endpoints(imported)).toHaveLength(500);
  // Measured: 0.2 s alone on a busy machine.
  expect(performance.now() - started).toBeLessThan(5000);
});

test.each([
  ['broken JSON', '{"openapi": "3.0.0",', /^Parsing error\(s\): The specification is not valid\. Line 1, column \d+: /],
  ['broken YAML', 'openapi: 3.0.0\n  a: b', /Line 1, column 10: Not valid YAML/],
  ['no specification', '{"a": 1}', /^Parsing error\(s\): /],
  ['another version', '{"openapi": "4.0.0", "info": {}, "paths": {}}', /4\.0\.0/],
  [
    'references that go round',
    document({ '/a': { $ref: '#/paths/~1b' }, '/b': { $ref: '#/paths/~1a' } }),
    /refers to itself/,
  ],
  [
    'aliases that multiply',
    `openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghijk'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]`)
      .join('\n')}`,
    /^Parsing error\(s\): /,
  ],
  ['deep nesting', `{"openapi":"3.0.0","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /nested/i],
])('%s', async (_, text, message) => {
  const found = messages(await importOf('openapi', text));
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]).toMatch(message);
});
