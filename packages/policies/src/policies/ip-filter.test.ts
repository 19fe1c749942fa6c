import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const filter = (action: string, list: string) => `<ip-filter action="${action}">${list}</ip-filter>`;
const list =
  '<address>203.0.113.7</address><address-range from="10.0.0.0" to="10.0.0.255" /><address-range from="2001:db8::" to="2001:db8::ffff" /><address>@("198.51.100." + 1)</address>';
const run = (policy: string, ipAddress: string) => runPolicy({ inbound: policy }, { request: { ipAddress } });

test.each([
  ['203.0.113.7', true],
  ['203.0.113.8', false],
  ['10.0.0.0', true],
  ['10.0.0.255', true],
  ['10.0.1.0', false],
  ['::ffff:10.0.0.9', true],
  ['2001:db8::1', true],
  ['2001:db8::1:0', false],
  ['198.51.100.1', true],
])('%s is on the list: %s', async (ip, isListed) => {
  expect((await run(filter('allow', list), ip)).status).toBe(isListed ? 200 : 403);
  expect((await run(filter('forbid', list), ip)).status).toBe(isListed ? 403 : 200);
});

test('allow is the default; the caller learns nothing but Forbidden', async () => {
  const refused = await run('<ip-filter><address>10.0.0.1</address></ip-filter>', '10.0.0.2');
  expect([refused.status, refused.body]).toEqual([403, '{ "statusCode": 403, "message": "Forbidden" }']);
  expect(refused.exchange.lastError).toMatchObject({
    reason: 'CallerIpNotAllowed',
    message: 'Caller IP address 10.0.0.2 is not allowed. Access denied.',
  });
});

test('reasons', async () => {
  expect((await run(filter('forbid', list), '203.0.113.7')).exchange.lastError?.reason).toBe('CallerIpBlocked');
  expect((await run(filter('forbid', list), 'unknown')).exchange.lastError?.reason).toBe('FailedToParseCallerIP');
});

test.each([
  ['', 1],
  ['<address>10.0.0.1/8</address>', 1],
  ['<address>x</address>', 1],
  ['<address-range from="10.0.0.9" to="10.0.0.1" />', 1],
  ['<address-range from="10.0.0.9" to="::1" />', 1],
  ['<address-range from="x" to="y" />', 2],
  ['<address-range from="10.0.0.9" />', 1],
  ['<subnet />', 1],
])('%s is refused', (content, count) => {
  expect(problemsOf({ inbound: filter('allow', content) }).length).toBeGreaterThanOrEqual(count);
});

test('an address that is none when it runs is an error, whatever the action', async () => {
  for (const action of ['allow', 'forbid']) {
    const { exchange } = await run(filter(action, '<address>@("x")</address>'), '10.0.0.1');
    expect(exchange.lastError?.reason).toBe('ExpressionValueEvaluationFailure');
  }
});
