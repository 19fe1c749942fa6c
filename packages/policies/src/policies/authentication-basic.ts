import { authenticationBasicElement, compileBasicCredentials } from '../authentication/basic-credentials.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { reportRepetition } from '../schema/only-once.ts';

/** Authenticates to the backend with a user name and a password. */
export const authenticationBasic: PolicyDefinition = {
  name: 'authentication-basic',
  sections: ['inbound', 'backend'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: authenticationBasicElement,
  validate(element, compiler) {
    reportRepetition(element, compiler, 'section');
  },
  compile(element, compiler) {
    const credentials = compileBasicCredentials(element, compiler);
    return (exchange) => {
      exchange.request.headers.set('Authorization', credentials(exchange));
      return undefined;
    };
  },
  notes: 'Also allowed in backend, so that a retry can authenticate anew.',
};
