import { randomUUID } from 'node:crypto';
import { AUDIT_LOG, PreconditionFailedError, type Store } from '@lazuli/store';
import { activityEntry } from './audit/activity.ts';
import { roleAssignmentType } from './authorization/authorizer.ts';
import type { Application, Applications } from './identity/applications.ts';
import { localOperator } from './identity/local-operator.ts';

const takeOverMilliseconds = 30_000;
const ownerRole = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';

/** What the operator is told at the first start, once. */
export interface FirstPrincipal {
  readonly application: Application;
  /** The client secret. It is kept nowhere else. */
  readonly secretText: string;
}

/**
 * Makes the first service principal, Owner of everything, in a store that has no application yet; otherwise undefined. Of several
 * processes that start at once one makes it.
 */
export async function makeFirstPrincipal(
  store: Store,
  applications: Applications,
  now: number,
): Promise<FirstPrincipal | undefined> {
  if ((await applications.list()).length > 0) return undefined;
  const id = '/providers/Lazuli.Management/settings/firstPrincipal';
  const before = await store.get(id);
  // Another process is at it; should it end before it is done, the next start does it.
  if (before !== undefined && now - Date.parse(before.updatedAt) < takeOverMilliseconds) return undefined;
  const condition = before === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: before.etag };
  const type = 'Lazuli.Management/settings';
  const mine = await store.change([{ operation: 'put', id, type, body: {}, ...condition }]).catch((error: unknown) => {
    if (error instanceof PreconditionFailedError) return undefined;
    throw error;
  });
  if (mine === undefined) return undefined;
  const application = await applications.create('Lazuli owner');
  const { secretText } = await applications.addPassword(application.appId, { displayName: 'first start' });
  await assignRole(store, { principalId: application.objectId, role: ownerRole, scope: '/', now });
  return { application, secretText };
}

/** Writes a role assignment without asking whether anybody may: for the command line on the machine itself. */
export async function assignRole(
  store: Store,
  assignment: { readonly principalId: string; readonly role: string; readonly scope: string; readonly now: number },
): Promise<string> {
  const { principalId, role, scope, now } = assignment;
  const id = `${scope === '/' ? '' : scope}/providers/${roleAssignmentType}/${randomUUID()}`;
  const at = new Date(now).toISOString();
  const prefix = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
  const properties = {
    roleDefinitionId: `${prefix}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId: principalId.toLowerCase(),
    principalType: 'ServicePrincipal',
    scope,
    condition: null,
    conditionVersion: null,
    delegatedManagedIdentityResourceId: null,
    description: null,
    createdOn: at,
    updatedOn: at,
    createdBy: '',
    updatedBy: '',
  };
  const entry = activityEntry(
    {
      action: `${roleAssignmentType}/write`,
      resourceId: id,
      resourceType: roleAssignmentType,
      principal: localOperator,
      correlationId: randomUUID(),
      clientAddress: '',
      method: '',
      uri: '',
      status: 'Succeeded',
      statusCode: 201,
    },
    now,
  );
  await store.change([{ operation: 'put', id, type: roleAssignmentType, body: { properties }, ifNoneMatch: '*' }], {
    append: [{ log: AUDIT_LOG, entries: [entry] }],
  });
  return id;
}
