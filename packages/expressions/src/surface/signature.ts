import type { FunctionParameter, TypeSyntax } from '../syntax/ast.ts';
import { tokenize } from '../syntax/lexer.ts';
import { parseParametersUntil } from '../syntax/parse-local-function.ts';
import { parseType } from '../syntax/parse-type.ts';
import { Problems, SyntaxProblem } from '../syntax/problems.ts';
import { TokenReader } from '../syntax/token-reader.ts';

/** A member of a declaration as its key writes it; see {@link TypeDeclaration}. */
export interface Signature {
  readonly kind: 'method' | 'property' | 'indexer' | 'constructor' | 'operator' | 'implicit' | 'explicit';
  /** For an operator its token (`==`); empty for a constructor. */
  readonly name: string;
  readonly isStatic: boolean;
  /** A property whose value never changes and may be folded: `const int MaxValue`. */
  readonly isConst: boolean;
  /** Null for a constructor. */
  readonly type: TypeSyntax | null;
  readonly typeParameters: readonly string[];
  readonly parameters: readonly FunctionParameter[];
}

/** @throws {Error} naming the key when it is no signature: a defect of the declaration. */
export function parseSignature(key: string): Signature {
  try {
    const reader = new TokenReader(tokenize(key, 0, key.length), new Problems());
    const signature = parseMember(reader);
    if (reader.current.kind !== 'end') throw reader.unexpected();
    return signature;
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
    throw new Error(`The declaration '${key}' is not a C# signature: ${problem.message}`);
  }
}

function parseMember(reader: TokenReader): Signature {
  let isStatic = false;
  let isConst = false;
  for (;;) {
    if (reader.accept('static')) isStatic = true;
    else if (reader.accept('const')) isStatic = isConst = true;
    else if (
      !(reader.accept('readonly') || reader.accept('public') || reader.accept('override') || reader.accept('virtual'))
    )
      break;
  }
  const base = { isStatic, isConst, typeParameters: [] };
  if (reader.accept('new')) {
    return { ...base, kind: 'constructor', name: '', type: null, parameters: parameters(reader, '(', ')') };
  }
  if (reader.at('implicit') || reader.at('explicit')) {
    const kind = reader.take().text === 'implicit' ? 'implicit' : 'explicit';
    reader.expect('operator');
    return {
      ...base,
      isStatic: true,
      kind,
      name: kind,
      type: parseType(reader),
      parameters: parameters(reader, '(', ')'),
    };
  }
  const type = parseType(reader);
  if (reader.accept('operator')) {
    return {
      ...base,
      isStatic: true,
      kind: 'operator',
      name: operatorToken(reader),
      type,
      parameters: parameters(reader, '(', ')'),
    };
  }
  if (reader.accept('this')) {
    const indexes = parameters(reader, '[', ']');
    skipAccessors(reader);
    return { ...base, kind: 'indexer', name: 'this[]', type, parameters: indexes };
  }
  const name = reader.expectIdentifier().text;
  if (reader.at('{') || reader.current.kind === 'end') {
    skipAccessors(reader);
    return { ...base, kind: 'property', name, type, parameters: [] };
  }
  const typeParameters = parseTypeParameters(reader);
  const list = parameters(reader, '(', ')');
  skipConstraints(reader);
  return { ...base, kind: 'method', name, type, typeParameters, parameters: list };
}

function parameters(reader: TokenReader, opener: string, closer: ')' | ']'): FunctionParameter[] {
  reader.expect(opener);
  const list = parseParametersUntil(reader, closer);
  reader.expect(closer);
  return list;
}

function operatorToken(reader: TokenReader): string {
  const token = reader.take().text;
  return token === '>' && reader.accept('>') ? '>>' : token;
}

/** `{ get; set; }`: what is there is said by the implementation. */
function skipAccessors(reader: TokenReader): void {
  if (!reader.accept('{')) return;
  while (!reader.at('}') && reader.current.kind !== 'end') reader.take();
  reader.expect('}');
}

function skipConstraints(reader: TokenReader): void {
  if (!reader.atContextual('where')) return;
  while (reader.current.kind !== 'end') reader.take();
}

function parseTypeParameters(reader: TokenReader): string[] {
  const names: string[] = [];
  if (!reader.accept('<')) return names;
  do {
    if (!reader.accept('in')) reader.accept('out');
    names.push(reader.expectIdentifier().text);
  } while (reader.accept(','));
  reader.expect('>');
  return names;
}

/** A bare type, for `base`, `interfaces` and the like. */
export function parseTypeText(text: string): TypeSyntax {
  try {
    const reader = new TokenReader(tokenize(text, 0, text.length), new Problems());
    const type = parseType(reader);
    if (reader.current.kind !== 'end') throw reader.unexpected();
    return type;
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
    throw new Error(`'${text}' is not a C# type: ${problem.message}`);
  }
}
