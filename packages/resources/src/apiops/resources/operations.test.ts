import { expect, test } from 'vitest';
import { FolderInMemory } from '../../folder/folder-in-memory.ts';
import type { Operation } from '../../model/service.ts';
import { readServiceFolder } from '../folder-reader.ts';

const specification = {
  openapi: '3.0.3',
  info: { title: 'A', version: '1' },
  paths: {
    '/orders': { post: { operationId: 'Create_Order', responses: {} } },
    '/orders/{id}': { get: { responses: {} } },
  },
};

async function read(
  files: Readonly<Record<string, string | object>>,
): Promise<{ operations: readonly Operation[]; problems: readonly string[] }> {
  const folder = new FolderInMemory({ 'apis/a/apiInformation.json': { path: 'a' } });
  for (const [path, content] of Object.entries(files)) folder.set(`apis/a/${path}`, content);
  const { model, diagnostics } = await readServiceFolder(folder);
  return {
    operations: model.apis[0]?.operations ?? [],
    problems: diagnostics.map(({ code, file, line, column }) => `${code} ${file}:${line}:${column}`),
  };
}

test.each(['Create_Order', 'create-order', 'CREATE-ORDER'])(
  'the folder %s belongs to the operation Create_Order and names it',
  async (name) => {
    const { operations, problems } = await read({
      'specification.json': specification,
      [`operations/${name}/policy.xml`]: '<policies />',
    });
    expect(problems).toEqual([]);
    expect(operations.map((each) => [each.name, each.policy?.text ?? null])).toEqual([
      [name, '<policies />'],
      ['get-orders-id', null],
    ]);
  },
);

test('an information file completes and corrects the operation of the specification', async () => {
  const { operations, problems } = await read({
    'specification.json': specification,
    'operations/get-orders-id/operationInformation.json': {
      properties: { displayName: 'One order', method: 'GET', urlTemplate: '/orders/{orderId}' },
    },
  });
  expect(problems).toEqual([]);
  expect(operations[1]).toMatchObject({
    name: 'get-orders-id',
    displayName: 'One order',
    urlTemplate: '/orders/{orderId}',
    templateParameters: [{ name: 'orderId', required: true }],
  });
});

test('operations need no specification', async () => {
  const { operations, problems } = await read({
    'schemas/main/schemaInformation.json': {
      properties: {
        contentType: 'application/vnd.oai.openapi.components+json',
        document: { components: { schemas: { Order: { type: 'object' } } } },
      },
    },
    'operations/save/policy.xml': '<policies />',
    'operations/save/operationInformation.json': {
      properties: {
        displayName: 'Save',
        method: 'put',
        urlTemplate: 'orders/{id}',
        templateParameters: [{ name: 'id', type: 'integer', required: true, values: ['1', '2'] }],
        request: {
          queryParameters: [{ name: 'dry', defaultValue: 'false' }],
          headers: [{ name: 'If-Match', required: true }],
          representations: [
            { contentType: 'application/json', typeName: 'Order', examples: { small: { value: { id: 1 } } } },
          ],
        },
        responses: [
          { statusCode: 201, description: 'Saved', representations: [{ contentType: 'text/plain', sample: 'saved' }] },
        ],
      },
    },
  });
  expect(problems).toEqual([]);
  expect(operations).toMatchObject([
    {
      name: 'save',
      method: 'PUT',
      urlTemplate: '/orders/{id}',
      templateParameters: [{ name: 'id', type: 'integer', required: true, values: ['1', '2'] }],
      request: {
        queryParameters: [{ name: 'dry', type: 'string', required: false, defaultValue: 'false' }],
        headers: [{ name: 'If-Match', required: true }],
        representations: [
          {
            contentType: 'application/json',
            schema: { $ref: '#/schemas/Order' },
            examples: [{ name: 'small', value: { id: 1 } }],
          },
        ],
      },
      responses: [
        {
          statusCode: 201,
          description: 'Saved',
          representations: [
            { contentType: 'text/plain', examples: [{ name: 'default', value: 'saved' }], schema: null },
          ],
        },
      ],
      policy: { text: '<policies />', file: 'apis/a/operations/save/policy.xml' },
    },
  ]);
});

test('two operations for one method and URL are refused, whatever their parameters are called', async () => {
  const { problems } = await read({
    'specification.json': specification,
    'operations/other/operationInformation.json': {
      displayName: 'Other',
      method: 'GET',
      urlTemplate: '/orders/{number}',
    },
  });
  expect(problems).toEqual(['DuplicateOperation apis/a/operations/other/operationInformation.json:1:1']);
});

test.each([
  ['a method with a space', { method: 'GET it' }, 'InvalidValue'],
  ['a template with a space', { urlTemplate: '/a b' }, 'InvalidValue'],
  ['a status code out of range', { responses: [{ statusCode: 99 }] }, 'InvalidValue'],
  ['a method that is no string', { method: 1 }, 'WrongType'],
])('%s is refused', async (_, part, code) => {
  const { problems } = await read({
    'operations/o/operationInformation.json': JSON.stringify({
      displayName: 'O',
      method: 'GET',
      urlTemplate: '/',
      ...part,
    }),
  });
  expect(problems).toEqual([expect.stringContaining(`${code} apis/a/operations/o/operationInformation.json:1:`)]);
});
