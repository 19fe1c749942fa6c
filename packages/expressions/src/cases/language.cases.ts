import { because, type Case } from './case.ts';

/** What C# 7 has beyond the idioms of policies. */
export const cases: readonly Case[] = [
  ...because('C# specification: tuple types are values with mutable fields', [
    ['@{ var t = (1, "a"); t.Item1 = 5; return t.Item1; }', 5],
    ['@{ (int a, string b) t = (1, "x"); t.a++; t.b += "y"; return t.a + t.b; }', '2xy'],
    ['@{ var t = (1, 2); var u = t; u.Item1 = 9; return t.Item1 + "," + u.Item1; }', '1,9'],
    ['@{ var a = new[] { (1, 2) }; a[0].Item1 = 5; return a[0].Item1; }', 5],
    ['@{ var t = ((1, 2), 3); t.Item1.Item2 = 7; return t.ToString(); }', '((1, 7), 3)'],
    ['@{ var t = (1, 2); Func<int> f = () => t.Item1 = 8; f(); return t.ToString(); }', '(8, 2)'],
    ['@{ var t = (1, 2); (t.Item1, t.Item2) = (t.Item2, t.Item1); return t.ToString(); }', '(2, 1)'],
    ['@{ var t = (1, 2); int.TryParse("7", out t.Item1); return t.ToString(); }', '(7, 2)'],
    ['@{ var t = new ValueTuple<int, string>(1, "a"); t.Item2 = "b"; return t.ToString(); }', '(1, b)'],
    ['@{ (int x, string y) t = default; t.y = "q"; return t.ToString(); }', '(0, q)'],
    ['@{ foreach (var t in new[] { (1, 2) }) { t.Item1 = 2; } return 1; }', { refused: 'foreach iteration variable' }],
    [
      '@{ var l = new List<(int, int)> { (1, 2) }; l[0].Item1 = 5; return 1; }',
      { refused: 'Cannot modify the return value' },
    ],
    [
      '@{ var t = Tuple.Create(1, 2); t.Item1 = 5; return 1; }',
      { refused: "'Tuple<T1, T2>.Item1' cannot be assigned to -- it is read only" },
    ],
    ['@{ (byte a, int b) t = (1, 2); t.a = 300; return t.a; }', { refused: "Constant value '300'" }],
    ['@{ int a = 1, b = 2; (a, b) = (b, a); return a + "," + b; }', '2,1'],
    ['@(default((int, string)).ToString())', '(0, )'],
    ['@(new List<(int, double)>().FirstOrDefault().ToString())', '(0, 0)'],
  ]),
  ...because('.NET documentation: Deconstruct of Tuple and KeyValuePair', [
    [
      '@{ var d = new Dictionary<string, int> { ["a"] = 1 }; foreach (var (k, v) in d) { return k + v; } return ""; }',
      'a1',
    ],
    ['@{ var (a, b, c) = Tuple.Create(1, "x", 2.5); return a + b + c; }', '1x2.5'],
    ['@{ string k; int n; (k, n) = new KeyValuePair<string, int>("a", 3); return k + n; }', 'a3'],
    ['@{ var (a, _) = Tuple.Create(1, "x"); return a; }', 1],
    ['@{ var (a, b) = "ab"; return a; }', { refused: "A value of type 'string' cannot be taken apart" }],
    ['@{ var (a, b) = Tuple.Create(1, 2, 3); return a; }', { refused: 'cannot be taken apart into 2 variables' }],
    ['@(new Dictionary<string, int>().FirstOrDefault().Key == null)', true],
  ]),
  ...because('Newtonsoft.Json: tuples are objects with Item1, Item2 ...', [
    ['@(JsonConvert.SerializeObject((1, "a")))', '{"Item1":1,"Item2":"a"}'],
    ['@(JsonConvert.SerializeObject(Tuple.Create(1, "a")))', '{"Item1":1,"Item2":"a"}'],
    ['@(JsonConvert.SerializeObject((a: 1, b: (2, 3.5))))', '{"Item1":1,"Item2":{"Item1":2,"Item2":3.5}}'],
    ['@(JObject.FromObject((a: 1, b: 2)).ToString(Newtonsoft.Json.Formatting.None))', '{"Item1":1,"Item2":2}'],
  ]),
  ...because('C# specification: nullable Boolean logical operators', [
    ['@{ bool? a = null; bool? b = false; return a & b; }', false],
    ['@{ bool? a = null; return (a & true) == null; }', true],
    ['@{ bool? a = null; return a | true; }', true],
    ['@{ bool? a = null; return true | a; }', true],
    ['@{ bool? a = null; return (a | false) == null; }', true],
    ['@{ bool? a = null; return (a ^ true) == null; }', true],
    ['@{ bool? a = null; return !a == null; }', true],
    ['@{ bool? a = true; a &= null; return a == null; }', true],
    ['@{ bool? a = null; a |= true; return a; }', true],
    ['@{ bool? b = true; if (b == true) return "y"; return "n"; }', 'y'],
    [
      '@{ bool? b = true; if (b) return "y"; return "n"; }',
      { refused: "Cannot implicitly convert type 'bool?' to 'bool'" },
    ],
    ['@{ bool? b = true; return b && true; }', { refused: "Operator '&&' cannot be applied" }],
  ]),
  ...because('C# specification: lifted operators', [
    [
      '@{ int? x = null; int? y = 5; return (x < y).ToString() + (x == y) + (x != y) + (x >= y) + ((x + y) == null); }',
      'FalseFalseTrueFalseTrue',
    ],
    ['@{ int? y = 5; return "" + -y + ~y + (y << 1) + (y % 2); }', '-5-6101'],
    ['@{ int? x = 5; return (x + null) == null; }', true],
    ['@{ int? i = 1; i++; ++i; i += 2; return i; }', 5],
    ['@{ int? i = 1; i *= null; return i == null; }', true],
    ['@{ decimal? d = 1.5m; int? i = 3; return (d * i).ToString(); }', '4.5'],
    ['@{ DateTime? d = new DateTime(2020, 1, 2); return (d - new DateTime(2020, 1, 1)).ToString(); }', '1.00:00:00'],
    ['@{ DateTime? n = null; return n > DateTime.UtcNow; }', false],
    ['@{ TimeSpan? t = TimeSpan.FromHours(1); return t > TimeSpan.Zero; }', true],
    ["@{ char? c = 'a'; return c + 1; }", 98],
    ['@{ DayOfWeek? d = DayOfWeek.Friday; return d + 1 == DayOfWeek.Saturday; }', true],
    ['@(5 == null)', false],
  ]),
  ...because('C# specification: names of tuple elements through inference', [
    [
      '@{ var l = new List<(string k, int v)> { ("a", 1), ("b", 2) }; return l.Where(t => t.v > 1).Select(t => t.k).First(); }',
      'b',
    ],
    ['@{ var l = new[] { 1 }.Select(x => (k: x, v: 2)); return l.Sum(t => t.v) + l.First().k; }', 3],
    [
      '@{ var d = new Dictionary<string, (int n, string s)> { ["x"] = (1, "q") }; return d["x"].s + d.Values.First().n; }',
      'q1',
    ],
    [
      '@{ var x = new[] { (a: 1, b: 2) }.Concat(new[] { (c: 1, d: 2) }).First(); return x.a; }',
      { refused: "does not contain a definition for 'a'" },
    ],
  ]),
  ...because('C# specification: ++ and -- give the type of the variable', [
    ["@{ char c = 'a'; c++; ++c; c--; return c.ToString(); }", 'b'],
    ['@{ byte b = 255; b++; return b.ToString(); }', '0'],
    ['@{ byte b = 255; checked { b++; } return b; }', { throws: 'System.OverflowException' }],
    ['@{ DayOfWeek d = DayOfWeek.Monday; d++; return d.ToString(); }', 'Tuesday'],
    ["@{ for (char c = 'a'; c <= 'e'; c++) { if (c == 'c') return c.ToString(); } return \"\"; }", 'c'],
    ["@{ int[] counts = new int[26]; foreach (char c in \"hello\") counts[c - 'a']++; return counts['l' - 'a']; }", 2],
  ]),
  ...because('C# specification: switch cases that an earlier one takes', [
    [
      '@{ object o = 5; switch (o) { case int i: return "i"; case int j when j > 1: return "j"; } return ""; }',
      { refused: 'already been handled by a previous case' },
    ],
    [
      '@{ object o = 5; switch (o) { case JToken t: return "t"; case JObject j: return "j"; } return ""; }',
      { refused: 'already been handled by a previous case' },
    ],
    [
      '@{ object o = 5; switch (o) { case var x: return "x"; case int i: return "i"; } }',
      { refused: 'already been handled by a previous case' },
    ],
    [
      '@{ object o = new JObject(); switch (o) { case JObject j: return "j"; case JToken t: return "t"; } return ""; }',
      'j',
    ],
    ['@{ object o = 5; switch (o) { case int i when i > 9: return "big"; case int j: return "j"; } return ""; }', 'j'],
  ]),
  ...because('C# specification: generic local functions', [
    ['@{ T Id<T>(T x) => x; return Id(1) + Id<string>("a"); }', '1a'],
    ['@{ T[] Pair<T>(T x, T y) { return new[] { x, y }; } return Pair("a", "b")[1] + Pair(1.5, 2)[1]; }', 'b2'],
    ['@{ U Map<T, U>(T x, Func<T, U> f) => f(x); return Map(2, x => x * 1.5).ToString(); }', '3'],
    ['@{ string Name<T>() => typeof(T).Name; return Name<int>() + Name<JObject>(); }', 'Int32JObject'],
    ['@{ T Def<T>() => default(T); return Def<int>() + "|" + (Def<string>() == null); }', '0|True'],
    ['@{ bool Is<T>(object o) => o is T; return Is<string>("x").ToString() + Is<int>("x"); }', 'TrueFalse'],
    ['@{ T As<T>(object o) where T : class => o as T; return As<string>(5) == null; }', true],
    ['@{ T Cast<T>(object o) => (T)o; return Cast<int>(5) + Cast<string>("x"); }', '5x'],
    ['@{ T Cast<T>(object o) => (T)o; return Cast<int>("x"); }', { throws: 'System.InvalidCastException' }],
    [
      '@{ T Make<T>() where T : new() => new T(); return Make<JObject>().ToString() + Make<List<int>>().Count; }',
      '{}0',
    ],
    [
      '@{ T Max<T>(IEnumerable<T> items) where T : IComparable { T best = default(T); bool first = true; foreach (var i in items) { if (first || i.CompareTo(best) > 0) best = i; first = false; } return best; } return Max(new[] { 3, 9, 2 }) + Max(new[] { "a", "c" }); }',
      '9c',
    ],
    ['@{ string F<T>(T a) where T : JToken => a.Type.ToString(); return F(new JObject()); }', 'Object'],
    ['@{ int Count<T>(params T[] xs) => xs.Length; return Count(1, 2, 3) + Count<string>(); }', 3],
    [
      '@{ void Swap<T>(ref T a, ref T b) { var t = a; a = b; b = t; } int x = 1, y = 2; Swap(ref x, ref y); return x + "," + y; }',
      '2,1',
    ],
    [
      '@{ bool Try<T>(object o, out T r) { if (o is T v) { r = v; return true; } r = default(T); return false; } return Try(5, out int n) ? n : -1; }',
      5,
    ],
    ['@{ var l = new[] { 1, 2 }.Select(Twice); T Twice<T>(T x) => x; return l.Sum(); }', 3],
    ['@{ Func<int, int> f = Id; T Id<T>(T x) => x; return f(4); }', 4],
    ['@{ int F<T>(T x, int n) => n == 0 ? 0 : F(x, n - 1) + 1; return F("a", 3); }', 3],
    [
      '@{ string Outer<T>(T x) { string Inner<U>(U y) => x + ":" + y; return Inner(1) + Inner("q"); } return Outer(true) + Outer(\'c\'); }',
      'True:1True:qc:1c:q',
    ],
    ['@{ int n = 3; T Add<T>(T x) { n++; return x; } Add(1); Add("x"); return n; }', 5],
    [
      '@{ int F<T>(T x, int n) => n == 0 ? 0 : F(new List<T> { x }, n - 1) + 1; return F("a", 3); }',
      { refused: 'called with too many different types' },
    ],
    [
      '@{ T Add<T>(T a, T b) => a + b; return Add(1, 2); }',
      { refused: "Operator '+' cannot be applied to operands of type 'T' and 'T'" },
    ],
    ['@{ T Unused<T>(T x) => x.Foo; return 1; }', { refused: "'T' does not contain a definition for 'Foo'" }],
    ['@{ T F<T>(T a) where T : struct => a; return F("x"); }', { refused: 'must be a non-nullable value type' }],
    ['@{ T F<T>(T a) where T : class => a; return F(1); }', { refused: 'must be a reference type' }],
    [
      '@{ T Make<T>() where T : new() => new T(); return Make<string>(); }',
      { refused: 'public parameterless constructor' },
    ],
    ['@{ string F<T>() => T.Empty; return F<string>(); }', { refused: "'T' is a type parameter" }],
    [
      '@{ int F(int x) => x; return F<int>(1); }',
      { refused: "The non-generic method 'F' cannot be used with type arguments" },
    ],
  ]),
  ...because('C# specification: iterators', [
    [
      '@{ IEnumerable<int> G() { yield return 1; yield return 2; } return string.Join(",", G()) + G().First(); }',
      '1,21',
    ],
    [
      '@{ IEnumerable<int> Range(int from, int to) { for (int i = from; i < to; i++) { if (i == 7) yield break; yield return i; } } return Range(3, 100).Sum(); }',
      18,
    ],
    [
      '@{ IEnumerable<T> Take<T>(IEnumerable<T> s, int n) { foreach (var x in s) { if (n-- <= 0) yield break; yield return x; } } var q = Take(new[] { "a", "b", "c" }, 2); return q.Count() + q.Last(); }',
      '2b',
    ],
    [
      '@{ IEnumerable<long> Fib() { long a = 0, b = 1; while (true) { yield return a; (a, b) = (b, a + b); } } return string.Join(" ", Fib().Take(10)); }',
      '0 1 1 2 3 5 8 13 21 34',
    ],
    [
      '@{ string log = ""; IEnumerable<int> G() { log += "s"; yield return 1; log += "e"; } var g = G(); log += "0"; foreach (var x in g) log += x; return log; }',
      '0s1e',
    ],
    [
      '@{ IEnumerable<char> G(string s) { foreach (var c in s) yield return char.ToUpper(c); } return new string(G("abc").ToArray()); }',
      'ABC',
    ],
    [
      '@{ string log = ""; IEnumerable<int> G() { try { yield return 1; yield return 2; } finally { log += "f"; } } var first = G().First(); return first + log; }',
      '1f',
    ],
    ['@{ int yield = 3; yield++; return yield; }', 4],
    [
      '@{ IEnumerable<int> G() { return new[] { 1 }; yield return 1; } return 1; }',
      { refused: 'Cannot return a value from an iterator' },
    ],
    ['@{ int G() { yield return 1; } return 1; }', { refused: "'int' is not IEnumerable<T>" }],
    [
      '@{ IEnumerable<int> G(out int x) { x = 1; yield return 1; } return 1; }',
      { refused: 'Iterators cannot have ref or out parameters' },
    ],
    [
      '@{ Func<IEnumerable<int>> f = () => { yield return 1; }; return 1; }',
      { refused: 'anonymous method or lambda expression' },
    ],
    ['@{ yield return 1; }', { refused: "'yield' is not available" }],
  ]),
  ...because('C# specification: labels and goto', [
    ['@{ int n = 0; again: n++; if (n < 3) goto again; return n; }', 3],
    ['@{ int i = 0; for (;;) { while (true) { i++; if (i == 5) goto done; } } done: return i; }', 5],
    [
      '@{ string s = ""; foreach (var x in new[] { 1, 2, 3 }) { foreach (var y in new[] { 1, 2, 3 }) { if (x * y == 4) goto found; s += x * y; } } s += "none"; found: s += "!"; return s; }',
      '1232!',
    ],
    [
      '@{ int i = 0; retry: try { i++; if (i < 3) throw new Exception("x"); return i; } catch (Exception) { goto retry; } }',
      3,
    ],
    ['@{ int i = 0; if (i == 0) goto b; a: i += 10; goto c; b: i += 1; goto a; c: return i; }', 11],
    [
      '@{ var n = 0; var l = new List<int>(); a: var k = n * 2; l.Add(k); n++; if (n < 3) goto a; return string.Join(",", l); }',
      '0,2,4',
    ],
    [
      '@{ int n = 1; switch (n) { case 1: goto other; case 2: return "two"; } return "x"; other: return "other"; }',
      'other',
    ],
    [
      '@{ IEnumerable<int> G() { int i = 0; next: yield return i++; if (i < 3) goto next; } return string.Join(",", G()); }',
      '0,1,2',
    ],
    ['@{ int x; goto end; x = 5; end: return x; }', { refused: "Use of unassigned local variable 'x'" }],
    ['@{ goto nowhere; }', { refused: "No such label 'nowhere'" }],
    ['@{ a: a: return 1; }', { refused: "The label 'a' is a duplicate" }],
    ['@{ Action f = () => { goto a; }; a: return 1; }', { refused: "No such label 'a'" }],
    ['@{ { a: ; } goto a; }', { refused: "No such label 'a'" }],
    ['@{ try { } finally { goto a; } a: return 1; }', { refused: 'Control cannot leave the body of a finally clause' }],
    ['@{ end: }', { refused: 'Invalid expression term' }],
  ]),
  ...because('C# specification, "Array covariance": a store is checked against the type the array was made with', [
    [
      '@{ object[] a = new string[] { "x" }; try { a[0] = 1; return "no"; } catch (ArrayTypeMismatchException e) { return e.Message; } }',
      'Attempted to access an element as a type incompatible with the array.',
    ],
    ['@{ object[] a = new string[] { "x" }; a[0] = "y"; a[0] += "z"; var s = a[0]; a[0] = null; return s; }', 'yz'],
    [
      '@{ JToken[] a = new JObject[1]; a[0] = new JObject(); try { a[0] = new JArray(); return "no"; } catch (ArrayTypeMismatchException) { return "yes"; } }',
      'yes',
    ],
    [
      '@{ object[] a = new string[1]; try { a[1] = 1; return "no"; } catch (Exception e) { return e.GetType().Name; } }',
      'IndexOutOfRangeException',
    ],
    ['@{ object[] a = { 1, "x" }; a[0] = 2.5; a[1] = new int[3]; return ((int[])a[1]).Length; }', 3],
  ]),
  ...because('not in policy expressions: refused by name', [
    ['@{ int i = 1; ref int r = ref i; r = 5; return i; }', { refused: 'ref locals are not available' }],
    ['@{ async Task<int> F() { await Task.Delay(1); return 1; } return 1; }', { refused: "'async' is not available" }],
    ['@{ dynamic d = new JObject(); d.x = 1; return d.x; }', { refused: "'dynamic' is not available" }],
    ['@((from x in new[] { 1, 2 } where x > 1 select x).First())', { refused: 'LINQ query syntax' }],
  ]),
];
