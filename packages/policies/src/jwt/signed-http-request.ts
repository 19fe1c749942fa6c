import { calculateJwkThumbprint } from 'jose';
import type { Exchange } from '../exchange.ts';
import { type CompactToken, type JsonObject, parseCompactToken } from './compact-token.ts';
import { TokenError } from './token-error.ts';
import { keysOfSet, type TokenKey } from './token-key.ts';
import type { ValidatedToken } from './token-validator.ts';
import { verifySignature } from './verify-signature.ts';

/** A signed HTTP request: what a client sends with a proof-of-possession token. */
export interface SignedHttpRequest {
  readonly accessToken: string;
  readonly token: CompactToken;
}

/** IdentityModel's SignedHttpRequestValidationParameters default. */
const lifetimeMs = 5 * 60_000;

/**
 * Takes a signed HTTP request apart (draft-ietf-oauth-signed-http-request): a JWT with the access token in `at`. Null for
 * any other token.
 */
export function readSignedHttpRequest(text: string): SignedHttpRequest | null {
  let token: CompactToken;
  try {
    token = parseCompactToken(text);
  } catch (error) {
    // The validator says what is wrong with it.
    if (error instanceof TokenError) return null;
    throw error;
  }
  const at = token.claims?.at;
  return typeof at === 'string' ? { accessToken: at, token } : null;
}

/**
 * Checks that whoever sent the request has the key that the access token was issued for: signature, age (5 minutes), method
 * (`m`), host (`u`) and path (`p`), as Microsoft.IdentityModel does unless told otherwise.
 * Rejects with {@link TokenError}.
 */
export async function checkSignedHttpRequest(
  { token }: SignedHttpRequest,
  accessToken: ValidatedToken,
  exchange: Exchange,
): Promise<void> {
  const claims = token.claims ?? {};
  const key = await confirmedKey(accessToken.claims.cnf, claims.cnf);
  verifySignature(token, [key]);
  checkAge(claims, exchange.ports.clock.now());
  const { method, originalUrl } = exchange.request;
  const { authority, host, path, port, scheme } = originalUrl;
  check('m', claims.m, [method]);
  const isDefaultPort = port === (scheme === 'https' ? 443 : 80);
  check('u', lower(claims.u), [authority, `${host}:${port}`, ...(isDefaultPort ? [host] : [])].map(lower));
  check('p', withoutSlashes(claims.p), [withoutSlashes(path)]);
}

/** `cnf` of the access token holds the key, or its thumbprint, and the request brings the key. */
async function confirmedKey(confirmation: unknown, brought: unknown): Promise<TokenKey> {
  if (!isObject(confirmation))
    throw new TokenError(
      'JwtInvalid',
      "IDX23003: The access token has no 'cnf' claim: it is not a proof-of-possession token.",
    );
  if (isObject(confirmation.jwk)) return keyOf(confirmation.jwk);
  const jwk = isObject(brought) ? brought.jwk : undefined;
  if (typeof confirmation.kid !== 'string' || !isObject(jwk))
    throw new TokenError(
      'JwtInvalid',
      "IDX23022: The key of the 'cnf' claim cannot be resolved; expected 'jwk', or 'kid' and the key in the request.",
    );
  const thumbprint = await calculateJwkThumbprint(jwk).catch((error: unknown) => {
    throw new TokenError('JwtInvalid', "IDX23022: The key in the 'cnf' claim of the request is not a key.", error);
  });
  if (thumbprint !== confirmation.kid)
    throw new TokenError(
      'TokenSignatureInvalid',
      "IDX23021: The key of the request is not the one of the access token's 'cnf' claim.",
    );
  return keyOf(jwk);
}

function keyOf(jwk: JsonObject): TokenKey {
  const [key] = keysOfSet({ keys: [{ ...jwk, use: undefined }] });
  if (!key)
    throw new TokenError(
      'JwtInvalid',
      'IDX23015: The proof-of-possession key is no RSA key of at least 2048 bits and no EC key.',
    );
  return key;
}

function checkAge(claims: JsonObject, now: number): void {
  if (typeof claims.ts !== 'number')
    throw new TokenError('JwtInvalid', "IDX23009: The signed HTTP request has no 'ts' claim.");
  const age = now - claims.ts * 1000;
  if (age > lifetimeMs) throw new TokenError('TokenExpired', 'IDX23010: The signed HTTP request is over.');
  if (age < -lifetimeMs) throw new TokenError('JwtInvalid', 'IDX23010: The signed HTTP request is of the future.');
}

function check(name: string, claim: unknown, expected: readonly unknown[]): void {
  if (!expected.includes(claim))
    throw new TokenError(
      'JwtInvalid',
      `IDX23011: The '${name}' claim of the signed HTTP request does not match the request.`,
    );
}

const lower = (text: unknown): unknown => (typeof text === 'string' ? text.toLowerCase() : text);

const withoutSlashes = (path: unknown): unknown => (typeof path === 'string' ? path.replace(/^\/+|\/+$/g, '') : path);

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
