import { createFolderReader, FolderInMemory } from '@lazuli/resources';
import type { JsonObject } from '@lazuli/store';
import { describe, expect, it } from 'vitest';
import { type Artifact, readArtifacts } from './read-artifacts.ts';
import { writeArtifacts } from './write-artifacts.ts';
import { writeSpecification } from './write-specification.ts';

const specification = {
  openapi: '3.0.3',
  info: { title: 'Orders', version: '1' },
  paths: {
    '/orders/{id}': {
      get: {
        operationId: 'get-order',
        summary: 'Get an order',
        description: 'One of them.',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
          { name: 'view', in: 'query', required: true, schema: { type: 'string', enum: ['short', 'long'] } },
          { name: 'X-Trace', in: 'header', schema: { type: 'string', default: 'none' } },
        ],
        responses: {
          200: {
            description: 'OK',
            headers: { ETag: { schema: { type: 'string' } } },
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Order' },
                examples: { one: { value: { id: 1 } } },
              },
            },
          },
        },
      },
      put: {
        operationId: 'put-order',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        requestBody: {
          content: { 'application/json': { schema: { type: 'object', properties: { a: { type: 'string' } } } } },
        },
        responses: { 204: { description: 'Done' } },
      },
    },
  },
  components: {
    schemas: {
      Order: { type: 'object', properties: { id: { type: 'integer' }, line: { $ref: '#/components/schemas/Line' } } },
      Line: { type: 'object', nullable: true },
    },
  },
};

async function read(files: Readonly<Record<string, string | object>>): Promise<readonly Artifact[]> {
  const folder = new FolderInMemory(files);
  const { model, diagnostics } = await createFolderReader(folder).read();
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return (await readArtifacts(folder, model)).artifacts;
}

const information = { properties: { displayName: 'Orders', path: 'orders' } };
const byPath = (artifacts: readonly Artifact[]) =>
  Object.fromEntries(artifacts.map(({ path, properties }) => [path, properties]));
const written = (artifacts: readonly Artifact[]) =>
  writeArtifacts(artifacts).then((files) => Object.fromEntries(files.map(({ path, content }) => [path, content])));

describe('the specification of an API', () => {
  it('is written again from operations and schemas, and says the same', async () => {
    const artifacts = await read({
      'apis/orders/apiInformation.json': information,
      'apis/orders/specification.json': specification,
    });
    const files = await written(artifacts);
    expect(Object.keys(files)).toEqual(['apis/orders/apiInformation.json', 'apis/orders/specification.json']);
    expect(files['apis/orders/specification.json']).toMatchObject({
      openapi: '3.0.3',
      info: { title: 'Orders' },
      components: { schemas: { Order: {}, Line: {} } },
      paths: { '/orders/{id}': { get: { operationId: 'get-order' }, put: { operationId: 'put-order' } } },
    });
    const again = await read(files as Record<string, object>);
    expect(byPath(again)).toEqual(byPath(artifacts));
  });

  it('is left alone where no document says the same: then each operation has its file', async () => {
    const operation: JsonObject = {
      displayName: 'Anything',
      method: '*',
      urlTemplate: '/*',
      templateParameters: [],
      responses: [],
    };
    const artifacts = await read({
      'apis/orders/apiInformation.json': information,
      'apis/orders/operations/any/operationInformation.json': { properties: operation },
    });
    const files = await written(artifacts);
    expect(Object.keys(files)).toEqual([
      'apis/orders/apiInformation.json',
      'apis/orders/operations/any/operationInformation.json',
    ]);
    expect(byPath(await read(files as Record<string, object>))).toEqual(byPath(artifacts));
  });

  it('is not made of operations that nothing can be made of', async () => {
    const api: Artifact = { path: 'apis/x', type: 'apis', properties: {} };
    for (const properties of [{}, { urlTemplate: '__proto__', method: 'GET' }, { responses: 'x', request: [] }])
      expect(
        await writeSpecification(api, [{ path: 'apis/x/operations/o', type: 'apis/operations', properties }]),
      ).toBeUndefined();
  });
});

describe('links', () => {
  it('are read in either layout and written as lists', async () => {
    const files = {
      'apis/orders/apiInformation.json': information,
      'products/p/productInformation.json': { properties: { displayName: 'P' } },
      'products/p/apis/orders/productApiInformation.json': {},
      'tags/t/tagInformation.json': { properties: { displayName: 'T' } },
      'tags/t/apis/orders/tagApiInformation.json': {},
      'gateways/g/gatewayInformation.json': { properties: {} },
      'gateways/g/apis.json': ['orders'],
      'groups/developers/groupInformation.json': { properties: { displayName: 'Developers', type: 'system' } },
    };
    const artifacts = await read(files);
    expect(artifacts.map(({ path }) => path)).toEqual([
      'tags/t',
      'gateways/g',
      'products/p',
      'apis/orders',
      'apis/orders/tags/t',
      'products/p/apis/orders',
      'gateways/g/apis/orders',
    ]);
    const again = await written(artifacts);
    expect(again).toMatchObject({
      'products/p/apis.json': [{ name: 'orders' }],
      'gateways/g/apis.json': [{ name: 'orders' }],
      'apis/orders/tags/t/tagInformation.json': { properties: {} },
    });
  });
});
