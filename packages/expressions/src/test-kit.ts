/** Small types for the compiler's own tests, beside namespace System: they stand still when the surface grows. */

import { Universe } from './bind/universe.ts';
import { type CompileOptions, compileWith, ExpressionCompileError, type ExpressionProblem } from './compile.ts';
import type { ContextHost } from './context-host.ts';
import { RuntimeTypes } from './emit/runtime-types.ts';
import { iterate } from './runtime/enumerate.ts';
import { netType, type Uniform } from './runtime/values.ts';
import { declareType, generic, type TypeDeclaration } from './surface/declare.ts';
import { systemTypes } from './surface/system/index.ts';

export class TestList implements Iterable<Uniform> {
  readonly [netType] = 'Test.Bag';
  readonly items: Uniform[];
  constructor(items: Uniform[] = []) {
    this.items = items;
  }
  [Symbol.iterator](): Iterator<Uniform> {
    return this.items[Symbol.iterator]();
  }
}

/** A value that converts like a JToken. */
export class TestToken {
  readonly [netType] = 'Test.Token';
  readonly value: Uniform;
  constructor(value: Uniform) {
    this.value = value;
  }
}

class TestRequest {
  readonly [netType] = 'Test.Request';
}

const isTrue = (value: Uniform) => value === true;

const testTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'Test.Bag<T>',
    kind: 'class',
    interfaces: ['IEnumerable<T>'],
    test: (value) => value instanceof TestList,
    members: {
      'new()': () => new TestList(),
      'void Add(T item)': (self: TestList, item: Uniform) => {
        self.items.push(item);
      },
      'void Add(T a, T b)': (self: TestList, a: Uniform, b: Uniform) => {
        self.items.push(a, b);
      },
      'int Count { get; }': (self: TestList) => self.items.length,
      'T this[int index] { get; set; }': {
        get: (self: TestList, index: number) => self.items[index],
        set: (self: TestList, index: number, value: Uniform) => {
          self.items[index] = value;
        },
      },
      'string Name { get; set; }': { get: () => 'bag', set: () => null },
      'string TypeName()': generic(([type]) => type?.name ?? ''),
      'bool TryTake(out T item)': (self: TestList, out: { value: Uniform }) => {
        out.value = self.items.at(-1) ?? null;
        return self.items.length > 0;
      },
    },
    refused: { Sort: 'sort with OrderBy.' },
  }),
  declareType({
    name: 'Test.Sequences',
    kind: 'static',
    members: {
      'static IEnumerable<T> Where<T>(this IEnumerable<T> source, Func<T, bool> predicate)': (
        source: Uniform,
        f: (x: Uniform) => Uniform,
      ) => new TestList([...iterate(source)].filter((x) => isTrue(f(x)))),
      'static IEnumerable<R> Select<T, R>(this IEnumerable<T> source, Func<T, R> selector)': (
        source: Uniform,
        f: (x: Uniform) => Uniform,
      ) => new TestList([...iterate(source)].map((x) => f(x))),
      'static IEnumerable<R> Select<T, R>(this IEnumerable<T> source, Func<T, int, R> selector)': (
        source: Uniform,
        f: (x: Uniform, i: number) => Uniform,
      ) => new TestList([...iterate(source)].map((x, i) => f(x, i))),
      'static int Sum(this IEnumerable<int> source)': (source: Uniform) =>
        [...iterate(source)].reduce<number>((a, x) => a + Number(x), 0),
      'static int Sum<T>(this IEnumerable<T> source, Func<T, int> selector)': (
        source: Uniform,
        f: (x: Uniform) => Uniform,
      ) => [...iterate(source)].reduce<number>((a, x) => a + Number(f(x)), 0),
      'static double Sum<T>(this IEnumerable<T> source, Func<T, double> selector)': (
        source: Uniform,
        f: (x: Uniform) => { value: number },
      ) => [...iterate(source)].reduce<number>((a, x) => a + f(x).value, 0),
      'static R Aggregate<T, R>(this IEnumerable<T> source, R seed, Func<R, T, R> step)': (
        source: Uniform,
        seed: Uniform,
        f: (a: Uniform, x: Uniform) => Uniform,
      ) => [...iterate(source)].reduce((a, x) => f(a, x), seed),
      'static T FirstOrDefault<T>(this IEnumerable<T> source)': generic(
        ([type], source: Uniform) => [...iterate(source)][0] ?? type?.defaultValue ?? null,
      ),
      'static bool Any<T>(this IEnumerable<T> source, Func<T, bool> predicate)': (
        source: Uniform,
        f: (x: Uniform) => Uniform,
      ) => [...iterate(source)].some((x) => isTrue(f(x))),
      'static int Twice(this int value)': (value: number) => value * 2,
    },
  }),
  declareType({
    name: 'Test.Token',
    kind: 'class',
    members: {
      'new(object value)': (value: Uniform) => new TestToken(value),
      'Token this[object key] { get; }': (self: TestToken) => self,
      'static explicit operator string(Token value)': (token: TestToken | null) =>
        token === null ? null : String(token.value),
      'static explicit operator int(Token value)': (token: TestToken) => Number(token.value),
      'static explicit operator int?(Token value)': (token: TestToken | null) =>
        token === null ? null : Number(token.value),
      'static implicit operator Token(string value)': (value: string | null) =>
        value === null ? null : new TestToken(value),
      'static implicit operator Token(int value)': (value: number) => new TestToken(value),
      'static Token operator +(Token a, Token b)': (a: TestToken, b: TestToken) =>
        new TestToken(`${String(a.value)}+${String(b.value)}`),
      'string Text { get; }': (self: TestToken) => String(self.value),
    },
  }),
  declareType({
    name: 'Test.SubToken',
    kind: 'class',
    base: 'Test.Token',
    members: { 'new()': () => new TestToken('sub'), 'int Extra { get; }': () => 7 },
  }),
  declareType({
    name: 'Test.Options',
    kind: 'static',
    members: {
      'static string Show(int a, string b = "B", bool c = false)': (a: number, b: string, c: boolean) => `${a}${b}${c}`,
      'static string Pick(int value)': () => 'int',
      'static string Pick(long value)': () => 'long',
      'static string Pick(double value)': () => 'double',
      'static string Pick(object value)': () => 'object',
      'static string Pick(string value)': () => 'string',
      'static string Pick(params int[] values)': (values: Uniform[]) => `params${values.length}`,
      'static string Kind(StringComparison comparison = StringComparison.Ordinal)': (value: number) => String(value),
      'static void Swap(ref int a, ref int b)': (a: { value: number }, b: { value: number }) => {
        [a.value, b.value] = [b.value, a.value];
      },
      'static string NameOf<T>()': generic(([type]) => type?.name ?? ''),
      'static T Echo<T>(T value)': (value: Uniform) => value,
      'static bool Check(object value)': () => true,
      'static int Run(Func<int> f)': (f: () => number) => f(),
      'static string Run(Action f)': (f: () => void) => {
        f();
        return 'ran';
      },
      'const int Answer': () => 42,
    },
  }),
  declareType({
    name: 'Test.IRequest',
    kind: 'interface',
    members: { 'string Body { get; }': () => 'body', 'string Method { get; }': () => 'GET' },
  }),
  declareType({
    name: 'Test.IResponse',
    kind: 'interface',
    test: (value) => value instanceof TestRequest,
    members: { 'string Body { get; }': () => 'body', 'int StatusCode { get; }': () => 200 },
  }),
  declareType({
    name: 'Test.IVariables',
    kind: 'interface',
    members: {
      'object this[string key] { get; }': (self: ContextHost, key: string) => self.variables.get(key) ?? null,
      'T GetValueOrDefault<T>(string key, T fallback)': (self: ContextHost, key: string, fallback: Uniform) =>
        self.variables.get(key) ?? fallback,
    },
  }),
  declareType({
    name: 'Test.IProxyRequestContext',
    kind: 'interface',
    members: {
      'IRequest Request { get; }': () => new TestRequest(),
      'IResponse Response { get; }': () => new TestRequest(),
      'IVariables Variables { get; }': (self: ContextHost) => self,
      'void Trace(string message)': (self: ContextHost, message: string) => {
        self.trace(message);
      },
    },
  }),
  declareType({ name: 'Test.Level', kind: 'enum', values: { Low: 0, High: 1, Top: 5 } }),
  declareType({ name: 'Test.Flags', kind: 'enum', flags: true, values: { None: 0, A: 1, B: 2 } }),
];

const needed: readonly TypeDeclaration[] = [
  { name: 'System.Collections.IEnumerable', kind: 'interface' },
  {
    name: 'System.Collections.Generic.IEnumerable<T>',
    kind: 'interface',
    interfaces: ['System.Collections.IEnumerable'],
  },
  { name: 'System.Collections.ICollection', kind: 'interface', interfaces: ['System.Collections.IEnumerable'] },
  { name: 'System.Collections.Generic.ICollection<T>', kind: 'interface', interfaces: ['IEnumerable<T>'] },
  { name: 'System.Collections.Generic.IList<T>', kind: 'interface', interfaces: ['ICollection<T>'] },
  { name: 'System.Collections.IList', kind: 'interface' },
  { name: 'System.Collections.Generic.IComparer<T>', kind: 'interface' },
  { name: 'System.Collections.Generic.IEqualityComparer<T>', kind: 'interface' },
  { name: 'System.Collections.IComparer', kind: 'interface' },
  { name: 'System.Collections.IEqualityComparer', kind: 'interface' },
  { name: 'System.Collections.Generic.IReadOnlyCollection<T>', kind: 'interface', interfaces: ['IEnumerable<T>'] },
  { name: 'System.Collections.Generic.IReadOnlyList<T>', kind: 'interface', interfaces: ['IReadOnlyCollection<T>'] },
  { name: 'System.Collections.ObjectModel.ReadOnlyCollection<T>', kind: 'class', interfaces: ['IReadOnlyList<T>'] },
];

export const testTypesOnly = new RuntimeTypes(new Universe([...systemTypes, ...needed, ...testTypes]));

export function compileTest(text: string, target: CompileOptions['target'] = 'object') {
  return compileWith(testTypesOnly, text, { target });
}

/** Compiles and runs against a host that has variables only. */
export function run(
  text: string,
  target: CompileOptions['target'] = 'object',
  variables: Readonly<Record<string, Uniform>> = {},
): unknown {
  return compileTest(text, target).evaluate(hostWith(variables));
}

export function hostWith(variables: Readonly<Record<string, Uniform>>): ContextHost {
  const host: Partial<ContextHost> = { variables: new Map(Object.entries(variables)), trace: () => undefined };
  return host as ContextHost;
}

/** The problems of a text that must not compile. */
export function problemsOf(text: string, target: CompileOptions['target'] = 'object'): readonly ExpressionProblem[] {
  try {
    compileTest(text, target);
  } catch (error) {
    if (error instanceof ExpressionCompileError) return error.problems;
    throw error;
  }
  throw new Error(`This compiles: ${text}`);
}
