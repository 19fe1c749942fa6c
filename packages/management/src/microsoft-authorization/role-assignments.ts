import type { JsonObject } from '@lazuli/store';
import { roleAssignmentType } from '../authorization/authorizer.ts';
import type { ListContext, Prepared, ResourceType, WriteContext } from '../contract.ts';
import { armError } from '../errors.ts';
import { isWithin, sameId } from '../ids/arm-id.ts';
import { objectAt, stringAt } from '../json/json.ts';
import { isGuid } from '../schema/formats.ts';
import { object, string } from '../schema/schema.ts';
import type { Services } from '../services.ts';
import { listAround } from './list-around.ts';
import { findRole } from './roles.ts';

const principalTypes = ['User', 'Group', 'ServicePrincipal', 'ForeignGroup', 'Device'];

export function roleAssignments(services: () => Services): ResourceType {
  return {
    type: roleAssignmentType,
    apiVersions: [
      '2022-04-01',
      '2021-04-01-preview',
      '2020-10-01-preview',
      '2020-08-01-preview',
      '2020-04-01-preview',
      '2020-03-01-preview',
      '2019-04-01-preview',
      '2018-12-01-preview',
      '2018-09-01-preview',
      '2018-07-01',
      '2018-01-01-preview',
      '2017-10-01-preview',
      '2017-10-01',
      '2017-09-01',
      '2017-05-01',
      '2016-07-01',
      '2015-07-01',
      '2015-06-01',
    ],
    scopes: ['tenant', 'subscription', 'resourceGroup', 'extension'],
    name: { says: 'a GUID' },
    body: {
      properties: object(
        {
          roleDefinitionId: string({ required: true }),
          principalId: string({ required: true, format: 'guid' }),
          principalType: string({ values: principalTypes }),
          description: string({ maxLength: 2048 }),
          condition: string({ nullable: true }),
          conditionVersion: string({ nullable: true }),
          delegatedManagedIdentityResourceId: string({ nullable: true }),
        },
        { required: true },
      ),
    },
    get: { etag: false },
    put: { created: 201, replaced: 200, prepare: (write) => prepare(services(), write) },
    delete: {},
    list: {
      items: (context) => list(services(), context),
      functions: ['atscope', 'assignedto'],
    },
  };
}

async function prepare(services: Services, write: WriteContext): Promise<Prepared> {
  const { id, body, existing, now, principal } = write;
  if (!isGuid(id.name)) throw armError('InvalidRoleAssignmentId', { name: id.name });
  const properties = objectAt(body, 'properties');
  for (const property of ['condition', 'delegatedManagedIdentityResourceId'])
    if (stringAt(properties, property)) throw armError('UnsupportedCondition', { property });
  const scope = id.parentId;
  const principalId = (stringAt(properties, 'principalId') ?? '').toLowerCase();
  const role = await findRole(services.store, stringAt(properties, 'roleDefinitionId') ?? '');
  if (role === undefined)
    throw armError('RoleDefinitionDoesNotExist', { id: stringAt(properties, 'roleDefinitionId') ?? '' });
  if (!role.assignableScopes.some((one) => isWithin(scope, one)))
    throw armError('InvalidRoleAssignment', { reason: `the role '${role.name}' cannot be assigned at '${scope}'` });
  const scoped = scope === '/' ? '' : scope;
  const roleDefinitionId = `${subscriptionOf(scope)}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`;
  if (existing !== undefined) {
    const before = objectAt(existing.body, 'properties');
    if (
      stringAt(before, 'principalId') !== principalId ||
      !sameRole(stringAt(before, 'roleDefinitionId'), roleDefinitionId)
    )
      throw armError('RoleAssignmentUpdateNotPermitted');
  } else {
    const page = await services.store.list({ type: roleAssignmentType, limit: 10_000 });
    const same = page.items.find((record) => {
      const other = objectAt(record.body, 'properties');
      return (
        sameId(stringAt(other, 'scope') ?? '', scope) &&
        stringAt(other, 'principalId') === principalId &&
        sameRole(stringAt(other, 'roleDefinitionId'), roleDefinitionId)
      );
    });
    if (same !== undefined) throw armError('RoleAssignmentExists', { id: same.id.split('/').at(-1) ?? '' });
  }
  const at = new Date(now).toISOString();
  const before = objectAt(existing?.body ?? {}, 'properties');
  return {
    body: {
      properties: {
        roleDefinitionId,
        principalId,
        principalType: stringAt(properties, 'principalType') ?? 'ServicePrincipal',
        scope: scoped === '' ? '/' : scoped,
        condition: null,
        conditionVersion: null,
        delegatedManagedIdentityResourceId: null,
        description: stringAt(properties, 'description') ?? null,
        createdOn: stringAt(before, 'createdOn') ?? at,
        updatedOn: at,
        createdBy: stringAt(before, 'createdBy') ?? principal.objectId,
        updatedBy: principal.objectId,
      },
    },
  };
}

async function list(services: Services, context: ListContext): Promise<JsonObject[]> {
  const scopeOf = (record: { readonly body: JsonObject }) =>
    stringAt(objectAt(record.body, 'properties'), 'scope') ?? '/';
  const items = await listAround(services, roleAssignmentType, context, scopeOf);
  const assigned = /\bassignedTo\('([^']*)'\)/i.exec(context.query.get('$filter') ?? '')?.[1]?.toLowerCase();
  if (assigned === undefined) return items;
  return items.filter((item) => stringAt(objectAt(item, 'properties'), 'principalId') === assigned);
}

function subscriptionOf(scope: string): string {
  return /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
}

function sameRole(a: string | undefined, b: string): boolean {
  return a?.split('/').at(-1)?.toLowerCase() === b.split('/').at(-1)?.toLowerCase();
}
