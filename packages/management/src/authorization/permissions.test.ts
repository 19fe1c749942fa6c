import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInRoles } from './built-in-roles.ts';
import { compileAction, compilePermission } from './permissions.ts';

const allows = (roleName: string, action: string, isData = false) =>
  builtInRoles
    .find((role) => role.name === roleName)
    ?.permissions.map(compilePermission)
    .some((permission) => permission.allows(action, isData));

describe('permissions', () => {
  it.each([
    ['Owner', 'Microsoft.Authorization/roleAssignments/write', false, true],
    ['Contributor', 'microsoft.apimanagement/service/write', false, true],
    ['Contributor', 'Microsoft.Authorization/roleAssignments/write', false, false],
    ['Contributor', 'Microsoft.Authorization/roleAssignments/read', false, true],
    ['Contributor', 'Microsoft.ServiceBus/namespaces/messages/send/action', true, false],
    ['Reader', 'Microsoft.ApiManagement/service/subscriptions/read', false, true],
    ['Reader', 'Microsoft.ApiManagement/service/subscriptions/listSecrets/action', false, false],
    ['API Management Service Reader Role', 'Microsoft.ApiManagement/service/users/keys/read', false, false],
    ['API Management Service Operator Role', 'Microsoft.ApiManagement/service/apis/write', false, false],
    ['User Access Administrator', 'Microsoft.Authorization/locks/write', false, true],
    ['Azure Service Bus Data Sender', 'Microsoft.ServiceBus/namespaces/messages/send/action', true, true],
    ['Azure Service Bus Data Sender', 'Microsoft.ServiceBus/namespaces/messages/receive/action', true, false],
    ['Key Vault Secrets User', 'Microsoft.KeyVault/vaults/secrets/getSecret/action', true, true],
    ['Key Vault Contributor', 'Microsoft.KeyVault/vaults/secrets/getSecret/action', true, false],
  ])('%s: %s', (role, action, isData, expected) => {
    expect(allows(role, action, isData)).toBe(expected);
  });

  it('match as a regular expression with .* for each star would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (one, action) => {
        const expression = new RegExp(`^${one.split('*').join('.*')}$`);
        expect(compileAction(one)(action)).toBe(expression.test(action));
      }),
      { numRuns: 500 },
    );
  });

  it('take no longer for hostile patterns', () => {
    const matcher = compileAction(`${'*a'.repeat(1000)}*b`);
    expect(matcher('a'.repeat(100_000))).toBe(false);
  });

  it('of built-in roles belong to roles with ids and names of their own', () => {
    expect(new Set(builtInRoles.map((role) => role.id)).size).toBe(54);
    expect(new Set(builtInRoles.map((role) => role.name)).size).toBe(54);
  });
});
