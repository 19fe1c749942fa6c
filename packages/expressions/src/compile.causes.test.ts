import { describe, expect, it } from 'vitest';
import { compileExpression, ExpressionCompileError, type ExpressionProblem } from './compile.ts';

describe('one report a cause', () => {
  it.each([
    [
      'a type that is refused',
      '@{ XmlDocument d = new XmlDocument(); d.LoadXml("<a/>"); foreach (XmlNode n in d.ChildNodes) { return n.Name; } return d.InnerXml; }',
      ["'XmlDocument' is not", "'XmlNode' is not"],
    ],
    [
      'var of a type that is refused',
      '@{ var d = new XmlDocument(); d.LoadXml("<a/>"); return d.DocumentElement.Name; }',
      ["'XmlDocument' is not"],
    ],
    [
      'a refused type by its full name',
      '@{ var d = new System.Xml.XmlDocument(); d.Load("x"); return System.Xml.XmlDocument.Foo; }',
      ["'XmlDocument' is not"],
    ],
    [
      'a type that does not exist',
      '@{ HttpClient c = new HttpClient(); var r = c.GetAsync("x").Result; return r.StatusCode; }',
      ["'HttpClient'"],
    ],
    [
      'a refused type of a lambda',
      '@{ var l = new List<XmlNode>(); return l.Select(n => n.Name).Where(x => x.Foo).First(); }',
      ["'XmlNode' is not"],
    ],
    ['a name that does not exist', '@{ x = 1; x++; return x; }', ["'x'"]],
    ['a type without its arguments', '@{ List l = new List(); return l; }', ["'List<T>'"]],
    ['a member that is not there', '@{ var x = context.Nope; var y = x.Foo(z => z.Bar); return y + 1; }', ["'Nope'"]],
    [
      'an exception that is not there',
      '@{ try { throw new WebException("x"); } catch (WebException e) { return e.Status; } }',
      ["'WebException'"],
    ],
  ])('%s', (_name, source, messages) => {
    const problems = problemsOf(source);
    expect(problems.length).toBe(messages.length);
    for (const [index, part] of messages.entries()) expect(problems[index]?.message).toContain(part);
  });
});

describe('what was meant is said', () => {
  it.each([
    ['@{ context.Variables["x"] = 1; return 1; }', 'changed by policies: set-variable'],
    ['@{ context.Response.StatusCode = 500; return 1; }', 'set-status'],
    ['@{ context.Request.Headers.Add("x", "y"); return 1; }', 'the set-header policy'],
    ["@(context.Variables['x'])", 'strings are written in double quotes'],
    ["@(context.Request.Method == 'GET')", 'strings are written in double quotes'],
    ['@(context.Request.Body.As<JObject>().name)', 'Read the property with ["name"].'],
    ['@(context.Request.Body.As<JObject>()["a"].b)', 'Read the property with ["b"].'],
    ['@(context.Request.Body.As<JObject>().count)', "Did you mean 'Count'?"],
    ['@(context.Variables["x"].Length)', 'Cast it to its type first: ((string)value).Length.'],
    ['@(context.Request.Headers["a"].ToLower())', 'take one, with [0] or First()'],
    ['@{ var x = 1; retrun x; }', "Did you mean 'return'?"],
  ])('%s', (source, hint) => {
    expect(problemsOf(source)[0]?.message).toContain(hint);
  });
});

function problemsOf(source: string): readonly ExpressionProblem[] {
  try {
    compileExpression(source, { target: 'object' });
  } catch (error) {
    if (error instanceof ExpressionCompileError) return error.problems;
    throw error;
  }
  return [];
}
