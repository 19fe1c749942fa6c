import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { headerValueProblem } from '../message/header-rules.ts';
import { PolicyError } from '../policy-error.ts';
import type { ElementSchema } from '../schema/definition.ts';

export const managedIdentityElement: ElementSchema = {
  attributes: {
    resource: { type: 'string', required: true, expression: true, nonEmpty: true },
    'client-id': { type: 'string', expression: true, note: 'system-assigned identity when absent' },
    'output-token-variable-name': { type: 'string', expression: false, nonEmpty: true },
    'ignore-error': { type: 'boolean', default: 'false', expression: true },
  },
};

/**
 * Compiles `authentication-managed-identity`. The compiled function gives the value for an Authorization header, or null
 * when the token went to the variable or there is none and `ignore-error` says that this does not matter (the variable is
 * null then). Throws (or rejects with) what the token port says.
 */
export function compileManagedIdentity(
  element: PolicyElement,
  compiler: PolicyCompiler,
): (exchange: Exchange) => string | null | Promise<string | null> {
  const resource = compiler.string(element, 'resource');
  const clientId = compiler.string(element, 'client-id');
  const variable = compiler.string(element, 'output-token-variable-name').constant ?? null;
  const ignoreError = compiler.boolean(element, 'ignore-error');

  const deliver = (exchange: Exchange, token: string | null): string | null => {
    if (variable !== null) {
      exchange.variables.set(variable, token);
      return null;
    }
    if (token === null) return null;
    if (headerValueProblem('Authorization', token))
      throw new PolicyError(
        'IdentityTokenUnavailable',
        'The identity endpoint gave a token that no header can carry.',
        {
          status: 500,
          message: 'Internal server error',
          activityId: true,
        },
      );
    return `Bearer ${token}`;
  };
  const failed = (exchange: Exchange, error: unknown): string | null => {
    if (!ignoreError.get(exchange)) throw error;
    exchange.trace(compiler.info, 'No token was obtained; ignore-error lets the request go on.', {
      error: error instanceof Error ? error.message : String(error),
    });
    return deliver(exchange, null);
  };

  return (exchange) => {
    // Evaluated outside the try: an expression that throws is not an error of the identity.
    const [audience, client] = [resource.get(exchange) ?? '', clientId.get(exchange) || null];
    try {
      const token = exchange.ports.tokens.acquire(audience, client);
      if (!(token instanceof Promise)) return deliver(exchange, token.accessToken);
      return token.then(
        ({ accessToken }) => deliver(exchange, accessToken),
        (error: unknown) => failed(exchange, error),
      );
    } catch (error) {
      return failed(exchange, error);
    }
  };
}
