import { jwtValue } from '@lazuli/expressions';
import { attributeOf } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { validateKeyElements } from '../jwt/compile-token-keys.ts';
import { compileTokenRules } from '../jwt/compile-token-rules.ts';
import {
  decryptionKeysElement,
  openIdConfigElement,
  requiredClaimsElement,
  signingKeysElements,
  textList,
} from '../jwt/token-elements.ts';
import { TokenError } from '../jwt/token-error.ts';
import { compileTokenSource, tokenSourceAttributes, validateTokenSource } from '../jwt/token-source.ts';
import { TokenValidator, type ValidatedToken } from '../jwt/token-validator.ts';
import { PolicyError } from '../policy-error.ts';
import type { PolicyDefinition } from '../schema/definition.ts';

/** Lets a request through only with a valid JSON Web Token. */
export const validateJwt: PolicyDefinition = {
  name: 'validate-jwt',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      ...tokenSourceAttributes,
      'failed-validation-httpcode': { type: 'int', default: '401', expression: true, min: 200, max: 999 },
      'failed-validation-error-message': { type: 'string', expression: true },
      'require-expiration-time': { type: 'boolean', default: 'true', expression: true },
      'require-signed-tokens': { type: 'boolean', default: 'true', expression: true },
      'clock-skew': { type: 'int', default: '0', expression: true, min: 0, note: 'seconds' },
      'output-token-variable-name': { type: 'string', expression: false, nonEmpty: true },
    },
    children: {
      kind: 'sequence',
      items: [
        openIdConfigElement,
        ...signingKeysElements,
        decryptionKeysElement,
        textList('audiences', 'audience'),
        textList('issuers', 'issuer'),
        requiredClaimsElement,
      ],
    },
  },
  validate(element, compiler) {
    validateTokenSource(element, compiler, ['header-name', 'query-parameter-name', 'token-value']);
    validateKeyElements(element, compiler);
    const hasKeys = ['openid-config', 'issuer-signing-keys', 'issuer-signing-tokens'].some((name) =>
      compiler.child(element, name),
    );
    const signed = attributeOf(element, 'require-signed-tokens')?.value.text ?? 'true';
    // Only a warning: neither element is required by Azure, so such a document can be saved.
    if (!hasKeys && signed === 'true')
      compiler.warn(
        element,
        "No token can be valid: without 'openid-config' or 'issuer-signing-keys' no signature can be checked, and 'require-signed-tokens' is true.",
      );
  },
  compile(element, compiler) {
    const source = compileTokenSource(element, compiler);
    const rules = compileTokenRules(element, compiler);
    const status = compiler.int(element, 'failed-validation-httpcode');
    const message = compiler.string(element, 'failed-validation-error-message');
    const output = compiler.string(element, 'output-token-variable-name').constant ?? null;
    const validator = new TokenValidator();

    const refuse = (exchange: Exchange, error: unknown): never => {
      if (!(error instanceof TokenError)) throw error;
      throw rejection(error, status.get(exchange), message.get(exchange));
    };
    const accept = (exchange: Exchange, token: ValidatedToken): undefined => {
      if (output !== null) exchange.variables.set(output, tokenVariable(token));
    };
    return (exchange) => {
      let result: ValidatedToken | Promise<ValidatedToken>;
      try {
        result = validator.validate(source(exchange), rules(exchange), exchange.ports);
      } catch (error) {
        return refuse(exchange, error);
      }
      if (!(result instanceof Promise)) return accept(exchange, result);
      return result.then(
        (token) => accept(exchange, token),
        (error: unknown) => refuse(exchange, error),
      );
    };
  },
  notes:
    "Metadata is fetched when a request first needs it, never when a document is loaded; validate-connectivity is accepted. Keys are renewed hourly and served stale while the issuer is down; an unknown kid fetches at most every 5 minutes. Issuers of openid-config and of 'issuers' are one list. RSA keys below 2048 bits, compressed and PBES2- or RSA1_5-encrypted tokens are refused.",
};

/** The caller learns only that the token is missing or bad; the reason is in `context.LastError`. */
export function rejection(error: TokenError, status: number, message: string | null): PolicyError {
  const standard = error.reason === 'TokenNotPresent' ? 'JWT not present.' : 'Invalid JWT.';
  return new PolicyError(error.reason, error.message, { status, message: message ?? standard }, { cause: error });
}

/** The `Jwt` that expressions see. */
export function tokenVariable({ header, claims, text }: ValidatedToken): unknown {
  return jwtValue({ header: JSON.stringify(header), payload: JSON.stringify(claims), text });
}
