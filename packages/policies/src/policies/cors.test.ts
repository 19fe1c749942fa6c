import { expect, test } from 'vitest';
import { exchangeFor, pipelineFor, problemsOf, type RunPolicyInit, runPolicy } from '../testing/index.ts';

const origins =
  '<allowed-origins><origin>https://a.example</origin><origin>http://b.example:8080/</origin></allowed-origins>';
const any = '<allowed-origins><origin>*</origin></allowed-origins>';
const cors = (content: string, attributes = '') => `<cors ${attributes}>${content}</cors>`;

function preflight(policy: string, headers: Record<string, string> = {}, init: RunPolicyInit = {}) {
  const exchange = exchangeFor({
    request: {
      method: 'OPTIONS',
      headers: { Origin: 'https://a.example', 'Access-Control-Request-Method': 'PUT', ...headers },
    },
  });
  const answers = pipelineFor({ inbound: `${policy}<base />` }, init).preflight.map((handler) => handler(exchange));
  return {
    answers,
    status: exchange.response?.status,
    body: exchange.response?.body,
    headers: Object.fromEntries(exchange.response?.headers.entries() ?? []),
  };
}

test('a preflight with everything', () => {
  const policy = cors(
    `${origins}<allowed-methods preflight-result-max-age="300"><method>GET</method><method>PUT</method></allowed-methods>
     <allowed-headers><header>x-a</header><header>Content-Type</header></allowed-headers><expose-headers><header>x-b</header></expose-headers>`,
    'allow-credentials="true"',
  );
  expect(preflight(policy)).toEqual({
    answers: ['answered'],
    status: 200,
    body: null,
    headers: {
      'Access-Control-Allow-Origin': 'https://a.example',
      'Access-Control-Allow-Credentials': 'true',
      Vary: 'Origin',
      'Access-Control-Allow-Methods': 'GET,PUT',
      'Access-Control-Allow-Headers': 'x-a,Content-Type',
      'Access-Control-Max-Age': '300',
    },
  });
});

test('defaults: GET and POST, no headers, no age', () => {
  expect(preflight(cors(any)).headers).toEqual({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET,POST',
    'Access-Control-Max-Age': '0',
  });
});

test('stars allow what was asked for', () => {
  const policy = cors(
    `${any}<allowed-methods><method>*</method></allowed-methods><allowed-headers><header>*</header></allowed-headers>`,
  );
  expect(preflight(policy, { 'Access-Control-Request-Headers': 'x-a, x-b' }).headers).toMatchObject({
    'Access-Control-Allow-Methods': 'PUT',
    'Access-Control-Allow-Headers': 'x-a, x-b',
  });
  expect(preflight(policy).headers).not.toHaveProperty('Access-Control-Allow-Headers');
});

test('with credentials the origin is named instead of *', () => {
  expect(preflight(cors(any, 'allow-credentials="true"')).headers).toMatchObject({
    'Access-Control-Allow-Origin': 'https://a.example',
    Vary: 'Origin',
  });
});

test.each([
  ['https://a.example', true],
  ['https://A.example:443', true],
  ['http://a.example', false],
  ['https://a.example:8443', false],
  ['http://b.example:8080', true],
  ['http://b.example', false],
  ['https://a.example.evil', false],
  ['null', false],
])('the origin %s: %s', async (origin, isAllowed) => {
  const policy = cors(origins, 'terminate-unmatched-request="false"');
  expect(preflight(policy, { Origin: origin }).answers).toEqual([isAllowed ? 'answered' : 'unmatched']);
  const run = await runPolicy(
    { inbound: policy },
    { request: { headers: { Origin: origin } }, backend: () => ({ body: 'b' }) },
  );
  expect([run.body, run.headers['access-control-allow-origin']]).toEqual(['b', isAllowed ? origin : undefined]);
});

test('an unmatched preflight ends with an empty 200 by default', () => {
  expect(preflight(cors(origins), { Origin: 'https://x.example' })).toEqual({
    answers: ['answered'],
    status: 200,
    body: null,
    headers: {},
  });
});

test.each([
  ['GET', 0],
  ['HEAD', 0],
  ['POST', 1],
])('an unmatched %s', async (method, forwarded) => {
  const run = await runPolicy(
    { inbound: cors(origins) },
    { request: { method, headers: { Origin: 'https://x.example' } } },
  );
  expect([run.status, run.backendRequests.length, run.headers]).toEqual([200, forwarded, {}]);
});

test('the actual response: headers of the policy replace those of the backend', async () => {
  const policy = cors(
    `${origins}<expose-headers><header>x-a</header><header>x-b</header></expose-headers>`,
    'allow-credentials="@(1 == 1)"',
  );
  const run = await runPolicy(
    { inbound: policy },
    {
      request: { headers: { Origin: 'https://a.example' } },
      backend: () => ({ headers: { 'Access-Control-Allow-Origin': '*', Vary: 'Accept' } }),
    },
  );
  expect(run.headers).toEqual({
    'access-control-allow-origin': 'https://a.example',
    vary: 'Accept, Origin',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-a,x-b',
  });
});

test('errors can be read by the browser too', async () => {
  const run = await runPolicy(
    { inbound: `${cors(any)}<check-header name="X" failed-check-httpcode="401" />` },
    { request: { headers: { Origin: 'https://a.example' } } },
  );
  expect([run.status, run.headers['access-control-allow-origin']]).toEqual([401, '*']);
});

test('a request without Origin is none of its business', async () => {
  const run = await runPolicy({ inbound: cors(origins) });
  expect([run.backendRequests.length, run.headers]).toEqual([1, {}]);
});

test.each([
  '',
  '<allowed-origins />',
  '<allowed-origins><origin>a.example</origin></allowed-origins>',
  '<allowed-origins><origin>https://a.example/path</origin></allowed-origins>',
  `${any}<allowed-methods><method>GET POST</method></allowed-methods>`,
  `${any}<allowed-headers><header>a b</header></allowed-headers>`,
  `${any}${any}`,
])('%s is refused', (content) => {
  expect(problemsOf({ inbound: cors(content) })).toHaveLength(1);
});
