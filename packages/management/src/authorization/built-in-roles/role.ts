import type { BuiltInRole } from '../built-in-roles.ts';
import type { Permission } from '../permissions.ts';

export function role(id: string, name: string, description: string, permission: Partial<Permission>): BuiltInRole {
  const none = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  return { id, name, description, permissions: [{ ...none, ...permission }] };
}

/** What most roles over one service may do beside it. */
export const around: readonly string[] = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
];

export const healthToo: readonly string[] = [...around, 'Microsoft.ResourceHealth/availabilityStatuses/read'];
