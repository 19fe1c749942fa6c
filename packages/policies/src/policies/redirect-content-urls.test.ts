import { expect, test } from 'vitest';
import { apiOf, runPolicy } from '../testing/index.ts';

const respond = async (body: string, init: { url?: string; serviceUrl?: string; location?: string } = {}) =>
  runPolicy(
    { outbound: '<redirect-content-urls />' },
    {
      request: { url: init.url ?? 'https://gateway.example/orders/42' },
      match: { api: apiOf({ serviceUrl: init.serviceUrl ?? 'https://backend.example/base' }) },
      backend: () => ({ body, ...(init.location === undefined ? {} : { headers: { Location: init.location } }) }),
    },
  );

test.each([
  [
    'a link',
    '<a href="https://backend.example/base/items?x=1">',
    '<a href="https://gateway.example/orders/items?x=1">',
  ],
  ['the base itself', 'https://backend.example/base', 'https://gateway.example/orders'],
  ['escaped in JSON', '"https:\\/\\/backend.example\\/base\\/1"', '"https:\\/\\/gateway.example\\/orders\\/1"'],
  ['the host in another case', 'HTTPS://Backend.Example/base/1', 'https://gateway.example/orders/1'],
  ['the standard port', 'https://backend.example:443/base/1', 'https://gateway.example/orders/1'],
  ['not another port', 'https://backend.example:444/base/1', 'https://backend.example:444/base/1'],
  ['not a longer name', 'https://backend.example/based', 'https://backend.example/based'],
  ['not a longer host', 'https://backend.example.org/base', 'https://backend.example.org/base'],
  ['not another path', 'https://backend.example/other', 'https://backend.example/other'],
])('%s', async (_, body, expected) => {
  expect((await respond(body)).body).toBe(expected);
});

test('ports and addresses', async () => {
  const run = await respond('http://[::1]:8080/a', {
    serviceUrl: 'http://[::1]:8080',
    url: 'http://localhost:5000/orders/42',
  });
  expect(run.body).toBe('http://localhost:5000/orders/a');
});

test('Location', async () => {
  const run = await respond('x', { location: 'https://backend.example/base/7' });
  expect(run.headers.location).toBe('https://gateway.example/orders/7');
});

test('inbound goes the other way', async () => {
  const run = await runPolicy(
    { inbound: '<redirect-content-urls />' },
    { request: { method: 'POST', body: 'https://gateway.example/orders/9' } },
  );
  expect(run.backendRequest?.body).toBe('https://backend.example/base/9');
});
