import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ManagedServer, startApiManagement } from './api-management-server.ts';

let lazuli: ManagedServer;
beforeAll(async () => {
  lazuli = await startApiManagement();
});
afterAll(() => lazuli.stop());

const fixture = (name: string): string =>
  readFileSync(new URL(`../../packages/management/src/apimanagement/import/fixtures/${name}`, import.meta.url), 'utf8');

async function create(name: string, more: object): Promise<void> {
  await lazuli.client.api.beginCreateOrUpdateAndWait(lazuli.group, lazuli.service, name, { path: name, ...more });
}

/** The document that a link leads to, read without a token. */
async function linked(link: string | undefined): Promise<{ status: number; type: string; text: string }> {
  const url = new URL(link ?? '');
  const answer = await lazuli.send('GET', `${url.pathname}${url.search}`, { headers: { Authorization: '' } });
  return { status: answer.status, type: String(answer.headers['content-type']), text: answer.text };
}

async function exported(name: string, format: string): Promise<string> {
  const { value } = await lazuli.client.apiExport.get(lazuli.group, lazuli.service, name, format, 'true');
  const { status, text } = await linked(value?.link);
  expect(status).toBe(200);
  return text;
}

const get = (name: string, format: string) =>
  lazuli.send(
    'GET',
    `${lazuli.servicePath}/apis/${name}?export=true&format=${encodeURIComponent(format)}&api-version=2024-05-01`,
  );

/** Operations without their ids, which hold the name of the API. */
async function operationsOf(name: string): Promise<unknown[]> {
  const answer = await lazuli.send('GET', `${lazuli.servicePath}/apis/${name}/operations?api-version=2024-05-01`);
  return answer.json.value.map(({ name: operation, properties }: { name: string; properties: object }) => ({
    operation,
    ...properties,
  }));
}

async function schemasOf(name: string): Promise<unknown> {
  const answer = await lazuli.send('GET', `${lazuli.servicePath}/apis/${name}/schemas?api-version=2024-05-01`);
  return answer.json.value.map((one: { properties: { document: unknown } }) => one.properties.document);
}

const specification = {
  openapi: '3.0.3',
  info: { title: 'Pets', description: 'All of them', version: '1' },
  servers: [{ url: 'https://pets.example/v1' }],
  paths: {
    '/pets': {
      get: {
        operationId: 'list-pets',
        summary: 'List pets',
        description: 'Page by page',
        parameters: [
          {
            name: 'kind',
            in: 'query',
            required: true,
            schema: { type: 'string', enum: ['cat', 'dog'], default: 'cat' },
          },
          {
            name: 'top',
            in: 'query',
            description: 'How many',
            schema: { type: 'integer', minimum: 0, exclusiveMinimum: true },
          },
          { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
        ],
        responses: {
          200: {
            description: 'Some',
            headers: { ETag: { schema: { type: 'string' } } },
            content: {
              'application/json': {
                schema: { type: 'array', items: { $ref: '#/components/schemas/Pet' } },
                examples: { one: { value: [{ name: 'Tom' }] } },
              },
            },
          },
          404: { description: 'None' },
        },
      },
      post: {
        operationId: 'add-pet',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
        responses: { 201: { description: 'Made' } },
      },
    },
    '/pets/{id}': {
      delete: {
        operationId: 'delete-pet',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: { 204: { description: 'Gone' } },
      },
    },
  },
  components: {
    schemas: {
      Pet: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', nullable: true },
          parent: { $ref: '#/components/schemas/Pet' },
          owner: { allOf: [{ $ref: '#/components/schemas/Owner' }], nullable: true },
          age: { type: 'integer', minimum: 0, exclusiveMinimum: true },
        },
      },
      Owner: { type: 'object', additionalProperties: false, example: { a: 1 } },
    },
  },
};

describe('export', () => {
  it.each([
    ['openapi-link', 'openapi'],
    ['openapi+json-link', 'openapi+json'],
  ])('%s gives the operations back that were imported', async (format, importFormat) => {
    const name = `pets-${importFormat.length}`;
    await create(name, { format: 'openapi+json', value: JSON.stringify(specification) });
    const text = await exported(name, format);
    const document = parse(text);
    expect(document).toMatchObject({
      openapi: '3.0.1',
      info: { title: 'Pets', description: 'All of them', version: '1.0' },
      servers: [{ url: `https://contoso.azure-api.net/${name}` }],
      components: {
        securitySchemes: { apiKeyHeader: { type: 'apiKey', name: 'Ocp-Apim-Subscription-Key', in: 'header' } },
      },
    });
    expect(document.components.schemas.Pet.properties).toEqual(specification.components.schemas.Pet.properties);
    await create(`${name}-again`, { format: importFormat, value: text });
    expect(await operationsOf(`${name}-again`)).toEqual(await operationsOf(name));
    expect(await schemasOf(`${name}-again`)).toEqual(await schemasOf(name));
  });

  it('gives Swagger', async () => {
    await create('swagger', { format: 'openapi+json', value: JSON.stringify(specification) });
    const text = await exported('swagger', 'swagger-link');
    expect(JSON.parse(text)).toMatchObject({ swagger: '2.0', host: 'contoso.azure-api.net', basePath: '/swagger' });
    await create('swagger-again', { format: 'swagger-json', value: text });
    const essence = async (name: string) =>
      (await operationsOf(name)).map((one) => {
        const { operation, method, urlTemplate, displayName } = one as Record<string, unknown>;
        return { operation, method, urlTemplate, displayName };
      });
    expect(await essence('swagger-again')).toEqual(await essence('swagger'));
  });

  it('gives WADL', async () => {
    await create('library', { format: 'wadl-xml', value: fixture('library.wadl') });
    const text = await exported('library', 'wadl-link');
    await create('library-again', { format: 'wadl-xml', value: text });
    expect(await operationsOf('library-again')).toEqual(await operationsOf('library'));
  });

  it('gives the WSDL of a SOAP API with the address of the gateway, and no other', async () => {
    await create('soap', { format: 'wsdl', value: fixture('calculator.wsdl'), apiType: 'soap' });
    const text = await exported('soap', 'wsdl-link');
    expect(text).toContain('<soap:address location="https://contoso.azure-api.net/soap"/>');
    await create('soap-again', { format: 'wsdl', value: text, apiType: 'soap' });
    // The address is part of the document, and the name of the schema follows from the document.
    const plain = (operations: unknown[]) => JSON.stringify(operations).replace(/"schemaId":"\w+",?/g, '');
    expect(plain(await operationsOf('soap-again'))).toBe(plain(await operationsOf('soap')));
    expect(parse(await exported('soap', 'openapi-link'))['x-ms-paths']).toMatchObject({
      '/?soapAction=http://calculator.example/Add': { post: { operationId: 'add' } },
    });
    await create('rest', { format: 'wsdl', value: fixture('calculator.wsdl'), apiType: 'http' });
    expect(await get('rest', 'wsdl-link')).toMatchObject({ status: 400, json: { error: { code: 'ValidationError' } } });
  });

  it('answers the document itself where the format is no link', async () => {
    await create('inline', { format: 'openapi+json', value: JSON.stringify(specification) });
    const { status, json } = await get('inline', 'openapi+json');
    expect(status).toBe(200);
    expect(json).toMatchObject({ name: 'inline', properties: { format: 'openapi+json' } });
    expect(JSON.parse(json.properties.value).openapi).toBe('3.0.1');
    expect(parse((await get('inline', 'openapi')).json.properties.value).openapi).toBe('3.0.1');
    const link = await get('inline', 'openapi-link');
    expect(link.json.properties).toEqual({ format: 'openapi-link', value: link.json.value });
  });

  it('refuses formats and links that it does not know', async () => {
    await create('refused', { displayName: 'Refused' });
    expect(await get('refused', 'raml')).toMatchObject({
      status: 400,
      json: { error: { code: 'ValidationError', details: [{ target: 'format' }] } },
    });
    expect((await get('none', 'openapi')).status).toBe(404);
    const { link } = (await get('refused', 'openapi-link')).json.value;
    expect(await linked(link)).toMatchObject({ status: 200, type: 'application/yaml; charset=utf-8' });
    expect((await linked(link.replace(/sig=./, 'sig=~'))).status).toBe(403);
    expect((await linked(link.replace(/se=\d/, 'se=9'))).status).toBe(403);
    expect((await linked(link.replace('api-exports/', 'api-exports/x'))).status).toBe(403);
    await lazuli.client.subscription.regeneratePrimaryKey(lazuli.group, lazuli.service, 'master');
    expect((await linked(link)).status).toBe(403);
  });
});
