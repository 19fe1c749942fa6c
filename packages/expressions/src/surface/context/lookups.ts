import type { ReadOnlyDictionaryLike } from '../../runtime/collection-protocol.ts';
import { invalidCast } from '../../runtime/exceptions.ts';
import { clrName } from '../../runtime/object.ts';
import { typeNameOf, type Uniform } from '../../runtime/values.ts';
import { declareType, generic, type RuntimeType, type TypeDeclaration } from '../declare.ts';

/**
 * `GetValueOrDefault` of headers, query, claims, matched parameters and variables (the page "API Management policy
 * expressions"). Several values of a header are joined with commas; a variable of another type is an
 * InvalidCastException.
 */
export const lookupTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'Microsoft.Azure.ApiManagement.DictionaryExtensions',
    kind: 'static',
    members: {
      'static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> dictionary, string key, string defaultValue = null)':
        (dictionary: ReadOnlyDictionaryLike, key: string | null, fallback: string | null) => {
          const values = key === null ? undefined : dictionary.find(key);
          return Array.isArray(values) ? values.join(',') : fallback;
        },
      'static string GetValueOrDefault(this IReadOnlyDictionary<string, string> dictionary, string key, string defaultValue = null)':
        (dictionary: ReadOnlyDictionaryLike, key: string | null, fallback: string | null) =>
          (key === null ? undefined : dictionary.find(key)) ?? fallback,
      'static object GetValueOrDefault(this IReadOnlyDictionary<string, object> dictionary, string key)': (
        dictionary: ReadOnlyDictionaryLike,
        key: string | null,
      ) => (key === null ? null : (dictionary.find(key) ?? null)),
      'static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> dictionary, string key)': generic(
        ([type]: readonly RuntimeType[], dictionary: ReadOnlyDictionaryLike, key: string | null) =>
          type ? typed(type, dictionary, key, type.defaultValue) : null,
      ),
      'static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> dictionary, string key, T defaultValue)':
        generic(
          (
            [type]: readonly RuntimeType[],
            dictionary: ReadOnlyDictionaryLike,
            key: string | null,
            fallback: Uniform,
          ) => (type ? typed(type, dictionary, key, fallback) : null),
        ),
    },
  }),
];

function typed(type: RuntimeType, dictionary: ReadOnlyDictionaryLike, key: string | null, fallback: Uniform): Uniform {
  const value = key === null ? undefined : dictionary.find(key);
  if (value === undefined || value === null) return fallback;
  if (type.test(value)) return value;
  throw invalidCast(clrName(typeNameOf(value) ?? 'System.Object'), clrName(type.name));
}
