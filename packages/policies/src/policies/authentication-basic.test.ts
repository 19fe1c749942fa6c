import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const authorization = async (username: string, password: string) => {
  const { backendRequest } = await runPolicy(
    { inbound: `<authentication-basic username="${username}" password="${password}" />` },
    { request: { headers: { Authorization: 'Bearer of the caller' } } },
  );
  return backendRequest?.headers.getAll('Authorization');
};

test("takes the place of the caller's header", async () => {
  expect(await authorization('ada', 'secret:1')).toEqual(['Basic YWRhOnNlY3JldDox']);
});

test('encodes UTF-8', async () => {
  expect(await authorization('é', '')).toEqual([`Basic ${Buffer.from('é:').toString('base64')}`]);
});

test('a line break in a value cannot leave the header', async () => {
  expect(await authorization('@("a\\r\\nX-Evil: 1")', 'b')).toEqual([
    `Basic ${Buffer.from('a\r\nX-Evil: 1:b').toString('base64')}`,
  ]);
});

test('both attributes are required', () => {
  expect(problemsOf({ inbound: '<authentication-basic username="a" />' })).toEqual([
    expect.stringContaining("'password' is missing"),
  ]);
});
