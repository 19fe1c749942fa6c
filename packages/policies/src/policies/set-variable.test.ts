import { Boxed, typeNameOf } from '@lazuli/expressions';
import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';

const stored = async (value: string) => {
  const run = await runPolicy({ inbound: `<set-variable name="v" value="${value}" />` });
  return [run.exchange.variables.get('v'), run.exchange.lastError?.message];
};

test.each([
  ['a literal', ' 42 ', ' 42 '],
  ['an empty literal', '', ''],
  ['a string', '@("a" + 1)', 'a1'],
  ['an int', '@(40 + 2)', 42],
  ['a bool', '@(1 == 2)', false],
  ['null', '@(null)', null],
  ['a long', '@(5L)', 5n],
  ['a double', '@(0.5)', new Boxed('System.Double', 0.5)],
])('%s keeps its type', async (_, value, expected) => {
  expect(await stored(value)).toEqual([expected, undefined]);
});

test.each([
  ['System.DateTime', '@(new DateTime(2020, 1, 2))'],
  ['System.Guid', '@(Guid.Empty)'],
  ['System.TimeSpan', '@(TimeSpan.FromSeconds(1))'],
])('%s may be stored', async (type, value) => {
  expect(typeNameOf((await stored(value))[0])).toBe(type);
});

test('other types may not', async () => {
  const [value, message] = await stored('@(new DateTimeOffset())');
  expect(value).toBeUndefined();
  expect(message).toContain("The variable 'v' cannot hold a value of the type 'System.DateTimeOffset'.");
});

test('name and value are required', () => {
  expect(problemsOf({ inbound: '<set-variable name="v" />' })).toHaveLength(1);
  expect(problemsOf({ inbound: '<set-variable name="" value="x" />' })).toHaveLength(1);
});
