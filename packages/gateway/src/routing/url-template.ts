/**
 * One segment of a URL template. `compound` mixes text and parameters (`{name}.{extension}`, `Products({id})`):
 * `texts` has one entry more than `names` and begins and ends with what stands outside the first and last parameter.
 */
export type TemplateSegment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'compound'; readonly texts: readonly string[]; readonly names: readonly string[] }
  | { readonly kind: 'parameter'; readonly name: string }
  /** The rest of the path; only the last segment. `name` is null for a bare `*`. */
  | { readonly kind: 'wildcard'; readonly name: string | null };

export interface QueryTemplatePart {
  readonly name: string;
  /** A literal to equal, or the parameter to fill. */
  readonly value:
    | { readonly kind: 'literal'; readonly text: string }
    | { readonly kind: 'parameter'; readonly name: string };
}

export interface UrlTemplate {
  readonly segments: readonly TemplateSegment[];
  readonly query: readonly QueryTemplatePart[];
}

/** A template that cannot be routed. The message says what is wrong with it. */
export class UrlTemplateError extends Error {
  constructor(template: string, problem: string) {
    super(`The URL template '${template}' cannot be used: ${problem}`);
    this.name = 'UrlTemplateError';
  }
}

/**
 * Reads an operation's URL template: `/orders/{id}?expand={expand}&mode=full`, `/files/*`, `/files/{*path}`. A slash at
 * the end means nothing.
 * @throws {UrlTemplateError}
 */
export function parseUrlTemplate(template: string): UrlTemplate {
  const mark = template.indexOf('?');
  const path = (mark < 0 ? template : template.slice(0, mark)).replace(/^\/+|\/+$/g, '');
  const pieces = path === '' ? [] : path.split('/');
  const segments = pieces.map((piece, index) => parseSegment(template, piece, index === pieces.length - 1));
  const query = mark < 0 ? [] : parseQuery(template, template.slice(mark + 1));
  const names = new Set<string>();
  for (const name of [
    ...segments.flatMap(namesOf),
    ...query.flatMap(({ value }) => (value.kind === 'parameter' ? [value.name] : [])),
  ]) {
    if (names.has(name)) throw new UrlTemplateError(template, `the parameter '${name}' occurs twice.`);
    names.add(name);
  }
  return { segments, query };
}

function namesOf(segment: TemplateSegment): readonly string[] {
  switch (segment.kind) {
    case 'literal':
      return [];
    case 'compound':
      return segment.names;
    case 'parameter':
      return [segment.name];
    case 'wildcard':
      return segment.name === null ? [] : [segment.name];
  }
}

const parameterPattern = /\{([^{}]*)\}/g;

function parseSegment(template: string, piece: string, isLast: boolean): TemplateSegment {
  if (piece === '*' || /^\{\*[^{}]*\}$/.test(piece)) {
    if (!isLast) throw new UrlTemplateError(template, `a wildcard must be the last segment, but '${piece}' is not.`);
    const name = piece === '*' ? null : parameterName(template, piece.slice(2, -1));
    return { kind: 'wildcard', name };
  }
  const names = [...piece.matchAll(parameterPattern)].map((match) => parameterName(template, match[1] ?? ''));
  const texts = piece.replace(parameterPattern, '\u0000').split('\u0000');
  if (texts.some((text) => /[{}]/.test(text)))
    throw new UrlTemplateError(template, `a brace in '${piece}' has no partner.`);
  if (names.length === 0) return { kind: 'literal', text: decodeLiteral(piece) };
  const [only] = names;
  if (names.length === 1 && only !== undefined && texts.every((text) => text === ''))
    return { kind: 'parameter', name: only };
  if (texts.slice(1, -1).some((text) => text === ''))
    throw new UrlTemplateError(template, `two parameters of '${piece}' have no text between them.`);
  return { kind: 'compound', texts: texts.map(decodeLiteral), names };
}

function parseQuery(template: string, query: string): QueryTemplatePart[] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const name = decodeLiteral(equals < 0 ? part : part.slice(0, equals));
      const value = equals < 0 ? '' : part.slice(equals + 1);
      if (/[{}]/.test(name))
        throw new UrlTemplateError(template, `the name of a query parameter ('${name}') must be literal.`);
      const parameter = /^\{([^{}]*)\}$/.exec(value);
      if (parameter) return { name, value: { kind: 'parameter', name: parameterName(template, parameter[1] ?? '') } };
      if (/[{}]/.test(value))
        throw new UrlTemplateError(template, `the query value '${value}' must be one parameter or none.`);
      return { name, value: { kind: 'literal', text: decodeLiteral(value) } };
    });
}

function parameterName(template: string, name: string): string {
  if (name === '' || name.startsWith('*')) throw new UrlTemplateError(template, `'{${name}}' is not a parameter.`);
  return name;
}

/** Templates may be written with escapes (`/a%20b`); requests are compared decoded. */
function decodeLiteral(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text.replace(/%2f/gi, '%252F'));
  } catch {
    return text;
  }
}
