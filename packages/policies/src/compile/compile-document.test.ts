import { expect, test } from 'vitest';
import { policies } from '../policies/index.ts';
import { toDiagnostic, toErrorEnvelope } from '../problems/problem.ts';
import { notSupported } from '../schema/known-policies.ts';
import { compilePolicy, problemsOf, runPolicy } from '../testing/index.ts';
import { testPolicies } from './policies-for-tests.ts';

const init = { policies: [...testPolicies, ...policies.filter((policy) => policy.name === 'forward-request')] };
const variables = async (attributes: string, text = '') =>
  Object.fromEntries((await runPolicy({ inbound: `<trace ${attributes}>${text}</trace>` }, init)).exchange.variables);

test('literals are parsed once, defaults stand in for what is absent', async () => {
  expect(await variables('name="n"')).toEqual({
    name: 'n',
    flag: false,
    count: 7,
    big: undefined,
    ratio: undefined,
    kind: 'one',
    text: null,
  });
  expect(
    await variables('name="n" flag="TRUE" count=" 3" big="9007199254740993" ratio="1.5e1" kind="two"', '\n text \n'),
  ).toEqual({
    name: 'n',
    flag: true,
    count: 3,
    big: 9007199254740993n,
    ratio: 15,
    kind: 'two',
    text: 'text',
  });
});

test('problems as the management API answers them', () => {
  const { problems } = compilePolicy(
    '<policies>\n\t<inbound>\n\t\t<include-fragment fragment-id="TokenValidator" />\n\t\t<nope />\n\t</inbound>\n</policies>',
    init,
  );
  expect(toErrorEnvelope(problems)).toEqual({
    error: {
      code: 'ValidationError',
      message: 'One or more fields contain incorrect values:',
      details: [
        {
          code: 'ValidationError',
          target: 'include-fragment',
          message:
            "Error in element 'include-fragment' on line 3, column 4: Policy fragment with id 'TokenValidator' could not be found.",
        },
        {
          code: 'ValidationError',
          target: 'nope',
          message: "Error in element 'nope' on line 4, column 4: There is no policy 'nope'.",
        },
      ],
    },
  });
  expect(problems[0] && toDiagnostic(problems[0])).toMatchObject({
    code: 'PolicyReference',
    severity: 'error',
    file: 'policy.xml',
    line: 3,
    column: 4,
  });
});

test('a fragment by itself is checked, whatever section it is for', () => {
  expect(
    compilePolicy('<fragment><trace name="a"/><check-header><first>1</first></check-header></fragment>', init),
  ).toEqual({
    compiled: null,
    problems: [],
  });
  expect(problemsOf('<fragment>\n  <value>a & b</value></fragment>', init)).toEqual([
    'The policy fragment is not a valid XML: An error occurred while parsing EntityName. Line 2, position 13.',
  ]);
});

test("the sections of a fragment's policies are checked where it is included", () => {
  const fragments = { checks: '<fragment>\n  <check-header><first>1</first></check-header>\n</fragment>' };
  expect(problemsOf({ inbound: '<include-fragment fragment-id="checks"/>' }, { ...init, fragments })).toEqual([]);
  const { problems } = compilePolicy({ outbound: '<include-fragment fragment-id="checks"/>' }, { ...init, fragments });
  expect(problems).toMatchObject([{ file: 'fragments/checks.xml', line: 2, column: 4, code: 'PolicyStructure' }]);
});

test('a policy is refused in a scope that it cannot be used in', () => {
  expect(
    problemsOf({ inbound: '<check-header><first>1</first></check-header>' }, { ...init, scope: 'product' }),
  ).toEqual([
    "Error in element 'check-header' on line 1, column 21: Policy 'check-header' is not allowed in the scope 'product'. It can be used in api, operation.",
  ]);
});

test('a policy that is known but not built is refused by name, or skipped with a warning', () => {
  const policy = {
    inbound: '<get-authorization-context provider-id="p" />',
  };
  const message = notSupported('get-authorization-context');
  expect(problemsOf(policy, init)).toEqual([
    `Error in element 'get-authorization-context' on line 1, column 21: ${message}`,
  ]);
  const { compiled, problems } = compilePolicy(policy, { ...init, allowUnsupported: true });
  expect(compiled).not.toBeNull();
  expect(problems).toMatchObject([
    {
      severity: 'warning',
      message: `Warning in element 'get-authorization-context' on line 1, column 21: ${message} It is skipped.`,
    },
  ]);
  expect(toErrorEnvelope(problems).error.details).toEqual([]);
});
