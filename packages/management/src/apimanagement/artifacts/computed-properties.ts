import type { JsonObject } from '@lazuli/store';

/** Members that the service makes, or that say what a folder's place says. */
const computed = new Set([
  'provisioningState',
  'isCurrent',
  'builtIn',
  'createdDate',
  'startDate',
  'endDate',
  'notificationDate',
  'registrationDate',
  'subject',
  'thumbprint',
  'expirationDate',
]);

/** The properties that somebody decided: those that a folder holds. */
export function withoutComputed(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).filter(
      ([name, value]) =>
        value !== null && (!computed.has(name) || (name === 'expirationDate' && 'scope' in properties)),
    ),
  );
}
