import { StoreError } from '../errors.ts';

/** Throws `InvalidLog`. */
export function checkLogName(log: string): void {
  if (typeof log !== 'string' || !/^[A-Za-z0-9._-]{1,64}$/.test(log)) {
    throw new StoreError('InvalidLog', { log: typeof log === 'string' ? log.toWellFormed() : typeof log });
  }
}
