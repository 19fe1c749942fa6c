import { randomUUID } from 'node:crypto';
import { fillIn } from '../errors.ts';
import type { OpenResponse } from '../http/front.ts';

/**
 * Errors of the token endpoint: status, OAuth error (RFC 6749, section 5.2), number and text that Microsoft Entra ID uses for
 * it. `docs/errors.md`, section "Tokens", lists the same rows; a test compares the two.
 */
export const tokenErrors = {
  tenantUnknown: [400, 'invalid_request', 90002, "Tenant '{tenant}' not found."],
  parameterMissing: [
    400,
    'invalid_request',
    900144,
    "The request body must contain the following parameter: '{parameter}'.",
  ],
  bodyInvalid: [400, 'invalid_request', 900144, 'The request body is not valid: {reason}.'],
  grantUnsupported: [
    400,
    'unsupported_grant_type',
    70003,
    "The app requested an unsupported grant type '{grant}'; only 'client_credentials' is supported.",
  ],
  clientUnknown: [
    400,
    'unauthorized_client',
    700016,
    "Application with identifier '{client}' was not found in the directory.",
  ],
  secretInvalid: [
    401,
    'invalid_client',
    7000215,
    "Invalid client secret provided for app '{client}'. Ensure the secret being sent in the request is the client secret value, not the client secret ID.",
  ],
  secretExpired: [401, 'invalid_client', 7000222, "The provided client secret keys for app '{client}' are expired."],
  credentialMissing: [
    401,
    'invalid_client',
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ],
  assertionInvalid: [401, 'invalid_client', 700027, 'The client assertion is not valid: {reason}.'],
  scopeInvalid: [
    400,
    'invalid_scope',
    1002012,
    "The provided value for scope '{scope}' is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.",
  ],
  lockedOut: [429, 'temporarily_unavailable', 50196, 'Sign-in for this application failed too often. Try again later.'],
} as const;

export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly kind: keyof typeof tokenErrors;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: keyof typeof tokenErrors,
    values: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(fillIn(tokenErrors[kind][3], values));
    this.kind = kind;
    this.headers = headers;
  }

  response(now: number): OpenResponse {
    const [status, error, code] = tokenErrors[this.kind];
    const trace = randomUUID();
    return {
      status,
      headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache', ...this.headers },
      body: {
        error,
        error_description: `AADSTS${code}: ${this.message}`,
        error_codes: [code],
        timestamp: new Date(now).toISOString().replace('T', ' '),
        trace_id: trace,
        correlation_id: trace,
      },
    };
  }
}
