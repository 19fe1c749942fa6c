import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { compileDecryptionKeys, validateKeyElements } from '../jwt/compile-token-keys.ts';
import { compileClaims, compileTexts } from '../jwt/compile-token-rules.ts';
import { type EntraTenant, entraTenant, personalAccounts, tenantProblem, v1Issuer } from '../jwt/entra-tenant.ts';
import { type OpenIdConfiguration, OpenIdConfigurations } from '../jwt/openid-configurations.ts';
import { checkSignedHttpRequest, readSignedHttpRequest, type SignedHttpRequest } from '../jwt/signed-http-request.ts';
import { decryptionKeysElement, requiredClaimsElement, textList } from '../jwt/token-elements.ts';
import { TokenError } from '../jwt/token-error.ts';
import { compileTokenSource, tokenSourceAttributes } from '../jwt/token-source.ts';
import { type TokenRules, TokenValidator, type ValidatedToken } from '../jwt/token-validator.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { rejection, tokenVariable } from './validate-jwt.ts';

/** Lets a request through only with a valid token of Microsoft Entra ID. */
export const validateAzureAdToken: PolicyDefinition = {
  name: 'validate-azure-ad-token',
  sections: ['inbound'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'tenant-id': { type: 'string', required: true, expression: true, nonEmpty: true },
      ...tokenSourceAttributes,
      'authentication-endpoint': { type: 'string', default: 'https://login.microsoftonline.com', expression: false },
      'failed-validation-httpcode': { type: 'int', default: '401', expression: true, min: 200, max: 999 },
      'failed-validation-error-message': { type: 'string', expression: true },
      'output-token-variable-name': { type: 'string', expression: false, nonEmpty: true },
      'allow-protected-forwarded-tokens': { type: 'boolean', default: 'false', expression: true },
      'allow-proof-of-possession-tokens': { type: 'boolean', default: 'false', expression: true },
    },
    children: {
      kind: 'all',
      items: [
        textList('backend-application-ids', 'application-id'),
        textList('client-application-ids', 'application-id'),
        textList('audiences', 'audience'),
        requiredClaimsElement,
        decryptionKeysElement,
      ],
    },
  },
  validate(element, compiler) {
    const sources = ['header-name', 'query-parameter-name', 'token-value'];
    if (sources.filter((name) => compiler.has(element, name)).length > 1)
      compiler.report(element, `Only one of the attributes '${sources.join("', '")}' may be given.`);
    if (!compiler.child(element, 'client-application-ids') && !compiler.child(element, 'audiences'))
      compiler.report(element, "One of the elements 'client-application-ids' and 'audiences' is required.");
    const tenant = attributeOf(element, 'tenant-id')?.value;
    const problem = tenant?.kind === 'literal' && !tenant.unresolved ? tenantProblem(tenant.text.trim()) : undefined;
    // Only a warning: any string can be saved, and it may be a placeholder that deployment fills in.
    if (problem) compiler.warn(element, problem, tenant?.at);
    const endpoint = attributeOf(element, 'authentication-endpoint')?.value;
    if (endpoint && !endpoint.unresolved && !/^https?:\/\/[^\s?#]+$/i.test(endpoint.text.trim()))
      compiler.report(element, 'The attribute must be an absolute http(s) URL.', endpoint.at);
    const forwarded = attributeOf(element, 'allow-protected-forwarded-tokens')?.value;
    if (forwarded && compiler.boolean(element, 'allow-protected-forwarded-tokens').constant !== false)
      compiler.report(
        element,
        "The attribute 'allow-protected-forwarded-tokens' is not supported: Microsoft does not publish the format of these tokens.",
        forwarded.at,
      );
    validateKeyElements(element, compiler);
  },
  compile(element, compiler) {
    const source = compileTokenSource(element, compiler);
    const tenantOf = compileTenant(element, compiler);
    const rulesOf = compileRules(element, compiler);
    const clients = compileTexts(element, compiler, 'client-application-ids', 'application-id');
    const status = compiler.int(element, 'failed-validation-httpcode');
    const message = compiler.string(element, 'failed-validation-error-message');
    const output = compiler.string(element, 'output-token-variable-name').constant ?? null;
    const allowsProof = compiler.boolean(element, 'allow-proof-of-possession-tokens');
    const validator = new TokenValidator();

    const refuse = (exchange: Exchange, error: unknown): never => {
      if (!(error instanceof TokenError)) throw error;
      throw rejection(error, status.get(exchange), message.get(exchange));
    };
    const accept = (exchange: Exchange, tenant: EntraTenant, token: ValidatedToken): undefined => {
      checkAccount(token, tenant);
      checkClient(token, clients(exchange));
      if (output !== null) exchange.variables.set(output, tokenVariable(token));
    };
    const validate = (exchange: Exchange, text: string, tenant: EntraTenant, metadata: OpenIdConfiguration) => {
      const signed = allowsProof.get(exchange) ? readSignedHttpRequest(text) : null;
      const rules = rulesOf(exchange, tenant, metadata);
      if (signed) return validateProof(exchange, signed, tenant, rules);
      const result = validator.validate(text, rules, exchange.ports);
      return result instanceof Promise
        ? result.then((token) => accept(exchange, tenant, token))
        : accept(exchange, tenant, result);
    };
    const validateProof = async (
      exchange: Exchange,
      signed: SignedHttpRequest,
      tenant: EntraTenant,
      rules: TokenRules,
    ) => {
      const token = await validator.validate(signed.accessToken, rules, exchange.ports);
      await checkSignedHttpRequest(signed, token, exchange);
      return accept(exchange, tenant, token);
    };
    return (exchange) => {
      try {
        const text = source(exchange);
        const tenant = tenantOf(exchange);
        const address = { url: tenant.metadataUrl, host: null };
        const metadata = OpenIdConfigurations.of(exchange.ports).get(address, exchange.ports);
        const result =
          metadata instanceof Promise
            ? metadata.then((known) => validate(exchange, text, tenant, known))
            : validate(exchange, text, tenant, metadata);
        return result instanceof Promise ? result.catch((error: unknown) => refuse(exchange, error)) : result;
      } catch (error) {
        return refuse(exchange, error);
      }
    };
  },
  notes:
    'Accepts the v1 and v2 tokens of the tenant: the keys come from the v2 metadata of authentication-endpoint, as for validate-jwt. tenant-id "organizations" refuses personal accounts. An id of backend-application-ids is an allowed audience, also as api://id. Tokens must expire; there is no clock skew. With allow-proof-of-possession-tokens, signed HTTP requests (`Authorization: PoP …`) are taken as well as Bearer tokens: signature, age (5 minutes), method, host and path are checked; repetitions within that time are not noticed. Protected forwarded tokens are not supported.',
};

function compileTenant(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => EntraTenant {
  const tenantId = compiler.string(element, 'tenant-id');
  // The page's own default is misspelt; documents copied it.
  const endpoint = (compiler.string(element, 'authentication-endpoint').constant ?? '')
    .trim()
    .replace(/^https:\/\/login-microsoftonline\.com/i, 'https://login.microsoftonline.com');
  return (exchange) => entraTenant((tenantId.get(exchange) ?? '').trim(), endpoint);
}

function compileRules(
  element: PolicyElement,
  compiler: PolicyCompiler,
): (exchange: Exchange, tenant: EntraTenant, metadata: OpenIdConfiguration) => TokenRules {
  const audiences = compileTexts(element, compiler, 'audiences', 'audience');
  const backends = compileTexts(element, compiler, 'backend-application-ids', 'application-id');
  const claims = compileClaims(element, compiler);
  const decryptionKeys = compileDecryptionKeys(element, compiler);
  return (exchange, tenant, metadata) => {
    const v1 = metadata.issuer === null ? null : v1Issuer(metadata.issuer);
    return {
      metadata: [{ url: tenant.metadataUrl, host: null }],
      keys: [],
      decryptionKeys: decryptionKeys.map((key) => key(exchange)),
      audiences: [...audiences(exchange), ...backends(exchange).flatMap((id) => [id, `api://${id}`])],
      issuers: v1 === null ? [] : [v1],
      requiredClaims: claims(exchange),
      requireExpiration: true,
      requireSigned: true,
      clockSkewMs: 0,
    };
  };
}

/** The application that asked for the token: `azp` in v2 tokens, `appid` in v1 tokens. */
function checkClient({ claims }: ValidatedToken, allowed: readonly string[]): void {
  if (allowed.length === 0) return;
  const client = claims.azp ?? claims.appid;
  if (typeof client !== 'string')
    throw new TokenError('TokenClaimNotFound', 'JWT token is missing the following claims: azp, appid.');
  if (!allowed.some((id) => id.toLowerCase() === client.toLowerCase()))
    throw new TokenError('TokenClaimValueNotAllowed', `Client application ${client} is not allowed.`);
}

function checkAccount({ claims }: ValidatedToken, { isOrganizations }: EntraTenant): void {
  if (isOrganizations && claims.tid === personalAccounts)
    throw new TokenError('TokenIssuerNotAllowed', 'The token is that of a personal account.');
}
