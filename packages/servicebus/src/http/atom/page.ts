import { ServiceBusError } from '../../errors.ts';
import type { HttpCall } from '../http-contract.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** URL of this page. */
  readonly self: string;
  /** URL of the next; undefined: this is the last. */
  readonly next: string | undefined;
}

/** The service gives at most 100 entries at once. */
const most = 100;

/** The part of a list that `$skip` and `$top` ask for. @throws {ServiceBusError} `BadRequest` */
export function pageOf<T>({ query, authority, request }: HttpCall, all: readonly T[]): Page<T> {
  if (query.has('$filter')) throw new ServiceBusError('NotSupported', { reason: "'$filter' is not supported." });
  const skip = numberOf(query, '$skip', 0);
  const top = Math.min(numberOf(query, '$top', most), most);
  const items = all.slice(skip, skip + top);
  const base = `https://${authority}${request.target.split('?')[0] ?? ''}`;
  const urlAt = (from: number) => {
    const others = [...query].filter(([name]) => name !== '$skip' && name !== '$top');
    const given = others.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
    return `${base}?${[...given, `$skip=${from}`, `$top=${top}`].join('&')}`;
  };
  const isLast = top === 0 || skip + top >= all.length;
  return { items, self: urlAt(skip), next: isLast ? undefined : urlAt(skip + top) };
}

function numberOf(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,9}$/.test(text))
    throw new ServiceBusError('BadRequest', {
      reason: `'${name}' must be a whole number, not '${text.slice(0, 50)}'.`,
    });
  return Number(text);
}
