import { expect, test } from 'vitest';
import { operationOf, problemsOf, type RunPolicyInit, runPolicy } from '../testing/index.ts';

const init = (search: string, urlTemplate = '/get?a={b}'): RunPolicyInit => ({
  request: { url: `https://gateway.example/orders/get${search}` },
  match: {
    operation: operationOf({ urlTemplate }),
    matchedParameters: new Map(/\{b\}/.test(urlTemplate) && /a=/.test(search) ? [['b', 'x y']] : []),
  },
});
const rewritten = async (attributes: string, options: RunPolicyInit) =>
  (await runPolicy({ inbound: `<rewrite-uri ${attributes} />` }, options)).backendRequest?.url.replace(
    'https://backend.example:443/base',
    '',
  );

test.each([
  ['unmatched parameters are copied', 'template="/put"', '?a=b&c=d', '/put?c=d'],
  ['or not', 'template="/put" copy-unmatched-params="false"', '?a=b&c=d', '/put'],
  ['parameters of the operation', 'template="/put/{b}?n={b}"', '?a=b&c=d', '/put/x%20y?n=x%20y&c=d'],
  ['one that the template sets is not copied', 'template="/put?c=1"', '?a=b&c=d', '/put?c=1'],
  ['one without a value is left out', 'template="/put?n={b}"', '?c=d', '/put?c=d'],
  ['no slash', 'template="put"', '', '/put'],
  ['the root', 'template="/"', '', '/'],
  ['an expression', 'template="@("/put" + 1 + "?x=y")"', '?c=d', '/put1?x=y&c=d'],
  ['braces that an expression gives', 'template="@("/{other}")"', '', '/%7Bother%7D'],
])('%s', async (_, attributes, search, expected) => {
  expect(await rewritten(attributes, init(search))).toBe(expected);
});

test('query parameters that were set before stay', async () => {
  const run = await runPolicy(
    {
      inbound: '<set-query-parameter name="k"><value>v</value></set-query-parameter><rewrite-uri template="/put" />',
    },
    init(''),
  );
  expect(run.backendRequest?.url).toMatch(/\/put\?k=v$/);
});

test('a placeholder that the operation does not have is an error', async () => {
  const run = await runPolicy({ inbound: '<rewrite-uri template="/{nope}" />' }, init(''));
  expect([run.status, run.exchange.lastError?.message]).toEqual([
    500,
    "The template names '{nope}', which is not a parameter of the operation 'get-order' ('/get?a={b}').",
  ]);
});

test('an absolute URL is refused', async () => {
  expect(problemsOf({ inbound: '<rewrite-uri template="https://x/y" />' })[0]).toContain('is an absolute URL');
  const run = await runPolicy({ inbound: '<rewrite-uri template="@("http://x")" />' });
  expect(run.exchange.lastError?.reason).toBe('ExpressionValueEvaluationFailure');
});
