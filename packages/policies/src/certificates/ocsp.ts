import { randomBytes, type X509Certificate } from 'node:crypto';
import { derChildren, objectIdentifier, readDer } from '@lazuli/certificates';
import { HeaderList } from '../http/header-list.ts';
import { fetchBytes } from '../outgoing/fetch-bytes.ts';
import type { Ports } from '../ports/ports.ts';
import { extensionOf } from './certificate-fields.ts';
import { ocspRequest } from './ocsp-request.ts';
import { type OcspAnswer, readOcspResponse } from './ocsp-response.ts';
import { SharedAnswers } from './shared-answers.ts';

type World = Pick<Ports, 'http' | 'clock' | 'log'>;

const maxBytes = 64 * 1024;
const timeoutMs = 5_000;
/** An answer that names no next one. */
const keepMs = 60_000;

/** The http URLs of the responders that the certificate names (authority information access, RFC 5280 4.2.2.1). */
export function ocspResponders(certificate: X509Certificate): string[] {
  const extension = extensionOf(certificate, '1.3.6.1.5.5.7.1.1');
  if (!extension) return [];
  return derChildren(readDer(extension)).flatMap((description) => {
    const [method, location] = derChildren(description);
    if (!method || objectIdentifier(method) !== '1.3.6.1.5.5.7.48.1' || location?.tag !== 0x86) return [];
    const url = location.content.toString('latin1');
    return /^https?:\/\//i.test(url) && URL.canParse(url) ? [url] : [];
  });
}

const answers = new SharedAnswers<OcspAnswer>(1_000);

/**
 * Asks a responder for the status of a certificate; null when it gives none that is to be trusted within 5 seconds. An
 * answer is kept until its `nextUpdate`, a failure half a minute. Requests about the same certificate share one.
 */
export function ocspStatus(
  url: string,
  certificate: X509Certificate,
  issuer: X509Certificate,
  ports: World,
): Promise<OcspAnswer | null> {
  return answers.get(
    {
      key: `${certificate.fingerprint256} ${issuer.fingerprint256} ${url}`,
      url,
      failure: 'An OCSP responder gives no answer that can be used.',
      ask: () => ask(url, certificate, issuer, ports),
      until: ({ nextUpdate }, now) => nextUpdate ?? now + keepMs,
    },
    ports,
  );
}

async function ask(
  url: string,
  certificate: X509Certificate,
  issuer: X509Certificate,
  { clock, http }: World,
): Promise<OcspAnswer> {
  const nonce = randomBytes(16);
  const headers = HeaderList.from([
    ['Content-Type', 'application/ocsp-request'],
    ['Accept', 'application/ocsp-response'],
  ]);
  const body = ocspRequest(certificate, issuer, nonce);
  const bytes = await fetchBytes(http, { method: 'POST', url, headers, body, timeoutMs, maxBytes });
  return readOcspResponse(bytes, { certificate, issuer, nonce, now: clock.now() });
}
