import { describeEnum } from '../runtime/enums.ts';

/**
 * How a .NET type is declared to the binder. What is not declared does not exist: this is the sandbox.
 *
 * A member's key is its C# signature, so that a declaration reads like the .NET documentation:
 *
 *     declareType({
 *       name: 'System.String',
 *       kind: 'class',
 *       interfaces: ['System.Collections.Generic.IEnumerable<char>'],
 *       members: {
 *         'int Length { get; }': (self: string) => self.length,
 *         'char this[int index] { get; }': (self: string, index: number) => ...,
 *         'bool Contains(string value)': (self: string, value: string) => self.includes(value),
 *         'static string Join(string separator, params object[] values)': (separator, values) => ...,
 *         'static string Empty { get; }': () => '',
 *         'new(char c, int count)': (c: number, count: number) => ...,
 *         'static bool operator ==(string a, string b)': (a, b) => a === b,
 *         'static implicit operator JToken(string value)': ...,   'static explicit operator string(JToken value)': ...
 *         'static bool TryParse(string s, out int result)': (s, result: Out<number>) => { result.value = ...; return true; },
 *         'T As<T>(bool preserveContent = false)': generic((types, self, preserve) => ...),
 *         'static TSource First<TSource>(this IEnumerable<TSource> source, Func<TSource, bool> predicate)': (source, predicate) => ...,
 *       },
 *     });
 *
 * Rules
 * - Instance members get `self` first; then the arguments in order. Representations are those of `runtime/values.ts`:
 *   a parameter or result whose static type is concrete is RAW; `object`, interfaces, type parameters and elements of
 *   anything generic are UNIFORM. `Func<A, B>` parameters are functions over UNIFORM arguments with a UNIFORM result.
 * - `self` is never null (the emitted code has checked); other reference arguments may be null.
 * - An indexer or a property that can be set has `{ get, set }` as its implementation.
 * - `out` and `ref` parameters arrive as {@link Out}. `params T[]` arrives as one array. Optional parameters are always filled in.
 * - Type names in signatures: C# keywords (`int`, `string`, `object` ...), or short names of declared types
 *   (`JObject`, `DateTime`, `IEnumerable<T>`), or full names. `T?` for value types is Nullable<T>.
 * - Members are inherited from `base` and `interfaces`. Extension methods (`this` on the first parameter of a static
 *   member) can stand in any type.
 * - Library code that loops or allocates as its arguments say calls `charge`/`chargeMemory` of `runtime/budget.ts`.
 * - Errors are `NetException`s with .NET Framework's messages (API Management's gateway reports those).
 */
export interface TypeDeclaration {
  /** Full name with type parameters: `System.Collections.Generic.Dictionary<TKey, TValue>`. */
  readonly name: string;
  readonly kind: 'class' | 'struct' | 'interface' | 'enum' | 'static' | 'delegate';
  /** Full or short name; `System.Object` when absent. */
  readonly base?: string;
  readonly interfaces?: readonly string[];
  /**
   * Does a UNIFORM non-null value belong to this type (for `is`, `as`, casts, `catch`)? When absent: its
   * `typeNameOf` (without type arguments) is this type or one that is declared to derive from it.
   */
  readonly test?: (value: unknown) => boolean;
  /** For `kind: 'enum'`: names and values. */
  readonly values?: Readonly<Record<string, number>>;
  /** For an enum: `[Flags]`. */
  readonly flags?: boolean;
  /** For `kind: 'delegate'`: its signature, e.g. `TResult Invoke(T arg)`. */
  readonly invoke?: string;
  readonly members?: Readonly<Record<string, Implementation>>;
  /** Why it is not to be had, for types and members people expect: shown in the compile error. Keys: member names. */
  readonly refused?: Readonly<Record<string, string>>;
}

type Method = (...args: never[]) => unknown;
/** `{ get, set }` of a property or an indexer: `set` gets `self`, the index if any, and the new value. */
export interface Accessors {
  readonly get: Method;
  readonly set?: Method;
}
/** A method that needs its type arguments at run time. */
export interface GenericMethod {
  readonly generic: (types: readonly RuntimeType[], ...args: never[]) => unknown;
}
export type Implementation = Method | Accessors | GenericMethod;

/** A closed type at run time, as a generic method or a constructor of a generic type sees its type arguments. */
export interface RuntimeType {
  /** Full name with arguments, arrays as `System.Byte[]`. */
  readonly name: string;
  /** Is the UNIFORM non-null value one of this type? */
  test(value: unknown): boolean;
  /** The UNIFORM value of `default(T)`. */
  readonly defaultValue: unknown;
}

/** The holder behind an `out` or `ref` argument; `value` is RAW or UNIFORM as the parameter's type says. */
export interface Out<T> {
  value: T;
}

export function declareType(declaration: TypeDeclaration): TypeDeclaration {
  if (declaration.values) describeEnum(declaration.name, declaration.values, declaration.flags ?? false);
  return declaration;
}

export function generic(implementation: GenericMethod['generic']): GenericMethod {
  return { generic: implementation };
}
