import type { Expression, FunctionParameter, LocalFunctionStatement } from './ast.ts';
import { parseExpression } from './parse-expression.ts';
import { parseBlock } from './parse-statement.ts';
import { parseType, scanType } from './parse-type.ts';
import { SyntaxProblem } from './problems.ts';
import { is, type TokenReader } from './token-reader.ts';

/** `T Name(...) {` or `T Name(...) =>`. */
export function isLocalFunction(reader: TokenReader): boolean {
  const first = reader.current;
  if (first.kind !== 'identifier' && first.kind !== 'keyword' && !reader.at('(')) return false;
  if (reader.at('static') || reader.atContextual('async')) return is(reader.peek(3), '(');
  const after = reader.at('void') ? reader.position + 1 : scanType(reader)?.after;
  if (after === undefined) return false;
  if (reader.tokens[after]?.kind !== 'identifier') return false;
  const open = reader.tokens[after + 1];
  return open !== undefined && (is(open, '(') || (is(open, '<') && isGeneric(reader, after + 1)));
}

function isGeneric(reader: TokenReader, at: number): boolean {
  const closer = reader.tokens.findIndex((token, index) => index > at && is(token, '>'));
  const open = reader.tokens[closer + 1];
  return closer > 0 && closer - at < 20 && open !== undefined && is(open, '(');
}

export function parseLocalFunction(reader: TokenReader): LocalFunctionStatement {
  const start = reader.current.start;
  if (reader.at('static'))
    throw new SyntaxProblem(
      'CS8107',
      'C# 8 static local functions: not available in policy expressions, which are C# 7',
      reader.current,
    );
  if (reader.atContextual('async'))
    throw new SyntaxProblem('CS4033', "'async' is not available in policy expressions", reader.current);
  const returnType = parseType(reader);
  const name = reader.expectIdentifier();
  if (reader.at('<'))
    throw new SyntaxProblem(
      'EXPR0011',
      'Generic local functions are not available in policy expressions',
      reader.current,
    );
  const parameters = parseFunctionParameters(reader);
  const body = parseFunctionBody(reader);
  return { kind: 'LocalFunction', name, returnType, parameters, body, start, end: reader.previousEnd };
}

function parseFunctionBody(reader: TokenReader): LocalFunctionStatement['body'] {
  if (!reader.accept('=>')) return parseBlock(reader);
  const body = parseExpression(reader);
  reader.expectSemicolon();
  return body;
}

/** `(int a, ref string b, params object[] rest, bool c = false)`; `this` only in signatures. */
export function parseFunctionParameters(reader: TokenReader): FunctionParameter[] {
  reader.expect('(');
  const parameters = parseParametersUntil(reader, ')');
  reader.expect(')', 'CS1026', ') expected');
  return parameters;
}

export function parseParametersUntil(reader: TokenReader, closer: ')' | ']'): FunctionParameter[] {
  const parameters: FunctionParameter[] = [];
  if (reader.at(closer)) return parameters;
  do {
    const start = reader.current.start;
    const mode = parameterMode(reader);
    const type = parseType(reader);
    const name = reader.expectIdentifier();
    const defaultValue: Expression | null = reader.accept('=') ? parseExpression(reader) : null;
    parameters.push({ name: name.text, type, mode, defaultValue, start, end: reader.previousEnd });
  } while (reader.accept(','));
  return parameters;
}

function parameterMode(reader: TokenReader): FunctionParameter['mode'] {
  for (const mode of ['ref', 'out', 'params', 'this'] as const) if (reader.accept(mode)) return mode;
  return 'value';
}
