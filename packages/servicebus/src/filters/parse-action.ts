import { ServiceBusError } from '../errors.ts';
import { maxActionStatements } from './limits.ts';
import { asExpression, type Node, parseExpression, parseProperty } from './parse-expression.ts';
import { TokenReader } from './token-reader.ts';
import type { Statement } from './tree.ts';

/**
 * Reads an action as "Subscription Rule SQL Action Syntax" has it: `SET` and `REMOVE`, with a semicolon (or a comma) between them or none.
 * @throws {ServiceBusError} `BadRequest`, with line, column and what was expected
 */
export function parseAction(source: string): Statement[] {
  const reader = new TokenReader(source);
  const statements: Statement[] = [];
  while (!reader.isAtEnd) {
    statements.push(statement(reader));
    while (reader.takesSymbol(';'));
    if (reader.isSymbol(',') && !reader.isSymbol(',', reader.following)) reader.next();
  }
  if (statements.length > maxActionStatements) {
    throw new ServiceBusError('BadRequest', {
      reason: `The action has ${statements.length} statements. The maximum allowed number of expressions per rule action is ${maxActionStatements}.`,
    });
  }
  return statements;
}

function statement(reader: TokenReader): Statement {
  const { at } = reader.current;
  if (reader.takesKeyword('REMOVE')) return { kind: 'remove', at, target: parseProperty(reader) };
  if (!reader.takesKeyword('SET')) throw reader.unexpected('SET', 'REMOVE');
  const target = parseProperty(reader);
  reader.expectSymbol('=');
  return { kind: 'set', at, target, value: asExpression(reader, parseValue(reader)) };
}

function parseValue(reader: TokenReader): Node {
  return parseExpression(reader, parseValue);
}
