import { constants, createHmac, KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { type KeyKind, signatureAlgorithms } from './algorithms.ts';
import type { CompactToken } from './compact-token.ts';
import { ecdsaToDer } from './ecdsa-der.ts';
import { TokenError } from './token-error.ts';
import type { TokenKey } from './token-key.ts';

/** The keys that the token may be signed with: those that its `kid` or `x5t` names, and those that have no name. */
export function candidates(token: CompactToken, keys: readonly TokenKey[]): readonly TokenKey[] {
  const { kid, x5t } = token.header;
  if (typeof kid !== 'string' && typeof x5t !== 'string') return keys;
  const named = keys.filter(
    (key) =>
      (key.id !== null && key.id === kid) ||
      (key.thumbprint !== null && (key.thumbprint === x5t || key.thumbprint === kid)),
  );
  return named.length > 0
    ? named
    : keys.filter((key) => key.id === null && (typeof kid === 'string' || key.thumbprint === null));
}

/**
 * Gives the key that the token is signed with. A key is only tried with the algorithms of its kind: an RSA key is never
 * taken as a secret. Verifies on the calling thread: one signature takes less time than handing it to another thread and
 * back costs.
 * @throws {TokenError} TokenSignatureInvalid when none of them fits.
 */
export function verifySignature(token: CompactToken, keys: readonly TokenKey[]): TokenKey {
  const { alg, crit } = token.header;
  const kind = typeof alg === 'string' ? signatureAlgorithms.get(alg) : undefined;
  const detail: string[] = [];
  for (const key of kind ? keys : []) {
    if (key.kind !== kind || (key.algorithm !== null && key.algorithm !== alg)) continue;
    // RFC 7515, 4.1.11: an extension that is not understood makes the token invalid; none is understood here.
    if (crit !== undefined) detail.push('IDX10504: the token has critical extensions, none of which is supported');
    else if (isSignedBy(token.text, String(alg), key)) return key;
    else detail.push('IDX10504: the signature does not match');
  }
  if (detail.length === 0)
    detail.push(
      `IDX10634: Unable to create the SignatureProvider. Algorithm: '${String(alg).slice(0, 40)}' is not supported by the keys`,
    );
  const caught = `Exceptions caught: '${[...new Set(detail)].join("', '")}'.`;
  const { kid } = token.header;
  throw new TokenError(
    'TokenSignatureInvalid',
    typeof kid === 'string'
      ? `IDX10511: Signature validation failed. Keys tried: '${keys.length}'. kid: '${kid}'. ${caught}`
      : `IDX10503: Signature validation failed. Token does not have a kid. Keys tried: '${keys.length}'. ${caught}`,
  );
}

/** RFC 7515, 5.2. `alg` is one of {@link signatureAlgorithms} and fits the key. */
function isSignedBy(text: string, alg: string, { kind, material }: TokenKey): boolean {
  const end = text.lastIndexOf('.');
  const encoded = text.slice(end + 1);
  // Buffer skips what is not base64url: one signature would have many spellings.
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) return false;
  const signature = Buffer.from(encoded, 'base64url');
  const content = Buffer.from(text.slice(0, end), 'latin1');
  const digest = `sha${alg.slice(2)}`;
  if (!(material instanceof KeyObject)) {
    const expected = createHmac(digest, material).update(content).digest();
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }
  // A key by itself where that is possible: finding out that `{ key, ... }` is no key throws an error inside Node, which
  // costs half as much as the signature.
  switch (alg.slice(0, 2)) {
    case 'RS':
      return verify(digest, content, material, signature);
    case 'PS':
      return verify(
        digest,
        content,
        { key: material, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
        signature,
      );
    default: {
      const der = ecdsaToDer(signature, coordinateBytes[kind] ?? 0);
      return der !== null && verify(digest, content, material, der);
    }
  }
}

/** Bytes of each half of a signature (RFC 7518, section 3.4). */
const coordinateBytes: Readonly<Partial<Record<KeyKind, number>>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };
