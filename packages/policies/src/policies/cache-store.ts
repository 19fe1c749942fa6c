import { type CacheTicket, maxCachedBytes, notStored, ticketOf } from '../cache/response-cache.ts';
import type { Exchange, ExchangeResponse } from '../exchange.ts';
import { MessageBody } from '../http/body.ts';
import { peekBody } from '../http/peek-body.ts';
import { PolicyError } from '../policy-error.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Stores the response under the key that `cache-lookup` found in inbound. */
export const cacheStore: PolicyDefinition = {
  name: 'cache-store',
  sections: ['outbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      duration: { type: 'int', required: true, expression: true, min: 0 },
      'cache-response': { type: 'boolean', expression: true },
      'caching-mode': {
        type: 'enum',
        values: ['cache-on', 'do-not-cache'],
        default: 'cache-on',
        expression: false,
        note: 'undocumented since 2020',
      },
    },
  },
  compile(element, compiler) {
    const duration = compiler.int(element, 'duration');
    const cacheResponse = compiler.has(element, 'cache-response') ? compiler.boolean(element, 'cache-response') : null;
    if (compiler.choice(element, 'caching-mode').constant === 'do-not-cache') return () => undefined;

    return (exchange) => {
      const ticket = ticketOf(exchange);
      const { response } = exchange;
      if (!ticket || !response) return undefined;
      // A part (206) is never the answer to another request.
      if (response.status === 206 || (response.status !== 200 && !(cacheResponse?.get(exchange) ?? false)))
        return undefined;
      const seconds = duration.get(exchange);
      if (seconds <= 0 || isStream(response)) return undefined;
      return store(exchange, response, ticket, seconds);
    };
  },
  notes:
    'Needs a cache-lookup before it. Responses above 2 MiB, partial ones (206) and event streams are passed on without being stored. Set-Cookie and hop-by-hop headers are not stored. The cache never fails a request.',
};

/** An event stream may never end: it cannot be collected. */
const isStream = (response: ExchangeResponse): boolean =>
  /^\s*text\/event-stream/i.test(response.headers.get('Content-Type') ?? '');

async function store(
  exchange: Exchange,
  response: ExchangeResponse,
  ticket: CacheTicket,
  seconds: number,
): Promise<undefined> {
  const bytes = await collect(response);
  if (bytes === null || bytes.length > maxCachedBytes) return undefined;
  response.headers.set('Cache-Control', ticket.cacheControl(seconds));
  const headers: string[] = [];
  for (const [name, value] of response.headers.entries())
    if (!notStored.has(name.toLowerCase()) && name.toLowerCase() !== 'date') headers.push(name, value);
  headers.push('Date', new Date(exchange.ports.clock.now()).toUTCString());
  const entry = { kind: 'response', status: response.status, reason: response.reason, headers, body: bytes } as const;
  try {
    await exchange.ports.cache.set(ticket.key, entry, seconds * 1000);
  } catch (error) {
    exchange.ports.log.write('warn', 'A response could not be stored in the cache.', { error: String(error) });
  }
  return undefined;
}

/** The body's bytes, which stay the response's; null when it is too large, and flows on. */
async function collect(response: ExchangeResponse): Promise<Uint8Array | null> {
  if (!response.body) return new Uint8Array(0);
  const content = response.body.take();
  if (content instanceof Uint8Array) return content;
  const peeked = await peekBody(content, maxCachedBytes).catch((error: unknown) => {
    throw new PolicyError(
      'BackendConnectionFailure',
      'The backend closed the connection before its response was complete.',
      { status: 500, message: 'Internal server error', activityId: true },
      { cause: error },
    );
  });
  if ('source' in peeked) {
    response.body = MessageBody.fromSource(peeked.source);
    return null;
  }
  response.body = MessageBody.fromBytes(peeked.bytes);
  return peeked.bytes;
}
