import { constants, type KeyObject, verify } from 'node:crypto';
import { type DerElement, DerError, derChild, derChildren, objectIdentifier } from '@lazuli/certificates';

const algorithms: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

/**
 * Checks the signature under a structure of X.509, a revocation list or an OCSP response.
 * @throws {DerError}
 */
export function verifySignature(
  signed: DerElement,
  algorithm: DerElement,
  signature: DerElement,
  key: KeyObject,
): void {
  const name = objectIdentifier(derChild(algorithm, 0));
  const isPss = name === rsaPss;
  const digest = isPss ? pssDigest(algorithm) : algorithms[name];
  if (digest === undefined) throw new DerError(`its signature algorithm ${name} is not supported`);
  // The first byte of a bit string counts unused bits.
  if (!verify(digest, signed.whole, isPss ? pss(key) : key, signature.content.subarray(1)))
    throw new DerError('its signature is wrong');
}

const rsaPss = '1.2.840.113549.1.1.10';

const pss = (key: KeyObject) => ({
  key,
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_AUTO,
});

/** The hash of RSASSA-PSS-params (RFC 4055); without one it would be SHA-1, which is not accepted. */
function pssDigest(algorithm: DerElement): string | undefined {
  const hash = derChildren(derChild(algorithm, 1)).find(({ tag }) => tag === 0xa0);
  return hash ? hashes[objectIdentifier(derChild(derChild(hash, 0), 0))] : undefined;
}

/** Hash functions by their identifiers. */
export const hashes: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
