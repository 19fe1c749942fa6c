import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SqlValue } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { maxStatementLength } from './limits.ts';
import { parseAction } from './parse-action.ts';
import { parseFilter } from './parse-filter.ts';
import type { ArithmeticOperator, ComparisonOperator, Expression, NamedProperty, Predicate, Property } from './tree.ts';

/** A tree without its offsets. */
function bare(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) =>
      key === 'at' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
    ),
  );
}

function print(node: Predicate | Expression): string {
  switch (node.kind) {
    case 'constant':
      return printConstant(node.value);
    case 'parameter':
      return node.name;
    case 'newid':
      return 'newid()';
    case 'property':
      return `${node.scope}.[${node.name.replaceAll(']', ']]')}]`;
    case 'namedProperty':
      return `p(${print(node.name)})`;
    case 'sign':
      return `${node.operator}(${print(node.operand)})`;
    case 'arithmetic':
      return `(${print(node.left)}) ${node.operator} (${print(node.right)})`;
    case 'and':
    case 'or':
      return node.operands.map((operand) => `(${print(operand)})`).join(` ${node.kind} `);
    case 'not':
      return `NOT (${print(node.operand)})`;
    case 'comparison':
      return `(${print(node.left)}) ${node.operator} (${print(node.right)})`;
    case 'isNull':
      return `${print(node.operand)} IS ${node.negated ? 'NOT ' : ''}NULL`;
    case 'in':
      return `(${print(node.operand)})${node.negated ? ' NOT' : ''} IN (${node.candidates.map(print).join(', ')})`;
    case 'like': {
      const ending = node.escape === undefined ? '' : ` ESCAPE ${print(node.escape)}`;
      return `(${print(node.operand)})${node.negated ? ' NOT' : ''} LIKE ${print(node.pattern)}${ending}`;
    }
    case 'exists':
      return `EXISTS(${print(node.operand)})`;
    case 'truth':
      return print(node.operand);
  }
}

function printConstant(value: SqlValue): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'number') return value.toExponential();
  return String(value);
}

const at = 0;
const property: fc.Arbitrary<Property> = fc.record({
  kind: fc.constant('property' as const),
  at: fc.constant(at),
  scope: fc.constantFrom('sys' as const, 'user' as const),
  name: fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
});
const constant = fc
  .oneof<fc.Arbitrary<SqlValue>[]>(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.boolean(),
    fc.constant(null),
  )
  .map((value): Expression => ({ kind: 'constant', at, value: Object.is(value, -0) ? 0.5 : value }));

const { predicate } = fc.letrec<{ expression: Expression; predicate: Predicate; named: Property | NamedProperty }>(
  (tie) => ({
    named: fc.oneof(
      property,
      tie('expression').map((name): NamedProperty => ({ kind: 'namedProperty', at, name })),
    ),
    expression: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'expression' },
      constant,
      property,
      fc.constant<Expression>({ kind: 'newid', at }),
      fc.constant<Expression>({ kind: 'parameter', at, name: '@p_1' }),
      tie('expression').map((name): Expression => ({ kind: 'namedProperty', at, name })),
      fc
        .tuple(fc.constantFrom('+' as const, '-' as const), tie('expression'))
        .map(([operator, operand]): Expression => ({ kind: 'sign', at, operator, operand })),
      fc
        .tuple(fc.constantFrom<ArithmeticOperator>('+', '-', '*', '/', '%'), tie('expression'), tie('expression'))
        .map(([operator, left, right]): Expression => ({ kind: 'arithmetic', at, operator, left, right })),
    ),
    predicate: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'predicate' },
      tie('named').map((operand): Predicate => ({ kind: 'exists', at, operand })),
      fc
        .tuple(
          fc.constantFrom<ComparisonOperator>('=', '<>', '<', '<=', '>', '>='),
          tie('expression'),
          tie('expression'),
        )
        .map(([operator, left, right]): Predicate => ({ kind: 'comparison', at, operator, left, right })),
      fc
        .tuple(tie('named'), fc.boolean())
        .map(([operand, negated]): Predicate => ({ kind: 'isNull', at, negated, operand })),
      fc
        .tuple(tie('expression'), fc.boolean(), fc.array(tie('expression'), { minLength: 1, maxLength: 3 }))
        .map(([operand, negated, candidates]): Predicate => ({ kind: 'in', at, negated, operand, candidates })),
      fc
        .tuple(tie('expression'), fc.boolean(), tie('expression'), fc.option(tie('expression'), { nil: undefined }))
        .map(
          ([operand, negated, pattern, escapeCharacter]): Predicate => ({
            kind: 'like',
            at,
            negated,
            operand,
            pattern,
            escape: escapeCharacter,
          }),
        ),
      property.map((operand): Predicate => ({ kind: 'truth', at, operand })),
      tie('predicate').map((operand): Predicate => ({ kind: 'not', at, operand })),
      fc
        .tuple(
          fc.constantFrom('and' as const, 'or' as const),
          fc.array(tie('predicate'), { minLength: 2, maxLength: 3 }),
        )
        .map(([kind, operands]): Predicate => ({ kind, at, operands })),
    ),
  }),
);

describe('the parser of filters', () => {
  it('reads what was printed as what it was', () => {
    fc.assert(
      fc.property(predicate, (tree) => {
        const text = print(tree);
        fc.pre(text.length <= maxStatementLength);
        expect(bare(parseFilter(text))).toEqual(bare(tree));
      }),
      { numRuns: 1000 },
    );
  });

  it('either reads a text or refuses it as a bad request', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'a',
        'sys.',
        '(',
        ')',
        "'",
        '[',
        ']',
        '"',
        ' AND ',
        ' OR ',
        ' NOT ',
        ' IN ',
        ' LIKE ',
        ' IS NULL',
        '=',
        '<',
        '-',
        '1',
        '.',
        'E',
        ',',
        ';',
        '@',
        'p(',
        'SET ',
        'REMOVE ',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const parse of [parseFilter, parseAction]) {
          try {
            parse(pieces.join(''));
          } catch (error) {
            expect(error).toBeInstanceOf(ServiceBusError);
            expect(error).toMatchObject({ code: 'BadRequest' });
          }
        }
      }),
      { numRuns: 3000 },
    );
  });
});
