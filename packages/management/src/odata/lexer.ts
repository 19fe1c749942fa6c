/** A piece of an OData expression. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'date'; readonly value: number; readonly text: string }
  | { readonly kind: 'guid'; readonly text: string }
  | { readonly kind: 'punctuation'; readonly text: '(' | ')' | ',' | '/' | ':' };

export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
}

const patterns: readonly (readonly [RegExp, (match: RegExpExecArray) => Token | undefined])[] = [
  [/\s+/y, () => undefined],
  [/(?:datetime)?'((?:[^']|'')*)'/y, (match) => quoted(match)],
  [/\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?(?![\w-])/y, (match) => date(match[0])],
  [/(?:guid)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/y, (match) => ({ kind: 'guid', text: match[0] })],
  [/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w-])/y, (match) => ({ kind: 'number', value: Number(match[0]) })],
  [/[A-Za-z_$@][\w.$@-]*/y, (match) => ({ kind: 'word', text: match[0] })],
  [/[(),/:]/y, (match) => ({ kind: 'punctuation', text: match[0] as '(' })],
];

/** @throws {FilterSyntaxError} naming the place. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const before = at;
    for (const [pattern, make] of patterns) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match === null) continue;
      const token = make(match);
      if (token !== undefined) tokens.push(token);
      at = pattern.lastIndex;
      break;
    }
    if (at === before) throw new FilterSyntaxError(`unexpected '${text[at]}' at position ${at + 1}`);
  }
  return tokens;
}

function quoted(match: RegExpExecArray): Token {
  const text = (match[1] as string).replaceAll("''", "'");
  return match[0].startsWith('datetime') ? date(text) : { kind: 'string', text };
}

function date(text: string): Token {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new FilterSyntaxError(`'${text}' is no date`);
  return { kind: 'date', value, text };
}
