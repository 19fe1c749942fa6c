import { createPrivateKey, createPublicKey, hash, type KeyObject, X509Certificate } from 'node:crypto';
import type { KeyKind } from './algorithms.ts';

/** A key that signatures are checked with, or a token is decrypted with. */
export interface TokenKey {
  /** Compared with the token's `kid`; null: any token may be signed with it. */
  readonly id: string | null;
  /** SHA-1 thumbprint of its certificate, base64url, compared with `x5t`. */
  readonly thumbprint: string | null;
  readonly kind: KeyKind;
  /** The only algorithm it may be used with, when its issuer says so. */
  readonly algorithm: string | null;
  readonly material: KeyObject | Uint8Array;
  /** Tells keys apart without showing them. */
  readonly fingerprint: string;
}

/** A base64 (or base64url) secret. @throws {TypeError} when it is none or empty. */
export function symmetricKey(text: string, id: string | null): TokenKey {
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(compact)) throw new TypeError('A symmetric key must be given in base64.');
  return secretKey(Buffer.from(compact, 'base64'), id);
}

export function secretKey(secret: Uint8Array, id: string | null): TokenKey {
  const fingerprint = hash('sha256', secret, 'base64url');
  return { id, thumbprint: null, kind: 'symmetric', algorithm: null, material: secret, fingerprint };
}

/** Modulus and exponent in base64url. @throws {TypeError} when they are no RSA key. */
export function rsaKey(n: string, e: string, id: string | null): TokenKey {
  return publicKeyOf({ kty: 'RSA', n: urlSafe(n), e: urlSafe(e) }, id) ?? fail();
}

function fail(): never {
  throw new TypeError(
    "The attributes 'n' and 'e' must be the modulus and exponent of an RSA key of at least 2048 bits in base64url.",
  );
}

/** The public key of a certificate (PEM or DER). @throws {TypeError} when it is none, or of a kind that tokens are not signed with. */
export function certificateKey(certificate: string | Uint8Array, id: string | null): TokenKey {
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(certificate);
  } catch (error) {
    throw new TypeError('The certificate is not valid.', { cause: error });
  }
  const thumbprint = Buffer.from(parsed.fingerprint.replaceAll(':', ''), 'hex');
  const key = keyOf(parsed.publicKey, { id, thumbprint: thumbprint.toString('base64url') });
  if (!key) throw new TypeError('The certificate has no RSA key of at least 2048 bits and no EC key.');
  return key;
}

/** The private key of a certificate, for decrypting. @throws {TypeError} when it is no RSA key. */
export function decryptionKey(privateKeyPem: string, id: string | null): TokenKey {
  const material = createPrivateKey(privateKeyPem);
  if (material.asymmetricKeyType !== 'rsa') throw new TypeError('A decryption key must be an RSA key.');
  const fingerprint = hash(
    'sha256',
    createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' }),
    'base64url',
  );
  return { id, thumbprint: null, kind: 'rsa', algorithm: null, material, fingerprint };
}

/** The usable signing keys of a JWK set. Symmetric ones are left out: what is published is no secret. */
export function keysOfSet(set: unknown): TokenKey[] {
  const keys = isRecord(set) && Array.isArray(set.keys) ? set.keys : [];
  return keys.slice(0, 1_000).flatMap((jwk: unknown) => {
    if (!isRecord(jwk) || (jwk.use !== undefined && jwk.use !== 'sig')) return [];
    const id = typeof jwk.kid === 'string' ? jwk.kid : null;
    return publicKeyOf(jwk, id) ?? fromChain(jwk, id) ?? [];
  });
}

function publicKeyOf(jwk: Readonly<Record<string, unknown>>, id: string | null): TokenKey | undefined {
  if (jwk.kty !== 'RSA' && jwk.kty !== 'EC') return undefined;
  const field = (name: string): string | undefined => (typeof jwk[name] === 'string' ? jwk[name] : undefined);
  try {
    // Private parts, if somebody published them, stay out.
    const key =
      jwk.kty === 'RSA'
        ? { kty: 'RSA', n: field('n'), e: field('e') }
        : { kty: 'EC', crv: field('crv'), x: field('x'), y: field('y') };
    return keyOf(createPublicKey({ key, format: 'jwk' }), {
      id,
      thumbprint: typeof jwk.x5t === 'string' ? jwk.x5t : null,
      algorithm: typeof jwk.alg === 'string' ? jwk.alg : null,
    });
  } catch {
    return undefined;
  }
}

/** Some issuers publish only the certificate. */
function fromChain(jwk: Readonly<Record<string, unknown>>, id: string | null): TokenKey | undefined {
  const first: unknown = Array.isArray(jwk.x5c) ? jwk.x5c[0] : undefined;
  if (typeof first !== 'string') return undefined;
  try {
    return certificateKey(Buffer.from(first, 'base64'), id);
  } catch {
    return undefined;
  }
}

const curves: Readonly<Record<string, KeyKind>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

function keyOf(
  material: KeyObject,
  about: { readonly id: string | null; readonly thumbprint: string | null; readonly algorithm?: string | null },
): TokenKey | undefined {
  const type = material.asymmetricKeyType;
  const kind = type === 'rsa' ? 'rsa' : curves[material.asymmetricKeyDetails?.namedCurve ?? ''];
  // RFC 7518, 3.3: 2048 bits or more.
  if (!kind || (kind === 'rsa' && (material.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)) return undefined;
  const fingerprint = hash('sha256', material.export({ type: 'spki', format: 'der' }), 'base64url');
  return { algorithm: null, ...about, kind, material, fingerprint };
}

const urlSafe = (text: string): string => text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
