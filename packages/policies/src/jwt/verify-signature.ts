import { compactVerify, errors } from 'jose';
import { signatureAlgorithms } from './algorithms.ts';
import type { CompactToken } from './compact-token.ts';
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
 * taken as a secret.
 * @throws {TokenError} TokenSignatureInvalid when none of them fits.
 */
export async function verifySignature(token: CompactToken, keys: readonly TokenKey[]): Promise<TokenKey> {
  const { alg } = token.header;
  const kind = typeof alg === 'string' ? signatureAlgorithms.get(alg) : undefined;
  const detail: string[] = [];
  for (const key of kind ? keys : []) {
    if (key.kind !== kind || (key.algorithm !== null && key.algorithm !== alg)) continue;
    try {
      await compactVerify(token.text, key.material, { algorithms: [String(alg)] });
      return key;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed) && error instanceof Error)
        detail.push(error.message);
      else detail.push('IDX10504: the signature does not match');
    }
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
