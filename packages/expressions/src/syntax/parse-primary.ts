import type { Expression, InterpolatedPart, TypeSyntax } from './ast.ts';
import { parseArguments, parseDeclaration, parseExpression, tooNew } from './parse-expression.ts';
import { parseNew } from './parse-new.ts';
import { parseType, parseTypeArguments, scanType } from './parse-type.ts';
import { SyntaxProblem } from './problems.ts';
import { predefinedTypes, type Token } from './token.ts';
import { is, TokenReader } from './token-reader.ts';

/** More members and calls in a row than this are refused: the tree is as deep as the row is long. */
const longestChain = 400;

export function parsePrimary(reader: TokenReader): Expression {
  return parsePostfix(reader, parseStart(reader), 0);
}

function parsePostfix(reader: TokenReader, start: Expression, already: number): Expression {
  let target = start;
  for (let length = already; ; length++) {
    if (length > longestChain)
      throw new SyntaxProblem('EXPR0003', 'The expression has too many members in a row.', reader.current);
    const token = reader.current;
    if (token.kind !== 'punctuator') return target;
    switch (token.text) {
      case '.':
        reader.take();
        target = parseMember(reader, target);
        break;
      case '(': {
        reader.take();
        const args = parseArguments(reader, ')');
        reader.expect(')', 'CS1026', ') expected');
        target = { kind: 'Call', target, args, start: target.start, end: reader.previousEnd };
        break;
      }
      case '[': {
        reader.take();
        const args = parseArguments(reader, ']');
        reader.expect(']', 'CS1003', "Syntax error, ']' expected");
        if (args.length === 0)
          throw new SyntaxProblem('CS0443', 'Syntax error; value expected', {
            start: token.start,
            end: reader.previousEnd,
          });
        target = { kind: 'Index', target, args, start: target.start, end: reader.previousEnd };
        break;
      }
      case '?.':
        reader.take();
        return conditionalAccess(reader, target, (receiver) => parseMember(reader, receiver), length);
      case '?': {
        if (!is(reader.peek(), '[')) return target;
        reader.take();
        return conditionalAccess(
          reader,
          target,
          (receiver) => {
            reader.take();
            const args = parseArguments(reader, ']');
            reader.expect(']', 'CS1003', "Syntax error, ']' expected");
            return { kind: 'Index', target: receiver, args, start: receiver.start, end: reader.previousEnd };
          },
          length,
        );
      }
      case '++':
      case '--':
        reader.take();
        target = {
          kind: 'Increment',
          operator: token.text,
          prefix: false,
          operand: target,
          start: target.start,
          end: token.end,
        };
        break;
      case '!':
        if (is(reader.peek(), '.') || is(reader.peek(), ')') || is(reader.peek(), ';'))
          throw tooNew('8', "the operator '!' after an operand", token);
        return target;
      case '->':
        throw new SyntaxProblem('CS0227', 'Unsafe code is not available in policy expressions', token);
      default:
        return target;
    }
  }
}

function conditionalAccess(
  reader: TokenReader,
  target: Expression,
  first: (receiver: Expression) => Expression,
  length: number,
): Expression {
  return reader.nested(() => {
    const at = { start: target.start, end: target.end };
    const rest = parsePostfix(reader, first({ kind: 'Receiver', ...at }), length + 1);
    return { kind: 'ConditionalAccess', target, rest, start: target.start, end: rest.end };
  });
}

function parseMember(reader: TokenReader, target: Expression): Expression {
  const name = reader.expectIdentifier();
  const typeArgs = parseTypeArgumentsOfName(reader);
  return { kind: 'Member', target, name, typeArgs, start: target.start, end: reader.previousEnd };
}

/** C# specification, "Grammar ambiguities": `F<A, B>` before one of these tokens is a generic name. */
const afterTypeArguments: ReadonlySet<string> = new Set([
  '(',
  ')',
  ']',
  '}',
  ':',
  ';',
  ',',
  '.',
  '?.',
  '?',
  '==',
  '!=',
  '|',
  '^',
  '&&',
  '||',
  '&',
  '[',
  '=>',
]);

export function parseTypeArgumentsOfName(reader: TokenReader): TypeSyntax[] | null {
  if (!reader.at('<')) return null;
  const start = reader.position;
  try {
    const args = parseTypeArguments(reader);
    const next = reader.current;
    if (next.kind === 'end' || (next.kind === 'punctuator' && afterTypeArguments.has(next.text))) return args;
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
  }
  reader.position = start;
  return null;
}

function parseStart(reader: TokenReader): Expression {
  const token = reader.current;
  switch (token.kind) {
    case 'number':
    case 'string':
    case 'char':
      reader.take();
      if (!token.value) throw reader.unexpected();
      if (token.kind === 'string') refuseUtf8(reader, token);
      return { kind: 'Literal', value: token.value, start: token.start, end: token.end };
    case 'interpolated':
      reader.take();
      return { kind: 'Interpolated', parts: interpolatedParts(reader, token), start: token.start, end: token.end };
    case 'identifier': {
      reader.take();
      if (token.text === 'global' && reader.accept('::')) return parseStart(reader);
      const typeArgs = parseTypeArgumentsOfName(reader);
      return { kind: 'Name', name: token.text, typeArgs, start: token.start, end: reader.previousEnd };
    }
    case 'keyword':
      return parseKeyword(reader, token);
    case 'punctuator':
      if (token.text === '(') return parseParenthesized(reader);
      if (token.text === '[') throw tooNew('12', 'collection expressions', token);
      break;
    case 'end':
      break;
  }
  throw reader.unexpected();
}

/** `"a"u8`. */
function refuseUtf8(reader: TokenReader, token: Token): void {
  const suffix = reader.current;
  if (suffix.start === token.end && suffix.kind === 'identifier' && suffix.text.toLowerCase() === 'u8')
    throw tooNew('11', 'UTF-8 string literals', { start: token.start, end: suffix.end });
}

function parseKeyword(reader: TokenReader, token: Token): Expression {
  switch (token.text) {
    case 'true':
    case 'false':
      reader.take();
      return { kind: 'Boolean', value: token.text === 'true', start: token.start, end: token.end };
    case 'null':
      reader.take();
      return { kind: 'Null', start: token.start, end: token.end };
    case 'new':
      return parseNew(reader);
    case 'typeof':
    case 'sizeof': {
      reader.take();
      reader.expect('(');
      const type = parseType(reader, token.text === 'typeof');
      reader.expect(')');
      return { kind: token.text === 'typeof' ? 'Typeof' : 'Sizeof', type, start: token.start, end: reader.previousEnd };
    }
    case 'default': {
      reader.take();
      if (!reader.accept('(')) return { kind: 'Default', type: null, start: token.start, end: token.end };
      const type = parseType(reader);
      reader.expect(')');
      return { kind: 'Default', type, start: token.start, end: reader.previousEnd };
    }
    case 'checked':
    case 'unchecked': {
      reader.take();
      reader.expect('(');
      const operand = parseExpression(reader);
      reader.expect(')');
      return {
        kind: 'Checked',
        checked: token.text === 'checked',
        operand,
        start: token.start,
        end: reader.previousEnd,
      };
    }
    case 'this':
    case 'base':
      throw new SyntaxProblem('CS0026', `Keyword '${token.text}' is not valid in a policy expression`, token);
    case 'static':
      throw tooNew('9', 'static lambdas', token);
    case 'stackalloc':
      throw new SyntaxProblem('CS0227', "Unsafe code ('stackalloc') is not available in policy expressions", token);
  }
  if (predefinedTypes.has(token.text) && token.text !== 'void') {
    reader.take();
    if (reader.at('*'))
      throw new SyntaxProblem('CS0227', 'Unsafe code (pointers) is not available in policy expressions', token);
    const type = {
      kind: 'NamedType',
      predefined: true,
      parts: [{ name: token.text, args: [] }],
      start: token.start,
      end: token.end,
    } as const;
    return { kind: 'PredefinedType', type, start: token.start, end: token.end };
  }
  throw reader.unexpected();
}

/** `(x)`, `(a, b)`, `(int x, var y) = ...`. */
function parseParenthesized(reader: TokenReader): Expression {
  const start = reader.take().start;
  const elements: { name: { text: string; start: number; end: number } | null; value: Expression }[] = [];
  do {
    const named = reader.current.kind === 'identifier' && is(reader.peek(), ':');
    const name = named ? reader.expectIdentifier() : null;
    if (named) reader.take();
    elements.push({ name, value: parseTupleElement(reader) });
  } while (reader.accept(','));
  reader.expect(')', 'CS1026', ') expected');
  const first = elements[0];
  if (elements.length === 1 && first && !first.name && first.value.kind !== 'Declaration')
    return { ...first.value, start, end: reader.previousEnd };
  if (elements.length === 1)
    throw new SyntaxProblem('CS8124', 'Tuple must contain at least two elements.', { start, end: reader.previousEnd });
  return { kind: 'Tuple', elements, start, end: reader.previousEnd };
}

function parseTupleElement(reader: TokenReader): Expression {
  const token = reader.current;
  if ((token.kind === 'identifier' || token.kind === 'keyword') && reader.peek().kind !== 'punctuator') {
    const scanned = scanType(reader);
    const name = scanned && reader.tokens[scanned.after];
    const after = scanned && reader.tokens[scanned.after + 1];
    if (name?.kind === 'identifier' && after && (is(after, ',') || is(after, ')'))) return parseDeclaration(reader);
  }
  return parseExpression(reader);
}

function interpolatedParts(reader: TokenReader, token: Token): InterpolatedPart[] {
  return (token.parts ?? []).map((part) => {
    if (part.kind === 'text') return part;
    const value = reader.nested(() => parseWhole(new TokenReader(part.tokens, reader.problems)));
    const alignment = part.alignment ? parseWhole(new TokenReader(part.alignment, reader.problems)) : null;
    return { kind: 'hole', value, alignment, format: part.format };
  });
}

/** The expression that all tokens make up. */
export function parseWhole(reader: TokenReader): Expression {
  const expression = parseExpression(reader);
  if (reader.current.kind !== 'end') {
    const token = reader.current;
    throw new SyntaxProblem('CS1003', `Syntax error, unexpected '${token.text || '...'}'`, token);
  }
  return expression;
}
