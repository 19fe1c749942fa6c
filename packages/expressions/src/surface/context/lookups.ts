import type { ReadOnlyDictionaryLike } from '../../runtime/collection-protocol.ts';
import { NetException } from '../../runtime/exceptions.ts';
import { clrName } from '../../runtime/object.ts';
import { typeNameOf, type Uniform } from '../../runtime/values.ts';
import { declareType, generic, type Implementation, type RuntimeType, type TypeDeclaration } from '../declare.ts';

const anyLookup = generic(
  ([, valueType]: readonly RuntimeType[], dictionary: ReadOnlyDictionaryLike, key: Uniform, ...fallback: Uniform[]) => {
    const value = dictionary.find(key);
    if (value !== undefined) return value;
    return fallback.length > 0 ? fallback[0] : valueType?.defaultValue;
  },
);

/**
 * Of ExpressionSyntaxExtensions: `GetValueOrDefault` of headers, query, claims, matched parameters, variables (the page
 * "API Management policy expressions") and any other dictionary. Several values of a header are joined with commas; a
 * variable of another type is a UserVariableCastException, as Azure's contract file for expression authors has it.
 */
export const lookupExtensions: Readonly<Record<string, Implementation>> = {
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
      ([type]: readonly RuntimeType[], dictionary: ReadOnlyDictionaryLike, key: string | null, fallback: Uniform) =>
        type ? typed(type, dictionary, key, fallback) : null,
    ),
  'static TValue GetValueOrDefault<TKey, TValue>(this IDictionary<TKey, TValue> dictionary, TKey key)': anyLookup,
  'static TValue GetValueOrDefault<TKey, TValue>(this IDictionary<TKey, TValue> dictionary, TKey key, TValue defaultValue)':
    anyLookup,
  'static TValue GetValueOrDefault<TKey, TValue>(this Dictionary<TKey, TValue> dictionary, TKey key)': anyLookup,
  'static TValue GetValueOrDefault<TKey, TValue>(this Dictionary<TKey, TValue> dictionary, TKey key, TValue defaultValue)':
    anyLookup,
};

function typed(type: RuntimeType, dictionary: ReadOnlyDictionaryLike, key: string | null, fallback: Uniform): Uniform {
  const value = key === null ? undefined : dictionary.find(key);
  if (value === undefined || value === null) return fallback;
  if (type.test(value)) return value;
  const actual = clrName(typeNameOf(value) ?? 'System.Object');
  throw new NetException(
    userVariableCast,
    `Unable to convert context variable \`${key}\` of type \`${actual}\` to the type of \`${clrName(type.name)}\`.`,
  );
}

const userVariableCast = 'Microsoft.Azure.ApiManagement.UserVariableCastException';

export const userVariableCastType: TypeDeclaration = declareType({
  name: userVariableCast,
  kind: 'class',
  base: 'System.Exception',
});
