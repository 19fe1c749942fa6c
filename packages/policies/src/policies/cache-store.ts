import { ticketOf } from '../cache/response-cache.ts';
import { isEventStream, storeResponse } from '../cache/store-response.ts';
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
      if (seconds <= 0 || isEventStream(response)) return undefined;
      const label = () => response.headers.set('Cache-Control', ticket.cacheControl(seconds));
      return storeResponse(exchange, response, ticket.key, seconds, label).then(() => undefined);
    };
  },
  notes:
    'Needs a cache-lookup before it. Responses above 2 MiB, partial ones (206) and event streams are passed on without being stored. Set-Cookie and hop-by-hop headers are not stored. The cache never fails a request.',
};
