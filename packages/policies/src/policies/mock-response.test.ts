import type { OperationResponse } from '@lazuli/resources';
import { expect, test } from 'vitest';
import { apiOf, operationOf, problemsOf, runPolicy } from '../testing/index.ts';

const schema = { $ref: '#/components/schemas/Order' };
const responses: OperationResponse[] = [
  {
    statusCode: 200,
    description: null,
    headers: [],
    representations: [
      {
        contentType: 'application/json',
        examples: [
          { name: 'one', value: { id: 1 } },
          { name: 'two', value: '{"id":2}' },
        ],
        schema,
      },
      { contentType: 'text/csv; charset=utf-8', examples: [{ name: 'csv', value: 'id\r\n1\r\n' }], schema: null },
      { contentType: 'application/xml', examples: [], schema },
    ],
  },
  {
    statusCode: 201,
    description: null,
    headers: [],
    representations: [{ contentType: 'application/hal+json', examples: [], schema }],
  },
  { statusCode: 404, description: null, headers: [], representations: [] },
];
const match = {
  api: apiOf({ schemas: new Map([['Order', { type: 'object', properties: { id: { type: 'integer' } } }]]) }),
  operation: operationOf({ responses }),
};
const mock = async (attributes: string) => {
  const run = await runPolicy({ inbound: `<mock-response ${attributes} />` }, { match });
  return [run.status, run.headers['content-type'], run.body, run.backendRequests.length];
};

test.each([
  ['', [200, 'application/json', '{\n  "id": 1\n}', 0]],
  ['index="1"', [200, 'application/json', '{"id":2}', 0]],
  ['index="9"', [200, 'application/json', '{"id":2}', 0]],
  ['content-type="text/csv"', [200, 'text/csv; charset=utf-8', 'id\r\n1\r\n', 0]],
  ['content-type="application/xml"', [200, 'application/xml', '', 0]],
  ['status-code="201"', [201, 'application/hal+json', '{\n  "id": 0\n}', 0]],
  ['status-code="404"', [404, undefined, '', 0]],
  ['status-code="418" content-type="text/plain"', [418, 'text/plain', '', 0]],
  ['enabled="false"', [200, undefined, '', 1]],
])('%s', async (attributes, expected) => {
  expect(await mock(attributes)).toEqual(expected);
});

test('attributes are literals', () => {
  for (const attributes of ['status-code="@(200)"', 'status-code="99"', 'content-type=""', 'index="-1"'])
    expect(problemsOf({ inbound: `<mock-response ${attributes} />` })).toHaveLength(1);
});
