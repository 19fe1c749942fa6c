import type { JsonValue } from '@lazuli/store';
import type { FieldReader } from './filter.ts';
import { FilterSyntaxError } from './lexer.ts';

export interface OrderTerm {
  readonly path: string;
  readonly descending: boolean;
}

/** `displayName desc, name` @throws {FilterSyntaxError} */
export function parseOrderBy(text: string): OrderTerm[] {
  return text.split(',').map((term) => {
    const match = /^\s*([A-Za-z_][\w/]*)(?:\s+(asc|desc))?\s*$/i.exec(term);
    if (match === null) throw new FilterSyntaxError(`'${term.trim()}' is no field with an optional 'asc' or 'desc'`);
    return { path: match[1] as string, descending: match[2]?.toLowerCase() === 'desc' };
  });
}

/** Sorts without changing the order of equals. Missing values come first. */
export function sortBy<T>(items: readonly T[], terms: readonly OrderTerm[], reader: (item: T) => FieldReader): T[] {
  const keyed = items.map((item) => ({ item, keys: terms.map((term) => sortKey(reader(item)(term.path))) }));
  keyed.sort((a, b) => {
    for (const [index, term] of terms.entries()) {
      const order = compareKeys(a.keys[index] ?? '', b.keys[index] ?? '');
      if (order !== 0) return term.descending ? -order : order;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

function sortKey(value: JsonValue | undefined): string | number {
  if (typeof value === 'number') return value;
  return value === undefined || value === null ? '' : String(value).toLowerCase();
}

function compareKeys(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
