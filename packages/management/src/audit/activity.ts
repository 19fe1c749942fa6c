import { randomUUID } from 'node:crypto';
import type { JsonObject, NewLogEntry } from '@lazuli/store';
import type { Assignment } from '../authorization/authorizer.ts';
import type { Principal } from '../contract.ts';
import { parseArmId } from '../ids/arm-id.ts';

export interface Activity {
  /** `Microsoft.ApiManagement/service/apis/write` */
  readonly action: string;
  readonly resourceId: string;
  readonly resourceType: string;
  readonly principal: Principal;
  readonly correlationId: string;
  readonly clientAddress: string;
  readonly clientRequestId?: string;
  readonly method: string;
  readonly uri: string;
  readonly allowedBy?: Assignment;
  readonly status: 'Started' | 'Accepted' | 'Succeeded' | 'Failed';
  /** HTTP status of the answer. */
  readonly statusCode: number;
  readonly errorCode?: string;
}

/**
 * One line of the audit log, in the form in which the activity log answers it (Azure Monitor, "Azure activity log event schema",
 * category Administrative). Bodies, secrets and tokens are never in it.
 */
export function activityEntry(activity: Activity, now: number): NewLogEntry {
  const at = new Date(now).toISOString();
  const id = parseArmId(activity.resourceId);
  const body: JsonObject = {
    authorization: {
      action: activity.action,
      scope: activity.resourceId,
      ...(activity.allowedBy === undefined ? {} : { evidence: { roleAssignmentId: activity.allowedBy.id } }),
    },
    caller: activity.principal.name,
    claims: { ...activity.principal.claims },
    category: { value: 'Administrative', localizedValue: 'Administrative' },
    correlationId: activity.correlationId,
    eventDataId: randomUUID(),
    eventName: { value: activity.status === 'Started' ? 'BeginRequest' : 'EndRequest' },
    httpRequest: {
      clientIpAddress: activity.clientAddress,
      clientRequestId: activity.clientRequestId ?? activity.correlationId,
      method: activity.method,
      uri: activity.uri,
    },
    level: activity.status === 'Failed' ? 'Error' : 'Informational',
    operationId: activity.correlationId,
    operationName: { value: activity.action },
    resourceGroupName: id?.resourceGroup ?? '',
    resourceProviderName: { value: activity.resourceType.split('/')[0] ?? '' },
    resourceId: activity.resourceId,
    resourceType: { value: activity.resourceType },
    status: { value: activity.status },
    subStatus: { value: activity.errorCode ?? '', localizedValue: `HTTP ${activity.statusCode}` },
    subscriptionId: id?.subscriptionId ?? '',
    tenantId: activity.principal.tenantId,
    submissionTimestamp: at,
  };
  return { at, subject: activity.resourceId, body };
}
