import type { BlockStatement, Expression } from './ast.ts';
import { tokenize } from './lexer.ts';
import { parseWhole } from './parse-primary.ts';
import { parseStatements } from './parse-statement.ts';
import { type Problems, SyntaxProblem } from './problems.ts';
import { TokenReader } from './token-reader.ts';

/** A policy document is at most 256 KiB; twice that is never an honest expression. */
const longestSource = 512 * 1024;

export type Source =
  | { readonly kind: 'expression'; readonly body: Expression }
  | { readonly kind: 'body'; readonly body: BlockStatement };

/** Parses `@(expression)` or `@{ statements }`. Gives undefined when what is wrong (in `problems`) leaves no tree. */
export function parse(text: string, problems: Problems): Source | undefined {
  try {
    return parseSource(text, problems);
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
    problems.report(problem.code, problem.message, problem.at);
    return undefined;
  }
}

function parseSource(text: string, problems: Problems): Source | undefined {
  if (text.length > longestSource) {
    throw new SyntaxProblem('EXPR0002', `The expression is longer than ${longestSource} characters.`, {
      start: 0,
      end: 1,
    });
  }
  const end = text.trimEnd().length;
  const open = text.slice(0, 2);
  const close = open === '@(' ? ')' : '}';
  if (open !== '@(' && open !== '@{') {
    throw new SyntaxProblem('EXPR0001', "An expression starts with '@(' or '@{'.", {
      start: 0,
      end: Math.min(2, text.length),
    });
  }
  if (end < 3 || text.charAt(end - 1) !== close) {
    throw new SyntaxProblem('EXPR0001', `An expression that starts with '${open}' ends with '${close}'.`, {
      start: Math.max(0, end - 1),
      end,
    });
  }
  const reader = new TokenReader(tokenize(text, 2, end - 1), problems);
  if (open === '@(') return { kind: 'expression', body: parseWhole(reader) };
  const statements = parseStatements(reader, () => false);
  return { kind: 'body', body: { kind: 'Block', statements, start: 2, end } };
}
