import { DatabaseError } from 'pg';
import { StoreError, StoreUnavailableError } from '../errors.ts';

/** Errors that trying the transaction again may help against: they left nothing written. */
const transient = new Set(['40001', '40P01']);

/**
 * What an error of `pg` means to a caller. `committing`: the commit was under way, so that a broken connection leaves
 * open whether it happened. Codes: PostgreSQL documentation, appendix A.
 */
export function storeErrorOf(error: unknown, committing: boolean): StoreError {
  if (error instanceof StoreError) return error;
  const reason = error instanceof Error ? error.message || error.name : String(error);
  if (!(error instanceof DatabaseError) || error.code === undefined) {
    return new StoreUnavailableError(reason, committing ? 'unknown' : 'notWritten', { cause: error });
  }
  if (error.code === '55P03') {
    return new StoreError('StoreBusy', { reason: `another process holds the database (${reason})` }, { cause: error });
  }
  if (error.code.startsWith('XX') && error.code !== 'XX000') {
    return new StoreError('StoreCorrupt', { what: 'The database', reason }, { cause: error });
  }
  // Values, constraints, statements, limits: the server is well, what was sent is not.
  if (/^(22|23|42|54)/.test(error.code)) return new StoreError('StoreRefused', { reason }, { cause: error });
  // 57P01 and 57P02 end the connection, also while it commits.
  const broken = /^(08|57P)/.test(error.code);
  return new StoreUnavailableError(reason, committing && broken ? 'unknown' : 'notWritten', { cause: error });
}

/** Whether the same transaction, begun anew, may succeed: a conflict, or a server that is starting or went away. */
export function worthRetrying(error: unknown): boolean {
  if (!(error instanceof StoreUnavailableError)) return false;
  const { cause } = error;
  if (!(cause instanceof DatabaseError) || cause.code === undefined) return true;
  // Another process has changed the schema; a new connection plans anew.
  if (cause.code === '0A000') return cause.message.includes('cached plan');
  return transient.has(cause.code) || /^(08|57P0|53300)/.test(cause.code);
}
