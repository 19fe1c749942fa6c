import type { Precondition } from '../contract.ts';
import { PreconditionFailedError } from '../errors.ts';

/** The error where `etag`, that of the resource or `undefined` where there is none, is not what was demanded. */
export function checkPrecondition(
  { id, ifMatch, ifNoneMatch }: Precondition & { readonly id: string },
  index: number,
  etag: string | undefined,
): PreconditionFailedError | undefined {
  if (ifNoneMatch !== undefined && etag !== undefined) {
    return new PreconditionFailedError(id, index, `ifNoneMatch '${ifNoneMatch}'`, etag);
  }
  if (ifMatch === undefined) return undefined;
  const accepted = typeof ifMatch === 'string' ? [ifMatch] : ifMatch;
  const holds = etag !== undefined && accepted.some((one) => one === '*' || one === etag);
  return holds ? undefined : new PreconditionFailedError(id, index, `ifMatch '${accepted.join(', ')}'`, etag);
}
