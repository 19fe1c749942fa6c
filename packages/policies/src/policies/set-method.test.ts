import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

test.each([
  ['PATCH', 'PATCH'],
  ['@("PO" + "ST")', 'POST'],
])('%s', async (text, method) => {
  expect((await runPolicy({ inbound: `<set-method>${text}</set-method>` })).backendRequest?.method).toBe(method);
});

test('what is no method is refused', async () => {
  expect(problemsOf({ inbound: '<set-method>GET /</set-method>' })).toEqual([
    expect.stringContaining("'GET /' is not an HTTP method."),
  ]);
  expect(problemsOf({ inbound: '<set-method />' })).toHaveLength(1);
  const run = await runPolicy({ inbound: '<set-method>@("GET /\\r\\n")</set-method>' });
  expect([run.status, run.exchange.lastError?.reason]).toEqual([500, 'ExpressionValueEvaluationFailure']);
});
