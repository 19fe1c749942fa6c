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

function problemsOf(source: string): readonly ExpressionProblem[] {
  try {
    compileExpression(source, { target: 'object' });
  } catch (error) {
    if (error instanceof ExpressionCompileError) return error.problems;
    throw error;
  }
  return [];
}
