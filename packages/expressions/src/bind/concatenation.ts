import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { errorType, nullType, special } from './types.ts';

/** A folded string longer than this is built at run time, where memory is counted. */
const longestFold = 65_536;

/** String concatenation; rows become one node. */
export function concat(binder: Binder, values: readonly Bound[], at: Span): Bound {
  const { start, end } = at;
  const [first, ...rest] = values;
  const parts: Bound[] = first?.kind === 'Concat' && !first.constant ? first.parts : first ? [first] : [];
  for (const value of rest) {
    const last = parts.at(-1);
    const a = last && constantText(last);
    const b = constantText(value);
    // "x" + 'c' + 1 folds only through strings: the first two parts must be one string already.
    const joinable =
      a !== undefined &&
      b !== undefined &&
      a.length + b.length <= longestFold &&
      (special(last?.type ?? errorType) === 'string' || special(value.type) === 'string');
    if (last && joinable)
      parts[parts.length - 1] = binder.constant(a + b, binder.string, { start: last.start, end: value.end });
    else parts.push(value);
  }
  const [only] = parts;
  if (parts.length === 1 && only?.constant && special(only.type) === 'string' && only.constant.value !== null) {
    return { ...only, start, end };
  }
  return { kind: 'Concat', type: binder.string, parts, start, end };
}

function constantText(value: Bound): string | undefined {
  if (!value.constant) return undefined;
  const { value: constant } = value.constant;
  if (constant === null) return value.type === nullType || special(value.type) === 'string' ? '' : undefined;
  const keyword = special(value.type);
  if (keyword === 'string' && typeof constant === 'string') return constant;
  if (keyword === 'char' && typeof constant === 'number') return String.fromCharCode(constant);
  if (keyword === 'int' || keyword === 'long') return String(constant);
  if (keyword === 'bool') return constant === true ? 'True' : 'False';
  return undefined;
}
