import { expect, test } from 'vitest';
import { PolicyError } from '../policy-error.ts';
import type { BackendPort, ForwardOptions } from '../ports/ports.ts';
import { fakePorts, problemsOf, runPolicy } from '../testing/index.ts';

async function options(attributes: string): Promise<ForwardOptions | undefined> {
  let seen: ForwardOptions | undefined;
  const fake = fakePorts().backend;
  const backend: BackendPort = {
    has: fake.has,
    forward(exchange, given) {
      seen = given;
      return fake.forward(exchange, given);
    },
  };
  await runPolicy({ backend: `<forward-request ${attributes} />` }, { ports: { backend } });
  return seen;
}

const defaults: ForwardOptions = {
  timeoutMs: 300_000,
  continueTimeoutMs: null,
  httpVersion: '1',
  followRedirects: false,
  bufferRequestBody: false,
  bufferResponse: true,
};

test.each([
  ['', {}],
  ['timeout="20"', { timeoutMs: 20_000 }],
  ['timeout="@(10 + 5)"', { timeoutMs: 15_000 }],
  ['timeout-ms="1500"', { timeoutMs: 1_500 }],
  ['continue-timeout="3"', { continueTimeoutMs: 3_000 }],
  ['http-version="2"', { httpVersion: '2' }],
  ['http-version="2or1"', { httpVersion: '2or1' }],
  ['follow-redirects="true"', { followRedirects: true }],
  ['follow-redirects="@(1 == 1)"', { followRedirects: true }],
  ['buffer-request-body="true"', { bufferRequestBody: true }],
  ['buffer-response="false"', { bufferResponse: false }],
])('%s', async (attributes, expected) => {
  expect(await options(attributes)).toEqual({ ...defaults, ...expected });
});

test('the answer becomes the response', async () => {
  const run = await runPolicy('<policies><backend><forward-request /></backend></policies>', {
    backend: () => ({ status: 201, reason: 'Made', headers: { 'X-A': '1' }, body: 'b' }),
  });
  expect([run.status, run.reason, run.headers['x-a'], run.body]).toEqual([201, 'Made', '1', 'b']);
});

test('an error of the backend goes to on-error', async () => {
  const timeout = new PolicyError('Timeout', 'The request timed out.', {
    status: 500,
    message: 'Internal server error',
    activityId: true,
  });
  const run = await runPolicy(
    { outbound: '<set-header name="X-Out"><value>1</value></set-header>' },
    { backend: () => Promise.reject(timeout) },
  );
  expect([run.status, run.headers['x-out'], run.exchange.lastError]).toMatchObject([
    500,
    undefined,
    { source: 'forward-request', reason: 'Timeout', section: 'backend' },
  ]);
});

test.each([
  [399, false],
  [400, true],
  [599, true],
  [600, false],
])('fail-on-error-status-code with %i', async (status, fails) => {
  const run = await runPolicy(
    {
      backend: '<forward-request fail-on-error-status-code="true" />',
      onError: '<set-header name="X-Error"><value>1</value></set-header>',
    },
    { backend: () => ({ status, reason: 'R', body: 'from the backend' }) },
  );
  expect([run.status, run.reason, run.body, run.headers['x-error']]).toEqual([
    status,
    'R',
    'from the backend',
    fails ? '1' : undefined,
  ]);
});

test('attributes are checked', () => {
  expect(problemsOf({ backend: '<forward-request timeout="1" timeout-ms="1" />' })).toHaveLength(1);
  expect(problemsOf({ backend: '<forward-request timeout="-1" />' })).toHaveLength(1);
  expect(problemsOf({ backend: '<forward-request http-version="3" />' })).toHaveLength(1);
  expect(problemsOf({ inbound: '<forward-request />' })).toHaveLength(1);
});
