import type { Pattern, TypeSyntax } from './ast.ts';
import { isCast, parseBinary, parseTypeAfterIsOrAs, tooNew } from './parse-expression.ts';
import { parseType, scanType } from './parse-type.ts';
import type { Token } from './token.ts';
import { is, type TokenReader } from './token-reader.ts';

export function parsePattern(reader: TokenReader): Pattern {
  const start = reader.current.start;
  if (reader.atContextual('not') && !['&&', ')', ';', '?', '.', '||', ':'].includes(reader.peek().text)) {
    throw tooNew('9', "'not' patterns", reader.current);
  }
  refuseBraces(reader);
  if (reader.at('(') && !isCast(reader) && hasComma(reader)) throw tooNew('8', 'positional patterns', reader.current);
  if (['<', '>', '<=', '>='].some((operator) => reader.at(operator)))
    throw tooNew('9', 'relational patterns', reader.current);
  if (reader.atContextual('var') && is(reader.peek(), '(')) throw tooNew('8', 'positional patterns', reader.current);
  if (reader.atContextual('var') && reader.peek().kind === 'identifier') {
    reader.take();
    const name = reader.expectIdentifier();
    return { kind: 'VarPattern', name: name.text === '_' ? null : name, start, end: name.end };
  }
  const scanned = scanType(reader);
  const next = scanned && reader.tokens[scanned.after];
  if (scanned && next?.kind === 'identifier' && !isContextualAfterPattern(next)) {
    const type = parseType(reader);
    const name = reader.expectIdentifier();
    return { kind: 'TypePattern', type, name: name.text === '_' ? null : name, start, end: name.end };
  }
  if (scanned && next && is(next, '{')) {
    reader.position = scanned.after;
    refuseBraces(reader);
  }
  if (scanned?.onlyType && !is(reader.tokens[scanned.after] ?? reader.current, '.')) {
    const type = parseTypeAfterIsOrAs(reader);
    return { kind: 'TypePattern', type, name: null, start, end: type.end };
  }
  return parseConstantPattern(reader, scanned, start);
}

/** `{ Length: 3 }`: what stands in the braces is passed over, so that the statement's end is found. */
function refuseBraces(reader: TokenReader): void {
  if (!reader.at('{')) return;
  const brace = reader.current;
  const closer = reader.closerOf(reader.position);
  if (closer >= 0) reader.position = closer + 1;
  throw tooNew('8', 'property patterns', brace);
}

/** Does a comma stand directly in the parentheses at the cursor? */
function hasComma(reader: TokenReader): boolean {
  const closer = reader.closerOf(reader.position);
  for (let at = reader.position + 1; at < closer; at++) {
    const token = reader.tokens[at];
    if (token && is(token, ',')) return true;
    at = Math.max(at, reader.closerOf(at));
  }
  return false;
}

function parseConstantPattern(reader: TokenReader, scanned: ReturnType<typeof scanType>, start: number): Pattern {
  const from = reader.position;
  let type: TypeSyntax | null = null;
  if (scanned) {
    type = parseType(reader);
    reader.position = from;
    if (type.kind === 'NullableType') type = null;
  }
  if (scanned && type?.kind === 'NamedType' && type.parts.some((part) => part.args.length > 0)) {
    const named = parseTypeAfterIsOrAs(reader);
    return { kind: 'TypePattern', type: named, name: null, start, end: named.end };
  }
  const value = parseBinary(reader, 8);
  const whole = type !== null && type.end === value.end;
  if (reader.atContextual('or') || reader.atContextual('and'))
    throw tooNew('9', `'${reader.current.text}' patterns`, reader.current);
  return { kind: 'ConstantPattern', value, type: whole ? type : null, start, end: value.end };
}

const isContextualAfterPattern = (token: Token) => ['when', 'and', 'or'].includes(token.text);
