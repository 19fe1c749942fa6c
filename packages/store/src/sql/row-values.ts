import { StoreError } from '../errors.ts';
import type { Row } from './driver.ts';

/** The text in a column. Throws `StoreCorrupt` where it holds something else. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw damaged(column, 'text');
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** The whole number in a column. Throws `StoreCorrupt` where it holds something else. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw damaged(column, 'a whole number');
}

/** The bytes in a column. Throws `StoreCorrupt` where it holds something else. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw damaged(column, 'bytes');
}

function damaged(column: string, expected: string): StoreError {
  return new StoreError('StoreCorrupt', { what: `The column '${column}'`, reason: `it does not hold ${expected}` });
}
