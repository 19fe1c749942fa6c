import { expect, test } from 'vitest';
import { MemoryCache } from '../cache/memory-cache.ts';
import type { CachePort } from '../ports/ports.ts';
import {
  FakeClock,
  type FakeResponse,
  problemsOf,
  type RunPolicyInit,
  runPolicy,
  subscriptionOf,
  userOf,
} from '../testing/index.ts';

interface Given extends RunPolicyInit {
  readonly lookup?: string;
  readonly vary?: string;
  readonly store?: string;
  readonly outbound?: string;
  readonly answer?: FakeResponse;
  readonly developer?: boolean;
  readonly groups?: boolean;
}

function world(remote = false) {
  const clock = new FakeClock();
  const memory = new MemoryCache({ now: () => clock.time, maxBytes: 64 * 1024 * 1024 });
  const cache: CachePort = remote
    ? {
        get: async (key) => memory.get(key),
        set: async (key, entry, ttl) => memory.set(key, entry, ttl),
        remove: async (key) => memory.remove(key),
      }
    : memory;
  let count = 0;
  const call = (path: string, given: Given = {}) => {
    const { lookup = '', vary = '', store = 'duration="60"', outbound = '', answer, ...init } = given;
    const attributes = `vary-by-developer="${given.developer ?? false}" vary-by-developer-groups="${given.groups ?? false}"`;
    return runPolicy(
      {
        inbound: `<cache-lookup ${attributes} ${lookup}>${vary}</cache-lookup>
          <set-header name="X-After-Lookup"><value>1</value></set-header>`,
        outbound: `<set-header name="X-Before" exists-action="append"><value>1</value></set-header>
          <cache-store ${store} />
          <set-header name="X-After" exists-action="append"><value>1</value></set-header>${outbound}`,
      },
      {
        backend: () => answer ?? { body: `answer ${++count}`, headers: { 'X-B': 'b', 'Set-Cookie': 'c=1' } },
        clock,
        ...init,
        ports: { cache, ...init.ports },
        request: { url: `https://gateway.example/orders${path}`, ...init.request },
      },
    );
  };
  return { clock, call };
}

test.each([false, true])(
  'a hit is the stored response and goes on behind cache-store (remote cache: %s)',
  async (remote) => {
    const { call } = world(remote);
    const miss = await call('/1');
    expect([miss.body, miss.headers['cache-control'], miss.headers['set-cookie'], miss.headers.age]).toEqual([
      'answer 1',
      'no-store',
      'c=1',
      undefined,
    ]);
    const hit = await call('/1');
    expect([hit.status, hit.reason, hit.body, hit.backendRequests.length]).toEqual([200, 'OK', 'answer 1', 0]);
    expect(hit.headers).toEqual({
      'x-b': 'b',
      'x-before': '1',
      'x-after': '1',
      'cache-control': 'no-store',
      date: expect.any(String),
      age: '0',
    });
    expect(hit.exchange.request.headers.has('X-After-Lookup')).toBe(false);
    expect(hit.traces.map((entry) => entry.message)).toContain(
      'Cache lookup resulted in a hit! Cached response will be used. Processing will continue from the step in the response pipeline that is after the corresponding `cache-store`.',
    );
  },
);

const isHit = async (first: Promise<{ body: string }>, second: () => Promise<{ body: string }>) =>
  (await first).body === (await second()).body;

test.each([
  ['all query parameters count', '/1?a=1&b=2', '/1?a=1&b=3', '', false],
  ['in any order', '/1?a=1&b=2', '/1?b=2&a=1', '', true],
  ['but not the subscription key', '/1?subscription-key=x', '/1?Subscription-Key=y', '', true],
  [
    'only those that are named',
    '/1?a=1&b=2',
    '/1?a=1&b=3',
    '<vary-by-query-parameter>a</vary-by-query-parameter>',
    true,
  ],
  [
    'several in one element',
    '/1?a=1&b=2',
    '/1?a=1&b=3',
    '<vary-by-query-parameter>a;b</vary-by-query-parameter>',
    false,
  ],
  ['the path counts', '/1', '/2', '', false],
  ['parts cannot run together', '/1?a=1&b=2', '/1?a=1%26b%3D2', '', false],
])('%s', async (_, first, second, vary, same) => {
  const { call } = world();
  expect(await isHit(call(first, { vary }), () => call(second, { vary }))).toBe(same);
});

test('vary-by-header', async () => {
  const { call } = world();
  const vary = '<vary-by-header>Accept</vary-by-header>';
  const accepting = (accept: string) =>
    call('/1', { vary, request: { headers: { Accept: accept, 'X-Other': accept } } });
  expect(await isHit(accepting('a'), () => accepting('b'))).toBe(false);
  expect(await isHit(accepting('a'), () => accepting('a'))).toBe(true);
});

test('vary-by-developer and by their groups', async () => {
  const { call } = world();
  const developer = async (match: Given['match']) => (await call('/1', { developer: true, match })).body;
  const groups = async (match: Given['match']) => (await call('/1', { groups: true, match })).body;
  const [ada, bob, root] = [userOf(), userOf({ name: 'bob' }), userOf({ name: 'root', groups: ['admins'] })];
  const first = await developer({ user: ada });
  expect(await developer({ user: bob })).not.toBe(first);
  expect(await developer({ user: ada })).toBe(first);
  const subscribed = await developer({ subscription: subscriptionOf() });
  expect(await developer({ subscription: subscriptionOf({ name: 'other' }) })).not.toBe(subscribed);
  const grouped = await groups({ user: ada });
  expect(await groups({ user: bob })).toBe(grouped);
  expect(await groups({ user: root })).not.toBe(grouped);
});

test('only GET is looked up and stored', async () => {
  const { call } = world();
  await call('/1', { request: { method: 'POST', body: 'x' } });
  const get = await call('/1');
  expect(get.body).toBe('answer 2');
  expect((await call('/1', { request: { method: 'HEAD' } })).backendRequests).toHaveLength(1);
});

test('requests with Authorization only when private responses may be cached', async () => {
  const { call } = world();
  const request = { headers: { Authorization: 'Bearer x' } };
  expect(await isHit(call('/1', { request }), () => call('/1', { request }))).toBe(false);
  const lookup = 'allow-private-response-caching="true"';
  expect(await isHit(call('/1', { request, lookup }), () => call('/1', { request, lookup }))).toBe(true);
});

test('an entry lives as long as it is said, and tells its age', async () => {
  const { clock, call } = world();
  const lookup = 'downstream-caching-type="public"';
  expect((await call('/1', { lookup })).headers['cache-control']).toBe('public, must-revalidate, max-age=60');
  clock.time += 59_500;
  const hit = await call('/1', { lookup });
  expect([hit.headers.age, hit.headers['cache-control']]).toEqual(['59', 'public, must-revalidate, max-age=60']);
  clock.time += 500;
  expect((await call('/1', { lookup })).body).toBe('answer 2');
});

test('downstream-caching-type and must-revalidate', async () => {
  const { call } = world();
  const control = async (lookup: string, path: string) => (await call(path, { lookup })).headers['cache-control'];
  expect(await control('downstream-caching-type="private" must-revalidate="false"', '/1')).toBe('private, max-age=60');
  expect(await control('downstream-caching-type="@("private")"', '/2')).toBe('private, must-revalidate, max-age=60');
});

test("on a miss the caller's conditions do not reach the backend", async () => {
  const { call } = world();
  const request = { headers: { 'If-None-Match': '"x"', 'If-Modified-Since': 'then', Accept: 'a' } };
  const { headers } = (await call('/1', { request })).backendRequest!;
  expect([headers.has('If-None-Match'), headers.has('If-Modified-Since'), headers.get('Accept')]).toEqual([
    false,
    false,
    'a',
  ]);
});

test.each([
  ['404', { status: 404, body: 'x' }, 'duration="60"', false],
  ['404 with cache-response', { status: 404, body: 'x' }, 'duration="60" cache-response="true"', true],
  ['404 with an expression', { status: 404, body: 'x' }, 'duration="60" cache-response="@(1 == 1)"', true],
  ['206 whatever is said', { status: 206, body: 'x' }, 'duration="60" cache-response="true"', false],
  ['a duration of 0', { body: 'x' }, 'duration="0"', false],
  ['a duration that is computed', { body: 'x' }, 'duration="@(30 + 30)"', true],
  ['do-not-cache', { body: 'x' }, 'duration="60" caching-mode="do-not-cache"', false],
  ['2 MiB', { body: Buffer.alloc(2 * 1024 * 1024) }, 'duration="60"', true],
  ['more than 2 MiB', { body: Buffer.alloc(2 * 1024 * 1024 + 1) }, 'duration="60"', false],
  ['an event stream', { body: 'x', headers: { 'Content-Type': 'text/event-stream' } }, 'duration="60"', false],
  ['no body', {}, 'duration="60"', true],
])('stored or not: %s', async (_, answer, store, isStored) => {
  const { call } = world();
  const first = await call('/1', { answer, store });
  expect(first.body.length).toBe('body' in answer ? answer.body.length : 0);
  expect((await call('/1', { answer, store })).backendRequests.length).toBe(isStored ? 0 : 1);
});

test('what outbound does to the response afterwards is not stored', async () => {
  const { call } = world();
  const outbound = '<set-body>changed</set-body>';
  expect((await call('/1', { outbound })).body).toBe('changed');
  const hit = await call('/1');
  expect([hit.body, hit.headers['x-after']]).toEqual(['answer 1', '1']);
});

test('a cache that fails when it stores does not fail the request', async () => {
  const { call } = world();
  const cache: CachePort = { get: () => undefined, set: () => Promise.reject(new Error('down')), remove: () => false };
  const run = await call('/1', { ports: { cache } });
  expect([run.status, run.exchange.ports.logged[0]?.level]).toEqual([200, 'warn']);
});

test('cache-store without cache-lookup stores nothing', async () => {
  const run = await runPolicy({ outbound: '<cache-store duration="60" />' }, { backend: () => ({ body: 'b' }) });
  expect([run.body, run.headers]).toEqual(['b', {}]);
});

test('attributes are checked', () => {
  const lookup = (attributes: string, content = '') =>
    problemsOf({ inbound: `<cache-lookup ${attributes}>${content}</cache-lookup>` });
  expect(lookup('')).toHaveLength(2);
  const required = 'vary-by-developer="false" vary-by-developer-groups="false"';
  expect(lookup(`${required} caching-type="redis"`)).toHaveLength(1);
  expect(lookup(required, '<vary-by-cookie>a</vary-by-cookie>')).toHaveLength(1);
  expect(problemsOf({ outbound: '<cache-store />' })).toHaveLength(1);
});
