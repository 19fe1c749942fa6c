/** One `name=value` of a query, as it was written: forwarding and editing others must not change its encoding. */
export interface QueryPair {
  readonly raw: string;
  /** Percent-decoded, `+` as a blank. */
  readonly name: string;
}

/** Splits a query (without `?`) into its pairs. Empty pieces (`a=1&&b=2`) are kept as they are. */
export function parseQuery(query: string): QueryPair[] {
  if (query === '') return [];
  return query.split('&').map((raw) => {
    const equals = raw.indexOf('=');
    return { raw, name: decodeQuery(equals < 0 ? raw : raw.slice(0, equals)) };
  });
}

export const formatQuery = (pairs: readonly QueryPair[]): string => pairs.map((pair) => pair.raw).join('&');

export const queryPair = (name: string, value: string): QueryPair => ({
  raw: `${encode(name)}=${encode(value)}`,
  name,
});

/** The decoded value of a pair; empty when it has no `=`. */
export function queryValue(pair: QueryPair): string {
  const equals = pair.raw.indexOf('=');
  return equals < 0 ? '' : decodeQuery(pair.raw.slice(equals + 1));
}

/** Names are compared without regard to case, as `context.Request.Url.Query` does. */
export const sameName = (a: string, b: string): boolean =>
  a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());

/** Percent-decodes; text that is not valid UTF-8 or a lone `%` stays as it is. */
export function decodeQuery(text: string): string {
  const blanks = text.replaceAll('+', ' ');
  if (!blanks.includes('%')) return blanks;
  try {
    return decodeURIComponent(blanks);
  } catch {
    return blanks;
  }
}

/** Like encodeURIComponent, but a lone surrogate becomes U+FFFD instead of an exception. */
export const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
