import { expect, test } from 'vitest';
import { operationOf, problemsOf, runPolicy } from '../testing/index.ts';

const operation = operationOf({
  responses: [{ statusCode: 200, description: null, headers: [], representations: [] }],
});

const respond = (status: number, children = '', name = 'errors-variable-name') =>
  runPolicy(
    {
      outbound: `<validate-status-code unspecified-status-code-action="prevent" ${name}="e">${children}</validate-status-code>`,
    },
    { match: { operation }, backend: () => ({ status }) },
  );

test('a described code passes, another does not', async () => {
  expect((await respond(200)).status).toBe(200);
  const run = await respond(202);
  expect([run.status, run.exchange.lastError?.message]).toEqual([500, 'Response status code 202 is not allowed.']);
});

test('a child overrides a code that is not described, and only that', async () => {
  const children = '<status-code code="202" action="ignore" /><status-code code="200" action="prevent" />';
  expect((await respond(202, children)).status).toBe(202);
  expect((await respond(200, children)).status).toBe(200);
  expect((await respond(203, children)).status).toBe(500);
});

test.each(['errors-variable-name', 'error-variable-name'])('%s', async (name) => {
  const run = await respond(202, '<status-code code="202" action="detect" />', name);
  expect([run.status, run.exchange.variables.has('e')]).toEqual([202, true]);
});

test('the code must be a number', () => {
  expect(
    problemsOf({
      outbound:
        '<validate-status-code unspecified-status-code-action="x"><status-code code="2xx" action="ignore" /></validate-status-code>',
    }),
  ).toHaveLength(2);
});
