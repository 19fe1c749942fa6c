import { type KeyObject, verify, type X509Certificate } from 'node:crypto';
import { type DerElement, DerError, derChild, derChildren, objectIdentifier, readDer } from '@lazuli/certificates';

/** A certificate revocation list (RFC 5280, section 5) whose signature was found good. */
export interface RevocationList {
  /** Hexadecimal, upper case, without leading zeros. */
  readonly serials: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly nextUpdate: number;
}

const sequence = 0x30;

/**
 * Reads and verifies a list of `issuer`.
 * @throws {DerError} for anything that is no complete list of that issuer, with what is missing.
 */
export function readRevocationList(bytes: Buffer, issuer: X509Certificate): RevocationList {
  const list = readDer(bytes);
  const signed = derChild(list, 0, sequence);
  verifySignature(signed, derChild(list, 1, sequence), derChild(list, 2, 0x03), issuer.publicKey);

  const fields = derChildren(signed);
  if (fields[0]?.tag === 0x02) fields.shift();
  const [, name, , ...rest] = fields;
  if (!name?.whole.equals(subjectOf(issuer))) throw new DerError('it is the list of another issuer');
  const next = rest[0];
  if (next?.tag !== 0x17 && next?.tag !== 0x18) throw new DerError('it does not say when it ends');
  checkExtensions(rest.find((one) => one.tag === 0xa0));
  const revoked = rest.find((one) => one.tag === sequence);
  return {
    serials: new Set(revoked ? derChildren(revoked).map((entry) => serialOf(derChild(entry, 0, 0x02))) : []),
    nextUpdate: timeOf(next),
  };
}

/** The http URLs where the certificate says that its revocation list is (extension 2.5.29.31). */
export function distributionPoints(certificate: X509Certificate): string[] {
  const extension = extensionOf(certificate, '2.5.29.31');
  if (!extension) return [];
  return derChildren(readDer(extension)).flatMap((point) =>
    derChildren(point)
      .filter((field) => field.tag === 0xa0)
      .flatMap((field) => derChildren(field).filter((one) => one.tag === 0xa0))
      .flatMap(derChildren)
      .filter((one) => one.tag === 0x86)
      .map((one) => one.content.toString('latin1'))
      .filter((url) => /^https?:\/\//i.test(url) && URL.canParse(url)),
  );
}

export const serialNumberOf = (certificate: X509Certificate): string =>
  certificate.serialNumber.toUpperCase().replace(/^0+(?=.)/, '');

const algorithms: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};

function verifySignature(signed: DerElement, algorithm: DerElement, signature: DerElement, key: KeyObject): void {
  const name = objectIdentifier(derChild(algorithm, 0));
  const digest = algorithms[name];
  if (digest === undefined) throw new DerError(`its signature algorithm ${name} is not supported`);
  // The first byte of a bit string counts unused bits.
  if (!verify(digest, signed.whole, key, signature.content.subarray(1))) throw new DerError('its signature is wrong');
}

/** Lists of a part only (delta lists, lists for other issuers) must not pass for the whole. */
function checkExtensions(holder: DerElement | undefined): void {
  for (const extension of holder ? derChildren(derChild(holder, 0, sequence)) : []) {
    const [id, critical, value] = derChildren(extension);
    if (!id || critical?.tag !== 0x01) continue;
    const oid = objectIdentifier(id);
    if (oid !== '2.5.29.28') throw new DerError(`its critical extension ${oid} is not supported`);
    const scope = value ? derChildren(readDer(value.content)) : [];
    if (scope.some((one) => one.tag === 0x84)) throw new DerError('it is an indirect list');
  }
}

/** TBSCertificate: version, serial, signature, issuer, validity, subject ... */
function certificateFields(certificate: X509Certificate): DerElement[] {
  const fields = derChildren(derChild(readDer(certificate.raw), 0, sequence));
  if (fields[0]?.tag === 0xa0) fields.shift();
  return fields;
}

function subjectOf(certificate: X509Certificate): Buffer {
  const subject = certificateFields(certificate)[4];
  if (!subject) throw new DerError('the issuer has no subject');
  return subject.whole;
}

function extensionOf(certificate: X509Certificate, oid: string): Buffer | undefined {
  const holder = certificateFields(certificate).find((field) => field.tag === 0xa3);
  for (const extension of holder ? derChildren(derChild(holder, 0, sequence)) : []) {
    const fields = derChildren(extension);
    if (fields[0] && objectIdentifier(fields[0]) === oid) return fields.at(-1)?.content;
  }
  return undefined;
}

const serialOf = (integer: DerElement): string =>
  integer.content
    .toString('hex')
    .toUpperCase()
    .replace(/^0+(?=.)/, '');

/** UTCTime `YYMMDDHHMMSSZ` (1950 to 2049), GeneralizedTime `YYYYMMDDHHMMSSZ`. */
function timeOf(element: DerElement): number {
  const text = element.content.toString('latin1');
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!match) throw new DerError('a time is malformed');
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const full = text.length === 13 ? year + (year < 50 ? 2000 : 1900) : year;
  return Date.UTC(full, month - 1, day, hour, minute, second);
}
