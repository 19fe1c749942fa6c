import type { InboundRequest } from '@lazuli/http';
import type { ExchangeRequest } from '@lazuli/policies';

/** `context.Request.OriginalUrl`: where the caller sent the request, by its Host header. */
export function originalUrlOf(
  { scheme, authority, localPort }: InboundRequest,
  path: string,
  query: string,
): ExchangeRequest['originalUrl'] {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(authority);
  const host = (match?.[1] ?? authority).replace(/^\[|\]$/g, '');
  const given = match?.[2];
  const port = given === undefined ? (scheme === 'https' ? 443 : 80) : Number(given);
  return { scheme, host, port: authority === '' ? localPort : port, path, query };
}
