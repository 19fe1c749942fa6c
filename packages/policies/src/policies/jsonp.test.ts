import { expect, test } from 'vitest';
import { runPolicy } from '../testing/index.ts';

const call = (query: string, response: { body?: string; headers?: Record<string, string> } = {}) =>
  runPolicy(
    { outbound: '<jsonp callback-parameter-name="cb" />' },
    {
      request: { url: `https://gateway.example/orders/42${query}` },
      backend: () => ({ body: '{"a":1}', headers: { 'Content-Type': 'application/json' }, ...response }),
    },
  );

test('wraps JSON in the callback', async () => {
  const run = await call('?cb=app.on%5B0%5D');
  expect([run.body, run.headers['content-type'], run.headers['x-content-type-options']]).toEqual([
    'app.on[0]({"a":1});',
    'application/javascript; charset=utf-8',
    'nosniff',
  ]);
});

test.each(['', '?cb=', '?other=x'])('without a callback (%s) nothing changes', async (query) => {
  expect((await call(query)).body).toBe('{"a":1}');
});

test('what is not JSON stays', async () => {
  expect((await call('?cb=f', { body: 'x', headers: { 'Content-Type': 'text/plain' } })).body).toBe('x');
});

test('line separators are escaped', async () => {
  expect((await call('?cb=f', { body: '"\u2028"' })).body).toBe('f("\\u2028");');
});

test.each(['alert(1)//', 'a;b', '1a', 'a.', '<script>', 'a'.repeat(129)])('%s is refused', async (name) => {
  const run = await call(`?cb=${encodeURIComponent(name)}`);
  expect([run.status, run.exchange.lastError?.reason]).toEqual([400, 'CallbackParameterInvalid']);
});
