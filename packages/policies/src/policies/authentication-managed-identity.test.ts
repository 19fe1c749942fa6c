import { expect, test } from 'vitest';
import { PolicyError } from '../policy-error.ts';
import type { TokenPort } from '../ports/ports.ts';
import { problemsOf, runPolicy } from '../testing/index.ts';

const failing: TokenPort = {
  acquire: () =>
    Promise.reject(
      new PolicyError('IdentityTokenUnavailable', 'No identity.', {
        status: 500,
        message: 'Internal server error',
        activityId: true,
      }),
    ),
};

test('sends the token as Bearer', async () => {
  const { backendRequest } = await runPolicy({
    inbound: '<authentication-managed-identity resource="https://vault.azure.net" />',
  });
  expect(backendRequest?.headers.get('Authorization')).toBe('Bearer token-for-https://vault.azure.net');
});

test('passes the identity on, and waits for the token', async () => {
  const asked: unknown[] = [];
  const tokens: TokenPort = {
    acquire: async (...what) => {
      asked.push(what);
      return { accessToken: 'abc', expiresOn: 0 };
    },
  };
  const { backendRequest } = await runPolicy(
    { inbound: '<authentication-managed-identity resource="@("re" + "source")" client-id="id-1" />' },
    { ports: { tokens } },
  );
  expect(asked).toEqual([['resource', 'id-1']]);
  expect(backendRequest?.headers.get('Authorization')).toBe('Bearer abc');
});

test('stores the token in the variable instead', async () => {
  const { backendRequest, exchange } = await runPolicy({
    inbound: '<authentication-managed-identity resource="r" output-token-variable-name="token" />',
  });
  expect(exchange.variables.get('token')).toBe('token-for-r');
  expect(backendRequest?.headers.has('Authorization')).toBe(false);
});

test('no token is an error', async () => {
  const { status, exchange } = await runPolicy(
    { inbound: '<authentication-managed-identity resource="r" />' },
    { ports: { tokens: failing } },
  );
  expect([status, exchange.lastError?.reason, exchange.lastError?.source]).toEqual([
    500,
    'IdentityTokenUnavailable',
    'authentication-managed-identity',
  ]);
});

test('unless ignore-error says that it does not matter', async () => {
  const { status, exchange, backendRequest } = await runPolicy(
    {
      inbound: `<authentication-managed-identity resource="r" ignore-error="true" />
        <authentication-managed-identity resource="r" ignore-error="true" output-token-variable-name="token" />`,
    },
    { ports: { tokens: failing } },
  );
  expect([status, backendRequest?.headers.has('Authorization')]).toEqual([200, false]);
  expect([exchange.variables.has('token'), exchange.variables.get('token')]).toEqual([true, null]);
});

test('a token that no header can carry is an error', async () => {
  const tokens: TokenPort = { acquire: () => ({ accessToken: 'a\r\nX-Evil: 1', expiresOn: 0 }) };
  const { status } = await runPolicy(
    { inbound: '<authentication-managed-identity resource="r" />' },
    { ports: { tokens } },
  );
  expect(status).toBe(500);
});

test('resource is required', () => {
  expect(problemsOf({ inbound: '<authentication-managed-identity />' })).toHaveLength(1);
});
