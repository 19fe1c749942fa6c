import { attributeOf, type PolicyElement } from '../document/element.ts';
import { type ReadOptions, readPolicyText } from '../document/reader.ts';
import { parseLiteral } from '../schema/literals.ts';
import type { QuotaKind } from './quota-window.ts';

/** The counters that one `quota-by-key` keeps for each key. */
export interface QuotaByKey {
  readonly kinds: readonly QuotaKind[];
  /** 0: never renewed. */
  readonly periodMs: number;
  /** Milliseconds since 1970 from which the periods are counted. */
  readonly origin: number;
}

/** Under which key `quota-by-key` counts. */
export function quotaByKeyCounter(name: string, kind: QuotaKind, periodMs: number): string {
  return JSON.stringify(['quota-by-key', name, kind, periodMs]);
}

/** Since when periods are counted where `first-period-start` is not given. */
export const defaultFirstPeriodStart = '0001-01-01T00:00:00Z';

/** Every `quota-by-key` of a document or fragment, whose own errors do not matter here. */
export function quotasByKeyIn({
  text,
  ...options
}: Omit<ReadOptions, 'file'> & { readonly text: string }): readonly QuotaByKey[] {
  const { root } = readPolicyText(text, { ...options, file: '' });
  if (!root) return [];
  const found: QuotaByKey[] = [];
  const waiting: PolicyElement[] = [root];
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    waiting.push(...element.children);
    if (element.name !== 'quota-by-key') continue;
    const quota = quotaOf(element);
    if (quota) found.push(quota);
  }
  return found;
}

function quotaOf(element: PolicyElement): QuotaByKey | null {
  const attribute = (name: string) => attributeOf(element, name)?.value.text;
  const seconds = parseLiteral(attribute('renewal-period') ?? '', { type: 'int', expression: false, min: 0 });
  const start = parseLiteral(attribute('first-period-start') ?? defaultFirstPeriodStart, {
    type: 'dateTime',
    expression: false,
  });
  if (!('value' in seconds) || !('value' in start)) return null;
  const kinds: QuotaKind[] = [];
  if (attribute('calls') !== undefined) kinds.push('call volume');
  if (attribute('bandwidth') !== undefined) kinds.push('bandwidth');
  return { kinds, periodMs: Number(seconds.value) * 1000, origin: Number(start.value) };
}
