import type { ResourceRecord, Store } from '@lazuli/store';
import { RecordCache } from '../caching/record-cache.ts';
import type { Principal } from '../contract.ts';
import { isJsonObject, objectAt, stringAt } from '../json/json.ts';
import { builtInRoles } from './built-in-roles.ts';
import { type CompiledPermission, compilePermission, type Permission } from './permissions.ts';

export const roleAssignmentType = 'Microsoft.Authorization/roleAssignments';
export const roleDefinitionType = 'Microsoft.Authorization/roleDefinitions';

/** An assignment as it counts for decisions. */
export interface Assignment {
  readonly id: string;
  /** Lower case, without a slash at the end; empty for `/`. */
  readonly scope: string;
  /** GUID of the role, lower case. */
  readonly role: string;
  readonly principalId: string;
}

/** Decides who may do what: allowed is what an assignment at the scope or above it allows, and nothing else. */
export class Authorizer {
  readonly cache: RecordCache<AccessTable>;

  constructor(store: Store) {
    this.cache = new RecordCache(store, [roleAssignmentType, roleDefinitionType], buildTable);
  }

  /** Whether `action` is allowed over `scope` (an id). */
  async allows(principal: Principal, action: string, scope: string, isDataAction = false): Promise<boolean> {
    return (await this.decide(principal, action, scope, isDataAction)) !== undefined;
  }

  /** The assignment that allows it, for the activity log; undefined: denied. */
  async decide(
    principal: Principal,
    action: string,
    scope: string,
    isDataAction = false,
  ): Promise<Assignment | undefined> {
    return allowing(await this.cache.get(), principal, action, scope, isDataAction);
  }

  /** {@link decide}, with what other processes wrote until now: before a caller is refused. */
  async decideAfresh(principal: Principal, action: string, scope: string): Promise<Assignment | undefined> {
    return allowing(await this.cache.fresh(), principal, action, scope, false);
  }

  /** Whether anything at a scope, above or below it is assigned to the principal: then it sees that the scope is there. */
  async sees(principal: Principal, scope: string): Promise<boolean> {
    return (
      hasAssignment(await this.cache.get(), principal, scope) ||
      hasAssignment(await this.cache.fresh(), principal, scope)
    );
  }

  /** What the principal may do at a scope: one entry for each permission of each role. */
  async permissions(principal: Principal, scope: string): Promise<readonly Permission[]> {
    const table = await this.cache.get();
    const roles = new Set(assignmentsAt(table, principal, scope).map((assignment) => assignment.role));
    return [...roles].flatMap((role) => table.permissions.get(role) ?? []);
  }
}

interface AccessTable {
  readonly byPrincipal: ReadonlyMap<string, readonly Assignment[]>;
  readonly roles: ReadonlyMap<string, readonly CompiledPermission[]>;
  readonly permissions: ReadonlyMap<string, readonly Permission[]>;
}

function hasAssignment(table: AccessTable, principal: Principal, scope: string): boolean {
  const above = `${scope.toLowerCase()}/`;
  return (
    assignmentsAt(table, principal, scope).length > 0 ||
    [principal.objectId, ...principal.groups]
      .flatMap((id) => table.byPrincipal.get(id.toLowerCase()) ?? [])
      .some((assignment) => assignment.scope.startsWith(above))
  );
}

function allowing(
  table: AccessTable,
  principal: Principal,
  action: string,
  scope: string,
  isDataAction: boolean,
): Assignment | undefined {
  return assignmentsAt(table, principal, scope).find((assignment) =>
    table.roles.get(assignment.role)?.some((permission) => permission.allows(action, isDataAction)),
  );
}

function assignmentsAt(table: AccessTable, principal: Principal, scope: string): Assignment[] {
  const wanted = scope === '/' ? '' : scope.toLowerCase();
  return [principal.objectId, ...principal.groups]
    .flatMap((id) => table.byPrincipal.get(id.toLowerCase()) ?? [])
    .filter(({ scope: own }) => wanted === own || wanted.startsWith(`${own}/`));
}

function buildTable(records: readonly ResourceRecord[]): AccessTable {
  const permissions = new Map<string, readonly Permission[]>();
  for (const role of builtInRoles) permissions.set(role.id, role.permissions);
  const byPrincipal = new Map<string, Assignment[]>();
  for (const record of records) {
    const properties = objectAt(record.body, 'properties');
    if (record.type.toLowerCase() === roleDefinitionType.toLowerCase()) {
      permissions.set(lastSegment(record.id), readPermissions(properties.permissions));
      continue;
    }
    const principalId = stringAt(properties, 'principalId')?.toLowerCase() ?? '';
    const assignment = {
      id: record.id,
      scope: (stringAt(properties, 'scope') ?? '').toLowerCase().replace(/\/$/, ''),
      role: lastSegment(stringAt(properties, 'roleDefinitionId') ?? ''),
      principalId,
    };
    const own = byPrincipal.get(principalId);
    if (own === undefined) byPrincipal.set(principalId, [assignment]);
    else own.push(assignment);
  }
  const roles = new Map([...permissions].map(([id, list]) => [id, list.map(compilePermission)]));
  return { byPrincipal, roles, permissions };
}

/** `permissions` of a role definition; what is missing is empty. */
export function readPermissions(value: unknown): Permission[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isJsonObject).map((one) => ({
    actions: strings(one.actions),
    notActions: strings(one.notActions),
    dataActions: strings(one.dataActions),
    notDataActions: strings(one.notDataActions),
  }));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}
