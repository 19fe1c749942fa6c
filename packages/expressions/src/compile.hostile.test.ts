// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text that looks like script is what these tests are about
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionCompileError } from './compile.ts';
import { BudgetExceeded, NetException } from './runtime/exceptions.ts';
import { compileTest, hostWith, problemsOf, run } from './test-kit.ts';

/** Compiles and, when it can, runs; whatever happens is one of the three typed outcomes. */
function survive(source: string): void {
  try {
    compileTest(source).evaluate(hostWith({ x: 'y' }));
  } catch (error) {
    const isTyped =
      error instanceof ExpressionCompileError || error instanceof NetException || error instanceof BudgetExceeded;
    if (!isTyped) throw error;
    if (error instanceof NetException && error.typeName === 'System.ExecutionEngineException') throw error;
  }
}

describe('no way out of the sandbox', () => {
  it.each([
    '@("".constructor)',
    '@("".constructor.constructor("return process")())',
    '@(context.constructor)',
    '@(context.__proto__)',
    '@(context.Variables.constructor)',
    '@(new { constructor = 1 }.__proto__)',
    '@(((object)"").constructor)',
    '@(process)',
    '@(globalThis)',
    '@(require("fs"))',
    '@(this)',
    '@(Function("return 1")())',
    '@($c)',
    '@($k0)',
    '@(eval("1"))',
    '@(arguments)',
    '@(import("fs"))',
    '@(new Function("x"))',
    '@(typeof(Foo))',
    '@("a".GetType().Assembly)',
    '@("a".toString())',
    '@("a".length)',
    '@(new[] { 1 }.map(x => x))',
    '@(context.Variables.get("x"))',
  ])('%s does not compile', (source) => {
    expect(problemsOf(source).length).toBeGreaterThan(0);
  });

  it.each([
    ['constructor', '@{ var constructor = "a"; return constructor; }', 'a'],
    [
      'members that anonymous objects name',
      '@{ var o = new { __proto__ = 1, constructor = 2, toString = 3 }; return o.__proto__ + o.constructor + o.toString; }',
      6,
    ],
    ['a local named like generated code', '@{ var l1 = 1; var k0 = 2; var c = 3; return l1 + k0 + c; }', 6],
    [
      'script in a string',
      '@("`${process.exit()}` \\" + (()=>{throw 1})() + \\"")',
      '`${process.exit()}` " + (()=>{throw 1})() + "',
    ],
    ['line separators in a string', '@("\\u2028\\u2029\\0</script>")', '\u2028\u2029\0</script>'],
    ['a lone surrogate', '@("\\ud800")', '\ud800'],
    ['script in an interpolation', '@($"${{process.exit()}}${1}")', '${process.exit()}$1'],
    ['a key that is no own property', '@(context.Variables["constructor"] ?? "none")', 'none'],
  ])('%s is only data', (_, source, value) => {
    expect(run(source)).toBe(value);
  });
});

describe('budgets', () => {
  it.each([
    '@{ while (true) { } }',
    '@{ for (;;) { } }',
    '@{ do { } while (true); }',
    '@{ int F(int n) => F(n + 1); return F(0); }',
    '@{ Func<int, int> f = null; f = x => f(x + 1); return f(0); }',
    '@{ var s = "x"; while (true) s += s; }',
    '@{ var s = "x"; while (true) s = "y" + s + s; }',
    '@{ var s = "x"; for (;;) s = $"{s}{s}"; }',
    '@(new int[2000000000].Length)',
    '@{ var b = new Bag<object>(); while (true) { b.Add(new byte[1000000]); } }',
    '@{ switch (1) { case 1: goto case 2; case 2: goto case 1; } return 1; }',
    '@{ while (true) { try { throw new Exception("x"); } catch { } } }',
    '@{ try { while (true) { } } catch (Exception) { return 1; } catch { return 2; } }',
    '@{ IEnumerable<int> F() { while (true) yield return 1; } foreach (var x in F()) { } return 1; }',
    '@{ IEnumerable<int> F() { while (true) { } yield break; } foreach (var x in F()) { } return 1; }',
    '@{ IEnumerable<int> F(int n) { foreach (var x in F(n + 1)) yield return x; } foreach (var x in F(0)) { } return 1; }',
    '@{ IEnumerable<int> F() { try { while (true) yield return 1; } finally { while (true) { } } } foreach (var x in F()) { break; } return 1; }',
    '@{ int F<T>(T x) => F(x); return F(1); }',
    '@{ a: goto a; }',
    '@{ a: try { throw new Exception("x"); } catch (Exception) { goto a; } return 1; }',
    '@{ int F(int n) { try { return F(n + 1); } catch (Exception) { return 1; } } return F(0); }',
    `@{ string s = "x"; ${'s = s + s; '.repeat(60)} return s.Length; }`,
  ])('%s is stopped', (source) => {
    expect(() => run(source)).toThrow(BudgetExceeded);
  });

  it('a fresh evaluation has a fresh budget', () => {
    const compiled = compileTest('@{ var s = 0; for (var i = 0; i < 1000000; i++) s += i & 1; return s; }');
    for (let i = 0; i < 8; i++) expect(compiled.evaluate(hostWith({}))).toBe(500000);
  });

  it('building a text piece by piece is not stopped', () => {
    expect(run('@{ var s = ""; for (var i = 0; i < 20000; i++) s += "0123456789"; return s.Length; }')).toBe(200000);
  });
});

describe('deep and long sources end in an error or a result, not in a crash', () => {
  const repeat = (text: string, count: number) => text.repeat(count);
  it.each([
    ['parentheses', `@(${repeat('(', 10000)}1${repeat(')', 10000)})`],
    ['unclosed parentheses', `@(${repeat('(', 100000)})`],
    ['negations', `@(${repeat('!', 10000)}true)`],
    ['minus signs', `@(${repeat('- ', 10000)}1)`],
    ['casts', `@(${repeat('(int)', 10000)}1)`],
    ['conditionals', `@(${repeat('true ? 1 : ', 10000)}1)`],
    ['blocks', `@{ ${repeat('{', 10000)}${repeat('}', 10000)} return 1; }`],
    ['ifs', `@{ ${repeat('if (true) ', 10000)} return 1; }`],
    ['else ifs', `@{ ${repeat('if (DateTime.Now.Year == 1) return 1; else ', 5000)} return 2; }`],
    ['lambdas', `@(${repeat('x => ', 10000)}1)`],
    ['member rows', `@("a"${repeat('.Trim()', 10000)})`],
    ['conditional rows', `@("a"${repeat('?.Trim()', 10000)})`],
    ['array types', `@(typeof(int${repeat('[]', 10000)}))`],
    ['generic types', `@(typeof(${repeat('Bag<', 10000)}int${repeat('>', 10000)}))`],
    ['less-than signs', `@(a${repeat('<a', 10000)})`],
    ['tuples', `@(${repeat('(1,', 10000)}1${repeat(')', 10000)})`],
    ['array initialisers', `@(new int[] ${repeat('{', 10000)}${repeat('}', 10000)})`],
    ['object initialisers', `@(new Bag<int> ${repeat('{ A = ', 10000)}1${repeat('}', 10000)})`],
    ['interpolations', `@(${repeat('$"{', 10000)}1${repeat('}"', 10000)})`],
    ['coalescing', `@(${repeat('(string)null ?? ', 10000)}"a")`],
    ['assignments', `@{ int a; ${repeat('a = ', 10000)}1; return a; }`],
    ['sums', `@(${repeat('1 + ', 100000)}1)`],
    ['long text', `@("${repeat('x', 600000)}")`],
    ['delegates of delegates', `@{ ${repeat('Func<', 3000)}int${repeat('>', 3000)} f = null; return 1; }`],
  ])('%s', (_, source) => {
    survive(source);
  });

  it('long rows of honest code compile', () => {
    expect(run(`@("a"${' + "b"'.repeat(3000)}.Length)`)).toBe('a'.concat('b'.repeat(2999), '1'));
    expect(run(`@{ var s = "a"; return s${' + s'.repeat(2000)}; }`)).toBe('a'.repeat(2001));
    expect(run(`@(${'DateTime.Now.Year == 1 || '.repeat(1500)}true)`)).toBe(true);
    expect(
      run(
        `@{ var x = 5; ${Array.from({ length: 400 }, (_, i) => `if (x == ${i + 10}) return ${i}; else `).join('')} return -1; }`,
      ),
    ).toBe(-1);
    expect(run(`@{ var x = 0; ${'x++; '.repeat(5000)} return x; }`)).toBe(5000);
  });

  it('nested lambdas in overloaded calls do not explode', () => {
    const nest = (depth: number): string =>
      depth === 0 ? '1' : `new[]{1}.Sum(x${depth} => new[]{2}.Select(y${depth} => ${nest(depth - 1)}).Sum())`;
    const start = performance.now();
    survive(`@(${nest(12)})`);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

const fragments = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '<',
  '>',
  ',',
  ';',
  ':',
  '?',
  '?.',
  '??',
  '.',
  '=>',
  '=',
  '==',
  '+',
  '-',
  '*',
  '/',
  '%',
  '!',
  '&&',
  '||',
  '&',
  '|',
  '++',
  '--',
  '+=',
  '>>',
  '<<',
  '"a"',
  '$"',
  '$"{',
  '}"',
  '@"',
  '"',
  "'a'",
  "'",
  '1',
  '1.5',
  '0x',
  '1m',
  '1L',
  'true',
  'null',
  'x',
  'y',
  'int',
  'string',
  'var',
  'object',
  'Bag<int>',
  'Func<int, int>',
  'context',
  '.Variables',
  '["x"]',
  '.Length',
  'return',
  'if',
  'else',
  'for',
  'foreach',
  'in',
  'while',
  'do',
  'switch',
  'case',
  'default',
  'break',
  'continue',
  'goto',
  'try',
  'catch',
  'finally',
  'throw',
  'new',
  'is',
  'as',
  'out',
  'ref',
  'params',
  'when',
  'using',
  'checked',
  'typeof',
  'nameof',
  'sizeof',
  'const',
  'delegate',
  'await',
  'yield',
  '/*',
  'a:',
  'b:',
  'goto a;',
  'yield return',
  '*/',
  '//',
  '\n',
  '\\',
  '#',
  '@',
  '$',
  '~',
  '^',
  '..',
];
const honest = [
  '@(context.Variables.GetValueOrDefault<string>("x", "y") == "a" ? 1 : 2)',
  '@{ var s = 0; foreach (var x in new[] { 1, 2, 3 }) { if (x > 1) s += x; } return s; }',
  '@{ try { object o = "a"; if (o is string t && t.Length > 0) return $"{t,5:x}"; return null; } catch (Exception e) when (e.Message != "") { return e.Message; } finally { } }',
  '@(new Bag<string> { "a", "b" }.Where(x => x != "a").Select((x, i) => new { x, i }).FirstOrDefault().x)',
  '@{ int F(int a, int b = 2) => a * b; var (p, q) = (F(1), F(b: 3, a: 4)); switch (p) { case 1: goto case 2; case 2: return q; default: return 0; } }',
  '@{ int n = 0; a: n++; if (n > 3) goto b; foreach (var x in new[] { 1 }) { if (n == x) goto a; } goto a; b: switch (n) { case 4: goto c; default: return n; } c: return -n; }',
  '@{ IEnumerable<T> Twice<T>(IEnumerable<T> s) where T : class { foreach (var x in s) { yield return x; if (x == null) yield break; yield return x; } } foreach (var x in Twice(new[] { "a" })) return x; return default; }',
  '@{ (int a, (string b, bool? c) d) t = (1, ("x", null)); t.d.c |= true; t.a++; (t.a, t.d.b) = (t.a & 3, t.d.b + "y"); return t.d.c & (t.a > 1) ?? false; }',
];

describe('random input', () => {
  it('token soup never crashes or hangs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...fragments), { maxLength: 40 }),
        fc.boolean(),
        fc.boolean(),
        (parts, statements, spaced) => {
          const text = parts.join(spaced ? ' ' : '');
          survive(statements ? `@{${text}}` : `@(${text})`);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('mutations of honest expressions never crash or hang', () => {
    const mutation = fc.record({
      at: fc.nat(200),
      remove: fc.nat(6),
      insert: fc.oneof(fc.constantFrom('', ...fragments), fc.string({ maxLength: 3 })),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...honest),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        (source, mutations) => {
          let text = source;
          for (const { at, remove, insert } of mutations) {
            const index = 2 + (at % Math.max(1, text.length - 3));
            text = text.slice(0, index) + insert + text.slice(index + remove);
          }
          survive(text);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('any string literal comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const quoted = text.replaceAll('"', '""');
        expect(run(`@(@"${quoted}")`)).toBe(text);
      }),
    );
  });

  it('integer arithmetic is that of 32 bits', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        const values = { a, b };
        expect(run('@((int)context.Variables["a"] * (int)context.Variables["b"])', 'int', values)).toBe(
          Number(BigInt.asIntN(32, BigInt(a) * BigInt(b))),
        );
        expect(run('@((int)context.Variables["a"] + (int)context.Variables["b"])', 'int', values)).toBe(
          Number(BigInt.asIntN(32, BigInt(a) + BigInt(b))),
        );
        expect(run('@((byte)(int)context.Variables["a"])', 'int', values)).toBe(a & 255);
      }),
      { numRuns: 200 },
    );
  });
});

describe('generic local functions cost no more than their source', () => {
  it('instances that call for ever more instances are refused', () => {
    expect(problemsOf('@{ int F<T>(T x) => F(new[] { x }); return F(1); }')[0]?.code).toBe('EXPR0004');
    expect(
      problemsOf('@{ int F<T, U>(T x, U y) => F(y, new[] { x }) + F(new[] { y }, x); return F(1, "a"); }')[0]?.code,
    ).toBe('EXPR0004');
  });
  it('functions in functions multiply only so far', () => {
    const nested = (depth: number): string =>
      depth === 0
        ? 'return 1;'
        : `int F${depth}<T>(T x${depth}) { ${nested(depth - 1)} } return F${depth}(1) + F${depth}("a");`;
    expect(problemsOf(`@{ ${nested(12)} }`)[0]?.code).toBe('EXPR0004');
  });
});
