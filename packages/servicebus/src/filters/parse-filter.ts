import { asExpression, isExpression, type Node, parseExpression } from './parse-expression.ts';
import { TokenReader } from './token-reader.ts';
import type { ComparisonOperator, Expression, NamedProperty, Predicate, Property } from './tree.ts';

/**
 * Reads a filter as "Subscription Rule SQL Filter Syntax" has it: `NOT` binds tighter than `AND`, `AND` than `OR`.
 * @throws {ServiceBusError} `BadRequest`, with line, column and what was expected
 */
export function parseFilter(source: string): Predicate {
  const reader = new TokenReader(source);
  const predicate = asPredicate(reader, parseAny(reader));
  if (!reader.isAtEnd) throw reader.unexpected('an operator', 'AND', 'OR', 'EOF');
  return predicate;
}

/** A predicate or an expression. */
export function parseAny(reader: TokenReader): Node {
  return joined(reader, 'OR', () => joined(reader, 'AND', () => negation(reader)));
}

function joined(reader: TokenReader, keyword: 'AND' | 'OR', parse: () => Node): Node {
  const { at } = reader.current;
  const first = parse();
  if (!reader.isKeyword(keyword)) return first;
  const operands = [asPredicate(reader, first)];
  while (reader.takesKeyword(keyword)) operands.push(asPredicate(reader, parse()));
  return { kind: keyword === 'AND' ? 'and' : 'or', at, operands };
}

function negation(reader: TokenReader): Node {
  const { at } = reader.current;
  if (!reader.takesKeyword('NOT')) return comparison(reader);
  const operand = reader.nested(() => negation(reader));
  return { kind: 'not', at, operand: asPredicate(reader, operand) };
}

const comparisonOf: ReadonlyMap<string, ComparisonOperator> = new Map<string, ComparisonOperator>([
  ['=', '='],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

function comparison(reader: TokenReader): Node {
  if (reader.isKeyword('EXISTS')) return exists(reader);
  const left = parseExpression(reader, parseAny);
  const token = reader.current;
  const { at } = token;
  const operator = token.kind === 'symbol' ? comparisonOf.get(token.symbol) : undefined;
  if (operator !== undefined) {
    reader.next();
    const right = asExpression(reader, parseExpression(reader, parseAny));
    return { kind: 'comparison', at, operator, left: asExpression(reader, left), right };
  }
  if (reader.takesKeyword('IS')) {
    const negated = reader.takesKeyword('NOT');
    if (!reader.takesKeyword('NULL')) throw reader.unexpected(...(negated ? ['NULL'] : ['NOT', 'NULL']));
    return { kind: 'isNull', at, negated, operand: asProperty(reader, left) };
  }
  const negated = reader.isKeyword('NOT') && reader.takesKeyword('NOT');
  if (reader.takesKeyword('IN')) return membership(reader, at, negated, asExpression(reader, left));
  if (reader.takesKeyword('LIKE')) return like(reader, at, negated, asExpression(reader, left));
  if (negated) throw reader.unexpected('IN', 'LIKE');
  return left;
}

function exists(reader: TokenReader): Predicate {
  const { at } = reader.next();
  reader.expectSymbol('(');
  const operand = asProperty(reader, parseExpression(reader, parseAny));
  reader.expectSymbol(')');
  return { kind: 'exists', at, operand };
}

function membership(reader: TokenReader, at: number, negated: boolean, operand: Expression): Predicate {
  reader.expectSymbol('(');
  const candidates: Expression[] = [];
  do candidates.push(asExpression(reader, parseExpression(reader, parseAny)));
  while (reader.takesSymbol(','));
  if (!reader.takesSymbol(')')) throw reader.unexpected("','", "')'");
  return { kind: 'in', at, negated, operand, candidates };
}

function like(reader: TokenReader, at: number, negated: boolean, operand: Expression): Predicate {
  const pattern = asExpression(reader, parseExpression(reader, parseAny));
  const escapeCharacter = reader.takesKeyword('ESCAPE')
    ? asExpression(reader, parseExpression(reader, parseAny))
    : undefined;
  return { kind: 'like', at, negated, operand, pattern, escape: escapeCharacter };
}

function asProperty(reader: TokenReader, node: Node): Property | NamedProperty {
  if (node.kind === 'property' || node.kind === 'namedProperty') return node;
  throw reader.refusal({ at: node.at }, 'syntax error, expecting a property');
}

/** A Boolean may stand for a predicate; what can only be a number or a text may not. */
function asPredicate(reader: TokenReader, node: Node): Predicate {
  if (!isExpression(node)) return node;
  const mayBeBoolean =
    node.kind === 'constant'
      ? typeof node.value === 'boolean'
      : node.kind !== 'arithmetic' && node.kind !== 'sign' && node.kind !== 'newid';
  if (mayBeBoolean) return { kind: 'truth', at: node.at, operand: node };
  if (reader.isAtEnd || reader.isSymbol(')') || reader.isKeyword('AND') || reader.isKeyword('OR')) {
    throw reader.unexpected('a comparison', 'IS', 'IN', 'LIKE');
  }
  throw reader.unexpected('an operator');
}
