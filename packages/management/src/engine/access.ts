import { AUDIT_LOG } from '@lazuli/store';
import { activityEntry } from '../audit/activity.ts';
import type { Assignment } from '../authorization/authorizer.ts';
import { armError } from '../errors.ts';
import type { Call, Services } from '../services.ts';

/**
 * The assignment that lets the caller do it. A refused write is put on record, a refused read is not.
 * @throws {ArmError} `AuthorizationFailed`
 */
export async function requirePermission(
  services: Services,
  call: Call,
  action: string,
  scope: string,
  resourceType: string,
): Promise<Assignment> {
  const { principal } = call;
  const { authorizer } = services;
  const allowedBy =
    (await authorizer.decide(principal, action, scope)) ?? (await authorizer.decideAfresh(principal, action, scope));
  if (allowedBy !== undefined) return allowedBy;
  const error = armError('AuthorizationFailed', {
    client: principal.name,
    objectId: principal.objectId,
    action,
    scope,
  });
  if (call.method !== 'GET' && call.method !== 'HEAD' && !call.dryRun) {
    const activity = {
      ...activityFacts(call, action, scope, resourceType),
      status: 'Failed',
      statusCode: 403,
    } as const;
    await services.store.append(AUDIT_LOG, [activityEntry({ ...activity, errorCode: error.code }, services.now())]);
  }
  throw error;
}

/** What the log says of a call, whatever came of it. */
export function activityFacts(call: Call, action: string, resourceId: string, resourceType: string) {
  return {
    action,
    resourceId,
    resourceType,
    principal: call.principal,
    correlationId: call.correlationId,
    clientAddress: call.clientAddress,
    clientRequestId: call.headers.get('x-ms-client-request-id'),
    method: call.method,
    uri: `${call.baseUrl}/${call.segments.map(encodeURIComponent).join('/')}`,
  };
}
