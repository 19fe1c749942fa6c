import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ancestorsOf, isWithin, parseArmId, parsePath } from './arm-id.ts';

const subscription = '/subscriptions/11111111-1111-1111-1111-111111111111';
const group = `${subscription}/resourceGroups/rg`;
const service = `${group}/providers/Microsoft.ApiManagement/service/s`;

describe('ARM ids', () => {
  it.each([
    [subscription, 'Microsoft.Resources/subscriptions', '11111111-1111-1111-1111-111111111111', '/'],
    [group, 'Microsoft.Resources/resourceGroups', 'rg', subscription],
    [service, 'Microsoft.ApiManagement/service', 's', group],
    [`${service}/apis/x;rev=2`, 'Microsoft.ApiManagement/service/apis', 'x;rev=2', service],
    [`${service}/apis/providers`, 'Microsoft.ApiManagement/service/apis', 'providers', service],
    [`${service}/providers/Microsoft.Authorization/locks/l`, 'Microsoft.Authorization/locks', 'l', service],
    ['/providers/Microsoft.Authorization/roleDefinitions/r', 'Microsoft.Authorization/roleDefinitions', 'r', '/'],
    [`${subscription}/providers/Microsoft.Authorization/locks/l`, 'Microsoft.Authorization/locks', 'l', subscription],
  ])('%s', (id, type, name, parentId) => {
    expect(parseArmId(id)).toMatchObject({ text: id, type, name, parentId });
  });

  it('are written with Azure’s spelling of fixed words', () => {
    expect(parseArmId(`${subscription.toUpperCase()}/RESOURCEGROUPS/Rg`)?.text).toBe(
      `${subscription}/resourceGroups/Rg`,
    );
  });

  it.each([
    '',
    'x',
    '/',
    '//',
    '/subscriptions',
    `${group}/providers`,
    `${service}/apis`,
    `${group}/x/y`,
    `${group}//providers/a/b/c`,
    '/providers/A/b',
  ])("'%s' is none", (text) => {
    expect(parseArmId(text)).toBeUndefined();
  });

  it('know what is above them, and what is within what', () => {
    expect(ancestorsOf(`${service}/apis/a/providers/Microsoft.Authorization/locks/l`)).toEqual([
      `${service}/apis/a`,
      service,
      group,
      subscription,
      '/',
    ]);
    expect(isWithin(service, group.toUpperCase())).toBe(true);
    expect(isWithin(`${group}2`, group)).toBe(false);
    expect(isWithin(service, '/')).toBe(true);
  });

  it('parse again to themselves, and nothing that is thrown at them throws', () => {
    const segment = fc.constantFrom('subscriptions', 'resourceGroups', 'providers', 'a', 'B.C', 'service', 'x');
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 14 }), (segments) => {
        parsePath(segments);
        const id = parseArmId(`/${segments.join('/')}`);
        if (id !== undefined) expect(parseArmId(id.text)).toEqual(id);
      }),
    );
  });
});
