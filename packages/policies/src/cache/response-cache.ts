import type { Api, Operation } from '@lazuli/resources';
import type { Exchange } from '../exchange.ts';
import type { BaseUrl } from '../http/backend-url.ts';
import { parseQuery, queryValue, sameName } from '../http/query-string.ts';

/** What `cache-lookup` leaves for `cache-store`: under which key the answer to this request may be stored. */
export interface CacheTicket {
  readonly key: string;
  /** `Cache-Control` for the client, once it is known how long the response lives (seconds). */
  cacheControl(lifetime: number): string;
}

const ticketNote: unique symbol = Symbol('cache-lookup');

export const keepTicket = (exchange: Exchange, ticket: CacheTicket): void => {
  exchange.notes.set(ticketNote, ticket);
};

export function ticketOf(exchange: Exchange): CacheTicket | undefined {
  // Only keepTicket writes under this symbol.
  return exchange.notes.get(ticketNote) as CacheTicket | undefined;
}

const hitNote: unique symbol = Symbol('cache-hit');

export function noteCacheHit(exchange: Exchange): void {
  exchange.notes.set(hitNote, true);
}

/** What the response cache did for this request, for access records. */
export function cacheStatusOf(exchange: Exchange): 'hit' | 'miss' | 'none' {
  if (exchange.notes.has(hitNote)) return 'hit';
  return exchange.notes.has(ticketNote) ? 'miss' : 'none';
}

export interface VaryBy {
  /** Names of headers, as the document has them. */
  readonly headers: readonly string[];
  /** Names of query parameters; null: all of them. */
  readonly queryParameters: readonly string[] | null;
  /** Identities that keep entries apart. */
  readonly identities: readonly string[];
}

/**
 * The key of a response: API with revision, operation, the URL at the backend, and everything the policy varies by. The
 * subscription key in the query is not a part of it. Parts cannot run into each other, whatever they hold.
 */
export function cacheKey(exchange: Exchange, vary: VaryBy): string {
  const { url, headers } = exchange.request;
  const start = `${placeOf(exchange)},${JSON.stringify(url.path)}`;
  if (url.query === '' && vary.headers.length === 0 && vary.identities.length === 0) return `${start},[],[],[]]`;
  const keyParameter = exchange.match.api.subscriptionKeyParameterNames.query;
  const query = parseQuery(url.query)
    .filter((pair) => !sameName(pair.name, keyParameter))
    .filter((pair) => vary.queryParameters?.some((name) => sameName(name, pair.name)) ?? true)
    .map((pair) => [pair.name.toLowerCase(), queryValue(pair)] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const headerValues = vary.headers.map((name) => [name.toLowerCase(), headers.getAll(name) ?? null]);
  return `${start},${JSON.stringify(query)},${JSON.stringify(headerValues)},${JSON.stringify(vary.identities)}]`;
}

/** Beginning of the array that a key is: service, API, operation and backend. */
function placeOf(exchange: Exchange): string {
  const { api, operation } = exchange.match;
  const { serviceName } = exchange.gateway;
  const { base } = exchange.request.url;
  const entity = exchange.backend?.kind === 'entity' ? exchange.backend.backendId : null;
  const known = places.get(operation);
  if (known && known.api === api && known.service === serviceName && known.base === base && known.entity === entity)
    return known.text;
  const { scheme, host, port, path } = base ?? callersOwn(exchange);
  const text = JSON.stringify([
    'response',
    serviceName,
    `${api.name};rev=${api.revision}`,
    operation.name,
    entity ?? `${scheme}://${host}:${port}${path}`,
  ]).slice(0, -1);
  // Without a base the caller's Host is a part of it.
  if (base) places.set(operation, { api, service: serviceName, base, entity, text });
  return text;
}

function callersOwn({ request }: Exchange) {
  const { scheme, host, port } = request.originalUrl;
  return { scheme, host, port, path: '' };
}

interface Place {
  readonly api: Api;
  readonly service: string;
  readonly base: BaseUrl;
  readonly entity: string | null;
  readonly text: string;
}

/** The last one of each operation. */
const places = new WeakMap<Operation, Place>();

/** A response that is larger is not cached (service limits). */
export const maxCachedBytes = 2 * 1024 * 1024;

/** Headers that belong to one connection or one caller: they are not stored. */
export const notStored: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'set-cookie',
  'age',
]);
