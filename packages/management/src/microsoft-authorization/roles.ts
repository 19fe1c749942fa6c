import type { JsonObject, ResourceRecord, StoreReader } from '@lazuli/store';
import { readPermissions, roleDefinitionType } from '../authorization/authorizer.ts';
import { type BuiltInRole, builtInRole, builtInRoles } from '../authorization/built-in-roles.ts';
import type { Permission } from '../authorization/permissions.ts';
import { allRecords } from '../caching/record-cache.ts';
import { defined, objectAt, stringAt } from '../json/json.ts';

/** A role definition, built in or custom. */
export interface Role {
  /** GUID, lower case. */
  readonly id: string;
  readonly name: string;
  readonly isBuiltIn: boolean;
  readonly assignableScopes: readonly string[];
  /** `properties` of the definition as it is answered. */
  readonly properties: JsonObject;
}

/** Finds a role by its id, or any ARM id that ends with it. */
export async function findRole(reader: StoreReader, roleDefinitionId: string): Promise<Role | undefined> {
  const id = roleDefinitionId.split('/').at(-1)?.toLowerCase() ?? '';
  const builtIn = builtInRole(id);
  if (builtIn !== undefined) return fromBuiltIn(builtIn);
  const record = await reader.get(customRoleId(id));
  return record === undefined ? undefined : fromRecord(record);
}

export async function allRoles(reader: StoreReader): Promise<Role[]> {
  const roles = builtInRoles.map(fromBuiltIn);
  for await (const record of allRecords(reader, { type: roleDefinitionType })) roles.push(fromRecord(record));
  return roles;
}

/** Custom roles belong to the tenant, at whatever scope their URL names them. */
export function customRoleId(guid: string): string {
  return `/providers/${roleDefinitionType}/${guid.toLowerCase()}`;
}

/** The definition as it is seen at a scope. */
export function roleDocument(role: Role, scope: string): JsonObject {
  const prefix = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  return {
    id: `${prefix}/providers/${roleDefinitionType}/${role.id}`,
    type: roleDefinitionType,
    name: role.id,
    properties: defined(role.properties),
  };
}

function fromBuiltIn({ id, name, description, permissions }: BuiltInRole): Role {
  const assignableScopes = ['/'];
  const at = '2015-02-02T21:55:09.8806423Z';
  return {
    id,
    name,
    isBuiltIn: true,
    assignableScopes,
    properties: {
      roleName: name,
      type: 'BuiltInRole',
      description,
      assignableScopes,
      permissions: permissions.map(permissionDocument),
      createdOn: at,
      updatedOn: at,
      createdBy: null,
      updatedBy: null,
    },
  };
}

function fromRecord(record: ResourceRecord): Role {
  const properties = objectAt(record.body, 'properties');
  const scopes = Array.isArray(properties.assignableScopes) ? properties.assignableScopes : [];
  return {
    id: record.id.split('/').at(-1)?.toLowerCase() ?? '',
    name: stringAt(properties, 'roleName') ?? '',
    isBuiltIn: false,
    assignableScopes: scopes.filter((scope) => typeof scope === 'string'),
    properties: { ...properties, permissions: readPermissions(properties.permissions).map(permissionDocument) },
  };
}

export function permissionDocument({ actions, notActions, dataActions, notDataActions }: Permission) {
  return { actions, notActions, dataActions, notDataActions };
}
