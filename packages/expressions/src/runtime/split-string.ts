import { charge, chargeMemory } from './budget.ts';
import { argumentException, argumentOutOfRange } from './exceptions.ts';
import { isWhite, trim } from './text.ts';
import { netArray, type Uniform } from './values.ts';

/** The values of `System.StringSplitOptions`. */
export const splitOptions = { none: 0, removeEmptyEntries: 1, trimEntries: 2 } as const;

/** Where a separator stands in a text, and its length; sorted, not overlapping. */
type Cut = readonly [at: number, length: number];

/**
 * `string.Split`. Separators are strings, of which the first that matches counts; none at all means white space. `count`
 * is the most parts there may be: the last one keeps the rest.
 */
export function splitString(
  text: string,
  separators: readonly string[],
  count = 2_147_483_647,
  options = 0,
): Uniform[] {
  if (count < 0) throw argumentOutOfRange('count', 'Count cannot be less than zero.');
  if (options < 0 || options > 3) throw argumentException(`Illegal enum value: ${options}.`, 'options');
  const parts = collect(text, separators, count, options);
  chargeMemory(parts.length * 16 + text.length);
  return netArray('System.String', parts);
}

function collect(text: string, separators: readonly string[], count: number, options: number): string[] {
  const removeEmpty = (options & splitOptions.removeEmptyEntries) !== 0;
  const finish = (part: string) => ((options & splitOptions.trimEntries) !== 0 ? trim(part, isWhite) : part);
  if (count === 0) return [];
  const parts: string[] = [];
  let start = 0;
  for (const [at, length] of count === 1 ? [] : cuts(text, separators)) {
    if (removeEmpty && parts.length === count - 1 && at === start) {
      start = at + length;
      continue;
    }
    if (parts.length >= count - 1) break;
    const part = finish(text.slice(start, at));
    if (part !== '' || !removeEmpty) parts.push(part);
    start = at + length;
  }
  const last = finish(text.slice(start));
  if (last !== '' || !removeEmpty) parts.push(last);
  return parts;
}

function* cuts(text: string, separators: readonly string[]): Generator<Cut, undefined> {
  charge(text.length >> 4);
  const wanted = separators.filter((separator) => separator !== '');
  const [only] = wanted;
  if (wanted.length === 1 && only !== undefined) {
    for (let at = text.indexOf(only); at >= 0; at = text.indexOf(only, at + only.length)) yield [at, only.length];
    return;
  }
  // Separators that are all empty strings match nothing; no separators at all mean white space.
  const spaces = separators.length === 0;
  if (!spaces && wanted.length === 0) return;
  for (let i = 0; i < text.length; i++) {
    const length = spaces ? Number(isWhite(text.charCodeAt(i))) : matchAt(text, i, wanted);
    if (length === 0) continue;
    yield [i, length];
    i += length - 1;
  }
}

function matchAt(text: string, at: number, separators: readonly string[]): number {
  charge(separators.length >> 3);
  return separators.find((separator) => text.startsWith(separator, at))?.length ?? 0;
}
