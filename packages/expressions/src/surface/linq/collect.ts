import { collect } from '../../runtime/collection-access.ts';
import type { EqualityComparer } from '../../runtime/collection-protocol.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { arrayFrom } from '../../runtime/make-array.ts';
import { NetDictionary } from '../../runtime/net-dictionary.ts';
import { NetList } from '../../runtime/net-list.ts';
import { NetSet } from '../../runtime/net-set.ts';
import type { Uniform } from '../../runtime/values.ts';
import { generic, type Implementation } from '../declare.ts';
import { type Fn, required } from './arguments.ts';

const start = 'this IEnumerable<TSource> source';

function toDictionary(
  types: { readonly key?: string; readonly value?: string },
  source: Uniform,
  keySelector: Fn | null,
  element: Fn | null,
  comparer: EqualityComparer | null = null,
): NetDictionary {
  const key = required(keySelector, 'keySelector');
  const dictionary = new NetDictionary(types.key, types.value, comparer);
  for (const item of stepThrough(source)) dictionary.add(key(item), element ? element(item) : item);
  return dictionary;
}

/** ToArray, ToList, ToHashSet and ToDictionary. */
export const collectMembers: Readonly<Record<string, Implementation>> = {
  [`static TSource[] ToArray<TSource>(${start})`]: generic(([type], source: Uniform) =>
    arrayFrom(type?.name ?? 'System.Object', collect(source)),
  ),
  [`static List<TSource> ToList<TSource>(${start})`]: generic(
    ([type], source: Uniform) => new NetList(type?.name, collect(source)),
  ),
  [`static HashSet<TSource> ToHashSet<TSource>(${start})`]: generic(
    ([type], source: Uniform) => new NetSet(type?.name, null, stepThrough(source)),
  ),
  [`static HashSet<TSource> ToHashSet<TSource>(${start}, IEqualityComparer<TSource> comparer)`]: generic(
    ([type], source: Uniform, comparer: EqualityComparer | null) =>
      new NetSet(type?.name, comparer, stepThrough(source)),
  ),
  [`static Dictionary<TKey, TSource> ToDictionary<TSource, TKey>(${start}, Func<TSource, TKey> keySelector)`]: generic(
    ([value, key], source: Uniform, selector: Fn | null) =>
      toDictionary({ key: key?.name, value: value?.name }, source, selector, null),
  ),
  [`static Dictionary<TKey, TSource> ToDictionary<TSource, TKey>(${start}, Func<TSource, TKey> keySelector, IEqualityComparer<TKey> comparer)`]:
    generic(([value, key], source: Uniform, selector: Fn | null, comparer: EqualityComparer | null) =>
      toDictionary({ key: key?.name, value: value?.name }, source, selector, null, comparer),
    ),
  [`static Dictionary<TKey, TElement> ToDictionary<TSource, TKey, TElement>(${start}, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector)`]:
    generic(([, key, value], source: Uniform, selector: Fn | null, element: Fn | null) =>
      toDictionary({ key: key?.name, value: value?.name }, source, selector, required(element, 'elementSelector')),
    ),
  [`static Dictionary<TKey, TElement> ToDictionary<TSource, TKey, TElement>(${start}, Func<TSource, TKey> keySelector, Func<TSource, TElement> elementSelector, IEqualityComparer<TKey> comparer)`]:
    generic(
      ([, key, value], source: Uniform, selector: Fn | null, element: Fn | null, comparer: EqualityComparer | null) =>
        toDictionary(
          { key: key?.name, value: value?.name },
          source,
          selector,
          required(element, 'elementSelector'),
          comparer,
        ),
    ),
};
