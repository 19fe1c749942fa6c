import { readFileSync } from 'node:fs';
import { compileExpression, ExpressionCompileError, surface } from '@lazuli/expressions';
import { knownPolicies, policies } from '@lazuli/policies';
import { describe, expect, it } from 'vitest';
import { compatibilityPage } from './page.ts';

const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');

describe('docs/compatibility.md', () => {
  it('is what the code says (npm run compatibility writes it)', () => {
    expect(page === compatibilityPage()).toBe(true);
  });

  it('has a row for every policy that Azure has and a section for every one that is built', () => {
    for (const name of knownPolicies) expect(page).toMatch(new RegExp(`^\\| \\[?\`${name}\`.* \\| (yes|no) \\|`, 'm'));
    for (const { name } of policies) expect(page).toContain(`\n### ${name}\n`);
  });

  it('has every declared type with its members', () => {
    for (const { name, members } of surface) {
      expect(page).toContain(`<code>${name.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</code>`);
      for (const signature of Object.keys(members ?? {})) expect(page).toContain(`- \`${signature}\``);
    }
  });

  it.each([
    ['@{ dynamic x = 1; return x; }', /dynamic/],
    ['@{ class A {} return 1; }', /declare types/],
    ['@{ unsafe { } return 1; }', /unsafe/],
    ['@{ yield return 1; }', /yield/],
    ['@{ await x; return 1; }', /await/],
    ['@(from x in new[] { 1 } select x)', /query syntax/],
    ['@{ int i = 1; ref int r = ref i; return r; }', /ref locals/],
    ['@{ Func<int, int> f = (ref int a) => a; return 1; }', /ref or out/],
    ['@{ lock (context) { } return 1; }', /lock/],
    ['@{ var a = new int[2, 2]; return a; }', /Rectangular arrays/],
    ['@(1 switch { 1 => 2, _ => 3 })', /C# 8 switch expressions/],
    ['@{ string s = null; s ??= "a"; return s; }', /C# 8 .*\?\?=/],
    ['@("abc"[^1])', /C# 8/],
    ['@("a" is not null)', /C# 9/],
    ['@{ List<int> l = new(); return l; }', /C# 9 target-typed/],
  ])('says rightly that %s is refused by name', (text, named) => {
    const compile = () => compileExpression(text, { target: 'object' });
    expect(compile).toThrow(ExpressionCompileError);
    expect(compile).toThrow(named);
  });

  it('says rightly that object == string compares values', () => {
    const { evaluate } = compileExpression('@{ object o = "a" + 1.ToString(); return o == "a1"; }', { target: 'bool' });
    expect(evaluate({} as never)).toBe(true);
  });
});
