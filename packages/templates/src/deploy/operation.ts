import { STATUS_CODES } from 'node:http';
import { murmur64 } from '../hashing/unique-string.ts';

/** The id of the operation on a resource of a deployment: the same for the same pair. */
export function operationId(deploymentId: string, resourceId: string): string {
  const hash = murmur64(new TextEncoder().encode(`${deploymentId}\n${resourceId}`.toLowerCase()));
  return hash.toString(16).toUpperCase().padStart(16, '0');
}

/** `BadRequest` for 400: the name that .NET's HttpStatusCode gives it. */
export function statusName(status: number): string {
  return (STATUS_CODES[status] ?? 'InternalServerError').replace(/[^A-Za-z]/g, '');
}
