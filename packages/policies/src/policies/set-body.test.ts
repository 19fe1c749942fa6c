import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const body = async (element: string, request: string | undefined = 'old') =>
  (await runPolicy({ inbound: element }, { request: { method: 'POST', body: request } })).backendRequest?.body;

test.each([
  ['text', '<set-body>new</set-body>', 'new'],
  ['text with blanks', '<set-body>\n  { "a": 1 }\n</set-body>', '\n  { "a": 1 }\n'],
  ['entities', '<set-body>&lt;a&gt; &amp; b</set-body>', '<a> & b'],
  ['XML', '<set-body><a x="1">&lt;<b/></a></set-body>', '<a x="1">&lt;<b/></a>'],
  ['CDATA', '<set-body><![CDATA[<a>&amp;</a>]]></set-body>', '<a>&amp;</a>'],
  ['nothing', '<set-body />', ''],
  ['a string', '<set-body>@("a" + "é")</set-body>', 'aé'],
  ['an expression in CDATA', '<set-body><![CDATA[@("a" + 1)]]></set-body>', 'a1'],
  ['statements', '<set-body>@{ var x = 1; return x + 1; }</set-body>', '2'],
  ['null', '<set-body>@((string)null)</set-body>', ''],
  ['a boolean', '<set-body>@(1 == 1)</set-body>', 'True'],
])('%s', async (_, element, expected) => {
  expect(await body(element)).toBe(expected);
});

test('a request without a body gets one', async () => {
  const run = await runPolicy({ inbound: '<set-method>POST</set-method><set-body>new</set-body>' });
  expect([run.backendRequest?.method, run.backendRequest?.body]).toEqual(['POST', 'new']);
});

test('replaces the response in outbound and leaves Content-Type alone', async () => {
  const run = await runPolicy(
    { outbound: '<set-body>new</set-body>' },
    { backend: () => ({ body: 'old', headers: { 'Content-Type': 'text/x' } }) },
  );
  expect([run.body, run.headers['content-type'], run.response?.body?.modified]).toEqual(['new', 'text/x', true]);
});

test('attributes are checked', () => {
  expect(problemsOf({ inbound: '<set-body template="razor">x</set-body>' })).toHaveLength(1);
  expect(problemsOf({ inbound: '<set-body xsi-nil="null" parse-date="false">x</set-body>' })).toEqual([]);
});
