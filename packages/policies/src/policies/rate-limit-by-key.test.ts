import { expect, test } from 'vitest';
import { MemoryCounters } from '../counters/memory-counters.ts';
import { FakeClock, type FakeResponse, problemsOf, type RunPolicyInit, runPolicy } from '../testing/index.ts';

function world() {
  const clock = new FakeClock();
  const counters = new MemoryCounters({ now: () => clock.time });
  const call = (attributes: string, init: RunPolicyInit = {}) =>
    runPolicy({ inbound: `<rate-limit-by-key renewal-period="60" ${attributes} />` }, { ports: { counters }, ...init });
  const answering = (attributes: string, response: FakeResponse) => call(attributes, { backend: () => response });
  return { clock, call, answering };
}

test('limits a key, without any subscription', async () => {
  const { clock, call } = world();
  expect((await call('calls="1" counter-key="a"')).status).toBe(200);
  const run = await call('calls="1" counter-key="a"');
  expect([run.status, run.body, run.headers['retry-after']]).toEqual([
    429,
    '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 60 seconds." }',
    '60',
  ]);
  expect(run.exchange.lastError).toMatchObject({ source: 'rate-limit-by-key', reason: 'RateLimitExceeded' });
  expect((await call('calls="1" counter-key="b"')).status).toBe(200);
  clock.time += 60_000;
  expect((await call('calls="1" counter-key="a"')).status).toBe(200);
});

test('one counter for the whole service, whatever the scope', async () => {
  const { call } = world();
  await call('calls="1" counter-key="a"');
  expect((await call('calls="1" counter-key="a"', { scope: 'operation' })).status).toBe(429);
});

test('calls, period and key may be expressions; a null key is one for all', async () => {
  const { call } = world();
  const policy = 'calls="@(1 + 1)" counter-key="@((string)null)" remaining-calls-variable-name="left"';
  const lefts = [];
  for (let i = 0; i < 3; i++) lefts.push((await call(policy)).exchange.variables.get('left'));
  expect(lefts).toEqual([1, 0, 0]);
});

test('a count is taken whole', async () => {
  const { call } = world();
  const policy = 'calls="10" counter-key="a" increment-count="4" remaining-calls-header-name="X-Left"';
  expect((await call(policy)).headers['x-left']).toBe('6');
  expect((await call(policy)).headers['x-left']).toBe('2');
  expect((await call(policy)).status).toBe(429);
});

test('a condition is asked after the response: the 429 comes one call late', async () => {
  const { answering } = world();
  const policy = 'calls="1" counter-key="a" increment-condition="@(context.Response.StatusCode == 401)"';
  const statuses = [];
  for (const status of [200, 200, 401, 200]) statuses.push((await answering(policy, { status })).status);
  expect(statuses).toEqual([200, 200, 401, 429]);
});

test('a count may read the response', async () => {
  const { answering } = world();
  const policy =
    'calls="10" counter-key="a" remaining-calls-header-name="X-Left" increment-count="@((int)context.Response.Body.As<JObject>(true)["tokens"])"';
  const first = await answering(policy, { body: '{"tokens": 7}' });
  expect([first.headers['x-left'], first.body]).toEqual(['10', '{"tokens": 7}']);
  expect((await answering(policy, { body: '{"tokens": 9}' })).headers['x-left']).toBe('3');
  expect((await answering(policy, {})).status).toBe(429);
});

test('increment-after-response', async () => {
  const { call } = world();
  const policy = 'calls="1" counter-key="a" increment-after-response="true" remaining-calls-header-name="X-Left"';
  expect((await call(policy)).headers['x-left']).toBe('1');
  expect((await call(policy)).status).toBe(429);
});

test('an increment that is constantly off only looks', async () => {
  const { call } = world();
  for (let i = 0; i < 3; i++)
    expect((await call('calls="1" counter-key="a" increment-condition="false"')).status).toBe(200);
});

test.each([
  'calls="1"',
  'counter-key="a"',
  'calls="x" counter-key="a"',
  'calls="1" counter-key="a" increment-count="-1"',
])('%s is refused', (attributes) => {
  expect(problemsOf({ inbound: `<rate-limit-by-key renewal-period="60" ${attributes} />` })).toHaveLength(1);
});

test('a period beyond 300 seconds is refused', async () => {
  expect(problemsOf({ inbound: '<rate-limit-by-key calls="1" renewal-period="301" counter-key="a" />' })).toHaveLength(
    1,
  );
  const run = await runPolicy({
    inbound: '<rate-limit-by-key calls="1" renewal-period="@(300 + 1)" counter-key="a" />',
  });
  expect([run.status, run.exchange.lastError?.reason]).toEqual([500, 'ExpressionValueEvaluationFailure']);
});
