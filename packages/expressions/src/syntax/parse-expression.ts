import type { Argument, Expression, TypeSyntax } from './ast.ts';
import { isLambda, parseLambda } from './parse-lambda.ts';
import { parsePattern } from './parse-pattern.ts';
import { parsePrimary } from './parse-primary.ts';
import { parseType, scanType } from './parse-type.ts';
import { type Span, SyntaxProblem } from './problems.ts';
import type { Token } from './token.ts';
import { is, type TokenReader } from './token-reader.ts';

const assignments: ReadonlySet<string> = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=']);

/** C#'s binary operators, weakest first. `is` and `as` stand with the relational ones. */
const precedence: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  is: 7,
  as: 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

/** More operands in a row than this are refused: the tree is as deep as the row is long. */
const longestRow = 5000;

export function parseExpression(reader: TokenReader): Expression {
  return reader.nested(() => {
    if (isLambda(reader)) return parseLambda(reader);
    refuseQuery(reader);
    if (reader.at('throw')) return parseThrow(reader);
    const left = parseConditional(reader);
    const operator = assignmentOperator(reader);
    if (operator === null) return left;
    const value = parseExpression(reader);
    return { kind: 'Assignment', operator, target: left, value, start: left.start, end: value.end };
  });
}

function assignmentOperator(reader: TokenReader): string | null {
  const token = reader.current;
  if (token.kind !== 'punctuator') return null;
  if (assignments.has(token.text)) return reader.take().text;
  if (token.text === '??=') throw tooNew('8', "the operator '??='", token);
  if (token.text === '>' && is(reader.peek(), '>') && is(reader.peek(2), '=') && adjacent(reader, 3)) {
    reader.position += 3;
    return '>>=';
  }
  if (token.text === '>' && is(reader.peek(), '>=') && adjacent(reader, 2)) {
    reader.position += 2;
    return '>>=';
  }
  return null;
}

function adjacent(reader: TokenReader, count: number): boolean {
  for (let i = 1; i < count; i++) if (reader.peek(i).start !== reader.peek(i - 1).end) return false;
  return true;
}

function parseThrow(reader: TokenReader): Expression {
  const start = reader.take().start;
  const value = parseExpression(reader);
  return { kind: 'Throw', value, start, end: value.end };
}

function parseConditional(reader: TokenReader): Expression {
  const condition = parseCoalescing(reader);
  if (!reader.at('?')) return condition;
  return reader.nested(() => {
    reader.take();
    const whenTrue = parseExpression(reader);
    reader.expect(':', 'CS1003', "Syntax error, ':' expected");
    const whenFalse = parseExpression(reader);
    return { kind: 'Conditional', condition, whenTrue, whenFalse, start: condition.start, end: whenFalse.end };
  });
}

/** `??` is right-associative. */
function parseCoalescing(reader: TokenReader): Expression {
  const operands = [parseBinary(reader, 1)];
  while (reader.accept('??')) operands.push(reader.at('throw') ? parseThrow(reader) : parseBinary(reader, 1));
  if (operands.length > longestRow) throw tooLong(operands[0] ?? reader.current);
  let right = operands.pop();
  for (let left = operands.pop(); left && right; left = operands.pop()) {
    right = { kind: 'Binary', operator: '??', left, right, start: left.start, end: right.end };
  }
  return right ?? parseBinary(reader, 1);
}

export function parseBinary(reader: TokenReader, least: number): Expression {
  let left = parseUnary(reader);
  for (let row = 0; ; row++) {
    if (row > longestRow) throw tooLong(left);
    const operator = binaryOperator(reader);
    const strength = operator === null ? undefined : precedence[operator];
    if (operator === null || strength === undefined || strength < least) return left;
    reader.position += operator === '>>' ? 2 : 1;
    left = parseRight(reader, left, operator, strength);
  }
}

function parseRight(reader: TokenReader, left: Expression, operator: string, strength: number): Expression {
  if (operator === 'is') {
    const pattern = parsePattern(reader);
    return { kind: 'Is', operand: left, pattern, start: left.start, end: pattern.end };
  }
  if (operator === 'as') {
    const type = parseTypeAfterIsOrAs(reader);
    return { kind: 'As', operand: left, type, start: left.start, end: type.end };
  }
  const right = reader.nested(() => parseBinary(reader, strength + 1));
  return { kind: 'Binary', operator, left, right, start: left.start, end: right.end };
}

function binaryOperator(reader: TokenReader): string | null {
  const token = reader.current;
  if (token.kind === 'keyword') return token.text === 'is' || token.text === 'as' ? token.text : refuseSwitch(token);
  if (token.kind === 'identifier' && token.text === 'with' && is(reader.peek(), '{'))
    throw tooNew('9', "'with' expressions", token);
  if (token.kind !== 'punctuator') return null;
  if (token.text === '>' && is(reader.peek(), '>') && adjacent(reader, 2)) {
    return is(reader.peek(2), '=') && adjacent(reader, 3) ? null : '>>';
  }
  if (token.text === '>' && is(reader.peek(), '>=') && adjacent(reader, 2)) return null;
  if (token.text === '..') throw tooNew('8', 'ranges', token);
  return Object.hasOwn(precedence, token.text) ? token.text : null;
}

function refuseSwitch(token: Token): null {
  if (token.text === 'switch') throw tooNew('8', 'switch expressions', token);
  return null;
}

/** After `is` and `as`, `int?` before `:` would be a conditional: `x is int ? a : b`. */
export function parseTypeAfterIsOrAs(reader: TokenReader): TypeSyntax {
  const type = parseType(reader);
  if (type.kind !== 'NullableType' || !startsOperand(reader.current)) return type;
  reader.position = reader.tokens.findIndex((token) => token.end === type.end);
  return type.element;
}

function startsOperand(token: Token): boolean {
  if (token.kind === 'punctuator') return ['(', '!', '~', '-', '+', '++', '--'].includes(token.text);
  if (token.kind === 'keyword') return token.text !== 'is' && token.text !== 'as' && token.text !== 'in';
  return token.kind !== 'end';
}

function parseUnary(reader: TokenReader): Expression {
  const token = reader.current;
  if (token.kind === 'punctuator') {
    switch (token.text) {
      case '+':
      case '-':
      case '!':
      case '~':
        return reader.nested(() => {
          reader.take();
          const operand = parseUnary(reader);
          return { kind: 'Unary', operator: token.text, operand, start: token.start, end: operand.end };
        });
      case '++':
      case '--': {
        const operator = token.text;
        return reader.nested(() => {
          reader.take();
          const operand = parseUnary(reader);
          return { kind: 'Increment', operator, prefix: true, operand, start: token.start, end: operand.end };
        });
      }
      case '(': {
        if (!isCast(reader)) return parsePrimary(reader);
        return reader.nested(() => {
          reader.take();
          const type = parseType(reader);
          reader.expect(')');
          const operand = parseUnary(reader);
          return { kind: 'Cast', type, operand, start: token.start, end: operand.end };
        });
      }
      case '^':
        throw tooNew('8', "'^' indexes", token);
      case '..':
        throw tooNew('8', 'ranges', token);
      case '&':
      case '*':
        throw new SyntaxProblem('CS0227', 'Unsafe code is not available in policy expressions', token);
    }
  }
  if (token.kind === 'identifier' && token.text === 'await' && startsOperandWithoutOperator(reader.peek())) {
    throw new SyntaxProblem('CS4033', "'await' is not available in policy expressions", token);
  }
  return parsePrimary(reader);
}

const startsOperandWithoutOperator = (token: Token) =>
  token.kind === 'identifier' || is(token, 'new') || is(token, 'this');

/** C# specification, "Cast expressions": is `(T)` before this operand a cast? */
export function isCast(reader: TokenReader): boolean {
  const closer = reader.closerOf(reader.position);
  if (closer < 0) return false;
  const first = reader.peek();
  if (first.kind !== 'identifier' && first.kind !== 'keyword' && !is(first, '(')) return false;
  const start = reader.position;
  reader.position++;
  const scanned = scanType(reader);
  reader.position = start;
  if (!scanned || scanned.after !== closer) return false;
  if (scanned.onlyType) return true;
  const next = reader.tokens[closer + 1];
  if (!next || next.kind === 'end') return false;
  if (next.kind === 'punctuator') return next.text === '~' || next.text === '!' || next.text === '(';
  return next.kind !== 'keyword' || !['is', 'as', 'in', 'switch'].includes(next.text);
}

export function parseArguments(reader: TokenReader, closer: ')' | ']'): Argument[] {
  const args: Argument[] = [];
  if (reader.at(closer)) return args;
  do args.push(parseArgument(reader));
  while (reader.accept(','));
  return args;
}

function parseArgument(reader: TokenReader): Argument {
  const start = reader.current.start;
  const named = reader.current.kind === 'identifier' && is(reader.peek(), ':');
  const name = named ? reader.expectIdentifier() : null;
  if (named) reader.take();
  if (reader.at('in')) throw tooNew('7.2', "'in' arguments", reader.current);
  const mode = reader.accept('ref') ? 'ref' : reader.accept('out') ? 'out' : 'value';
  const value = mode === 'out' ? parseOutArgument(reader) : parseExpression(reader);
  return { name, mode, value, start, end: value.end };
}

/** `out x`, `out var x`, `out int x`, `out _`. */
function parseOutArgument(reader: TokenReader): Expression {
  const scanned = scanType(reader);
  if (scanned && reader.tokens[scanned.after]?.kind === 'identifier') {
    return parseDeclaration(reader);
  }
  return parseExpression(reader);
}

/** A type and the name of a variable that is declared inside an expression; `_` declares none. */
export function parseDeclaration(reader: TokenReader): Expression {
  const type = parseType(reader);
  const { text, start, end } = reader.expectIdentifier();
  const designation = { kind: 'Single', name: text === '_' ? null : text, start, end } as const;
  return { kind: 'Declaration', type, designation, start: type.start, end };
}

function refuseQuery(reader: TokenReader): void {
  if (!reader.atContextual('from') || reader.peek().kind !== 'identifier' || !is(reader.peek(2), 'in')) return;
  throw new SyntaxProblem(
    'EXPR0005',
    "LINQ query syntax ('from ... in ...') is not available in policy expressions: write it with methods (Where, Select ...)",
    reader.current,
  );
}

export function tooNew(version: string, feature: string, at: Span): SyntaxProblem {
  return new SyntaxProblem(
    'CS8107',
    `C# ${version} ${feature}: not available in policy expressions, which are C# 7`,
    at,
  );
}

const tooLong = (at: Span) => new SyntaxProblem('EXPR0003', 'The expression has too many operands in a row.', at);
