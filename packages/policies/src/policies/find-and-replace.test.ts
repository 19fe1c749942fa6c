import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const replaced = async (attributes: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  runPolicy({ inbound: `<find-and-replace ${attributes} />` }, { request: { method: 'POST', body, headers } });

test.each([
  ['every occurrence', 'from="a" to="b"', 'banana', 'bbnbnb'],
  ['nothing when it is not there', 'from="x" to="b"', 'banana', 'banana'],
  ['special characters as they are', 'from="$1." to="$&amp;"', 'a$1.b', 'a$&b'],
  ['case matters', 'from="A" to="b"', 'aA', 'ab'],
  ['expressions', 'from="@("a" + "n")" to="@(context.Api.Name)"', 'ban', 'bOrders'],
  ['null as nothing', 'from="a" to="@((string)null)"', 'ban', 'bn'],
  ['an empty search replaces nothing', 'from="@("")" to="x"', 'ban', 'ban'],
])('%s', async (_, attributes, body, expected) => {
  expect((await replaced(attributes, body)).backendRequest?.body).toBe(expected);
});

test('the response in outbound', async () => {
  const run = await runPolicy(
    { outbound: '<find-and-replace from="http://old" to="https://new" />' },
    { backend: () => ({ body: 'see http://old/a' }) },
  );
  expect([run.body, run.response?.body?.modified]).toEqual(['see https://new/a', true]);
});

test('another charset becomes UTF-8', async () => {
  const run = await replaced('from="x" to="é"', Buffer.from('ü x', 'latin1'), {
    'Content-Type': 'text/plain; charset=iso-8859-1',
  });
  expect(run.backendRequest?.body).toBe('ü é');
  expect(run.backendRequest?.headers.get('Content-Type')).toBe('text/plain; charset=utf-8');
});

test('a compressed body is unpacked when something changes, else left alone', async () => {
  const packed = gzipSync('abc');
  const headers = { 'Content-Encoding': 'gzip' };
  const changed = await replaced('from="b" to="B"', packed, headers);
  expect([changed.backendRequest?.body, changed.backendRequest?.headers.has('Content-Encoding')]).toEqual([
    'aBc',
    false,
  ]);
  const same = await replaced('from="x" to="B"', packed, headers);
  expect(same.backendRequest?.bytes).toEqual(packed);
  expect(same.backendRequest?.headers.get('Content-Encoding')).toBe('gzip');
});

test('a body that is not compressed as it says is an error, also a bomb', async () => {
  const broken = await replaced('from="b" to="B"', 'abc', { 'Content-Encoding': 'gzip' });
  expect([broken.status, broken.exchange.lastError?.reason]).toEqual([500, 'TransformationFailure']);
  const bomb = await replaced('from="b" to="B"', gzipSync(Buffer.alloc(20_000_000)), { 'Content-Encoding': 'gzip' });
  expect(bomb.exchange.lastError?.reason).toBe('TransformationFailure');
});

test('no body, nothing to do', async () => {
  expect((await runPolicy({ outbound: '<find-and-replace from="a" to="b" />' })).status).toBe(200);
});

test('from must not be empty', () => {
  expect(problemsOf({ inbound: '<find-and-replace from="" to="b" />' })).toHaveLength(1);
});
