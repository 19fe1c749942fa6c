import { encode } from './query-string.ts';

/** A piece of a template: text, or the name of a parameter of the operation's URL template. */
export type TemplatePiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string };

export interface RewriteTemplate {
  readonly path: readonly TemplatePiece[];
  /** One entry a `name=value`. */
  readonly query: readonly (readonly TemplatePiece[])[];
}

/** Gives a parameter's value, percent-decoded; undefined when the caller left it out. */
export type ParameterValues = (name: string) => string | undefined;

/**
 * Reads `/v2/orders/{id}?expand={expand}`, also `{*rest}`. The path gets its leading slash when it has none. A brace
 * without a partner is text.
 */
export function parseRewriteTemplate(template: string): RewriteTemplate {
  const question = template.indexOf('?');
  const path = question < 0 ? template : template.slice(0, question);
  const query = question < 0 ? '' : template.slice(question + 1);
  return {
    path: pieces(path.startsWith('/') ? path : `/${path}`),
    query: query === '' ? [] : query.split('&').map(pieces),
  };
}

/** Names of all placeholders. */
export function parametersOf(template: RewriteTemplate): string[] {
  return [template.path, ...template.query].flat().flatMap((piece) => (piece.kind === 'parameter' ? [piece.name] : []));
}

/**
 * The path, ready for the request line. Parameter values are percent-encoded; only those of a wildcard, which matched
 * several segments, keep their slashes. The template's own text is left as it is except for characters that a URL cannot hold.
 */
export function renderPath(
  template: RewriteTemplate,
  values: ParameterValues,
  isWildcard: (name: string) => boolean,
): string {
  return render(template.path, (name) => {
    const value = encode(values(name) ?? '');
    return isWildcard(name) ? value.replaceAll('%2F', '/') : value;
  });
}

/** The query, ready for the request line, without the `?`. A pair whose placeholder has no value is left out. */
export function renderQuery(template: RewriteTemplate, values: ParameterValues): string {
  return template.query
    .filter((pair) => pair.every((piece) => piece.kind === 'text' || values(piece.name) !== undefined))
    .map((pair) => render(pair, (name) => encode(values(name) ?? '')))
    .join('&');
}

function render(items: readonly TemplatePiece[], value: (name: string) => string): string {
  let text = '';
  for (const item of items) text += item.kind === 'text' ? escapeText(item.text) : value(item.name);
  return text;
}

const placeholder = /\{\*?([^{}/?&=*]+)\}/g;

function pieces(text: string): TemplatePiece[] {
  const found: TemplatePiece[] = [];
  let from = 0;
  for (const match of text.matchAll(placeholder)) {
    if (match.index > from) found.push({ kind: 'text', text: text.slice(from, match.index) });
    found.push({ kind: 'parameter', name: match[1] as string });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) });
  return found;
}

const unsafe = /[^\w\-.~!$&'()*+,;=:@/?%]|%(?![0-9a-fA-F]{2})/gu;

/** Percent-encodes what may not stand in a path or query; an existing `%41` stays. */
function escapeText(text: string): string {
  return text.toWellFormed().replace(unsafe, (character) => encodeURIComponent(character));
}
