import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const check = (values: string, attributes = 'ignore-case="false"') =>
  `<check-header name="X-A" failed-check-httpcode="403" failed-check-error-message="Say &quot;A&quot;." ${attributes}>${values}</check-header>`;
const run = (policy: string, headers: Record<string, string | string[]> = {}) =>
  runPolicy({ inbound: policy }, { request: { headers } });

test.each([
  ['presence', '', { 'x-a': 'anything' }],
  ['a value', '<value>1</value>', { 'X-A': '1' }],
  ['any of several', '<value>1</value><value>@("2")</value>', { 'X-A': '2' }],
  ['a member of a list', '<value>2</value>', { 'X-A': ['1', '2'] }],
  ['a list as a whole', '<value>1,2</value>', { 'X-A': ['1', '2'] }],
])('lets through: %s', async (_, values, headers) => {
  expect((await run(check(values), headers)).status).toBe(200);
});

test('the case counts unless it is ignored', async () => {
  expect((await run(check('<value>abc</value>'), { 'X-A': 'ABC' })).status).toBe(403);
  expect((await run(check('<value>abc</value>', 'ignore-case="true"'), { 'X-A': 'ABC' })).status).toBe(200);
  expect((await run(check('<value>abc</value>', 'ignore-case="@(1 == 1)"'), { 'X-A': 'ABC' })).status).toBe(200);
});

test('a missing header', async () => {
  const missing = await run(check('<value>1</value>'));
  expect([missing.status, missing.body, missing.headers['content-type']]).toEqual([
    403,
    '{ "statusCode": 403, "message": "Say \\"A\\"." }',
    'application/json',
  ]);
  expect(missing.exchange.lastError).toMatchObject({
    source: 'check-header',
    reason: 'HeaderNotFound',
    message: 'Header X-A was not found in the request. Access denied.',
  });
});

test('a value that is not allowed', async () => {
  const { exchange } = await run(check('<value>1</value>'), { 'X-A': '2' });
  expect(exchange.lastError).toMatchObject({
    reason: 'HeaderValueNotAllowed',
    message: 'Header X-A value of 2 is not allowed. Access denied.',
  });
});

test('without a message, that of LastError is sent', async () => {
  const { body } = await run('<check-header name="X-A" failed-check-httpcode="401" />');
  expect(body).toBe('{ "statusCode": 401, "message": "Header X-A was not found in the request. Access denied." }');
});

test('attributes are checked', () => {
  expect(problemsOf({ inbound: '<check-header name="X-A" />' })).toHaveLength(1);
  expect(problemsOf({ inbound: '<check-header failed-check-httpcode="401" />' })).toHaveLength(1);
  expect(problemsOf({ inbound: '<check-header name="X-A" failed-check-httpcode="99" />' })).toHaveLength(1);
});
