import type { Expression, LambdaExpression, TypeSyntax } from './ast.ts';
import { parseExpression, tooNew } from './parse-expression.ts';
import { parseBlock } from './parse-statement.ts';
import { parseType, scanType } from './parse-type.ts';
import { SyntaxProblem } from './problems.ts';
import { is, type TokenReader } from './token-reader.ts';

/** Does `x =>`, `(...) =>`, `async ... =>` or `delegate (` stand at the cursor? */
export function isLambda(reader: TokenReader): boolean {
  const token = reader.current;
  if (token.kind === 'identifier') {
    if (is(reader.peek(), '=>')) return true;
    return token.text === 'async' &&
      ((reader.peek().kind === 'identifier' && is(reader.peek(2), '=>')) || is(reader.peek(), '('))
      ? isAsyncLambda(reader)
      : false;
  }
  if (reader.at('delegate')) return true;
  if (!reader.at('(')) return false;
  const closer = reader.closerOf(reader.position);
  const after = reader.tokens[closer + 1];
  return closer > 0 && after !== undefined && is(after, '=>');
}

function isAsyncLambda(reader: TokenReader): boolean {
  if (!is(reader.peek(), '(')) return true;
  const closer = reader.closerOf(reader.position + 1);
  const after = reader.tokens[closer + 1];
  return closer > 0 && after !== undefined && is(after, '=>');
}

export function parseLambda(reader: TokenReader): LambdaExpression {
  const start = reader.current.start;
  if (reader.atContextual('async') && !is(reader.peek(), '=>')) {
    throw new SyntaxProblem('CS4033', "'async' is not available in policy expressions", reader.current);
  }
  const isDelegate = reader.accept('delegate');
  const parameters = isDelegate && !reader.at('(') ? [] : parseParameters(reader);
  if (!isDelegate) reader.expect('=>');
  const { yields } = reader;
  const body: Expression | ReturnType<typeof parseBlock> =
    reader.at('{') || isDelegate ? parseBlock(reader) : parseExpression(reader);
  if (reader.yields > yields) {
    reader.problems.report(
      'CS1621',
      'The yield statement cannot be used inside an anonymous method or lambda expression',
      {
        start,
        end: body.end,
      },
    );
    reader.yields = yields;
  }
  return { kind: 'Lambda', parameters, body, start, end: body.end };
}

function parseParameters(reader: TokenReader): LambdaExpression['parameters'] {
  if (!reader.at('(')) {
    const name = reader.expectIdentifier();
    return [{ name: name.text, type: null, start: name.start, end: name.end }];
  }
  reader.take();
  const parameters: { name: string; type: TypeSyntax | null; start: number; end: number }[] = [];
  if (!reader.at(')')) {
    do {
      const start = reader.current.start;
      if (reader.at('in')) throw tooNew('7.2', "'in' parameters", reader.current);
      if (reader.at('ref') || reader.at('out')) {
        throw new SyntaxProblem(
          'EXPR0006',
          'A lambda cannot have ref or out parameters in policy expressions',
          reader.current,
        );
      }
      const scanned = scanType(reader);
      const typed = scanned !== undefined && reader.tokens[scanned.after]?.kind === 'identifier';
      const type = typed ? parseType(reader) : null;
      const name = reader.expectIdentifier();
      parameters.push({ name: name.text, type, start, end: name.end });
    } while (reader.accept(','));
  }
  reader.expect(')');
  return parameters;
}
