import { compileManagedIdentity, managedIdentityElement } from '../authentication/managed-identity.ts';
import type { Exchange } from '../exchange.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Authenticates to the backend with an access token of the gateway's identity, or stores the token in a variable. */
export const authenticationManagedIdentity: PolicyDefinition = {
  name: 'authentication-managed-identity',
  sections: ['inbound', 'backend', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: managedIdentityElement,
  compile(element, compiler) {
    const authorization = compileManagedIdentity(element, compiler);
    return (exchange) => {
      const value = authorization(exchange);
      return value instanceof Promise ? value.then((text) => authorize(exchange, text)) : authorize(exchange, value);
    };
  },
  notes:
    'Allowed in every section (the page names inbound only; deployed documents have it in outbound). With ignore-error and output-token-variable-name the variable is null when there is no token.',
};

function authorize(exchange: Exchange, value: string | null): undefined {
  if (value !== null) exchange.request.headers.set('Authorization', value);
  return undefined;
}
