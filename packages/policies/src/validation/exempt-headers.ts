import type { Exchange } from '../exchange.ts';
import type { HeaderList } from '../http/header-list.ts';

/** Headers of the connection and the framing, and those that OpenAPI lets no operation describe. */
const always = [
  'accept',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const ofResponses = new Set([...always, 'date', 'server']);

/** Request headers that need not be specified: the key's own among them. */
export function exemptRequestHeaders(exchange: Exchange): ReadonlySet<string> {
  return new Set([...always, exchange.match.api.subscriptionKeyParameterNames.header.toLowerCase()]);
}

export const exemptResponseHeaders = (): ReadonlySet<string> => ofResponses;

/** The values of each header. */
export function valuesByName(headers: HeaderList): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers.entries()) {
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return values;
}
