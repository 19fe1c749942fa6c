import { createHash, type X509Certificate } from 'node:crypto';
import { publicKeyBitsOf, serialNumberOf, subjectOf } from './certificate-fields.ts';
import { der, derObjectIdentifier } from './der-writer.ts';

export const nonceExtension = '1.3.6.1.5.5.7.48.1.2';
const sha1 = '1.3.14.3.2.26';

/**
 * A request for the status of one certificate (RFC 6960, section 4.1), with a nonce. The certificate is named by SHA-1
 * hashes, the only ones that every responder knows; they protect nothing.
 */
export function ocspRequest(certificate: X509Certificate, issuer: X509Certificate, nonce: Uint8Array): Buffer {
  const hash = (bytes: Buffer) => der(0x04, createHash('sha1').update(bytes).digest());
  const id = der(
    0x30,
    der(0x30, derObjectIdentifier(sha1), der(0x05)),
    hash(subjectOf(issuer)),
    hash(publicKeyBitsOf(issuer)),
    der(0x02, serialBytes(certificate)),
  );
  const nonceValue = der(0x04, der(0x04, nonce));
  const extensions = der(0xa2, der(0x30, der(0x30, derObjectIdentifier(nonceExtension), nonceValue)));
  return der(0x30, der(0x30, der(0x30, der(0x30, id)), extensions));
}

/** As an INTEGER, which must not look negative. */
function serialBytes(certificate: X509Certificate): Buffer {
  const hex = serialNumberOf(certificate);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}
