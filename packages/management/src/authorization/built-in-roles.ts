import { apiManagementRoles } from './built-in-roles/api-management.ts';
import { applicationRoles } from './built-in-roles/application.ts';
import { eventRoles } from './built-in-roles/events.ts';
import { generalRoles } from './built-in-roles/general.ts';
import { identityRoles } from './built-in-roles/identity.ts';
import { keyVaultRoles } from './built-in-roles/key-vault.ts';
import { logicRoles } from './built-in-roles/logic.ts';
import { monitorRoles } from './built-in-roles/monitor.ts';
import { securityRoles } from './built-in-roles/security.ts';
import { serviceBusRoles } from './built-in-roles/service-bus.ts';
import type { Permission } from './permissions.ts';

export interface BuiltInRole {
  /** GUID, the same in every Azure tenant. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
}

/** Azure's built-in roles that concern what Lazuli serves ("Azure built-in roles"). */
export const builtInRoles: readonly BuiltInRole[] = [
  ...generalRoles,
  ...apiManagementRoles,
  ...serviceBusRoles,
  ...eventRoles,
  ...keyVaultRoles,
  ...logicRoles,
  ...monitorRoles,
  ...identityRoles,
  ...applicationRoles,
  ...securityRoles,
];

const byId = new Map(builtInRoles.map((role) => [role.id, role]));

export function builtInRole(id: string): BuiltInRole | undefined {
  return byId.get(id.toLowerCase());
}
