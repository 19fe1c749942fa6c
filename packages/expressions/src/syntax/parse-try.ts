import type { CatchClause, Expression, Statement, TypeSyntax } from './ast.ts';
import { parseExpression, tooNew } from './parse-expression.ts';
import { isDeclaration, parseBlock, parseCondition, parseEmbedded, parseLocal } from './parse-statement.ts';
import { parseType } from './parse-type.ts';
import { SyntaxProblem } from './problems.ts';
import type { TokenReader } from './token-reader.ts';

export function parseTry(reader: TokenReader, start: number): Statement {
  reader.take();
  const body = parseBlock(reader);
  const catches: CatchClause[] = [];
  while (reader.at('catch')) catches.push(parseCatch(reader));
  const last = reader.accept('finally') ? parseBlock(reader) : null;
  if (catches.length === 0 && !last)
    throw new SyntaxProblem('CS1524', 'Expected catch or finally', {
      start: reader.previousEnd - 1,
      end: reader.previousEnd,
    });
  return { kind: 'Try', body, catches, finally: last, start, end: reader.previousEnd };
}

function parseCatch(reader: TokenReader): CatchClause {
  const start = reader.take().start;
  let type: TypeSyntax | null = null;
  let name: ReturnType<TokenReader['expectIdentifier']> | null = null;
  if (reader.accept('(')) {
    type = parseType(reader);
    if (!reader.at(')')) name = reader.expectIdentifier();
    reader.expect(')', 'CS1026', ') expected');
  }
  let filter: Expression | null = null;
  if (reader.atContextual('when')) {
    reader.take();
    filter = parseCondition(reader);
  }
  const body = parseBlock(reader);
  return { type, name, filter, body, start, end: body.end };
}

export function parseUsing(reader: TokenReader, start: number): Statement {
  const keyword = reader.take();
  if (!reader.at('(')) throw tooNew('8', "'using' declarations", keyword);
  reader.take();
  const from = reader.current.start;
  let resource: Statement;
  if (isDeclaration(reader)) resource = parseLocal(reader, false);
  else {
    const value = parseExpression(reader);
    resource = { kind: 'Expression', value, start: from, end: value.end };
  }
  reader.expect(')', 'CS1026', ') expected');
  const body = parseEmbedded(reader);
  return { kind: 'Using', resource, body, start, end: body.end };
}
