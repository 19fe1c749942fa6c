import type { X509Certificate } from 'node:crypto';
import { type DerElement, DerError, derChild, derChildren, objectIdentifier, readDer } from '@lazuli/certificates';
import { extensionOf, serialOf, subjectOf, timeOf } from './certificate-fields.ts';
import { verifySignature } from './der-signature.ts';

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
