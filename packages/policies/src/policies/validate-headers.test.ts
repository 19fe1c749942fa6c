import { expect, test } from 'vitest';
import { operationOf, runPolicy } from '../testing/index.ts';

const header = { name: 'X-Left', type: 'integer', required: true, values: [], defaultValue: null, schema: null };
const operation = operationOf({
  responses: [{ statusCode: 200, description: null, headers: [header], representations: [] }],
});

const respond = (headers: Record<string, string>, children = '', specified = 'prevent') =>
  runPolicy(
    {
      outbound: `<validate-headers specified-header-action="${specified}" unspecified-header-action="prevent" errors-variable-name="e">${children}</validate-headers>`,
    },
    { match: { operation }, backend: () => ({ body: 'x', headers }) },
  );

test('what fits is sent', async () => {
  expect((await respond({ 'x-left': '3', 'Content-Type': 'text/plain', Date: 'x' })).status).toBe(200);
});

test.each([
  [{}, 'Required header X-Left is missing.'],
  [
    { 'X-Left': 'a' },
    'Value of the header X-Left does not conform to the definition. Invalid type. Expected Integer but got String.',
  ],
  [{ 'X-Left': '1', 'X-Secret': 's' }, 'Unspecified header X-Secret is not allowed.'],
])('%o', async (headers, message) => {
  const run = await respond(headers);
  expect([run.status, run.exchange.lastError?.reason, run.exchange.lastError?.message]).toEqual([
    500,
    'ResponseValidationFailed',
    message,
  ]);
  expect(run.body).not.toContain('X-');
});

test('single headers override', async () => {
  const run = await respond(
    { 'X-Left': 'a', 'X-Secret': 's' },
    '<header name="x-secret" action="ignore" /><header name="X-Left" action="detect" />',
  );
  expect([run.status, run.exchange.variables.has('e')]).toEqual([200, true]);
});
