import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const url = async (attributes: string) =>
  (await runPolicy({ inbound: `<set-backend-service ${attributes} />` })).backendRequest?.url;

test.each([
  ['base-url="http://other.example:81/v1/"', 'http://other.example:81/v1/42'],
  ['base-url="@("https://" + "other.example")"', 'https://other.example:443/42'],
  [
    'backend-id="dapr" dapr-app-id="app" dapr-method="a/b c" dapr-namespace="ns"',
    'http://localhost:3500/v1.0/invoke/app.ns/method/a/b%20c',
  ],
  ['backend-id="dapr" dapr-app-id="app" dapr-method="m"', 'http://localhost:3500/v1.0/invoke/app/method/m'],
])('%s', async (attributes, expected) => {
  expect(await url(attributes)).toBe(expected);
});

test.each(['b1', '@("b" + 1)'])('the backend entity %s', async (id) => {
  const run = await runPolicy({ inbound: `<set-backend-service backend-id="${id}" />` }, { backends: ['b1'] });
  expect(run.exchange.backend).toEqual({ kind: 'entity', backendId: 'b1' });
});

test('a backend that does not exist', async () => {
  expect(problemsOf({ inbound: '<set-backend-service backend-id="nope" />' })[0]).toContain(
    "Backend with id 'nope' could not be found.",
  );
  const run = await runPolicy({ inbound: '<set-backend-service backend-id="@("nope")" />' });
  expect([run.status, run.exchange.lastError?.message]).toEqual([500, "Backend with id 'nope' could not be found."]);
});

test('an inherited backend-id yields only to another backend-id', async () => {
  const global =
    '<policies><inbound><set-backend-service backend-id="b1" /></inbound><backend><forward-request /></backend></policies>';
  const narrow = (attributes: string) => ({ inbound: `<base /><set-backend-service ${attributes} />` });
  const backends = ['b1', 'b2'];
  const byUrl = await runPolicy(narrow('base-url="http://other.example"'), { global, backends });
  expect(byUrl.exchange.backend).toEqual({ kind: 'entity', backendId: 'b1' });
  const byId = await runPolicy(narrow('backend-id="b2"'), { global, backends });
  expect(byId.exchange.backend).toEqual({ kind: 'entity', backendId: 'b2' });
  const own = await runPolicy(
    { inbound: '<set-backend-service backend-id="b1" /><set-backend-service base-url="http://other.example" />' },
    { backends },
  );
  expect(own.exchange.backend).toEqual({ kind: 'url' });
});

test.each([
  ['', 'Exactly one of'],
  ['base-url="http://x" backend-id="b1"', 'Exactly one of'],
  ['base-url="x"', 'is not an absolute URL'],
  ['base-url="ftp://x"', "has the scheme 'ftp'"],
  ['base-url="http://x/?a=1"', 'has a query string'],
  ['base-url="http://x" sf-listener-name="l"', 'Service Fabric'],
  ['backend-id="b1" dapr-method="m"', 'needs backend-id="dapr"'],
  ['backend-id="dapr" dapr-method="m"', "'dapr-app-id' is required"],
])('%s is refused', (attributes, problem) => {
  expect(problemsOf({ inbound: `<set-backend-service ${attributes} />` }, { backends: ['b1'] }).join('\n')).toContain(
    problem,
  );
});

test('an expression that gives no URL is an error', async () => {
  const run = await runPolicy({ inbound: '<set-backend-service base-url="@("x")" />' });
  expect(run.exchange.lastError?.reason).toBe('ExpressionValueEvaluationFailure');
});
