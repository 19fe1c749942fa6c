import type { X509Certificate } from 'node:crypto';
import { type DerElement, DerError, derChild, derChildren, objectIdentifier, readDer } from '@lazuli/certificates';

const sequence = 0x30;

/** Hexadecimal, upper case, without leading zeros. */
export const serialNumberOf = (certificate: X509Certificate): string =>
  certificate.serialNumber.toUpperCase().replace(/^0+(?=.)/, '');

/** An INTEGER in the form of {@link serialNumberOf}. */
export const serialOf = (integer: DerElement): string =>
  integer.content
    .toString('hex')
    .toUpperCase()
    .replace(/^0+(?=.)/, '');

/** The name that the certificate is for, as its bytes are. */
export function subjectOf(certificate: X509Certificate): Buffer {
  const subject = certificateFields(certificate)[4];
  if (!subject) throw new DerError('the issuer has no subject');
  return subject.whole;
}

/** The bits of the public key without the algorithm: what key hashes are made of (RFC 5280, section 4.2.1.2). */
export function publicKeyBitsOf(certificate: X509Certificate): Buffer {
  const info = certificateFields(certificate)[5];
  if (!info) throw new DerError('the certificate has no public key');
  return derChild(info, 1, 0x03).content.subarray(1);
}

/** The value of an extension, or undefined. */
export function extensionOf(certificate: X509Certificate, oid: string): Buffer | undefined {
  const holder = certificateFields(certificate).find((field) => field.tag === 0xa3);
  for (const extension of holder ? derChildren(derChild(holder, 0, sequence)) : []) {
    const fields = derChildren(extension);
    if (fields[0] && objectIdentifier(fields[0]) === oid) return fields.at(-1)?.content;
  }
  return undefined;
}

/** TBSCertificate: version, serial, signature, issuer, validity, subject ... */
function certificateFields(certificate: X509Certificate): DerElement[] {
  const fields = derChildren(derChild(readDer(certificate.raw), 0, sequence));
  if (fields[0]?.tag === 0xa0) fields.shift();
  return fields;
}

/** UTCTime `YYMMDDHHMMSSZ` (1950 to 2049), GeneralizedTime `YYYYMMDDHHMMSSZ`. */
export function timeOf(element: DerElement): number {
  const text = element.content.toString('latin1');
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!match) throw new DerError('a time is malformed');
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const full = text.length === 13 ? year + (year < 50 ? 2000 : 1900) : year;
  return Date.UTC(full, month - 1, day, hour, minute, second);
}
