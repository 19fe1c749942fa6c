import { describe, expect, it } from 'vitest';
import { NetException } from './runtime/exceptions.ts';
import { Boxed } from './runtime/values.ts';
import { compileTest, run, TestList } from './test-kit.ts';

describe('what the policy wants', () => {
  it.each([
    ['string', '@(1.5)', '1.5'],
    ['string', '@(true)', 'True'],
    ['string', "@('c')", 'c'],
    ['string', '@((string)null)', null],
    ['string', '@(null)', null],
    ['string', '@((int?)null)', null],
    ['string', '@(context.Variables["n"])', '5'],
    ['string', '@{ if (DateTime.Now.Year > 1) return 1; return "x"; }', '1'],
    ['bool', '@(1 < 2)', true],
    ['bool', '@(context.Variables["t"])', true],
    ['bool', '@((object)"false")', false],
    ['int', '@(5)', 5],
    ['int', "@('a')", 97],
    ['int', '@((object)5L)', 5],
    ['int', '@((object)" 12 ")', 12],
    ['long', '@(5)', 5n],
    ['long', '@((object)5)', 5n],
    ['double', '@(5)', 5],
    ['double', '@(2.5)', 2.5],
    ['double', '@((object)2.5)', 2.5],
    ['double', '@((object)"1.5")', 1.5],
    ['object', '@(1.5)', new Boxed('System.Double', 1.5)],
    ['object', '@((int?)5)', 5],
    ['object', '@((double?)5)', new Boxed('System.Double', 5)],
    ['object', '@(Level.High)', new Boxed('Test.Level', 1)],
    ['object', "@{ if (DateTime.Now.Year > 1) return 'a'; return 1; }", new Boxed('System.Char', 97)],
  ] as const)('%s of %s', (target, source, value) => {
    expect(run(source, target, { n: 5, t: true })).toEqual(value);
  });

  it.each([
    ['bool', '@((object)5)', 'System.InvalidCastException'],
    ['bool', '@((object)"x")', 'System.FormatException'],
    ['int', '@((object)"x")', 'System.FormatException'],
    ['int', '@((object)3000000000L)', 'System.FormatException'],
    ['int', '@((object)null)', 'System.NullReferenceException'],
    ['int', '@((object)new Bag<int>())', 'System.InvalidCastException'],
  ] as const)('%s of %s throws', (target, source, typeName) => {
    let thrown: unknown;
    try {
      run(source, target);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(NetException);
    expect(thrown instanceof NetException && thrown.typeName).toBe(typeName);
  });
});

describe('what is known of the expression', () => {
  it.each([
    ['@(1)', 'System.Int32'],
    ['@("a" + 1)', 'System.String'],
    ['@(new Bag<int[]>())', 'Test.Bag<System.Int32[]>'],
    ['@((int?)1)', 'System.Nullable<System.Int32>'],
    ['@{ return 1; }', 'System.Int32'],
    ['@{ if (DateTime.Now.Year > 1) return null; return "x"; }', 'System.String'],
    ['@{ if (DateTime.Now.Year > 1) return 1; return "x"; }', 'System.Object'],
    ['@(context.Variables["x"])', 'System.Object'],
    ['@(context.Request)', 'Test.IRequest'],
  ])('%s has the type %s', (source, type) => {
    expect(compileTest(source).type).toBe(type);
  });

  it.each([
    ['@("a".ToUpper() + 1)', true],
    ['@(5 * 2)', true],
    ['@(context.Request.Method)', false],
    ['@(DateTime.UtcNow.Year)', false],
    ['@(Guid.NewGuid().ToString())', false],
    ['@(new Random().Next(5))', false],
    ['@(new Bag<int>())', false],
    ['@(new byte[1])', false],
    ['@{ var c = context; return 1; }', false],
  ])('%s is constant: %s', (source, isConstant) => {
    expect(compileTest(source).isConstant).toBe(isConstant);
  });

  it.each([
    ['@(1)', false, false],
    ['@(context.Request.Method)', false, false],
    ['@(context.Request.Body)', true, false],
    ['@(context.Request?.Body)', true, false],
    ['@{ var r = context.Request; return r.Body; }', true, false],
    ['@(context.Response.StatusCode)', false, false],
    ['@(context.Response.Body)', false, true],
    ['@(context.Response?.Body)', false, true],
    ['@{ var c = context; return c.Response.Body; }', false, true],
    ['@{ var r = context.Response; return r.Body; }', false, true],
    ['@{ IResponse r = null; r = DateTime.Now.Year > 1 ? context.Response : null; return r.Body; }', false, true],
    ['@((context.Response ?? (IResponse)context.Variables["r"]).Body)', false, true],
    ['@(((IResponse)context.Variables["r"]).Body)', false, false],
    ['@((context.Variables["r"] as IResponse).Body)', false, false],
    ['@{ var r = (IResponse)context.Variables["r"]; return r.Body + context.Response.StatusCode; }', false, false],
    [
      '@{ var r = (IResponse)context.Variables["r"]; if (context.Response != null) return r.Body; return ""; }',
      false,
      false,
    ],
    ['@{ if (context.Variables["r"] is IResponse r) return r.Body; return ""; }', false, false],
    ['@(new[] { 1 }.Select(x => context.Request.Body).FirstOrDefault())', true, false],
    ['@(nameof(context.Request.Body))', false, false],
  ])('%s reads the request body: %s, the response body: %s', (source, requestBody, responseBody) => {
    expect(compileTest(source).reads).toEqual({ requestBody, responseBody });
  });

  it('evaluates as often as it is asked to, each time anew', () => {
    const compiled = compileTest('@{ var b = new Bag<int> { 1 }; b.Add(2); return b; }');
    const host = { variables: new Map() } as unknown as Parameters<typeof compiled.evaluate>[0];
    const [a, b] = [compiled.evaluate(host), compiled.evaluate(host)];
    expect(a).toBeInstanceOf(TestList);
    expect(a).not.toBe(b);
    expect(a).toEqual(b);
  });
});
