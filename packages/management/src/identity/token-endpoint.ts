import type { OpenRequest, OpenResponse } from '../http/front.ts';
import { accessTokenSeconds, signAccessToken } from './access-token.ts';
import type { Application, Applications } from './applications.ts';
import { AssertionVerifier } from './client-assertion.ts';
import { SignInFailures } from './sign-in-failures.ts';
import type { SigningKeys } from './signing-keys.ts';
import { TokenError } from './token-errors.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface TokenEndpointOptions {
  readonly tenantId: string;
  readonly applications: Applications;
  readonly keys: SigningKeys;
  readonly now: () => number;
}

/** The client credentials grant (RFC 6749, section 4.4) with a secret or a signed assertion (RFC 7523). */
export class TokenEndpoint {
  readonly #options: TokenEndpointOptions;
  readonly #failures: SignInFailures;
  readonly #assertions: AssertionVerifier;

  constructor(options: TokenEndpointOptions) {
    this.#options = options;
    this.#failures = new SignInFailures(options.now);
    this.#assertions = new AssertionVerifier(options.now);
  }

  /** @throws {TokenError} */
  async issue(request: OpenRequest, body: URLSearchParams, issuer: string, isV2: boolean): Promise<OpenResponse> {
    const grant = required(body, 'grant_type');
    if (grant !== 'client_credentials') throw new TokenError('grantUnsupported', { grant });
    const credentials = readCredentials(request, body);
    const locked = this.#failures.lockedFor(credentials.clientId, request.clientAddress);
    if (locked > 0) throw new TokenError('lockedOut', {}, { 'Retry-After': String(locked) });
    let application: Application;
    try {
      application = await this.#authenticate(request, credentials);
    } catch (error) {
      if (error instanceof TokenError) this.#failures.failed(credentials.clientId, request.clientAddress);
      throw error;
    }
    this.#failures.succeeded(credentials.clientId, request.clientAddress);
    return this.#answer(application, audienceOf(body), issuer, isV2);
  }

  async #authenticate(request: OpenRequest, credentials: Credentials): Promise<Application> {
    const { clientId, secret, assertion } = credentials;
    const application = await this.#options.applications.get(clientId);
    if (application === undefined) throw new TokenError('clientUnknown', { client: clientId });
    if (assertion !== undefined) {
      await this.#assertions.verify(assertion, application, request.baseUrl);
      return application;
    }
    if (secret === undefined) throw new TokenError('credentialMissing');
    const outcome = await this.#options.applications.verify(application, secret);
    if (outcome === 'expired') throw new TokenError('secretExpired', { client: clientId });
    if (outcome !== 'valid') throw new TokenError('secretInvalid', { client: clientId });
    return application;
  }

  async #answer(application: Application, audience: string, issuer: string, isV2: boolean): Promise<OpenResponse> {
    const { tenantId, keys, now } = this.#options;
    const at = Math.floor(now() / 1000);
    const token = await signAccessToken(keys, {
      principal: application,
      tenantId,
      audience,
      issuer,
      version: isV2 ? '2.0' : '1.0',
      issuedAt: at,
    });
    const expires = accessTokenSeconds - 1;
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache' },
      body: {
        token_type: 'Bearer',
        expires_in: isV2 ? expires : String(expires),
        ext_expires_in: isV2 ? expires : String(expires),
        ...(isV2 ? {} : { expires_on: String(at + accessTokenSeconds), not_before: String(at), resource: audience }),
        access_token: token,
      },
    };
  }
}

interface Credentials {
  readonly clientId: string;
  readonly secret?: string;
  readonly assertion?: string;
}

function readCredentials(request: OpenRequest, body: URLSearchParams): Credentials {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.get('Authorization') ?? '');
  if (basic !== null) {
    const text = Buffer.from(basic[1] as string, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 0) throw new TokenError('bodyInvalid', { reason: 'the Authorization header has no colon' });
    // RFC 6749, section 2.3.1: both are form-encoded first.
    const [clientId, secret] = [text.slice(0, colon), text.slice(colon + 1)].map(formDecode);
    return { clientId: clientId as string, secret };
  }
  const assertion = body.get('client_assertion') ?? undefined;
  if (assertion !== undefined && body.get('client_assertion_type') !== assertionType)
    throw new TokenError('bodyInvalid', { reason: `client_assertion_type must be ${assertionType}` });
  const secret = body.get('client_secret') ?? undefined;
  return { clientId: required(body, 'client_id'), secret, assertion };
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** `aud` of the token: `resource`, or `scope` without `/.default`. A double slash before it leaves one in the audience. */
function audienceOf(body: URLSearchParams): string {
  const resource = body.get('resource');
  if (resource !== null && resource !== '') return checkedAudience(resource, resource);
  const scope = required(body, 'scope');
  const [first = ''] = scope
    .split(' ')
    .filter((one) => one !== '' && one !== 'openid' && one !== 'profile' && one !== 'offline_access');
  if (!first.endsWith('/.default')) throw new TokenError('scopeInvalid', { scope });
  return checkedAudience(first.slice(0, -'/.default'.length), scope);
}

function checkedAudience(audience: string, scope: string): string {
  if (audience.length > 2048 || !(URL.canParse(audience) || /^[\w.-]+$/.test(audience)))
    throw new TokenError('scopeInvalid', { scope });
  return audience;
}

function required(body: URLSearchParams, parameter: string): string {
  const value = body.get(parameter);
  if (value === null || value === '') throw new TokenError('parameterMissing', { parameter });
  return value;
}
