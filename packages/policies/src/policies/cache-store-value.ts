import { copyOf, typeNameOf } from '@lazuli/expressions';
import { cachingType } from '../cache/caching-type.ts';
import { valueKey } from '../cache/value-key.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Stores a value in the cache, with its .NET type. */
export const cacheStoreValue: PolicyDefinition = {
  name: 'cache-store-value',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      key: { type: 'string', required: true, expression: true },
      value: { type: 'string', required: true, expression: true },
      duration: { type: 'int', required: true, expression: true, min: 0, note: 'seconds' },
      'caching-type': cachingType,
    },
  },
  compile(element, compiler) {
    const key = compiler.string(element, 'key');
    const value = compiler.object(element, 'value');
    const duration = compiler.int(element, 'duration');
    return (exchange) => {
      const given = value.get(exchange) ?? null;
      // A copy: whoever changes the object later must not change what others read from the cache.
      const kept = copyOf(given);
      if (kept === undefined)
        throw evaluationFailure(`A value of the type '${typeNameOf(given) ?? 'unknown'}' cannot be cached.`);
      const name = valueKey(exchange, key.get(exchange));
      const stored = exchange.ports.cache.set(name, { kind: 'value', value: kept }, duration.get(exchange) * 1000);
      // Not waited for, as in Azure. The port reports failures itself.
      if (stored instanceof Promise) stored.catch(() => undefined);
      return undefined;
    };
  },
  notes:
    'Values keep their .NET type, over Redis too. A response, a dictionary and other objects of the running gateway cannot be cached: ExpressionValueEvaluationFailure. The request does not wait until an external cache has stored the value.',
};
