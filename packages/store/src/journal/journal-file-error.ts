import type { StoreErrorCode } from '../errors.ts';

/** An error of the store's table, which crosses to the other thread as its code and values. */
export class JournalFileError extends Error {
  readonly code: StoreErrorCode;
  readonly values: Readonly<Record<string, string | number>>;

  constructor(code: StoreErrorCode, values: Readonly<Record<string, string | number>>) {
    super(code);
    this.code = code;
    this.values = values;
  }
}
