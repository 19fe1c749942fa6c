import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const query = async (element: string, before: string) =>
  new URL(
    (await runPolicy({ inbound: element }, { request: { url: `https://gateway.example/orders/42${before}` } }))
      .backendRequest?.url ?? '',
  ).search;

test.each([
  ['override', '?a=1&b=%41&A=2', '<set-query-parameter name="a"><value>n</value></set-query-parameter>', '?a=n&b=%41'],
  ['override, new', '?b=1', '<set-query-parameter name="a"><value>n</value></set-query-parameter>', '?b=1&a=n'],
  [
    'several values',
    '',
    '<set-query-parameter name="a"><value>1</value><value>2</value></set-query-parameter>',
    '?a=1&a=2',
  ],
  [
    'append',
    '?a=1&b=2',
    '<set-query-parameter name="a" exists-action="append"><value>n</value></set-query-parameter>',
    '?a=1&b=2&a=n',
  ],
  ['skip', '?a=1', '<set-query-parameter name="a" exists-action="skip"><value>n</value></set-query-parameter>', '?a=1'],
  [
    'skip, new',
    '',
    '<set-query-parameter name="a" exists-action="skip"><value>n</value></set-query-parameter>',
    '?a=n',
  ],
  ['delete', '?b=2&a=1&a=3', '<set-query-parameter name="a" exists-action="delete" />', '?b=2'],
  ['delete the last', '?a=1', '<set-query-parameter name="a" exists-action="delete" />', ''],
  [
    'encoding',
    '',
    '<set-query-parameter name="a b"><value>@("1&2=é\\r\\n")</value></set-query-parameter>',
    '?a%20b=1%262%3D%C3%A9%0D%0A',
  ],
])('%s', async (_, before, element, expected) => {
  expect(await query(element, before)).toBe(expected);
});

test('a value is required unless it deletes', () => {
  expect(problemsOf({ inbound: '<set-query-parameter name="a" />' })).toHaveLength(1);
  expect(problemsOf({ inbound: '<set-query-parameter name="a" exists-action="delete" />' })).toEqual([]);
});
