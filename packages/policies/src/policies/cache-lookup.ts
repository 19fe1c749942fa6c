import { cacheKey, keepTicket, noteCacheHit } from '../cache/response-cache.ts';
import { restoredResponse } from '../cache/restored-response.ts';
import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import type { CacheEntry } from '../ports/ports.ts';
import { textElement } from '../schema/child-schemas.ts';
import type { ChildSchema, PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';

const varyBy = (name: string): ChildSchema => textElement(name, { required: true });

/** Answers a GET from the cache, or remembers for `cache-store` under which key the backend's answer belongs there. */
export const cacheLookup: PolicyDefinition = {
  name: 'cache-lookup',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'vary-by-developer': { type: 'boolean', required: true, expression: true },
      'vary-by-developer-groups': { type: 'boolean', required: true, expression: true },
      'allow-private-response-caching': { type: 'boolean', default: 'false', expression: true },
      'caching-type': {
        type: 'enum',
        values: ['prefer-external', 'internal', 'external'],
        default: 'prefer-external',
        expression: false,
      },
      'downstream-caching-type': {
        type: 'enum',
        values: ['none', 'private', 'public'],
        default: 'none',
        expression: true,
      },
      'must-revalidate': { type: 'boolean', default: 'true', expression: true },
    },
    children: { kind: 'all', items: [varyBy('vary-by-header'), varyBy('vary-by-query-parameter')] },
  },
  validate(element, compiler) {
    reportRepetition(element, compiler, 'section');
  },
  compile(element, compiler) {
    const key = compileKey(element, compiler);
    const allowPrivate = compiler.boolean(element, 'allow-private-response-caching');
    const downstream = compiler.choice(element, 'downstream-caching-type');
    const mustRevalidate = compiler.boolean(element, 'must-revalidate');

    return (exchange) => {
      const { request, ports } = exchange;
      if (request.method !== 'GET') return undefined;
      if (request.headers.has('Authorization') && !allowPrivate.get(exchange)) return undefined;

      const ticket = key(exchange);
      const [type, revalidate] = [downstream.get(exchange), mustRevalidate.get(exchange)];
      const decide = (entry: CacheEntry | undefined) => {
        if (entry?.kind === 'response') {
          exchange.response = restoredResponse(entry, ports.clock.now());
          noteCacheHit(exchange);
          exchange.trace(null, hit);
          return 'cache-hit' as const;
        }
        keepTicket(exchange, { key: ticket, cacheControl: (lifetime) => cacheControl(type, revalidate, lifetime) });
        // The answer is to be stored whole: nobody else's condition may shorten it.
        for (const condition of conditions) request.headers.remove(condition);
        return undefined;
      };
      const found = ports.cache.get(ticket);
      return found instanceof Promise ? found.then(decide) : decide(found);
    };
  },
  notes:
    'caching-type is accepted: there is one cache, in memory or external as the gateway is configured. A hit has an Age header. With downstream-caching-type none, Cache-Control is no-store for the client.',
};

const hit =
  'Cache lookup resulted in a hit! Cached response will be used. Processing will continue from the step in the response pipeline that is after the corresponding `cache-store`.';

const conditions = ['If-None-Match', 'If-Modified-Since', 'If-Match', 'If-Unmodified-Since', 'If-Range'];

function compileKey(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => string {
  const byDeveloper = compiler.boolean(element, 'vary-by-developer');
  const byGroups = compiler.boolean(element, 'vary-by-developer-groups');
  const texts = (name: string): Value<string | null>[] =>
    compiler.children(element, name).map((child) => compiler.text(child));
  const headers = texts('vary-by-header');
  const parameters = texts('vary-by-query-parameter');
  const names = (exchange: Exchange, values: readonly Value<string | null>[]): string[] =>
    // One element may hold several names.
    values.flatMap((value) => (value.get(exchange) ?? '').split(';')).flatMap((name) => name.trim() || []);

  return (exchange) => {
    const { user, subscription } = exchange.match;
    const identities: string[] = [];
    if (byDeveloper.get(exchange))
      identities.push(`developer:${user?.name ?? ''}:${user ? '' : (subscription?.name ?? '')}`);
    if (byGroups.get(exchange)) identities.push(`groups:${[...(user?.groups ?? [])].sort().join(',')}`);
    return cacheKey(exchange, {
      headers: names(exchange, headers),
      queryParameters: parameters.length === 0 ? null : names(exchange, parameters),
      identities,
    });
  };
}

function cacheControl(downstream: string, mustRevalidate: boolean, lifetime: number): string {
  if (downstream === 'none') return 'no-store';
  return `${downstream}, ${mustRevalidate ? 'must-revalidate, ' : ''}max-age=${lifetime}`;
}
