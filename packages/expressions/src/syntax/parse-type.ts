import type { TypeSyntax } from './ast.ts';
import { SyntaxProblem } from './problems.ts';
import { predefinedTypes } from './token.ts';
import { is, type TokenReader } from './token-reader.ts';

/** A type, with its `?` and `[]`. @throws {SyntaxProblem} CS1031 */
export function parseType(reader: TokenReader, allowUnbound = false): TypeSyntax {
  return reader.nested(() => {
    let type = parseElementType(reader, allowUnbound);
    for (;;) {
      if (reader.at('?')) {
        reader.take();
        type = { kind: 'NullableType', element: type, start: type.start, end: reader.previousEnd };
      } else if (reader.at('[') && (is(reader.peek(), ']') || is(reader.peek(), ','))) {
        type = parseRanks(reader, type);
      } else return type;
    }
  });
}

/** A type without `[]` and `?`: what stands after `new`. */
export function parseNonArrayType(reader: TokenReader): TypeSyntax {
  return reader.nested(() => parseElementType(reader, false));
}

/** `int[][,]`: the first bracket is the outermost array. */
export function parseRanks(reader: TokenReader, element: TypeSyntax): TypeSyntax {
  const ranks: { rank: number; end: number }[] = [];
  while (reader.at('[') && (is(reader.peek(), ']') || is(reader.peek(), ','))) {
    reader.take();
    let rank = 1;
    while (reader.accept(',')) rank++;
    reader.expect(']');
    ranks.push({ rank, end: reader.previousEnd });
  }
  let type = element;
  for (const { rank, end } of ranks.reverse())
    type = { kind: 'ArrayType', element: type, rank, start: element.start, end };
  return type;
}

function parseElementType(reader: TokenReader, allowUnbound: boolean): TypeSyntax {
  const token = reader.current;
  if (token.kind === 'keyword' && predefinedTypes.has(token.text)) {
    reader.take();
    return {
      kind: 'NamedType',
      predefined: true,
      parts: [{ name: token.text, args: [] }],
      start: token.start,
      end: token.end,
    };
  }
  if (reader.at('(')) return parseTupleType(reader);
  if (token.kind !== 'identifier') {
    throw new SyntaxProblem('CS1031', 'Type expected', token);
  }
  const parts: { name: string; args: TypeSyntax[] }[] = [];
  let unbound = false;
  do {
    const name = reader.expectIdentifier();
    if (reader.at('::')) {
      if (name.text !== 'global') throw new SyntaxProblem('CS0432', `Alias '${name.text}' not found`, name);
      continue;
    }
    let args: TypeSyntax[] = [];
    if (reader.at('<')) {
      if (allowUnbound && (is(reader.peek(), '>') || is(reader.peek(), ','))) {
        unbound = true;
        args = unboundArguments(reader);
      } else args = parseTypeArguments(reader);
    }
    parts.push({ name: name.text, args });
  } while (reader.accept('.') || reader.accept('::'));
  return {
    kind: 'NamedType',
    predefined: false,
    parts,
    ...(unbound ? { unbound } : {}),
    start: token.start,
    end: reader.previousEnd,
  };
}

function unboundArguments(reader: TokenReader): TypeSyntax[] {
  const at = reader.take();
  const object: TypeSyntax = {
    kind: 'NamedType',
    predefined: true,
    parts: [{ name: 'object', args: [] }],
    start: at.start,
    end: at.end,
  };
  const args = [object];
  while (reader.accept(',')) args.push(object);
  reader.expect('>');
  return args;
}

export function parseTypeArguments(reader: TokenReader): TypeSyntax[] {
  reader.expect('<');
  const args = [parseType(reader)];
  while (reader.accept(',')) args.push(parseType(reader));
  reader.expect('>');
  return args;
}

function parseTupleType(reader: TokenReader): TypeSyntax {
  const start = reader.take().start;
  const elements: { type: TypeSyntax; name: string | null }[] = [];
  do {
    const type = parseType(reader);
    elements.push({ type, name: reader.current.kind === 'identifier' ? reader.take().text : null });
  } while (reader.accept(','));
  reader.expect(')');
  if (elements.length < 2)
    throw new SyntaxProblem('CS8124', 'Tuple must contain at least two elements.', { start, end: reader.previousEnd });
  return { kind: 'TupleType', elements, start, end: reader.previousEnd };
}

/**
 * Looks whether a type stands at the cursor; does not move it.
 * Returns the position after it, and whether only a type can look so; or undefined.
 */
export function scanType(reader: TokenReader): { after: number; onlyType: boolean } | undefined {
  const start = reader.position;
  try {
    const type = parseType(reader);
    return { after: reader.position, onlyType: !couldBeExpression(type) };
  } catch (problem) {
    if (problem instanceof SyntaxProblem) return undefined;
    throw problem;
  } finally {
    reader.position = start;
  }
}

/** `Foo.Bar` and `Foo<Bar>` are also grammatical expressions (the latter as comparisons). */
function couldBeExpression(type: TypeSyntax): boolean {
  return (type.kind === 'NamedType' && !type.predefined) || type.kind === 'TupleType';
}
