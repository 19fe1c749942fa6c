import { describe, expect, it } from 'vitest';
import { authorizationRuleNameProblem, readAuthorizationRights } from './authorization-rights.ts';
import { filterKindOf, normaliseRule } from './normalise-rule.ts';

describe('properties of rules', () => {
  it.each<[object, object, ReturnType<typeof filterKindOf>]>([
    [{}, { filterType: 'SqlFilter', sqlFilter: { sqlExpression: '1=1', compatibilityLevel: 20 } }, 'true'],
    [{ filterType: 'FalseFilter' }, { filterType: 'SqlFilter', sqlFilter: { sqlExpression: '1=0' } }, 'false'],
    [{ sqlFilter: { sqlExpression: '' } }, { sqlFilter: { sqlExpression: '1=1' } }, 'true'],
    [{ sqlFilter: { sqlExpression: "a = 'b'" } }, { sqlFilter: { sqlExpression: "a = 'b'" } }, 'sql'],
    [{ sqlFilter: { sqlExpression: '1=1', parameters: { x: 1 } } }, { filterType: 'SqlFilter' }, 'sql'],
    [
      { correlationFilter: { label: 'x', properties: { a: 'b' } } },
      { filterType: 'CorrelationFilter', correlationFilter: { label: 'x', properties: { a: 'b' } } },
      'correlation',
    ],
    [
      { action: { sqlExpression: 'SET a = 1' } },
      { action: { sqlExpression: 'SET a = 1', compatibilityLevel: 20 } },
      'true',
    ],
  ])('%j', (given, properties, kind) => {
    const whole = normaliseRule({ ...given });
    expect(whole.problems).toEqual([]);
    expect(whole.properties).toMatchObject(properties);
    expect(filterKindOf(whole.properties)).toBe(kind);
  });

  it('have no action where it says nothing', () => {
    expect(normaliseRule({ action: { sqlExpression: '' } }).properties).not.toHaveProperty('action');
    expect(normaliseRule({ action: null, sqlFilter: null, correlationFilter: null }).problems).toEqual([]);
  });

  it.each<[object, string]>([
    [{ filterType: 'Magic' }, 'filterType'],
    [{ sqlFilter: 'a = 1' }, 'sqlFilter'],
    [{ sqlFilter: { sqlExpression: 1 } }, 'sqlFilter.sqlExpression'],
    [{ correlationFilter: [] }, 'correlationFilter'],
    [{ correlationFilter: { label: 3 } }, 'correlationFilter.label'],
    [{ correlationFilter: { properties: 'a' } }, 'correlationFilter.properties'],
    [{ action: { sqlExpression: {} } }, 'action.sqlExpression'],
  ])('%j is refused for %s', (given, property) => {
    expect(normaliseRule({ ...given }).problems).toMatchObject([{ property }]);
  });
});

describe('authorization rules', () => {
  it.each<[unknown, readonly string[] | undefined]>([
    [['Send'], ['Send']],
    [
      ['send', 'LISTEN', 'Send'],
      ['Listen', 'Send'],
    ],
    [
      ['Send', 'Manage', 'Listen'],
      ['Listen', 'Manage', 'Send'],
    ],
    [['Manage'], undefined],
    [['Manage', 'Send'], undefined],
    [[], undefined],
    [['Read'], undefined],
    ['Send', undefined],
    [undefined, undefined],
  ])('give %j', (given, rights) => {
    expect(readAuthorizationRights(given)).toEqual(rights === undefined ? { problem: expect.any(String) } : { rights });
  });

  it.each([
    ['RootManageSharedAccessKey', true],
    ['a', true],
    ['a b', false],
    ['../a', false],
    ['', false],
    ['x'.repeat(257), false],
  ])('have names: %s %s', (name, isName) => {
    expect(authorizationRuleNameProblem(name) === undefined).toBe(isName);
  });
});
