import { StoreError } from '../errors.ts';

/** Milliseconds since 1970 as ISO 8601. */
export const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Milliseconds since 1970 of an ISO 8601 time, or `undefined` where it is none. */
export function millisecondsOf(text: string): number | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text))
    return undefined;
  const value = Date.parse(text);
  return Number.isNaN(value) ? undefined : value;
}

/** `millisecondsOf` for a parameter of a query. Throws `InvalidQuery`. */
export function timeParameter(parameter: string, text: string): number {
  const value = millisecondsOf(text);
  if (value === undefined)
    throw new StoreError('InvalidQuery', { parameter, actual: `'${text}'`, expected: 'an ISO 8601 time' });
  return value;
}
