import { randomUUID } from 'node:crypto';
import type { Right } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';

/** Refuses a token. `reason`: Azure's word for it and a sentence; never anything of the token that is secret. */
export function refusedToken(reason: string): ServiceBusError {
  return new ServiceBusError('Unauthorized', { reason });
}

/**
 * What Azure says to who has no claim: `Unauthorized access. 'Send' claim(s) are required to perform this operation. Resource:
 * 'sb://host/q'. TrackingId:…, SystemTracker:…, Timestamp:…`.
 */
export function claimRequired(right: Right, hostName: string, path: string, now: number): ServiceBusError {
  const resource = `sb://${hostName}/${path}`.toLowerCase();
  const timestamp = new Date(now).toISOString().slice(0, 19);
  return new ServiceBusError('Unauthorized', {
    reason: `'${right}' claim(s) are required to perform this operation. Resource: '${resource}'. TrackingId:${randomUUID()}, SystemTracker:NoSystemTracker, Timestamp:${timestamp}`,
  });
}
