import { describe, expect, test } from 'vitest';
import { readSpecificationFile } from '../testing/folders.ts';

const head = "openapi: 3.0.3\ninfo: {title: Orders, version: '1'}\n";
const ok = { 200: { description: 'ok' } };
const info = { title: 'Orders', version: '1' };

describe('operations', () => {
  test('are named after their operationId, or method and path', async () => {
    const { api } = await readSpecificationFile({
      openapi: '3.0.0',
      info,
      paths: {
        '/orders': {
          get: { operationId: 'List Orders', summary: 'All orders', responses: ok },
          post: { responses: ok },
        },
        '/orders/{id}': { delete: { operationId: 'dropOrder', responses: ok } },
      },
    });
    expect(
      api.operations.map(({ name, displayName, method, urlTemplate }) => [name, displayName, method, urlTemplate]),
    ).toEqual([
      ['list-orders', 'All orders', 'GET', '/orders'],
      ['post-orders', 'Post - /orders', 'POST', '/orders'],
      ['droporder', 'dropOrder', 'DELETE', '/orders/{id}'],
    ]);
    expect(api.operations[2]?.templateParameters).toMatchObject([{ name: 'id', required: true, type: 'string' }]);
  });

  const search = {
    openapi: '3.0.0',
    info,
    paths: {
      '/search/{kind}': {
        parameters: [{ name: 'kind', in: 'path', required: true, schema: { type: 'string', enum: ['a', 'b'] } }],
        get: {
          parameters: [
            { name: 'q', in: 'query', required: true, schema: { type: 'string' } },
            { name: 'top', in: 'query', schema: { type: 'integer', default: 10 } },
            { name: 'x-trace', in: 'header', schema: { type: 'boolean' } },
          ],
          responses: ok,
        },
      },
    },
  };

  test('take required query parameters into the template', async () => {
    const { api } = await readSpecificationFile(search);
    const [operation] = api.operations;
    expect(operation?.urlTemplate).toBe('/search/{kind}?q={q}');
    expect(operation?.templateParameters.map(({ name, values }) => [name, values])).toEqual([
      ['kind', ['a', 'b']],
      ['q', []],
    ]);
    expect(operation?.request.queryParameters).toMatchObject([
      { name: 'top', type: 'integer', required: false, defaultValue: '10' },
    ]);
    expect(operation?.request.headers).toMatchObject([{ name: 'x-trace', type: 'boolean' }]);
  });

  test('leave required query parameters in the query when asked to', async () => {
    const { api } = await readSpecificationFile(search, { translateRequiredQueryParameters: 'query' });
    expect(api.operations[0]?.urlTemplate).toBe('/search/{kind}');
    expect(api.operations[0]?.request.queryParameters.map(({ name }) => name)).toEqual(['q', 'top']);
  });

  test('keep x-ms-paths apart by their query', async () => {
    const { api } = await readSpecificationFile({
      openapi: '3.0.0',
      info,
      paths: {},
      'x-ms-paths': { '/a?op=x': { get: { responses: ok } }, '/a?op=y': { get: { responses: ok } } },
    });
    expect(api.operations.map(({ urlTemplate }) => urlTemplate)).toEqual(['/a?op=x', '/a?op=y']);
  });
});

describe('bodies', () => {
  test('come with examples and schemas', async () => {
    const { api, problems } = await readSpecificationFile(`${head}
paths:
  /a:
    post:
      requestBody: {$ref: '#/components/requestBodies/Body'}
      responses:
        '201':
          description: made
          headers:
            Location: {schema: {type: string}, required: true}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Item'}
              examples:
                one: {value: {id: 1}}
                two: {$ref: '#/components/examples/Two'}
            text/plain: {schema: {type: string, example: hello}}
components:
  requestBodies:
    Body:
      content:
        application/json: {schema: {$ref: '#/components/schemas/Item'}, example: {id: 7}}
  examples:
    Two: {value: {id: 2}}
  schemas:
    Item: {type: object, properties: {id: {type: integer, nullable: true, minimum: 0, exclusiveMinimum: true}}}
`);
    expect(problems).toEqual([]);
    const [operation] = api.operations;
    expect(operation?.request.representations).toEqual([
      {
        contentType: 'application/json',
        examples: [{ name: 'default', value: { id: 7 } }],
        schema: { $ref: '#/schemas/Item' },
      },
    ]);
    expect(operation?.responses).toMatchObject([{ statusCode: 201, headers: [{ name: 'Location', required: true }] }]);
    expect(operation?.responses[0]?.representations.map(({ examples }) => examples)).toEqual([
      [
        { name: 'one', value: { id: 1 } },
        { name: 'two', value: { id: 2 } },
      ],
      [{ name: 'default', value: 'hello' }],
    ]);
    expect(api.schemas.get('Item')).toEqual({
      type: 'object',
      properties: { id: { type: ['integer', 'null'], exclusiveMinimum: 0 } },
    });
  });

  test('of GET are dropped', async () => {
    const { api } = await readSpecificationFile({
      openapi: '3.0.0',
      info,
      paths: { '/a': { get: { requestBody: { content: { 'text/plain': {} } }, responses: ok } } },
    });
    expect(api.operations[0]?.request.representations).toEqual([]);
  });

  test.each([
    [
      ['200', '4XX', 'default'],
      [200, 400],
    ],
    [['4XX', '400'], [400]],
    [['default'], [200]],
    [
      ['default', '404'],
      [200, 404],
    ],
    [['2xx', 'default'], [200]],
  ])('of responses %j are kept as %j', async (given, kept) => {
    const responses = Object.fromEntries(given.map((code) => [code, { description: code }]));
    const { api, problems } = await readSpecificationFile({
      openapi: '3.0.0',
      info,
      paths: { '/a': { get: { responses } } },
    });
    expect(problems).toEqual([]);
    expect(api.operations[0]?.responses.map(({ statusCode }) => statusCode).sort()).toEqual(kept);
  });
});

describe('Swagger 2.0', () => {
  test('reads bodies, forms, files and definitions', async () => {
    const { api, problems } = await readSpecificationFile({
      swagger: '2.0',
      info,
      host: 'api.example',
      basePath: '/v1',
      schemes: ['http', 'https'],
      consumes: ['application/json', 'application/xml'],
      paths: {
        '/pets': {
          post: {
            parameters: [{ name: 'pet', in: 'body', schema: { $ref: '#/definitions/Pet' } }],
            responses: {
              200: {
                description: 'ok',
                schema: { $ref: '#/definitions/Pet' },
                examples: { 'application/json': { name: 'Rex' } },
              },
            },
          },
          put: {
            parameters: [
              { name: 'photo', in: 'formData', type: 'file', required: true },
              { name: 'age', in: 'formData', type: 'integer' },
            ],
            responses: ok,
          },
        },
      },
      definitions: {
        Pet: { type: 'object', discriminator: 'kind', properties: { name: { type: 'string', 'x-nullable': true } } },
      },
    });
    expect(problems).toEqual([]);
    expect(api.serviceUrl).toBe('https://api.example/v1');
    const [post, put] = api.operations;
    expect(post?.request.representations.map(({ contentType, schema }) => [contentType, schema])).toEqual([
      ['application/json', { $ref: '#/schemas/Pet' }],
      ['application/xml', { $ref: '#/schemas/Pet' }],
    ]);
    expect(post?.responses[0]?.representations).toEqual([
      {
        contentType: 'application/json',
        schema: { $ref: '#/schemas/Pet' },
        examples: [{ name: 'default', value: { name: 'Rex' } }],
      },
    ]);
    expect(put?.request.representations).toEqual([
      {
        contentType: 'multipart/form-data',
        examples: [],
        schema: {
          type: 'object',
          properties: { photo: { type: 'string', format: 'binary' }, age: { type: 'integer' } },
          required: ['photo'],
        },
      },
    ]);
    expect(api.schemas.get('Pet')).toEqual({
      type: 'object',
      discriminator: { propertyName: 'kind' },
      properties: { name: { type: ['string', 'null'], 'x-nullable': true } },
    });
  });
});

describe('references', () => {
  test('may go round and into other files of the folder', async () => {
    const { api, problems } = await readSpecificationFile(
      `${head}
paths:
  /a: {$ref: '../../shared/paths.yaml#/paths/~1a'}
components:
  schemas:
    Node:
      type: object
      properties:
        next: {$ref: '#/components/schemas/Node'}
        thing: {$ref: '../../shared/paths.yaml#/Thing'}
`,
      {},
      {
        'shared/paths.yaml':
          'paths:\n  /a:\n    get:\n      responses:\n        200: {description: ok, content: {application/json: {schema: {$ref: "#/Thing"}}}}\nThing:\n  type: object\n  properties: {self: {$ref: "#/Thing"}}\n',
      },
    );
    expect(problems).toEqual([]);
    expect(api.operations.map(({ name }) => name)).toEqual(['get-a']);
    expect(api.operations[0]?.responses[0]?.representations[0]?.schema).toEqual({ $ref: '#/schemas/Thing' });
    expect(Object.fromEntries(api.schemas)).toEqual({
      Node: { type: 'object', properties: { next: { $ref: '#/schemas/Node' }, thing: { $ref: '#/schemas/Thing' } } },
      Thing: { type: 'object', properties: { self: { $ref: '#/schemas/Thing' } } },
    });
  });

  test.each([
    ['#/components/schemas/Missing', 'BrokenReference'],
    ['missing.yaml#/X', 'BrokenReference'],
    ['#Missing', 'BrokenReference'],
    ['../../../outside.yaml', 'ReferenceLeavesFolder'],
    ['/etc/passwd', 'ReferenceLeavesFolder'],
    ['..%2f..%2f..%2foutside.yaml', 'ReferenceLeavesFolder'],
    ['https://example.com/a.yaml', 'RemoteReference'],
    ['//example.com/a.yaml', 'RemoteReference'],
    ['#/components/schemas/A', 'CircularReference'],
    ['#/__proto__', 'BrokenReference'],
    ['#/constructor', 'BrokenReference'],
  ])('%s is a %s', async (reference, code) => {
    const { problems } = await readSpecificationFile(
      `${head}paths: {}\ncomponents:\n  schemas:\n    A:\n      $ref: '${reference}'\n`,
    );
    expect(problems).toEqual([`${code} apis/a/specification.yaml:7:13`]);
  });

  test('keep their siblings in OpenAPI 3.1 only', async () => {
    const schemas = { A: { $ref: '#/components/schemas/B', description: 'kept' }, B: { type: ['string', 'null'] } };
    const { api } = await readSpecificationFile({ openapi: '3.1.0', info, components: { schemas } });
    expect(api.schemas.get('A')).toEqual({ $ref: '#/schemas/B', description: 'kept' });
    const old = await readSpecificationFile({
      openapi: '3.0.0',
      info,
      paths: {},
      components: { schemas: { ...schemas, B: { type: 'string' } } },
    });
    expect(old.api.schemas.get('A')).toEqual({ $ref: '#/schemas/B' });
  });

  test('of a discriminator point at schemas', async () => {
    const { api } = await readSpecificationFile({
      openapi: '3.0.0',
      info,
      paths: {},
      components: {
        schemas: {
          Pet: { discriminator: { propertyName: 'kind', mapping: { dog: '#/components/schemas/Dog', cat: 'Cat' } } },
          Dog: {},
          Cat: {},
        },
      },
    });
    expect(api.schemas.get('Pet')).toEqual({
      discriminator: { propertyName: 'kind', mapping: { dog: '#/schemas/Dog', cat: '#/schemas/Cat' } },
    });
  });
});

describe('a broken document', () => {
  test('reports every problem with its place', async () => {
    const { problems } = await readSpecificationFile(`openapi: 3.0.3
info: {title: Orders}
paths:
  orders:
    get: {responses: {}}
  /a/{id}:
    parameters:
      - {name: other, in: path, required: true, schema: {type: text}}
      - {in: query}
      - {name: x, in: body}
    get:
      operationId: same
      responses:
        '20': {description: bad}
    fetch: {}
  /b:
    get: {operationId: same}
  /a/{x}:
    get: {responses: {}}
`);
    expect(problems).toEqual([
      'MissingProperty apis/a/specification.yaml:2:7',
      'InvalidPath apis/a/specification.yaml:4:3',
      'ParameterNotInTemplate apis/a/specification.yaml:8:16',
      'InvalidValue apis/a/specification.yaml:8:64',
      'MissingProperty apis/a/specification.yaml:9:9',
      'InvalidValue apis/a/specification.yaml:10:23',
      'InvalidValue apis/a/specification.yaml:14:9',
      'InvalidValue apis/a/specification.yaml:15:5',
      'MissingProperty apis/a/specification.yaml:17:10',
      'DuplicateOperationName apis/a/specification.yaml:17:24',
      'DuplicateOperation apis/a/specification.yaml:19:5',
    ]);
  });

  test.each([
    ['openapi: 3.2.0\n', 'UnsupportedVersion apis/a/specification.yaml:1:10'],
    ['swagger: 1.2\n', 'UnsupportedVersion apis/a/specification.yaml:1:10'],
    ['title: nothing\n', 'UnsupportedVersion apis/a/specification.yaml:1:1'],
    ['- 1\n', 'WrongType apis/a/specification.yaml:1:1'],
    ['', 'WrongType apis/a/specification.yaml:1:1'],
  ])('%j is no specification', async (text, expected) => {
    expect((await readSpecificationFile(text)).problems).toEqual([expected]);
  });
});

test('a required query parameter may not have the name of a path parameter', async () => {
  const parameters = [
    { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    { name: 'ID', in: 'query', required: true, schema: { type: 'string' } },
  ];
  const specification = { openapi: '3.1.0', info, paths: { '/a/{id}': { get: { parameters } } } };
  expect((await readSpecificationFile(specification)).problems).toEqual([expect.stringMatching(/^DuplicateParameter/)]);
  const inQuery = await readSpecificationFile(specification, { translateRequiredQueryParameters: 'query' });
  expect(inQuery.problems).toEqual([]);
});

describe('the service URL', () => {
  test.each([
    [[{ url: '/relative' }], null],
    [
      [
        { url: 'http://a.example/' },
        { url: 'https://{host}.example/{v}', variables: { host: { default: 'b' }, v: { default: 'v2' } } },
      ],
      'https://b.example/v2',
    ],
    [[{ url: 'http://a.example' }], 'http://a.example'],
  ])('of %j', async (servers, expected) => {
    expect((await readSpecificationFile({ openapi: '3.0.0', info, servers, paths: {} })).api.serviceUrl).toBe(expected);
  });
});
