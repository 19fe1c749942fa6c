import { compileProxy, proxyElement, validateProxy } from '../outgoing/proxy.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';

/** Sends the request to the backend through an HTTP proxy. */
export const proxy: PolicyDefinition = {
  name: 'proxy',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: proxyElement,
  validate(element, compiler) {
    reportRepetition(element, compiler, 'section');
    validateProxy(element, compiler);
  },
  compile(element, compiler) {
    const chosen = compileProxy(element, compiler);
    return (exchange) => {
      exchange.connection.proxy = chosen(exchange);
      return undefined;
    };
  },
  notes: 'Beats the proxy of a backend entity. Credentials are sent as Basic; NTLM is not supported.',
};
