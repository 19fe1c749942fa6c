import { expect, test } from 'vitest';
import { MemoryCounters } from '../counters/memory-counters.ts';
import type { CounterPort } from '../ports/ports.ts';
import {
  apiOf,
  FakeClock,
  operationOf,
  problemsOf,
  productOf,
  type RunPolicyInit,
  runPolicy,
  subscriptionOf,
} from '../testing/index.ts';

function world(slow = false) {
  const clock = new FakeClock();
  const memory = new MemoryCounters({ now: () => clock.time });
  // As a remote implementation answers.
  const remote: CounterPort = {
    slidingWindow: async (...given) => memory.slidingWindow(...given),
    addToSlidingWindow: async (...given) => memory.addToSlidingWindow(...given),
    addToFixedWindow: async (...given) => memory.addToFixedWindow(...given),
    enter: async (...given) => memory.enter(...given),
    leave: (key) => memory.leave(key),
  };
  const counters = slow ? remote : memory;
  const call = (policy: string, init: RunPolicyInit = {}) =>
    runPolicy(
      { inbound: policy },
      {
        scope: 'product',
        ports: { counters },
        ...init,
        match: { subscription: subscriptionOf(), product: productOf(), ...init.match },
      },
    );
  return { clock, call };
}

const limit = (calls: number, attributes = '', content = '') =>
  `<rate-limit calls="${calls}" renewal-period="90" ${attributes}>${content}</rate-limit>`;

test('the rejection, to the byte', async () => {
  const { clock, call } = world();
  expect((await call(limit(1))).status).toBe(200);
  clock.time += 33_001;
  const run = await call(limit(1));
  expect([run.status, run.reason, run.body]).toEqual([
    429,
    'Too Many Requests',
    '{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 57 seconds." }',
  ]);
  expect(Buffer.byteLength(run.body)).toBe(84);
  expect(run.headers).toEqual({ 'content-type': 'application/json', 'retry-after': '57' });
  expect(run.exchange.lastError).toMatchObject({
    source: 'rate-limit',
    reason: 'RateLimitExceeded',
    message: 'Rate limit is exceeded',
    httpErrorCode: 429,
  });
  clock.time += 56_999;
  expect((await call(limit(1))).status).toBe(200);
});

test('nothing is limited without a subscription', async () => {
  const { call } = world();
  for (let i = 0; i < 3; i++) expect((await call(limit(1), { match: { subscription: null } })).status).toBe(200);
});

test('every subscription is counted for itself, and every definition', async () => {
  const { call } = world();
  await call(limit(1));
  expect((await call(limit(1))).status).toBe(429);
  expect((await call(limit(1), { match: { subscription: subscriptionOf({ name: 'other' }) } })).status).toBe(200);
  expect((await call(limit(1), { match: { product: productOf({ name: 'other' }) } })).status).toBe(200);
  expect((await call(limit(1), { scope: 'api' })).status).toBe(200);
  expect((await call(limit(1), { scope: 'operation' })).status).toBe(200);
  expect((await call(limit(1), { scope: 'operation' })).status).toBe(429);
  expect(
    (await call(limit(1), { scope: 'operation', match: { operation: operationOf({ name: 'other' }) } })).status,
  ).toBe(200);
});

const names =
  'retry-after-header-name="X-Retry" retry-after-variable-name="retry" remaining-calls-header-name="X-Left" remaining-calls-variable-name="left" total-calls-header-name="X-Total"';

test('headers and variables, on success too', async () => {
  const { call } = world();
  const good = await call(limit(2, names));
  expect(good.headers).toEqual({ 'x-left': '1', 'x-total': '2' });
  expect(Object.fromEntries(good.exchange.variables)).toEqual({ left: 1 });
  await call(limit(2, names));
  const bad = await call(limit(2, names));
  expect(bad.headers).toEqual({ 'content-type': 'application/json', 'x-retry': '90', 'x-left': '0', 'x-total': '2' });
  expect(Object.fromEntries(bad.exchange.variables)).toEqual({ left: 0, retry: 90 });
});

test.each([false, true])('nested limits count beside the outer one (remote counters: %s)', async (slow) => {
  const { call } = world(slow);
  const policy = limit(
    4,
    'remaining-calls-header-name="X-Left"',
    `<api id="orders-api" calls="3" renewal-period="60"><operation name="Get order" calls="1" renewal-period="30" /></api>
     <api name="Other" calls="0" renewal-period="60" /><operation id="list-orders" calls="2" renewal-period="60" />`,
  );
  const get = () => call(policy);
  const list = () => call(policy, { match: { operation: operationOf({ name: 'list-orders', displayName: 'List' }) } });
  expect((await get()).headers['x-left']).toBe('3');
  const second = await get();
  expect([second.status, second.headers['retry-after']]).toEqual([429, '30']);
  // What a limit rejected was counted by none.
  expect((await list()).headers['x-left']).toBe('2');
  expect((await list()).headers['x-left']).toBe('1');
  expect((await list()).headers['retry-after']).toBe('60');
  const other = apiOf({ name: 'x', displayName: 'Other' });
  expect((await call(policy, { match: { api: other } })).status).toBe(429);
  const plain = apiOf({ name: 'y', displayName: 'Y' });
  expect((await call(policy, { match: { api: plain } })).headers['x-left']).toBe('0');
  expect((await call(policy, { match: { api: plain } })).headers['retry-after']).toBe('90');
});

test('id beats name', async () => {
  const { call } = world();
  const policy = limit(9, '', '<api id="other" name="Orders" calls="0" renewal-period="60" />');
  expect((await call(policy)).status).toBe(200);
});

test.each([
  '<rate-limit renewal-period="60" />',
  '<rate-limit calls="1" renewal-period="301" />',
  '<rate-limit calls="1" renewal-period="0" />',
  '<rate-limit calls="@(1)" renewal-period="60" />',
  '<rate-limit calls="1" renewal-period="60" remaining-calls-header-name="a b" />',
  '<rate-limit calls="1" renewal-period="60"><api calls="1" renewal-period="60" /></rate-limit>',
])('%s is refused', (policy) => {
  expect(problemsOf({ inbound: policy }, { scope: 'product' })).toHaveLength(1);
});

test('not in the global document', () => {
  expect(problemsOf({ inbound: limit(1) }, { scope: 'global' })).toHaveLength(1);
});
