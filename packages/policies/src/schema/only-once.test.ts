import { describe, expect, it } from 'vitest';
import { compilePolicy, problemsOf } from '../testing/index.ts';

const uses = {
  'rate-limit': '<rate-limit calls="1" renewal-period="60" />',
  'authentication-basic': '<authentication-basic username="a" password="b" />',
  'cache-lookup': '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" />',
  cors: '<cors><allowed-origins><origin>*</origin></allowed-origins></cors>',
  'redirect-content-urls': '<redirect-content-urls />',
  'validate-parameters':
    '<validate-parameters specified-parameter-action="ignore" unspecified-parameter-action="ignore" />',
};

describe.each(Object.entries(uses))('%s', (name, use) => {
  it('can stand once', () => {
    expect(problemsOf({ inbound: use })).toEqual([]);
  });

  it('cannot stand twice, and the second one is to blame', () => {
    const { problems } = compilePolicy(`<policies>\n<inbound>\n${use}\n${use}\n</inbound>\n</policies>`);
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [4, expect.stringMatching(`Policy '${name}' can be used only once in a policy (section|definition)`)],
    ]);
  });

  it('can stand in each branch of choose', () => {
    const branches = `<choose><when condition="true">${use}</when><otherwise>${use}</otherwise></choose>`;
    expect(problemsOf({ inbound: branches })).toEqual([]);
  });
});

it('quota can stand once in a product', () => {
  const use = '<quota calls="1" renewal-period="60" />';
  expect(problemsOf({ inbound: `${use}${use}` }, { scope: 'product' })).toEqual([
    expect.stringContaining("Policy 'quota' can be used only once in a policy definition."),
  ]);
});

it('what a fragment brings counts', () => {
  const use = uses['rate-limit'];
  const problems = problemsOf(
    { inbound: `${use}<include-fragment fragment-id="limit" />` },
    { fragments: { limit: `<fragment>${use}</fragment>` } },
  );
  expect(problems).toEqual([expect.stringContaining("Policy 'rate-limit' can be used only once")]);
});
