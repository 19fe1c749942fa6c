import { createHash, X509Certificate } from 'node:crypto';
import { type DerElement, DerError, derChild, derChildren, objectIdentifier, readDer } from '@lazuli/certificates';
import { hasSigned } from './certificate-chain.ts';
import { extensionOf, publicKeyBitsOf, serialNumberOf, serialOf, subjectOf, timeOf } from './certificate-fields.ts';
import { hashes, verifySignature } from './der-signature.ts';
import { nonceExtension } from './ocsp-request.ts';

/** What a responder says about a certificate. */
export interface OcspAnswer {
  readonly status: 'good' | 'revoked' | 'unknown';
  /** Milliseconds since 1970; null: newer information is always to be had. */
  readonly nextUpdate: number | null;
}

export interface OcspQuestion {
  readonly certificate: X509Certificate;
  readonly issuer: X509Certificate;
  readonly nonce: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const sequence = 0x30;
const basicResponse = '1.3.6.1.5.5.7.48.1.1';
const ocspSigning = '1.3.6.1.5.5.7.3.9';
/** Clocks differ. */
const skewMs = 5 * 60_000;

/**
 * Reads and verifies the answer of a responder (RFC 6960, section 4.2): signed by the issuer itself or by one that the
 * issuer has authorised (`id-kp-OCSPSigning`), about this certificate, in force now, with the nonce when it has one.
 * @throws {DerError} for anything else, with what is wrong.
 */
export function readOcspResponse(bytes: Buffer, question: OcspQuestion): OcspAnswer {
  const basic = basicResponseIn(bytes);
  const [signed, algorithm, signature, certificates] = derChildren(basic);
  if (!signed || !algorithm || signature?.tag !== 0x03) throw new DerError('an element is missing');
  const fields = derChildren(signed);
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [responder, , responses, extensions] = fields;
  if (!responder || responses?.tag !== sequence) throw new DerError('an element is missing');
  const signer = signerOf(responder, certificates, question);
  verifySignature(signed, algorithm, signature, signer.publicKey);
  checkNonce(extensions, question.nonce);
  for (const single of derChildren(responses)) {
    const answer = answerIn(single, question);
    if (answer) return answer;
  }
  throw new DerError('it says nothing about the certificate');
}

const failures: Readonly<Record<number, string>> = {
  1: 'malformedRequest',
  2: 'internalError',
  3: 'tryLater',
  5: 'sigRequired',
  6: 'unauthorized',
};

function basicResponseIn(bytes: Buffer): DerElement {
  const [status, content] = derChildren(readDer(bytes));
  const code = status?.tag === 0x0a ? status.content[0] : undefined;
  if (code !== 0) throw new DerError(`the responder answers ${failures[code ?? -1] ?? 'nothing that is known'}`);
  if (content?.tag !== 0xa0) throw new DerError('the answer is empty');
  const holder = derChild(content, 0, sequence);
  if (objectIdentifier(derChild(holder, 0)) !== basicResponse) throw new DerError('it is of an unknown kind');
  const basic = readDer(derChild(holder, 1, 0x04).content);
  if (basic.tag !== sequence) throw new DerError('an element is missing');
  return basic;
}

/** The certificate that the responder names, when it may speak for the issuer. */
function signerOf(
  responder: DerElement,
  certificates: DerElement | undefined,
  { issuer, now }: OcspQuestion,
): X509Certificate {
  const isNamed = namedBy(responder);
  if (isNamed(issuer)) return issuer;
  const given =
    certificates?.tag === 0xa0 ? derChildren(derChild(certificates, 0, sequence)).slice(0, mostSigners) : [];
  for (const { whole } of given) {
    const certificate = certificateOrNull(whole);
    if (!certificate || !isNamed(certificate)) continue;
    if (!hasSigned(issuer, certificate)) throw new DerError('its signer is not one of the issuer');
    if (!isOcspSigner(certificate)) throw new DerError('its signer is not authorised to sign OCSP responses');
    if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime())
      throw new DerError('the certificate of its signer is not valid now');
    return certificate;
  }
  throw new DerError('its signer is not known');
}

const mostSigners = 10;

/** By name, or by the SHA-1 hash of the key. */
function namedBy(responder: DerElement): (certificate: X509Certificate) => boolean {
  const inner = derChild(responder, 0);
  if (responder.tag === 0xa1) return (certificate) => subjectOf(certificate).equals(inner.whole);
  if (responder.tag !== 0xa2) throw new DerError('its signer is not named');
  return (certificate) => createHash('sha1').update(publicKeyBitsOf(certificate)).digest().equals(inner.content);
}

function certificateOrNull(bytes: Buffer): X509Certificate | null {
  try {
    return new X509Certificate(bytes);
  } catch {
    return null;
  }
}

function isOcspSigner(certificate: X509Certificate): boolean {
  const usages = extensionOf(certificate, '2.5.29.37');
  return usages !== undefined && derChildren(readDer(usages)).some((usage) => objectIdentifier(usage) === ocspSigning);
}

/** Many responders sign in advance and leave the nonce out: then the times must do. */
function checkNonce(extensions: DerElement | undefined, nonce: Uint8Array): void {
  if (extensions?.tag !== 0xa1) return;
  for (const extension of derChildren(derChild(extensions, 0, sequence))) {
    const parts = derChildren(extension);
    if (!parts[0] || objectIdentifier(parts[0]) !== nonceExtension) continue;
    const value = parts.at(-1)?.content;
    if (!value || !readDer(value).content.equals(nonce)) throw new DerError('it answers another request');
  }
}

function answerIn(single: DerElement, { certificate, issuer, now }: OcspQuestion): OcspAnswer | null {
  const [id, status, thisUpdate, ...rest] = derChildren(single);
  if (!id || !status || thisUpdate?.tag !== 0x18) throw new DerError('an element is missing');
  if (!isAbout(id, certificate, issuer)) return null;
  const next = rest.find(({ tag }) => tag === 0xa0);
  const nextUpdate = next ? timeOf(derChild(next, 0, 0x18)) : null;
  if (timeOf(thisUpdate) > now + skewMs) throw new DerError('it is of the future');
  if (nextUpdate !== null && nextUpdate + skewMs < now) throw new DerError('it is out of date');
  switch (status.tag) {
    case 0x80:
      return { status: 'good', nextUpdate };
    case 0xa1:
      return { status: 'revoked', nextUpdate };
    case 0x82:
      return { status: 'unknown', nextUpdate };
    default:
      throw new DerError('its status is not known');
  }
}

function isAbout(id: DerElement, certificate: X509Certificate, issuer: X509Certificate): boolean {
  const [algorithm, nameHash, keyHash, serial] = derChildren(id);
  if (!algorithm || !nameHash || !keyHash || serial?.tag !== 0x02) throw new DerError('an element is missing');
  const oid = objectIdentifier(derChild(algorithm, 0));
  const digest = oid === '1.3.14.3.2.26' ? 'sha1' : hashes[oid];
  if (digest === undefined) return false;
  const hash = (bytes: Buffer) => createHash(digest).update(bytes).digest();
  return (
    serialOf(serial) === serialNumberOf(certificate) &&
    nameHash.content.equals(hash(subjectOf(issuer))) &&
    keyHash.content.equals(hash(publicKeyBitsOf(issuer)))
  );
}
