import { isList, itemAt, knownCount } from '../../runtime/collection-access.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { argumentOutOfRange, invalidOperation } from '../../runtime/exceptions.ts';
import type { Uniform } from '../../runtime/values.ts';
import { generic, type Implementation } from '../declare.ts';
import { type Fn, required } from './arguments.ts';

const noElements = () => invalidOperation('Sequence contains no elements');
const noMatch = () => invalidOperation('Sequence contains no matching element');
const moreThanOne = () => invalidOperation('Sequence contains more than one element');
const moreThanOneMatch = () => invalidOperation('Sequence contains more than one matching element');

/** Marks that nothing was found: null is an element like any other. */
const nothing: unique symbol = Symbol('nothing');

function first(source: Uniform, predicate: Fn | null): Uniform {
  for (const item of stepThrough(source)) if (!predicate || predicate(item) === true) return item;
  return nothing;
}

function last(source: Uniform, predicate: Fn | null): Uniform {
  const count = predicate || !isList(source) ? undefined : knownCount(source);
  if (count !== undefined) return count === 0 ? nothing : itemAt(source, count - 1);
  let found: Uniform = nothing;
  for (const item of stepThrough(source)) if (!predicate || predicate(item) === true) found = item;
  return found;
}

function single(source: Uniform, predicate: Fn | null): Uniform {
  let found: Uniform = nothing;
  for (const item of stepThrough(source)) {
    if (predicate && predicate(item) !== true) continue;
    if (found !== nothing) throw predicate ? moreThanOneMatch() : moreThanOne();
    found = item;
  }
  return found;
}

function elementAt(source: Uniform, index: number): Uniform {
  if (index < 0) return nothing;
  const count = isList(source) ? knownCount(source) : undefined;
  if (count !== undefined) return index < count ? itemAt(source, index) : nothing;
  let left = index;
  for (const item of stepThrough(source)) if (left-- === 0) return item;
  return nothing;
}

const members: Record<string, Implementation> = {};
const start = 'this IEnumerable<TSource> source';
for (const [name, find] of [
  ['First', first],
  ['Last', last],
  ['Single', single],
] as const) {
  members[`static TSource ${name}<TSource>(${start})`] = (source: Uniform) => {
    const found = find(required(source, 'source'), null);
    if (found === nothing) throw noElements();
    return found;
  };
  members[`static TSource ${name}<TSource>(${start}, Func<TSource, bool> predicate)`] = (
    source: Uniform,
    predicate: Fn | null,
  ) => {
    const found = find(required(source, 'source'), required(predicate, 'predicate'));
    if (found === nothing) throw noMatch();
    return found;
  };
  members[`static TSource ${name}OrDefault<TSource>(${start})`] = generic(([type], source: Uniform) => {
    const found = find(required(source, 'source'), null);
    return found === nothing ? (type?.defaultValue ?? null) : found;
  });
  members[`static TSource ${name}OrDefault<TSource>(${start}, Func<TSource, bool> predicate)`] = generic(
    ([type], source: Uniform, predicate: Fn | null) => {
      const found = find(required(source, 'source'), required(predicate, 'predicate'));
      return found === nothing ? (type?.defaultValue ?? null) : found;
    },
  );
}

/** First, Last, Single, ElementAt and their OrDefault. */
export const elementMembers: Readonly<Record<string, Implementation>> = {
  ...members,
  [`static TSource ElementAt<TSource>(${start}, int index)`]: (source: Uniform, index: number) => {
    const found = elementAt(required(source, 'source'), index);
    if (found === nothing) {
      throw argumentOutOfRange(
        'index',
        'Index was out of range. Must be non-negative and less than the size of the collection.',
      );
    }
    return found;
  },
  [`static TSource ElementAtOrDefault<TSource>(${start}, int index)`]: generic(
    ([type], source: Uniform, index: number) => {
      const found = elementAt(required(source, 'source'), index);
      return found === nothing ? (type?.defaultValue ?? null) : found;
    },
  ),
};
