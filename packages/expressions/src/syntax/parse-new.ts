import type { ArrayInitializer, Expression, Identifier, Initializer, MemberInitializer, TypeSyntax } from './ast.ts';
import { parseArguments, parseExpression, tooNew } from './parse-expression.ts';
import { parseNonArrayType, parseRanks } from './parse-type.ts';
import { SyntaxProblem } from './problems.ts';
import { is, type TokenReader } from './token-reader.ts';

/** Everything that starts with `new`. */
export function parseNew(reader: TokenReader): Expression {
  return reader.nested(() => {
    const start = reader.take().start;
    if (reader.at('{')) return parseAnonymous(reader, start);
    if (reader.at('[')) return parseImplicitArray(reader, start);
    if (reader.at('(')) throw tooNew('9', "target-typed 'new()'", { start, end: reader.current.end });
    let type = parseNonArrayType(reader);
    if (reader.at('?')) {
      reader.take();
      type = { kind: 'NullableType', element: type, start: type.start, end: reader.previousEnd };
    }
    if (reader.at('[')) return parseArray(reader, start, type);
    if (!reader.at('(') && !reader.at('{')) {
      throw new SyntaxProblem('CS1526', 'A new expression requires (), [], or {} after type', {
        start,
        end: reader.previousEnd,
      });
    }
    const args = reader.accept('(') ? parseArguments(reader, ')') : null;
    if (args) reader.expect(')', 'CS1026', ') expected');
    const initializer = reader.at('{') ? parseInitializer(reader) : null;
    return { kind: 'New', type, args: args ?? [], initializer, start, end: reader.previousEnd };
  });
}

function parseAnonymous(reader: TokenReader, start: number): Expression {
  reader.take();
  const members: { name: Identifier; value: Expression }[] = [];
  while (!reader.at('}')) {
    const named = reader.current.kind === 'identifier' && is(reader.peek(), '=');
    const name = named ? reader.expectIdentifier() : null;
    if (named) reader.take();
    const value = parseExpression(reader);
    members.push({ name: name ?? inferredName(value), value });
    if (!reader.accept(',')) break;
  }
  reader.expect('}', 'CS1513', '} expected');
  return { kind: 'NewAnonymous', members, start, end: reader.previousEnd };
}

function inferredName(value: Expression): Identifier {
  if (value.kind === 'Name') return { text: value.name, start: value.start, end: value.end };
  if (value.kind === 'Member') return value.name;
  if (value.kind === 'ConditionalAccess') return inferredName(value.rest);
  throw new SyntaxProblem(
    'CS0746',
    'Invalid anonymous type member declarator. Anonymous type members must be declared with a member assignment, simple name or member access.',
    value,
  );
}

function parseImplicitArray(reader: TokenReader, start: number): Expression {
  reader.take();
  if (reader.at(',')) throw rectangular(reader, start);
  reader.expect(']');
  const items = parseArrayInitializer(reader);
  return { kind: 'NewArray', element: null, size: null, items, start, end: reader.previousEnd };
}

function parseArray(reader: TokenReader, start: number, type: TypeSyntax): Expression {
  reader.take();
  let size: Expression | null = null;
  if (!reader.at(']')) {
    if (reader.at(',')) throw rectangular(reader, start);
    size = parseExpression(reader);
    if (reader.at(',')) throw rectangular(reader, start);
  }
  reader.expect(']', 'CS1003', "Syntax error, ']' expected");
  const element = parseRanks(reader, type);
  const items = reader.at('{') ? parseArrayInitializer(reader) : null;
  if (!size && !items) {
    throw new SyntaxProblem('CS1586', 'Array creation must have array size or array initializer', {
      start,
      end: reader.previousEnd,
    });
  }
  return { kind: 'NewArray', element, size, items, start, end: reader.previousEnd };
}

const rectangular = (reader: TokenReader, start: number) =>
  new SyntaxProblem(
    'EXPR0007',
    "Rectangular arrays ('[,]') are not available in policy expressions: use an array of arrays ('[][]')",
    {
      start,
      end: reader.current.end,
    },
  );

/** `{ 1, 2, { 3 } }` after an array type. */
export function parseArrayInitializer(reader: TokenReader): ArrayInitializer {
  return reader.nested(() => {
    const start = reader.expect('{', 'CS1514', '{ expected').start;
    const items: Expression[] = [];
    while (!reader.at('}')) {
      items.push(reader.at('{') ? parseArrayInitializer(reader) : parseExpression(reader));
      if (!reader.accept(',')) break;
    }
    reader.expect('}', 'CS1513', '} expected');
    return { kind: 'ArrayInitializer', items, start, end: reader.previousEnd };
  });
}

function parseInitializer(reader: TokenReader): Initializer {
  return reader.nested(() => {
    const start = reader.take().start;
    const first = reader.current;
    const isObject = reader.at('[') || (first.kind === 'identifier' && is(reader.peek(), '='));
    const initializer = isObject ? objectMembers(reader, start) : collectionElements(reader, start);
    return initializer;
  });
}

function objectMembers(reader: TokenReader, start: number): Initializer {
  const members: MemberInitializer[] = [];
  while (!reader.at('}')) {
    const from = reader.current.start;
    let name: Identifier | null = null;
    let index: ReturnType<typeof parseArguments> | null = null;
    if (reader.at('{')) throw mixed(reader);
    if (reader.accept('[')) {
      index = parseArguments(reader, ']');
      reader.expect(']');
    } else name = reader.expectIdentifier();
    reader.expect('=');
    const value = reader.at('{') ? parseInitializer(reader) : parseExpression(reader);
    members.push({ name, index, value, start: from, end: reader.previousEnd });
    if (!reader.accept(',')) break;
  }
  reader.expect('}', 'CS1513', '} expected');
  return { kind: 'ObjectInitializer', members, start, end: reader.previousEnd };
}

/** `{ { "a", 1 }, ["b"] = 2 }`. */
const mixed = (reader: TokenReader) =>
  new SyntaxProblem(
    'CS0747',
    "Invalid initializer member declarator: an initializer has elements ('{ key, value }') or members ('[key] = value'), not both",
    reader.current,
  );

function collectionElements(reader: TokenReader, start: number): Initializer {
  const elements: Expression[][] = [];
  while (!reader.at('}')) {
    if (reader.at('[') || (reader.current.kind === 'identifier' && is(reader.peek(), '='))) throw mixed(reader);
    if (reader.accept('{')) {
      const parts = [parseExpression(reader)];
      while (reader.accept(',')) parts.push(parseExpression(reader));
      reader.expect('}', 'CS1513', '} expected');
      elements.push(parts);
    } else elements.push([parseExpression(reader)]);
    if (!reader.accept(',')) break;
  }
  reader.expect('}', 'CS1513', '} expected');
  return { kind: 'CollectionInitializer', elements, start, end: reader.previousEnd };
}
