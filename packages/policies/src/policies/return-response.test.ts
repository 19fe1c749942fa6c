import { responseValue } from '@lazuli/expressions';
import { expect, test } from 'vitest';
import { HeaderList } from '../http/header-list.ts';
import { problemsOf, runPolicy } from '../testing/index.ts';

test('an empty 200 by default; nothing is forwarded and outbound does not run', async () => {
  const run = await runPolicy({
    inbound: '<return-response />',
    outbound: '<set-header name="X-Out"><value>1</value></set-header>',
  });
  expect([run.status, run.reason, run.body, run.headers, run.backendRequests]).toEqual([200, 'OK', '', {}, []]);
});

test('children make the response', async () => {
  const run = await runPolicy({
    inbound: `<return-response>
        <set-status code="401" reason="No" />
        <set-header name="WWW-Authenticate" exists-action="override"><value>a</value><value>b</value></set-header>
        <set-header name="X-A"><value>@("x" + 1)</value></set-header>
        <set-body>@("no " + "token")</set-body>
      </return-response>`,
  });
  expect([run.status, run.reason, run.body]).toEqual([401, 'No', 'no token']);
  expect(run.headers).toEqual({ 'www-authenticate': 'a, b', 'x-a': 'x1' });
});

test('in outbound and on-error it replaces the response that is there', async () => {
  const backend = () => ({ status: 500, headers: { 'X-A': '1' }, body: 'secret' });
  const outbound = await runPolicy(
    { outbound: '<return-response><set-body>own</set-body></return-response>' },
    { backend },
  );
  expect([outbound.status, outbound.body, outbound.headers]).toEqual([200, 'own', {}]);
  const onError = await runPolicy(
    {
      backend: '<forward-request fail-on-error-status-code="true" />',
      onError: '<return-response><set-status code="503" /></return-response>',
    },
    { backend },
  );
  expect([onError.status, onError.body]).toEqual([503, '']);
});

const stored = () =>
  responseValue({
    statusCode: 206,
    statusReason: 'Partly',
    headers: new HeaderList(['X-A', '1', 'Content-Length', '6', 'Transfer-Encoding', 'chunked']),
    body: { bytes: () => Buffer.from('stored'), consume: () => undefined, charset: null },
  });

test('a stored response is the starting point', async () => {
  const whole = await runPolicy(
    { inbound: '<return-response response-variable-name="r" />' },
    { variables: { r: stored() } },
  );
  expect([whole.status, whole.reason, whole.body, whole.headers]).toEqual([206, 'Partly', 'stored', { 'x-a': '1' }]);
  const changed = await runPolicy(
    {
      inbound:
        '<return-response response-variable-name="r"><set-status code="201" /><set-header name="X-A" exists-action="append"><value>2</value></set-header><set-body>own</set-body></return-response>',
    },
    { variables: { r: stored() } },
  );
  expect([changed.status, changed.headers['x-a'], changed.body]).toEqual([201, '1,2', 'own']);
});

test.each([
  [{}, 'is not set'],
  [{ r: null }, 'is not set'],
  [{ r: 'text' }, 'does not hold a response'],
])('a variable without a response is an error: %o', async (variables, message) => {
  const run = await runPolicy({ inbound: '<return-response response-variable-name="r" />' }, { variables });
  expect([run.status, run.exchange.lastError?.message]).toEqual([500, `The variable 'r' ${message}.`]);
});

test('the order of the children is enforced', () => {
  const problems = (children: string) => problemsOf({ inbound: `<return-response>${children}</return-response>` });
  expect(problems('<set-body>x</set-body><set-status code="200" />')).toHaveLength(1);
  expect(problems('<set-status code="200" /><set-status code="200" />')).toHaveLength(1);
  expect(problems('<set-method>GET</set-method>')).toHaveLength(1);
  expect(problems('<set-header name="Content-Length"><value>1</value></set-header>')).toHaveLength(1);
});
