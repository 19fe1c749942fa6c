import { derChild, derChildren, objectIdentifier, readDer } from '@lazuli/certificates';
import type { Certificate } from './certificate.ts';

/** Parts of a certificate that node:crypto does not give. RFC 5280, section 4.1. */

/** 1, 2 or 3. */
export function versionOf({ x509 }: Certificate): number {
  const [version] = derChildren(derChild(readDer(x509.raw), 0, 0x30));
  return version?.tag === 0xa0 ? (derChild(version, 0, 0x02).content[0] ?? 0) + 1 : 1;
}

/** Of the signature, in dotted notation. */
export function signatureAlgorithmOf({ x509 }: Certificate): string {
  return objectIdentifier(derChild(derChild(readDer(x509.raw), 1, 0x30), 0));
}

/** The key's own encoding: RSAPublicKey, or a point of the curve. */
export function publicKeyOf({ x509 }: Certificate): Uint8Array {
  const key = readDer(x509.publicKey.export({ format: 'der', type: 'spki' }));
  // The first byte of a BIT STRING counts its unused bits.
  return new Uint8Array(derChild(key, 1, 0x03).content.subarray(1));
}
