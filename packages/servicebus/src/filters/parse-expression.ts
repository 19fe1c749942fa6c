import type { TokenReader } from './token-reader.ts';
import { largestInt64, type Token } from './tokens.ts';
import type { ArithmeticOperator, Expression, Predicate, Property } from './tree.ts';

/** What stands in parentheses may be either, until it is seen what it is used for. */
export type Node = Expression | Predicate;

const expected = ['IDENTIFIER', 'a constant', 'a function', "'('"] as const;

/** Sums, products, signs and operands. `inParentheses` reads what stands between `(` and `)`. */
export function parseExpression(reader: TokenReader, inParentheses: (reader: TokenReader) => Node): Node {
  return chain(reader, ['+', '-'], () => chain(reader, ['*', '/', '%'], () => operand(reader, inParentheses)));
}

/** @throws {ServiceBusError} where it is a predicate */
export function asExpression(reader: TokenReader, node: Node): Expression {
  if (isExpression(node)) return node;
  throw reader.refusal({ at: node.at }, 'syntax error, unexpected predicate, expecting an expression');
}

const expressionKinds: ReadonlySet<Node['kind']> = new Set<Node['kind']>([
  'constant',
  'parameter',
  'newid',
  'property',
  'namedProperty',
  'arithmetic',
  'sign',
]);

export function isExpression(node: Node): node is Expression {
  return expressionKinds.has(node.kind);
}

function chain(reader: TokenReader, operators: readonly ArithmeticOperator[], parse: () => Node): Node {
  let left = parse();
  while (true) {
    const { at } = reader.current;
    const operator = operators.find((symbol) => reader.takesSymbol(symbol));
    if (operator === undefined) return left;
    const right = asExpression(reader, parse());
    left = { kind: 'arithmetic', at, operator, left: asExpression(reader, left), right };
  }
}

function operand(reader: TokenReader, inParentheses: (reader: TokenReader) => Node): Node {
  const token = reader.current;
  const { at } = token;
  if (token.kind === 'symbol') {
    if (token.symbol === '(') {
      reader.next();
      const inner = reader.nested(() => inParentheses(reader));
      reader.expectSymbol(')');
      return inner;
    }
    if (token.symbol === '+' || token.symbol === '-') {
      const operator = token.symbol;
      reader.next();
      return operator === '-' && reader.current.kind === 'integer'
        ? { kind: 'constant', at, value: -integer(reader, largestInt64 + 1n) }
        : {
            kind: 'sign',
            at,
            operator,
            operand: asExpression(
              reader,
              reader.nested(() => operand(reader, inParentheses)),
            ),
          };
    }
    throw reader.unexpected(...expected);
  }
  if (token.kind === 'identifier' && !token.delimited && reader.isSymbol('(', reader.following)) {
    return functionCall(reader, token, inParentheses);
  }
  return isProperty(reader) ? parseProperty(reader) : constant(reader, token);
}

function constant(reader: TokenReader, token: Token): Expression {
  const { at } = token;
  if (token.kind === 'integer') return { kind: 'constant', at, value: integer(reader, largestInt64) };
  if (token.kind === 'parameter') {
    reader.next();
    return { kind: 'parameter', at, name: token.name };
  }
  if (token.kind === 'double' || token.kind === 'string') {
    reader.next();
    return { kind: 'constant', at, value: token.value };
  }
  if (token.kind === 'keyword') {
    for (const [keyword, value] of [
      ['TRUE', true],
      ['FALSE', false],
      ['NULL', null],
    ] as const) {
      if (reader.takesKeyword(keyword)) return { kind: 'constant', at, value };
    }
  }
  throw reader.unexpected(...expected);
}

function integer(reader: TokenReader, most: bigint): bigint {
  const token = reader.next();
  if (token.kind !== 'integer') throw reader.unexpected('INTEGER');
  if (token.value > most) throw reader.refusal(token, 'The number is out of the range of Int64');
  return token.value;
}

function functionCall(
  reader: TokenReader,
  token: Token & { readonly kind: 'identifier' },
  inParentheses: (reader: TokenReader) => Node,
): Expression {
  const { at } = token;
  const name = token.name.toLowerCase();
  if (name !== 'newid' && name !== 'property' && name !== 'p') {
    throw reader.refusal(token, `The function '${token.name}' is unknown, expecting newid, property, or p`);
  }
  reader.next();
  reader.expectSymbol('(');
  if (name === 'newid') {
    reader.expectSymbol(')');
    return { kind: 'newid', at };
  }
  const argument = reader.nested(() => asExpression(reader, inParentheses(reader)));
  reader.expectSymbol(')');
  return { kind: 'namedProperty', at, name: argument };
}

function isProperty(reader: TokenReader): boolean {
  return reader.current.kind === 'identifier';
}

/** `[sys. | user.] name`. */
export function parseProperty(reader: TokenReader): Property {
  const first = reader.current;
  if (first.kind !== 'identifier') throw reader.unexpected('IDENTIFIER');
  reader.next();
  if (!reader.isSymbol('.')) return { kind: 'property', at: first.at, scope: 'user', name: first.name };
  const scope = first.delimited ? '' : first.name.toLowerCase();
  if (scope !== 'sys' && scope !== 'user') {
    throw reader.refusal(first, `The scope '${first.name}' is unknown, expecting sys, or user`);
  }
  reader.next();
  const name = reader.current;
  if (name.kind !== 'identifier') throw reader.unexpected('IDENTIFIER');
  reader.next();
  return { kind: 'property', at: first.at, scope, name: name.name };
}
