import { cachingType } from '../cache/caching-type.ts';
import { valueKey } from '../cache/value-key.ts';
import type { Exchange } from '../exchange.ts';
import { PolicyError } from '../policy-error.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Removes a value from the cache; one that is not there is no error. */
export const cacheRemoveValue: PolicyDefinition = {
  name: 'cache-remove-value',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      key: { type: 'string', required: true, expression: true },
      'fail-on-cache-removal-error': { type: 'boolean', default: 'false', expression: true },
      'caching-type': cachingType,
    },
  },
  compile(element, compiler) {
    const key = compiler.string(element, 'key');
    const mustWork = compiler.boolean(element, 'fail-on-cache-removal-error');

    const check = (exchange: Exchange, worked: boolean): undefined => {
      if (!worked && mustWork.get(exchange))
        throw new PolicyError('CacheRemovalFailed', 'The value could not be removed from the cache.', {
          status: 500,
          message: 'Internal server error',
          activityId: true,
        });
      return undefined;
    };
    return (exchange) => {
      const worked = exchange.ports.cache.remove(valueKey(exchange, key.get(exchange)));
      return worked instanceof Promise ? worked.then((known) => check(exchange, known)) : check(exchange, worked);
    };
  },
};
