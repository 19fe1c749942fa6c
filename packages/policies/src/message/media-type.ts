/** The media type of a Content-Type header: lower case, without parameters; empty when there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function isJsonType(contentType: string | undefined): boolean {
  const type = mediaTypeOf(contentType);
  return type === 'application/json' || type === 'text/json' || type.endsWith('+json');
}

export function isXmlType(contentType: string | undefined): boolean {
  const type = mediaTypeOf(contentType);
  return type === 'application/xml' || type === 'text/xml' || type.endsWith('+xml');
}

/** Does an Accept header ask for one of the types by name? A wildcard asks for nothing in particular. */
export function accepts(accept: string | undefined, isType: (contentType: string) => boolean): boolean {
  return (accept ?? '').split(',').some((range) => isType(range) && !/;\s*q=0(\.0*)?\s*(;|$)/i.test(range));
}
