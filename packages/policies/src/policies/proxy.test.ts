import { expect, it } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

it('chooses the proxy of the call to the backend', async () => {
  const run = await runPolicy(
    { inbound: '<proxy url="@("proxy.example" + ":8080")" username="{{user}}" password="secret" />' },
    { namedValues: { user: 'me' } },
  );
  expect(run.exchange.connection.proxy).toEqual({
    url: 'http://proxy.example:8080',
    username: 'me',
    password: 'secret',
  });
});

it('needs no credentials', async () => {
  const run = await runPolicy({ inbound: '<proxy url="http://proxy.example:8080" />' });
  expect(run.exchange.connection.proxy).toEqual({ url: 'http://proxy.example:8080', username: null, password: null });
});

it('refuses what is no http proxy, when it is loaded or when it is evaluated', async () => {
  expect(problemsOf({ inbound: '<proxy url="https://proxy.example" />' })).toEqual([
    expect.stringContaining("'https://proxy.example' is not the http URL of a proxy."),
  ]);
  expect(problemsOf({ inbound: '<proxy username="a" />' })).toHaveLength(1);
  const run = await runPolicy({ inbound: '<proxy url="@("ftp://x")" />' });
  expect([run.status, run.exchange.lastError?.reason]).toEqual([500, 'ExpressionValueEvaluationFailure']);
});
