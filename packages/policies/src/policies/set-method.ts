import { compileSetMethod, setMethodElement, validateSetMethod } from '../message/method-edit.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Changes the method of the request to the backend. */
export const setMethod: PolicyDefinition = {
  name: 'set-method',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: setMethodElement,
  validate: validateSetMethod,
  compile(element, compiler) {
    const method = compileSetMethod(element, compiler);
    return (exchange) => {
      exchange.request.method = method(exchange);
      return undefined;
    };
  },
};
