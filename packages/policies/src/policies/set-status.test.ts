import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

test.each([
  ['code="404" reason="Gone fishing"', 404, 'Gone fishing'],
  ['code="404"', 404, 'Not Found'],
  ['code="@(400 + 18)" reason="@("tea" + "pot")"', 418, 'teapot'],
  ['code="299"', 299, ''],
])('%s', async (attributes, status, reason) => {
  const run = await runPolicy({ outbound: `<set-status ${attributes} />` }, { backend: () => ({ body: 'kept' }) });
  expect([run.status, run.reason, run.body]).toEqual([status, reason, 'kept']);
});

test('in inbound it counts when nothing is forwarded', async () => {
  expect((await runPolicy({ inbound: '<set-status code="202" />', backend: '' })).status).toBe(202);
});

test('what cannot be a final status is refused', async () => {
  for (const code of ['100', '0', '1000', 'abc'])
    expect(problemsOf({ outbound: `<set-status code="${code}" />` })).toHaveLength(1);
  expect(problemsOf({ outbound: '<set-status code="200" reason="a&#13;&#10;b" />' })).toHaveLength(1);
  for (const attributes of ['code="@(99)"', 'code="200" reason="@("a\\r\\nb")"'])
    expect((await runPolicy({ outbound: `<set-status ${attributes} />` })).exchange.lastError?.reason).toBe(
      'ExpressionValueEvaluationFailure',
    );
});
