import { describe, expect, it } from 'vitest';
import { parseSignature } from './signature.ts';

describe('signatures of declarations', () => {
  it.each([
    ['int Length { get; }', 'property', 'Length', 0],
    ['static string Empty { get; }', 'property', 'Empty', 0],
    ['static readonly string Empty', 'property', 'Empty', 0],
    ['const int MaxValue', 'property', 'MaxValue', 0],
    ['char this[int index] { get; set; }', 'indexer', 'this[]', 1],
    ['new(char c, int count)', 'constructor', '', 2],
    ['bool Contains(string value)', 'method', 'Contains', 1],
    ['static bool operator ==(string a, string b)', 'operator', '==', 2],
    ['static int operator >>(int a, int b)', 'operator', '>>', 2],
    ['static implicit operator Token(string value)', 'implicit', 'implicit', 1],
    ['static explicit operator int?(Token value)', 'explicit', 'explicit', 1],
    ['T As<T>(bool preserveContent = false)', 'method', 'As', 1],
    [
      'static IEnumerable<R> Select<T, R>(this IEnumerable<T> source, Func<T, R> selector) where R : class',
      'method',
      'Select',
      2,
    ],
    ['static string Join(string separator, params object[] values)', 'method', 'Join', 2],
    ['(int, string) Pair()', 'method', 'Pair', 0],
  ] as const)('%s', (key, kind, name, parameters) => {
    const signature = parseSignature(key);
    expect([signature.kind, signature.name, signature.parameters.length]).toEqual([kind, name, parameters]);
  });

  it('knows modes, defaults and type parameters', () => {
    const { parameters, typeParameters, isStatic } = parseSignature(
      'static bool Try<T>(this string s, out T result, ref int n, int k = -1, params T[] rest)',
    );
    expect(parameters.map((p) => p.mode)).toEqual(['this', 'out', 'ref', 'value', 'params']);
    expect(parameters.map((p) => p.defaultValue !== null)).toEqual([false, false, false, true, false]);
    expect([typeParameters, isStatic]).toEqual([['T'], true]);
  });

  it.each(['int', 'int Length {', 'Foo(', 'void (int x)', 'int X() extra'])(
    "'%s' is a defect that names itself",
    (key) => {
      expect(() => parseSignature(key)).toThrow(`'${key}'`);
    },
  );
});
