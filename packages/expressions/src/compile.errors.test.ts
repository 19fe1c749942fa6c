import { describe, expect, it } from 'vitest';
import { problemsOf } from './test-kit.ts';

/** Source with the place of the mistake between « and »; code; what the message holds. */
type Row = readonly [source: string, code: string, message: string];

const rows: readonly Row[] = [
  // names and members
  ['@(«foo»)', 'CS0103', "The name 'foo' does not exist in the current context."],
  ['@(«contxt».Request)', 'CS0103', "Did you mean 'context'?"],
  ['@("a".«Lenght»)', 'CS1061', "'string' does not contain a definition for 'Lenght'. Did you mean 'Length'?"],
  ['@("a".«Foo»())', 'CS1061', "'string' does not contain a definition for 'Foo'"],
  ['@(Math.«Abz»(1))', 'CS0117', "'Math' does not contain a definition for 'Abz'. Did you mean 'Abs'?"],
  ['@(new «Foo»())', 'CS0246', "The type or namespace name 'Foo' could not be found"],
  ['@(new «Strin»())', 'CS0246', "Did you mean 'String'?"],
  ['@(System.IO.«File».ReadAllText("x"))', 'CS0234', "'File' does not exist in the namespace 'System.IO'"],
  ['@{ «Bag» b = null; return b; }', 'CS0305', "Using the generic type 'Bag<T>' requires 1 type arguments"],
  ['@{ «dynamic» d = 1; return d; }', 'EXPR0012', "'dynamic' is not available"],
  ['@(new Bag<int>().«Sort»())', 'EXPR0013', 'sort with OrderBy'],
  ['@(Token.«Text»)', 'CS0120', 'An object reference is required'],
  ['@(5.«MaxValue»)', 'CS0176', 'qualify it with the type name'],
  ['@(«String»)', 'CS0119', "'string' is a type"],
  ['@(«System»)', 'CS0118', "'System' is a namespace"],
  ['@(«"a".ToUpper»)', '', ''],
  ['@(«5»())', 'CS0149', 'Method name expected'],
  ['@(«5[0]»)', 'CS0021', "Cannot apply indexing with [] to an expression of type 'int'"],
  ['@(context.«Foo»)', 'CS1061', "'IProxyRequestContext' does not contain a definition for 'Foo'"],
  // conversions
  ['@{ int x = «"a"»; return x; }', 'CS0029', "Cannot implicitly convert type 'string' to 'int'"],
  [
    '@{ int x = «1.5»; return x; }',
    'CS0266',
    "Cannot implicitly convert type 'double' to 'int'. An explicit conversion exists",
  ],
  ['@{ int x = «3000000000»; return x; }', 'CS0266', "'uint' to 'int'"],
  ['@{ byte x = «300»; return x; }', 'CS0031', "Constant value '300' cannot be converted to a 'byte'"],
  ['@{ string s = «(object)"a"»; return s; }', 'CS0266', "'object' to 'string'"],
  ['@{ int x = «null»; return x; }', 'CS0037', "Cannot convert null to 'int'"],
  ['@(«(int)"a"»)', 'CS0030', "Cannot convert type 'string' to 'int'"],
  ['@(«(bool)1»)', 'CS0030', "'int' to 'bool'"],
  ['@(«(byte)300»)', 'CS0221', "Constant value '300' cannot be converted to a 'byte'"],
  ['@(«"a" as int»)', 'CS0077', 'reference type or nullable type'],
  ['@(«5 as string»)', 'CS0039', "'int' to 'string'"],
  ['@(5 is «string»)', 'CS8121', "An expression of type 'int' cannot be handled by a pattern of type 'string'"],
  ['@{ if («1») return 1; return 2; }', 'CS0029', "'int' to 'bool'"],
  ['@(«true ? 1 : "a"»)', 'CS0173', "no implicit conversion between 'int' and 'string'"],
  ['@(«true ? 1 : null»)', 'CS0173', "between 'int' and '<null>'"],
  ['@{ var x = «null»; return x; }', 'CS0815', 'Cannot assign <null>'],
  ['@{ var f = «x => x»; return f; }', 'CS0815', 'lambda expression'],
  ['@{ int f = «x => x»; return f; }', 'CS1660', 'because it is not a delegate type'],
  ['@{ object o = «"a".ToUpper»; return o; }', 'CS0428', 'Did you intend to invoke the method?'],
  ['@(«new[] { 1, "a" }»)', 'CS0826', 'No best type found'],
  ['@(«context.Trace("x")»)', 'CS0029', "'void' to 'object'"],
  // operators
  ['@(«"a" - 1»)', 'CS0019', "Operator '-' cannot be applied to operands of type 'string' and 'int'"],
  ['@(«true + 1»)', 'CS0019', "'bool' and 'int'"],
  ['@(«context.Variables["x"] == true»)', 'CS0019', "'object' and 'bool'"],
  ['@(«1 == "1"»)', 'CS0019', "'int' and 'string'"],
  ['@(«!5»)', 'CS0023', "Operator '!' cannot be applied to operand of type 'int'"],
  ['@(«1 && true»)', 'CS0019', "'int' and 'bool'"],
  ['@(«5 ?? 6»)', 'CS0019', "'int' and 'int'"],
  ['@(«5?.ToString()»)', 'CS0023', "Operator '?'"],
  ['@(«int.MaxValue + 1»)', 'CS0220', 'overflows at compile time'],
  ['@(«1 / 0»)', 'CS0020', 'Division by constant zero'],
  ['@(«1ul + -1L»)', 'CS0019', "'ulong' and 'long'"],
  // calls
  ['@("a".«Substring»("x", 1, 2))', 'CS1501', "No overload for method 'Substring' takes 3 arguments"],
  ['@("a".Substring(«"x"»))', 'CS1503', "Argument 1: cannot convert from 'string' to 'int'"],
  ['@(Options.«Show»())', 'CS7036', "required parameter 'a'"],
  ['@(Options.Show(1, «d»: 2))', 'CS1739', "does not have a parameter named 'd'"],
  ['@(Options.Show(1, «a: 2»))', 'CS1744', "Named argument 'a'"],
  ['@(Options.«NameOf»())', 'CS0411', 'cannot be inferred from the usage'],
  ['@(Options.«NameOf»<int, int>())', 'CS0305', 'requires 1 type arguments'],
  ['@(int.TryParse("1", «5»))', 'CS1620', "must be passed with the 'out' keyword"],
  ['@(int.Parse(«out var x»))', 'CS1615', "may not be passed with the 'out' keyword"],
  ['@{ long l; int.TryParse("1", «out l»); return l; }', 'CS1503', "from 'out long' to 'out int'"],
  ['@(new[]{1}.Where(x => x.«Foo»))', 'CS1061', "'int' does not contain a definition for 'Foo'"],
  ['@(new[]{1}.Select(x => «y»))', 'CS0103', "The name 'y' does not exist"],
  ['@(new[]{1}.Where(«x => 5»))', 'CS1503', 'lambda expression'],
  ['@(new «DateTime»(1, 2, 3, 4))', 'CS1729', "'DateTime' does not contain a constructor that takes 4 arguments"],
  ['@(new «IRequest»())', 'CS0144', 'abstract type or interface'],
  ['@(new «Math»())', 'CS0723', 'static type'],
  ['@(«"a".Length»())', '', ''],
  // statements
  ['@{ if (true) return 1; «}»', '', ''],
  ['@{ int «F»(int x) { if (x > 1) return 1; } return F(1); }', 'CS0161', "'F': not all code paths return a value"],
  [
    '@{ Func<int, int> f = «x» => { if (x > 1) return 1; }; return f(1); }',
    'CS1643',
    'Not all code paths return a value',
  ],
  ['@{ int x; return «x»; }', 'CS0165', "Use of unassigned local variable 'x'"],
  ['@{ int x; if (DateTime.Now.Year > 1) x = 1; return «x»; }', 'CS0165', "'x'"],
  ['@{ int n; if (int.TryParse("1", out n) || true) return n; return «m»; }', 'CS0103', "'m'"],
  ['@{ object o = 1; if (o is int i || true) return «i»; return 0; }', 'CS0165', "'i'"],
  ['@{ int x; while (DateTime.Now.Year > 1) { x = 1; break; } return «x»; }', 'CS0165', "'x'"],
  ['@{ var x = 1; var «x» = 2; return x; }', 'CS0128', 'already defined in this scope'],
  ['@{ var x = 1; { var «x» = 2; } return x; }', 'CS0136', 'enclosing local scope'],
  ['@{ const int c = 1; «c» = 2; return c; }', 'CS0131', 'must be a variable'],
  ['@{ foreach (var x in new[] { 1 }) «x» = 2; return 1; }', 'CS1656', 'foreach iteration variable'],
  ['@{ «"a".Length» = 2; return 1; }', 'CS0200', 'it is read only'],
  ['@{ «5» = 2; return 1; }', 'CS0131', 'left-hand side'],
  ['@{ «context» = null; return 1; }', 'CS0131', "'context' cannot be assigned"],
  ['@{ «1 + 2»; return 1; }', 'CS0201', 'Only assignment, call'],
  ['@{ «break;» return 1; }', 'CS0139', 'No enclosing loop'],
  ['@{ «throw;» }', 'CS0156', 'outside of a catch clause'],
  ['@{ throw «"x"»; }', 'CS0155', 'must be derived from System.Exception'],
  ['@{ try { } catch («String» e) { } return 1; }', 'CS0155', 'System.Exception'],
  ['@{ try { } catch (Exception) { } catch («FormatException») { } return 1; }', 'CS0160', 'already catches'],
  ['@{ try { } finally { «return 1;» } return 2; }', 'CS0157', 'finally'],
  ['@{ switch (1) { «case 1:» var x = 1; } return 1; }', 'CS0163', 'fall through'],
  ['@{ switch (1) { case 1: break; «case 1:» break; } return 1; }', 'CS0152', "label value '1'"],
  ['@{ switch (1) { case «DateTime.Now.Year»: break; } return 1; }', 'CS0150', 'constant value'],
  ['@{ switch (1) { case 1: «goto case 7;» } return 1; }', 'CS0159', 'No such case label'],
  ['@{ foreach (var x in «5») { } return 1; }', 'CS1579', "'int' is not enumerable"],
  ['@{ using («"a"») { } return 1; }', 'CS1674', 'System.IDisposable'],
  ['@{ const int c = «DateTime.Now.Year»; return c; }', 'CS0133', 'must be constant'],
  ['@{ var «x»; return x; }', 'CS0818', 'must be initialized'],
  ['@{ «return;» }', 'CS0126', 'is required'],
  // syntax
  ['@{ int x = «1» return x; }', 'CS1002', '; expected'],
  ['@(1 +« »)', '', ''],
  ['@("abc«»)', '', ''],
  ["@('«»')", '', ''],
  ['@("a«\\q»b")', 'CS1009', 'Unrecognized escape sequence'],
  ['@(«99999999999999999999»)', 'CS1021', 'Integral constant is too large'],
  ['@(a «#» b)', 'CS1056', "Unexpected character '#'"],
  ['@{ «class» A { } return 1; }', 'EXPR0010', 'cannot declare types'],
  ['@{ var «if» = 1; return 1; }', 'CS1041', "'if' is a keyword"],
  ['@{ return new JObject { { "a", 1 }, «[»"b"] = 2 }; }', 'CS0747', 'Invalid initializer member declarator'],
  ['@{ return new JObject { ["a"] = 1, «{» "b", 2 } }; }', 'CS0747', 'Invalid initializer member declarator'],
  // what is newer than C# 7, or not available
  ['@(1 «switch» { 1 => 2, _ => 3 })', 'CS8107', 'C# 8 switch expressions: not available'],
  ['@{ string s = null; s «??=» "a"; return s; }', 'CS8107', "'??='"],
  ['@("abc"[«^»1])', 'CS8107', "'^' indexes"],
  ['@("abc"[1«..»2])', 'CS8107', 'ranges'],
  ['@("a" is «not» null)', 'CS8107', "'not' patterns"],
  ['@{ Token t = «new(»1); return t; }', 'CS8107', "target-typed 'new()'"],
  ['@{ «string?» s = null; return s; }', 'CS8107', 'nullable reference types'],
  ['@{ «using» var x = new Token(1); return 1; }', 'CS8107', "'using' declarations"],
  ['@("abc" is «{» Length: 3 } ? 1 : 2)', 'CS8107', 'C# 8 property patterns'],
  ['@{ object o = 1; return o is string «{» Length: 3 } s ? 1 : 2; }', 'CS8107', 'C# 8 property patterns'],
  ['@{ var t = (1, 2); return t is «(»1, 2) ? 1 : 2; }', 'CS8107', 'C# 8 positional patterns'],
  ['@{ switch ((1, 2)) { case «(»1, _): return 1; } return 2; }', 'CS8107', 'C# 8 positional patterns'],
  ['@{ var t = (1, 2); return t is «var» (x, y) ? 1 : 2; }', 'CS8107', 'C# 8 positional patterns'],
  ['@(1 is «>» 2 and < 5)', 'CS8107', 'C# 9 relational patterns'],
  ['@{ var o = new { X = 1 } «with» { X = 2 }; return o; }', 'CS8107', "C# 9 'with' expressions"],
  ['@{ Func<int, int> f = «static» x => x; return f(1); }', 'CS8107', 'C# 9 static lambdas'],
  ['@{ int[] a = «[»1, 2]; return a; }', 'CS8107', 'C# 12 collection expressions'],
  ['@(«"a"u8».Length)', 'CS8107', 'C# 11 UTF-8 string literals'],
  ['@{ void F(«in» int x) { } F(1); return 1; }', 'CS8107', "C# 7.2 'in' parameters"],
  ['@{ void F(int x) { } F(«in» 1); return 1; }', 'CS8107', "C# 7.2 'in' arguments"],
  ['@{ «int»* p = null; return 1; }', 'CS0227', 'pointers'],
  ['@{ «delegate» int D(int x); return 1; }', 'EXPR0010', 'cannot declare types'],
  ['@{ «#region» x\n return 1; }', 'EXPR0009', "'#region' is not available"],
  ['@{ void F(Func<int, int> f) { } F((«in» int x) => x); return 1; }', 'CS8107', "C# 7.2 'in' parameters"],
  ['@(«from» x in new[] { 1 } select x)', 'EXPR0005', 'LINQ query syntax'],
  ['@(«new int[2,» 3])', 'EXPR0007', 'Rectangular arrays'],
  ['@{ «int[,]» a = null; return a; }', 'EXPR0007', 'Rectangular arrays'],
  ['@{ «await» Task.Delay(1); return 1; }', 'CS4033', 'await'],
  ['@{ «lock» (context) { } return 1; }', 'EXPR0009', "'lock'"],
  ['@{ goto «here»; }', 'CS0159', "No such label 'here'"],
];

describe('compile errors', () => {
  it.each(rows.filter(([, code]) => code !== ''))('%s: %s', (marked, code, message) => {
    const source = marked.replace('«', '').replace('»', '');
    const [problem, ...others] = problemsOf(source);
    expect(others).toEqual([]);
    expect(problem?.code).toBe(code);
    expect(problem?.message).toContain(message);
    expect(source.slice(problem?.offset, (problem?.offset ?? 0) + (problem?.length ?? 0))).toBe(
      marked.slice(marked.indexOf('«') + 1, marked.indexOf('»')),
    );
  });

  const loose: readonly Row[] = [
    ['@("a".ToUpper)', 'CS0119', 'call it with'],
    ['@("a".Length())', 'CS0149', 'Method name expected'],
    ['@{ if (true) { } }', 'CS0161', 'Not all code paths return a value'],
    ['@{ }', 'CS0161', 'Not all code paths return a value'],
    ['@(1 + )', 'CS1525', 'Invalid expression term'],
    ['@()', 'CS1525', 'Invalid expression term'],
    ['@("abc)', 'CS1010', 'Newline in constant'],
    ["@('')", 'CS1011', 'Empty character literal'],
    ["@('ab')", 'CS1012', 'Too many characters'],
    ['@(1 2)', 'CS1003', 'Syntax error'],
    ['@((1)', 'CS1026', ') expected'],
    ['@{ if (true { return 1; } return 2; }', 'CS1026', ') expected'],
    ['@(1', 'EXPR0001', "ends with ')'"],
    ['1', 'EXPR0001', "starts with '@('"],
    ['', 'EXPR0001', "starts with '@('"],
    ['@("""a""")', 'CS8652', 'C# 11 raw string'],
    ['@{ unsafe { } return 1; }', 'EXPR0009', "'unsafe'"],
    ['@($"{1")', 'CS1010', 'Newline'],
    ['@($"{}")', 'CS1733', 'Expected expression'],
    ['@($"}")', 'CS8086', 'must be escaped'],
    ['@(/* a)', 'CS1035', "'*/' expected"],
    ['@{ try { return 1; } }', 'CS1524', 'Expected catch or finally'],
  ];
  it.each(loose)('%s: %s', (source, code, message) => {
    const [problem] = problemsOf(source);
    expect(problem?.code).toBe(code);
    expect(problem?.message).toContain(message);
    expect(problem?.length).toBeGreaterThan(0);
  });

  it('reports several mistakes at once, in order, each once', () => {
    const problems = problemsOf('@{ int x = "a"; var y = foo + bar; string z = 5; return x.Baz + y.Anything; }');
    expect(problems.map((p) => p.code)).toEqual(['CS0029', 'CS0103', 'CS0103', 'CS0029', 'CS1061']);
  });

  it('reports several syntax errors', () => {
    const problems = problemsOf('@{ var x = ; var y = 1 +; return x; }');
    expect(problems.length).toBe(2);
  });

  it.each([
    ['@(1)', 'bool'],
    ['@("a")', 'int'],
    ['@(1.5)', 'int'],
    ['@(1L)', 'int'],
    ['@{ return true; }', 'double'],
  ] as const)('%s does not fit a policy that wants %s', (source, target) => {
    expect(problemsOf(source, target)[0]?.message).toContain(`to '${target}'`);
  });
});
