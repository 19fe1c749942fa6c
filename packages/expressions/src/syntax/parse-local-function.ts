import type { Expression, FunctionParameter, Identifier, LocalFunctionStatement, TypeParameterSyntax } from './ast.ts';
import { parseExpression, tooNew } from './parse-expression.ts';
import { parseBlock } from './parse-statement.ts';
import { parseType, scanType } from './parse-type.ts';
import { SyntaxProblem } from './problems.ts';
import { is, type TokenReader } from './token-reader.ts';

/** `T Name(...) {`, `T Name<U>(...)` or `T Name(...) =>`, with `static` or `async` before it. */
export function isLocalFunction(reader: TokenReader): boolean {
  const start = reader.position;
  if (reader.at('static') || reader.atContextual('async')) reader.position++;
  const after = endOfHead(reader);
  reader.position = start;
  if (after === undefined) return false;
  if (reader.tokens[after]?.kind !== 'identifier') return false;
  const open = reader.tokens[after + 1];
  return open !== undefined && (is(open, '(') || (is(open, '<') && isGeneric(reader, after + 1)));
}

/** Behind the type at the cursor. */
function endOfHead(reader: TokenReader): number | undefined {
  const { current } = reader;
  if (current.kind !== 'identifier' && current.kind !== 'keyword' && !reader.at('(')) return undefined;
  return reader.at('void') ? reader.position + 1 : scanType(reader)?.after;
}

function isGeneric(reader: TokenReader, at: number): boolean {
  const closer = reader.tokens.findIndex((token, index) => index > at && is(token, '>'));
  const open = reader.tokens[closer + 1];
  return closer > 0 && closer - at < 20 && open !== undefined && is(open, '(');
}

export function parseLocalFunction(reader: TokenReader): LocalFunctionStatement {
  const start = reader.current.start;
  if (reader.at('static')) throw tooNew('8', 'static local functions', reader.current);
  if (reader.atContextual('async') && !is(reader.peek(), '('))
    throw new SyntaxProblem('CS4033', "'async' is not available in policy expressions", reader.current);
  const returnType = parseType(reader);
  const name = reader.expectIdentifier();
  const names = parseTypeParameters(reader);
  const parameters = parseFunctionParameters(reader);
  const constraints = parseConstraints(reader);
  const typeParameters = names.map(({ text, start: from, end }) => ({
    name: text,
    constraints: constraints.get(text) ?? [],
    start: from,
    end,
  }));
  const { yields } = reader;
  reader.yields = 0;
  const body = parseFunctionBody(reader);
  const isIterator = reader.yields > 0;
  reader.yields = yields;
  return {
    kind: 'LocalFunction',
    name,
    returnType,
    typeParameters,
    parameters,
    body,
    isIterator,
    start,
    end: reader.previousEnd,
  };
}

function parseTypeParameters(reader: TokenReader): Identifier[] {
  const names: Identifier[] = [];
  if (!reader.accept('<')) return names;
  do names.push(reader.expectIdentifier());
  while (reader.accept(','));
  reader.expect('>');
  return names;
}

type Constraints = TypeParameterSyntax['constraints'];

/** `where T : class, IComparable<T>, new()`. */
function parseConstraints(reader: TokenReader): ReadonlyMap<string, Constraints> {
  const all = new Map<string, Constraints>();
  while (reader.atContextual('where')) {
    reader.take();
    const { text } = reader.expectIdentifier();
    reader.expect(':');
    const list: Constraints[number][] = [];
    do list.push(parseConstraint(reader));
    while (reader.accept(','));
    all.set(text, list);
  }
  return all;
}

function parseConstraint(reader: TokenReader): Constraints[number] {
  if (reader.accept('class')) return 'class';
  if (reader.accept('struct')) return 'struct';
  if (!reader.accept('new')) return parseType(reader);
  reader.expect('(');
  reader.expect(')');
  return 'new';
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
  if (reader.at('in')) throw tooNew('7.2', "'in' parameters", reader.current);
  for (const mode of ['ref', 'out', 'params', 'this'] as const) if (reader.accept(mode)) return mode;
  return 'value';
}
