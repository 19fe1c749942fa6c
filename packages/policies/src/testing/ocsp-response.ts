import { X509Certificate } from 'node:crypto';
import { derChild, derChildren, readDer } from '@lazuli/certificates';
import { subjectOf } from '../certificates/certificate-fields.ts';
import { der, derObjectIdentifier } from '../certificates/der-writer.ts';
import type { TestAuthority } from './test-authority.ts';

export interface TestOcspResponseInit {
  readonly signer: TestAuthority;
  /** Certificates that come along. */
  readonly certificates?: readonly TestAuthority[];
  readonly status?: 'good' | 'revoked' | 'unknown';
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  /** Instead of the request's; null leaves it out. */
  readonly nonce?: Uint8Array | null;
}

/** Answers an OCSP request as a responder does (RFC 6960): about the certificate that it asks for. */
export async function testOcspResponse(request: Uint8Array, init: TestOcspResponseInit): Promise<Buffer> {
  const { signer, certificates = [], status = 'good', thisUpdate = new Date(Date.UTC(2026, 0, 1)) } = init;
  const asked = derChild(readDer(Buffer.from(request)), 0);
  const id = derChild(derChild(derChild(asked, 0), 0), 0);
  const next = init.nextUpdate === undefined ? new Date(Date.UTC(2026, 11, 1)) : init.nextUpdate;
  const single = der(
    0x30,
    id.whole,
    status === 'revoked' ? der(0xa1, time(thisUpdate)) : der(status === 'good' ? 0x80 : 0x82),
    time(thisUpdate),
    ...(next ? [der(0xa0, time(next))] : []),
  );
  const signed = der(
    0x30,
    der(0xa1, subjectOf(new X509Certificate(signer.der))),
    time(thisUpdate),
    der(0x30, single),
    ...extensions(derChildren(asked)[1]?.content, init.nonce),
  );
  const basic = der(
    0x30,
    signed,
    der(0x30, derObjectIdentifier('1.2.840.10045.4.3.2')),
    der(0x03, Buffer.of(0), await signer.sign(signed)),
    der(0xa0, der(0x30, ...certificates.map((one) => one.der))),
  );
  const holder = der(0x30, derObjectIdentifier('1.3.6.1.5.5.7.48.1.1'), der(0x04, basic));
  return der(0x30, der(0x0a, Buffer.of(0)), der(0xa0, holder));
}

function extensions(requested: Buffer | undefined, nonce: Uint8Array | null | undefined): Buffer[] {
  if (nonce === null || !requested) return [];
  if (nonce === undefined) return [der(0xa1, requested)];
  const value = der(0x04, der(0x04, nonce));
  return [der(0xa1, der(0x30, der(0x30, derObjectIdentifier('1.3.6.1.5.5.7.48.1.2'), value)))];
}

const time = (date: Date): Buffer =>
  der(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
