import type { Parameter } from '@lazuli/resources';
import { expect, test } from 'vitest';
import { apiOf, operationOf, runPolicy } from '../testing/index.ts';

const parameter = (name: string, schema: unknown, over: Partial<Parameter> = {}): Parameter => ({
  name,
  type: 'string',
  required: false,
  values: [],
  defaultValue: null,
  schema,
  ...over,
});

const api = apiOf({ schemas: new Map<string, unknown>([['Size', { type: 'integer', maximum: 10 }]]) });
const operation = operationOf({
  urlTemplate: '/{id}?view={view}',
  templateParameters: [
    parameter('id', { type: 'integer' }, { required: true }),
    parameter('view', { enum: ['a', 'b'] }),
  ],
  request: {
    representations: [],
    headers: [parameter('X-Trace', { type: 'string', format: 'uuid' }, { required: true })],
    queryParameters: [
      parameter('size', { $ref: '#/schemas/Size' }),
      parameter('flag', { type: 'boolean' }),
      parameter('ids', { type: 'array', items: { type: 'integer' } }),
      parameter('kind', null, { type: 'string', values: ['x', 'y'] }),
      parameter('free', {}),
    ],
  },
});
const trace = { 'X-Trace': '0d9e1f2a-3b4c-4d5e-8f60-718293a4b5c6' };

const call = (query: string, init: { policy?: string; headers?: Record<string, string>; id?: string } = {}) =>
  runPolicy(
    {
      inbound:
        init.policy ??
        '<validate-parameters specified-parameter-action="prevent" unspecified-parameter-action="prevent" errors-variable-name="e" />',
    },
    {
      match: { api, operation, matchedParameters: new Map([['id', init.id ?? '42']]) },
      request: {
        url: `https://gateway.example/orders/42${query}`,
        headers: init.headers ?? { ...trace, Host: 'x', Accept: '*/*', 'Ocp-Apim-Subscription-Key': 'k' },
      },
    },
  );

test.each([
  '',
  '?size=10&flag=TRUE&ids=1,2,3&kind=x&view=a',
  '?ids=1&ids=2',
  '?SIZE=1',
  '?free=anything',
  '?subscription-key=k',
])('%s fits', async (query) => {
  expect((await call(query)).status).toBe(200);
});

test.each([
  [
    '?size=11',
    'Value of the query parameter size does not conform to the definition. Integer 11 exceeds maximum value of 10.',
  ],
  [
    '?size=a',
    'Value of the query parameter size does not conform to the definition. Invalid type. Expected Integer but got String.',
  ],
  [
    '?size=1.5',
    'Value of the query parameter size does not conform to the definition. Invalid type. Expected Integer but got Number.',
  ],
  [
    '?size=1&size=2',
    'Value of the query parameter size does not conform to the definition. It cannot have multiple values.',
  ],
  [
    '?ids=1,x',
    'Value of the query parameter ids does not conform to the definition. Invalid type. Expected Array but got String.',
  ],
  [
    '?flag=yes',
    'Value of the query parameter flag does not conform to the definition. Invalid type. Expected Boolean but got String.',
  ],
  [
    '?kind=z',
    'Value of the query parameter kind does not conform to the definition. Value "z" is not defined in enum.',
  ],
  [
    '?view=c',
    'Value of the query parameter view does not conform to the definition. Value "c" is not defined in enum.',
  ],
  ['?other=1', 'Unspecified query parameter other is not allowed.'],
])('%s', async (query, message) => {
  const run = await call(query);
  expect(run.status).toBe(400);
  if (query !== '?ids=1,x') expect(run.body).toBe(`{ "statusCode": 400, "message": ${JSON.stringify(message)} }`);
  expect(run.exchange.lastError?.reason).toBe('ValidationFailed');
});

test('path and headers', async () => {
  expect((await call('', { id: 'x' })).exchange.lastError?.message).toBe(
    'Value of the path parameter id does not conform to the definition. Invalid type. Expected Integer but got String.',
  );
  expect((await call('', { headers: {} })).exchange.lastError?.message).toBe('Required header X-Trace is missing.');
  expect((await call('', { headers: { 'x-trace': 'x' } })).exchange.lastError?.message).toBe(
    "Value of the header X-Trace does not conform to the definition. String 'x' does not validate against format 'uuid'.",
  );
  expect((await call('', { headers: { ...trace, 'X-Other': '1' } })).exchange.lastError?.message).toBe(
    'Unspecified header X-Other is not allowed.',
  );
});

test('every error is told', async () => {
  const run = await call('?size=11&other=1', { headers: {} });
  expect(run.exchange.lastError?.message.split('. ')).toHaveLength(4);
});

test('groups and single parameters override', async () => {
  const policy = `<validate-parameters specified-parameter-action="ignore" unspecified-parameter-action="ignore">
    <query specified-parameter-action="prevent" unspecified-parameter-action="prevent">
      <parameter name="SIZE" action="ignore" /><parameter name="extra" action="ignore" />
    </query></validate-parameters>`;
  expect((await call('?size=99&extra=1', { policy, headers: {} })).status).toBe(200);
  expect((await call('?flag=x', { policy, headers: {} })).status).toBe(400);
});

test('detect only logs', async () => {
  const policy =
    '<validate-parameters specified-parameter-action="detect" unspecified-parameter-action="detect" errors-variable-name="e" />';
  const run = await call('?size=99', { policy });
  expect([run.status, run.exchange.variables.has('e')]).toEqual([200, true]);
});

test('a flood of parameters stays a short message', async () => {
  const query = Array.from({ length: 5_000 }, (_, i) => `p${i}=1`).join('&');
  expect((await call(`?${query}`)).body.length).toBeLessThan(2_000);
});
