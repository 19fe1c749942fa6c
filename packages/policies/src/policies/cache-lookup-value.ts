import { copyOf } from '@lazuli/expressions';
import { cachingType } from '../cache/caching-type.ts';
import { valueKey } from '../cache/value-key.ts';
import type { Exchange } from '../exchange.ts';
import type { CacheEntry } from '../ports/ports.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Puts a cached value into a variable, with the .NET type it was stored with. */
export const cacheLookupValue: PolicyDefinition = {
  name: 'cache-lookup-value',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      key: { type: 'string', required: true, expression: true },
      'variable-name': { type: 'string', required: true, expression: false, nonEmpty: true },
      'default-value': { type: 'string', expression: true },
      'caching-type': cachingType,
    },
  },
  compile(element, compiler) {
    const key = compiler.string(element, 'key');
    const variable = compiler.string(element, 'variable-name').constant ?? '';
    const fallback = compiler.has(element, 'default-value') ? compiler.object(element, 'default-value') : null;

    const deliver = (exchange: Exchange, entry: CacheEntry | undefined): undefined => {
      const value = entry?.kind === 'value' ? copyOf(entry.value) : undefined;
      if (value !== undefined) exchange.variables.set(variable, value);
      else if (fallback) exchange.variables.set(variable, fallback.get(exchange) ?? null);
      return undefined;
    };
    return (exchange) => {
      const entry = exchange.ports.cache.get(valueKey(exchange, key.get(exchange)));
      return entry instanceof Promise ? entry.then((found) => deliver(exchange, found)) : deliver(exchange, entry);
    };
  },
  notes:
    'On a miss without default-value the variable is not set; one that is there already stays (the page contradicts itself). caching-type is accepted: there is one cache, which the operator chooses.',
};
