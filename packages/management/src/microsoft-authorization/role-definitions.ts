import type { JsonObject } from '@lazuli/store';
import { readPermissions, roleAssignmentType, roleDefinitionType } from '../authorization/authorizer.ts';
import type { HandlerContext, ListContext, ResourceType } from '../contract.ts';
import { armError } from '../errors.ts';
import { isWithin, parseArmId } from '../ids/arm-id.ts';
import { objectAt, stringAt } from '../json/json.ts';
import { isGuid } from '../schema/formats.ts';
import type { Services } from '../services.ts';
import { allRoles, customRoleId, findRole, permissionDocument, roleDocument } from './roles.ts';

const most = { permissions: 1, actions: 2000, scopes: 2000, name: 512, description: 2048 };

/** `type` in a filter is the kind of role, not the resource type. */
const roleFields = {
  roleName: 'properties/roleName',
  type: 'properties/type',
  description: 'properties/description',
  name: 'name',
};

/** Built-in roles, which are part of the program, and custom ones. */
export function roleDefinitions(services: () => Services): ResourceType {
  return {
    type: roleDefinitionType,
    apiVersions: ['2022-05-01-preview', '2022-04-01', '2018-07-01', '2018-01-01-preview', '2015-07-01', '2015-06-01'],
    scopes: ['tenant', 'subscription', 'resourceGroup', 'extension'],
    name: { says: 'a GUID' },
    handlers: {
      GET: (context) => get(services(), context),
      PUT: (context) => put(services(), context),
      DELETE: (context) => remove(services(), context),
    },
    list: {
      items: list,
      functions: ['atscope', 'atscopeandbelow'],
      fields: roleFields,
    },
  };
}

async function get(services: Services, { id }: HandlerContext) {
  const role = await findRole(services.store, id.name);
  if (role === undefined) throw armError('NotFound', { id: id.text });
  return { status: 200, body: roleDocument(role, id.parentId) };
}

async function list({ parentId, reader }: ListContext): Promise<JsonObject[]> {
  const roles = await allRoles(reader);
  const visible = roles.filter(
    (role) => role.isBuiltIn || role.assignableScopes.some((one) => isWithin(parentId, one) || isWithin(one, parentId)),
  );
  return visible.map((role) => roleDocument(role, parentId));
}

async function put(services: Services, context: HandlerContext) {
  const { id, body, principal, now } = context;
  if (!isGuid(id.name)) throw armError('InvalidRoleDefinition', { reason: `its name '${id.name}' is not a GUID` });
  const existing = await findRole(services.store, id.name);
  if (existing?.isBuiltIn) throw armError('RoleDefinitionCannotBeChanged', { name: existing.name });
  const sent = objectAt(body, 'properties');
  const roleName = stringAt(sent, 'roleName') ?? '';
  const description = stringAt(sent, 'description') ?? '';
  const permissions = readPermissions(sent.permissions);
  const scopes = Array.isArray(sent.assignableScopes) ? sent.assignableScopes : [];
  const reason = problemOf({ roleName, description, permissions: permissions.length, scopes });
  if (reason !== undefined) throw armError('InvalidRoleDefinition', { reason });
  const actions = permissions.flatMap((one) => [
    ...one.actions,
    ...one.notActions,
    ...one.dataActions,
    ...one.notDataActions,
  ]);
  if (actions.length > most.actions || actions.some((action) => action.length > 1024))
    throw armError('InvalidRoleDefinition', {
      reason: `it has more than ${most.actions} actions or one of more than 1,024 characters`,
    });
  const namesake = (await allRoles(services.store)).find((role) => role.name.toLowerCase() === roleName.toLowerCase());
  if (namesake !== undefined && namesake.id !== id.name.toLowerCase())
    throw armError('RoleDefinitionWithSameNameExists', { name: roleName });
  // Who may define a role at one scope must not make it count at another.
  for (const scope of scopes) {
    const action = `${roleDefinitionType}/write`;
    if (!(await services.authorizer.allows(principal, action, String(scope))))
      throw armError('AuthorizationFailed', {
        client: principal.name,
        objectId: principal.objectId,
        action,
        scope: String(scope),
      });
  }
  const at = new Date(now).toISOString();
  const before = existing?.properties ?? {};
  const properties = {
    roleName,
    type: 'CustomRole',
    description,
    assignableScopes: scopes,
    permissions: permissions.map(permissionDocument),
    createdOn: stringAt(before, 'createdOn') ?? at,
    updatedOn: at,
    createdBy: stringAt(before, 'createdBy') ?? principal.objectId,
    updatedBy: principal.objectId,
  };
  await context.change([
    { operation: 'put', id: customRoleId(id.name), type: roleDefinitionType, body: { properties } },
  ]);
  const role = await findRole(services.store, id.name);
  // 201 for a changed one too: the clients know no other status.
  return { status: 201, body: role === undefined ? {} : roleDocument(role, id.parentId) };
}

function problemOf(role: { roleName: string; description: string; permissions: number; scopes: readonly unknown[] }) {
  if (role.roleName === '' || role.roleName.length > most.name)
    return `roleName must have 1 to ${most.name} characters`;
  if (role.description.length > most.description) return `description has more than ${most.description} characters`;
  if (role.permissions !== 1) return 'permissions must hold one permission';
  if (role.scopes.length === 0 || role.scopes.length > most.scopes)
    return 'assignableScopes must name at least one scope';
  const odd = role.scopes.find(
    (scope) => typeof scope !== 'string' || (scope !== '/' && parseArmId(scope) === undefined),
  );
  return odd === undefined ? undefined : `'${String(odd)}' in assignableScopes is no scope`;
}

async function remove(services: Services, context: HandlerContext) {
  const role = await findRole(services.store, context.id.name);
  if (role === undefined) return { status: 204 };
  if (role.isBuiltIn) throw armError('RoleDefinitionCannotBeChanged', { name: role.name });
  const { items } = await services.store.list({ type: roleAssignmentType, limit: 10_000 });
  const isUsed = items.some((record) =>
    stringAt(objectAt(record.body, 'properties'), 'roleDefinitionId')?.toLowerCase().endsWith(`/${role.id}`),
  );
  if (isUsed) throw armError('RoleDefinitionHasAssignments');
  await context.change([{ operation: 'delete', id: customRoleId(role.id) }]);
  return { status: 200, body: roleDocument(role, context.id.parentId) };
}
