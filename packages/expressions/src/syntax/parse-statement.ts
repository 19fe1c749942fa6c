import type { BlockStatement, Declarator, Designation, Expression, Statement, TypeSyntax } from './ast.ts';
import { parseExpression } from './parse-expression.ts';
import { isLocalFunction, parseLocalFunction } from './parse-local-function.ts';
import { parseArrayInitializer } from './parse-new.ts';
import { parseGoto, parseSwitch } from './parse-switch.ts';
import { parseTry, parseUsing } from './parse-try.ts';
import { parseType, scanType } from './parse-type.ts';
import { SyntaxProblem } from './problems.ts';
import { is, type TokenReader } from './token-reader.ts';

export function parseBlock(reader: TokenReader): BlockStatement {
  const start = reader.expect('{', 'CS1514', '{ expected').start;
  const statements = parseStatements(reader, (r) => r.at('}'));
  reader.expect('}', 'CS1513', '} expected');
  return { kind: 'Block', statements, start, end: reader.previousEnd };
}

/** Statements until `stop`. A statement that cannot be read is reported and skipped, so that later ones are checked. */
export function parseStatements(reader: TokenReader, stop: (reader: TokenReader) => boolean): Statement[] {
  const statements: Statement[] = [];
  while (reader.current.kind !== 'end' && !stop(reader)) {
    const from = reader.position;
    try {
      statements.push(parseStatement(reader));
    } catch (problem) {
      if (!(problem instanceof SyntaxProblem)) throw problem;
      reader.problems.report(problem.code, problem.message, problem.at);
      skipStatement(reader, from);
      // A bracket that closes nothing stands still otherwise.
      if (reader.position <= from) reader.position = from + 1;
    }
  }
  return statements;
}

/** Moves behind the next `;` or `}` of the level at which the statement began. */
function skipStatement(reader: TokenReader, from: number): void {
  if (reader.tokens[reader.position - 1]?.text === ';' && reader.position > from) return;
  let at = from;
  for (; at < reader.tokens.length - 1; at++) {
    const token = reader.tokens[at];
    if (token?.kind !== 'punctuator') continue;
    if (token.text === ';' && at >= reader.position - 1) break;
    if (token.text === '}') {
      reader.position = Math.max(at, from);
      return;
    }
    if (token.text === '(' || token.text === '[' || token.text === '{') {
      const closer = reader.closerOf(at);
      if (closer < 0) continue;
      at = closer;
      if (token.text === '{' && at >= reader.position) break;
    }
  }
  reader.position = Math.min(at + 1, reader.tokens.length - 1);
}

export function parseStatement(reader: TokenReader): Statement {
  return reader.nested(() => parseStatementHere(reader));
}

function parseStatementHere(reader: TokenReader): Statement {
  const token = reader.current;
  const start = token.start;
  if (token.kind === 'punctuator') {
    if (token.text === '{') return parseBlock(reader);
    if (token.text === ';') {
      reader.take();
      return { kind: 'Empty', start, end: token.end };
    }
  }
  if (token.kind === 'keyword') {
    const parsed = parseKeywordStatement(reader, token.text, start);
    if (parsed) return parsed;
  }
  if (token.kind === 'identifier') {
    if (isYield(reader)) return parseYield(reader, start);
    if (is(reader.peek(), ':')) return parseLabel(reader, start);
    refuseContextual(reader);
  }
  if (isLocalFunction(reader)) return parseLocalFunction(reader);
  if (isDeclaration(reader)) {
    const local = parseLocal(reader, false);
    reader.expectSemicolon();
    return { ...local, end: reader.previousEnd };
  }
  const value = parseExpression(reader);
  reader.expectSemicolon();
  return { kind: 'Expression', value, start, end: reader.previousEnd };
}

const isYield = (reader: TokenReader) =>
  reader.atContextual('yield') && (is(reader.peek(), 'return') || is(reader.peek(), 'break'));

function parseYield(reader: TokenReader, start: number): Statement {
  reader.take();
  reader.yields++;
  const value = reader.take().text === 'return' ? parseExpression(reader) : null;
  reader.expectSemicolon();
  return { kind: 'Yield', value, start, end: reader.previousEnd };
}

function parseLabel(reader: TokenReader, start: number): Statement {
  const label = reader.expectIdentifier();
  reader.expect(':');
  if (reader.at('}') || reader.current.kind === 'end') throw reader.unexpected();
  return { kind: 'Label', label, start, end: reader.previousEnd };
}

function refuseContextual(reader: TokenReader): void {
  if (reader.atContextual('await'))
    throw new SyntaxProblem('CS4033', "'await' is not available in policy expressions", reader.current);
}

function parseKeywordStatement(reader: TokenReader, keyword: string, start: number): Statement | null {
  switch (keyword) {
    case 'if':
      return parseIf(reader, start);
    case 'while': {
      reader.take();
      const condition = parseCondition(reader);
      const body = parseEmbedded(reader);
      return { kind: 'While', condition, body, start, end: body.end };
    }
    case 'do': {
      reader.take();
      const body = parseEmbedded(reader);
      reader.expect('while');
      const condition = parseCondition(reader);
      reader.expectSemicolon();
      return { kind: 'Do', body, condition, start, end: reader.previousEnd };
    }
    case 'for':
      return parseFor(reader, start);
    case 'foreach':
      return parseForeach(reader, start);
    case 'switch':
      return parseSwitch(reader, start);
    case 'break':
    case 'continue':
      reader.take();
      reader.expectSemicolon();
      return { kind: keyword === 'break' ? 'Break' : 'Continue', start, end: reader.previousEnd };
    case 'goto':
      return parseGoto(reader, start);
    case 'return': {
      reader.take();
      const value = reader.at(';') ? null : parseExpression(reader);
      reader.expectSemicolon();
      return { kind: 'Return', value, start, end: reader.previousEnd };
    }
    case 'throw': {
      reader.take();
      const value = reader.at(';') ? null : parseExpression(reader);
      reader.expectSemicolon();
      return { kind: 'ThrowStatement', value, start, end: reader.previousEnd };
    }
    case 'try':
      return parseTry(reader, start);
    case 'using':
      return parseUsing(reader, start);
    case 'const': {
      reader.take();
      const local = parseLocal(reader, true);
      reader.expectSemicolon();
      return { ...local, start, end: reader.previousEnd };
    }
    case 'checked':
    case 'unchecked': {
      if (!is(reader.peek(), '{')) return null;
      reader.take();
      const body = parseBlock(reader);
      return { kind: 'CheckedBlock', checked: keyword === 'checked', body, start, end: body.end };
    }
    case 'ref':
      throw new SyntaxProblem('EXPR0006', 'ref locals are not available in policy expressions', reader.current);
    case 'lock':
    case 'unsafe':
    case 'fixed':
      throw new SyntaxProblem('EXPR0009', `'${keyword}' is not available in policy expressions`, reader.current);
    case 'class':
    case 'struct':
    case 'interface':
    case 'enum':
      throw new SyntaxProblem('EXPR0010', 'A policy expression cannot declare types', reader.current);
    case 'delegate':
      if (is(reader.peek(), '(') || is(reader.peek(), '{')) return null;
      throw new SyntaxProblem('EXPR0010', 'A policy expression cannot declare types', reader.current);
    case 'else':
      throw new SyntaxProblem('CS8641', "'else' cannot start a statement.", reader.current);
    case 'case':
    case 'catch':
    case 'finally':
      throw new SyntaxProblem('CS1003', `Syntax error, '${keyword}' is not expected here`, reader.current);
  }
  return null;
}

export function parseCondition(reader: TokenReader): Expression {
  reader.expect('(', 'CS1003', "Syntax error, '(' expected");
  const condition = parseExpression(reader);
  reader.expect(')', 'CS1026', ') expected');
  return condition;
}

export function parseEmbedded(reader: TokenReader): Statement {
  const statement = parseStatement(reader);
  if (statement.kind === 'Local' || statement.kind === 'LocalFunction' || statement.kind === 'Label') {
    reader.problems.report('CS1023', 'Embedded statement cannot be a declaration or labeled statement', statement);
  }
  return statement;
}

/** `else if` chains are read in a loop: a chain is not nesting. */
function parseIf(reader: TokenReader, start: number): Statement {
  const branches: { condition: Expression; consequent: Statement; start: number }[] = [];
  let otherwise: Statement | null = null;
  for (let from = start; ; from = reader.current.start) {
    reader.take();
    const condition = parseCondition(reader);
    branches.push({ condition, consequent: parseEmbedded(reader), start: from });
    if (branches.length > 1000) throw new SyntaxProblem('EXPR0003', "Too many 'else if' branches.", reader.current);
    if (!reader.accept('else')) break;
    if (!reader.at('if')) {
      otherwise = parseEmbedded(reader);
      break;
    }
  }
  const end = reader.previousEnd;
  for (const branch of branches.reverse()) otherwise = { kind: 'If', ...branch, otherwise, end };
  if (!otherwise) throw reader.unexpected();
  return otherwise;
}

/** Does a local declaration start here? `T x`, `var (a, b) =`. */
export function isDeclaration(reader: TokenReader): boolean {
  const token = reader.current;
  if (token.kind !== 'identifier' && token.kind !== 'keyword' && !reader.at('(')) return false;
  const scanned = scanType(reader);
  if (!scanned) return false;
  const next = reader.tokens[scanned.after];
  // `var if = 1` is a declaration whose name is wrong.
  if (next?.kind === 'keyword' && reader.atContextual('var')) return !['is', 'as', 'in', 'switch'].includes(next.text);
  return next?.kind === 'identifier';
}

export function parseLocal(reader: TokenReader, isConst: boolean): Extract<Statement, { kind: 'Local' }> {
  const type = parseType(reader);
  const variables: Declarator[] = [];
  do {
    const name = reader.expectIdentifier();
    const value = reader.accept('=')
      ? reader.at('{')
        ? parseArrayInitializer(reader)
        : parseExpression(reader)
      : null;
    variables.push({ name, value, start: name.start, end: reader.previousEnd });
  } while (reader.accept(','));
  return { kind: 'Local', isConst, type, variables, start: type.start, end: reader.previousEnd };
}

function parseFor(reader: TokenReader, start: number): Statement {
  reader.take();
  reader.expect('(');
  const initial: Statement[] = [];
  if (!reader.at(';')) {
    if (isDeclaration(reader)) initial.push(parseLocal(reader, false));
    else
      for (const value of parseExpressions(reader))
        initial.push({ kind: 'Expression', value, start: value.start, end: value.end });
  }
  reader.expectSemicolon();
  const condition = reader.at(';') ? null : parseExpression(reader);
  reader.expectSemicolon();
  const step = reader.at(')') ? [] : parseExpressions(reader);
  reader.expect(')', 'CS1026', ') expected');
  const body = parseEmbedded(reader);
  return { kind: 'For', initial, condition, step, body, start, end: body.end };
}

function parseExpressions(reader: TokenReader): Expression[] {
  const list = [parseExpression(reader)];
  while (reader.accept(',')) list.push(parseExpression(reader));
  return list;
}

function parseForeach(reader: TokenReader, start: number): Statement {
  reader.take();
  reader.expect('(');
  const type: TypeSyntax = parseType(reader);
  const designation = parseDesignation(reader);
  reader.expect('in', 'CS1515', "'in' expected");
  const source = parseExpression(reader);
  reader.expect(')', 'CS1026', ') expected');
  const body = parseEmbedded(reader);
  return { kind: 'Foreach', type, designation, source, body, start, end: body.end };
}

export function parseDesignation(reader: TokenReader): Designation {
  if (!reader.at('(')) {
    const name = reader.expectIdentifier();
    return { kind: 'Single', name: name.text, start: name.start, end: name.end };
  }
  return reader.nested(() => {
    const start = reader.take().start;
    const items = [parseDesignation(reader)];
    while (reader.accept(',')) items.push(parseDesignation(reader));
    reader.expect(')');
    return { kind: 'Many', items, start, end: reader.previousEnd };
  });
}
