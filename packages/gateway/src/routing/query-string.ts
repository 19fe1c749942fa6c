/**
 * The first value of `name` in a query string (without its `?`), decoded; undefined when it is not there.
 * Names compare without case, as `context.Request.Url.Query` does.
 */
export function queryValue(query: string, name: string): string | undefined {
  const wanted = name.toLowerCase();
  let start = 0;
  while (start <= query.length) {
    let end = query.indexOf('&', start);
    if (end < 0) end = query.length;
    const equals = query.indexOf('=', start);
    const nameEnd = equals < 0 || equals > end ? end : equals;
    if (nameEnd > start && decodeQueryPart(query.slice(start, nameEnd)).toLowerCase() === wanted)
      return nameEnd === end ? '' : decodeQueryPart(query.slice(nameEnd + 1, end));
    start = end + 1;
  }
  return undefined;
}

/** `+` is a blank; percent escapes that are not UTF-8 stay as they are. */
export function decodeQueryPart(text: string): string {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** Percent escapes decoded as UTF-8; a text whose escapes are broken stays as it is. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
