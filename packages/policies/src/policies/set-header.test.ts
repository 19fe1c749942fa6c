import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const inbound = (element: string) => ({ inbound: `${element}<base />` });
const sent = async (element: string, headers: Record<string, string | string[]> = {}) =>
  (await runPolicy(inbound(element), { request: { headers } })).backendRequest?.headers.getAll('X-A');

test.each([
  ['override, the default', '<set-header name="X-A"><value>new</value></set-header>', ['new']],
  ['skip', '<set-header name="x-a" exists-action="skip"><value>new</value></set-header>', ['old']],
  ['append', '<set-header name="x-a" exists-action="append"><value>new</value></set-header>', ['old,new']],
  ['delete', '<set-header name="x-a" exists-action="delete" />', undefined],
  ['several values', '<set-header name="X-A"><value>1</value><value>2</value></set-header>', ['1,2']],
  ['blanks around a literal', '<set-header name="X-A"><value>\n  new\n</value></set-header>', ['new']],
  ['no value', '<set-header name="X-A" />', undefined],
  ['an expression', '<set-header name="X-A"><value>@("a" + 1)</value></set-header>', ['a1']],
  ['an expression for the name', '<set-header name="@("X" + "-A")"><value>new</value></set-header>', ['new']],
  [
    'an expression for the action',
    '<set-header name="X-A" exists-action="@("skip")"><value>n</value></set-header>',
    ['old'],
  ],
  ['null', '<set-header name="X-A"><value>@((string)null)</value></set-header>', ['']],
])('%s', async (_, element, expected) => {
  expect(await sent(element, { 'X-A': 'old' })).toEqual(expected);
});

test.each([
  ['override', undefined, ['new']],
  ['skip', undefined, ['new']],
  ['append', undefined, ['new']],
  ['append', ['a', 'b'], ['a,b,new']],
])('%s when the header was %s', async (action, before, expected) => {
  const element = `<set-header name="X-A" exists-action="${action}"><value>new</value></set-header>`;
  expect(await sent(element, before ? { 'X-A': before } : {})).toEqual(expected);
});

test.each(['Set-Cookie', 'WWW-Authenticate', 'warning'])('%s repeats instead of being joined', async (name) => {
  const edit = `<set-header name="${name}" exists-action="append"><value>a</value><value>b</value></set-header>`;
  const { response } = await runPolicy(
    { outbound: `<base />${edit}` },
    { backend: () => ({ headers: { [name]: ['x', 'y'] } }) },
  );
  expect(response?.headers.getAll(name)).toEqual(['x', 'y', 'a', 'b']);
});

test('works on the request in backend, on the response in outbound and on-error', async () => {
  const set = (value: string) => `<set-header name="X-A"><value>${value}</value></set-header>`;
  const run = await runPolicy({ backend: `${set('b')}<base />`, outbound: set('o') });
  expect([run.backendRequest?.headers.get('X-A'), run.headers['x-a']]).toEqual(['b', 'o']);
  const failed = await runPolicy({
    inbound: '<check-header name="No" failed-check-httpcode="400" failed-check-error-message="m" ignore-case="true" />',
    onError: set('e'),
  });
  expect([failed.status, failed.headers['x-a']]).toEqual([400, 'e']);
});

test.each(['Connection', 'content-length', 'Keep-Alive', 'Transfer-Encoding'])('%s is refused', async (name) => {
  expect(problemsOf(inbound(`<set-header name="${name}"><value>x</value></set-header>`))).toEqual([
    expect.stringContaining(`The header '${name}' is set by the gateway`),
  ]);
  const run = await runPolicy(inbound(`<set-header name="@("${name}")"><value>x</value></set-header>`));
  expect([run.status, run.exchange.lastError?.reason]).toEqual([500, 'ExpressionValueEvaluationFailure']);
});

test.each([
  ['a line break', '@("a\\r\\nX-Evil: 1")'],
  ['a line feed', '@("a\\nb")'],
  ['a NUL', '@("a\\0b")'],
  ['what one byte cannot carry', '@("\\u20ac")'],
])('%s in a value is an error, never a header', async (_, expression) => {
  const run = await runPolicy(inbound(`<set-header name="X-A"><value>${expression}</value></set-header>`));
  expect([run.status, run.backendRequests.length]).toEqual([500, 0]);
  expect(run.exchange.lastError?.message).toContain("The value for the header 'X-A' has the character U+");
});

test.each(['@("a b")', '@("")', '@("a\\r\\n")', '@("a:")'])('the name %s is an error', async (name) => {
  const run = await runPolicy(inbound(`<set-header name="${name}"><value>x</value></set-header>`));
  expect(run.exchange.lastError?.reason).toBe('ExpressionValueEvaluationFailure');
});

test('literals are checked when the document is loaded', () => {
  expect(problemsOf(inbound('<set-header name="a b"><value>x</value></set-header>'))[0]).toContain(
    "'a b' is not a valid header name",
  );
  expect(problemsOf(inbound('<set-header name="a"><value>x&#10;y</value></set-header>'))[0]).toContain('U+000A');
  expect(
    problemsOf(inbound('<set-header name="a" exists-action="replace"><value>x</value></set-header>')),
  ).toHaveLength(1);
  expect(problemsOf(inbound('<set-header><value>x</value></set-header>'))).toHaveLength(1);
});
