import { randomBytes, type X509Certificate } from 'node:crypto';
import { derChildren, objectIdentifier, readDer } from '@lazuli/certificates';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import type { Ports } from '../ports/ports.ts';
import { extensionOf } from './certificate-fields.ts';
import { ocspRequest } from './ocsp-request.ts';
import { type OcspAnswer, type OcspQuestion, readOcspResponse } from './ocsp-response.ts';

type World = Pick<Ports, 'http' | 'clock' | 'log'>;

const mostAnswers = 1_000;
const maxBytes = 64 * 1024;
const timeoutMs = 5_000;
/** An answer that names no next one. */
const keepMs = 60_000;
const keepFailureMs = 30_000;

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

interface Known {
  readonly answer: Promise<OcspAnswer | null>;
  until: number;
}

const answers = new WeakMap<object, Map<string, Known>>();

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
  const shared = answers.get(ports.http) ?? new Map<string, Known>();
  answers.set(ports.http, shared);
  const key = `${certificate.fingerprint256} ${issuer.fingerprint256} ${url}`;
  const known = shared.get(key);
  if (known && known.until > ports.clock.now()) return known.answer;
  shared.delete(key);
  const oldest = shared.size >= mostAnswers ? shared.keys().next() : null;
  if (oldest && !oldest.done) shared.delete(oldest.value);
  const fresh: Known = {
    until: Number.POSITIVE_INFINITY,
    answer: ask(url, certificate, issuer, ports).then(
      (answer) => {
        fresh.until = answer.nextUpdate ?? ports.clock.now() + keepMs;
        return answer;
      },
      (error: unknown) => {
        fresh.until = ports.clock.now() + keepFailureMs;
        ports.log.write('warn', 'An OCSP responder gives no answer that can be used.', {
          url,
          error: error instanceof Error ? error.message : String(error),
        });
        return null;
      },
    ),
  };
  shared.set(key, fresh);
  return fresh.answer;
}

async function ask(
  url: string,
  certificate: X509Certificate,
  issuer: X509Certificate,
  ports: World,
): Promise<OcspAnswer> {
  const nonce = randomBytes(16);
  const headers = new HeaderList();
  headers.set('Content-Type', 'application/ocsp-request');
  headers.set('Accept', 'application/ocsp-response');
  const response = await ports.http.send({
    method: 'POST',
    url,
    headers,
    body: ocspRequest(certificate, issuer, nonce),
    timeoutMs,
    signal: null,
  });
  const body = response.body ? MessageBody.fromSource(response.body) : null;
  if (response.status !== 200) {
    body?.discard();
    throw new TypeError(`The status is ${response.status}.`);
  }
  const bytes = body ? await body.buffer(maxBytes) : new Uint8Array(0);
  const question: OcspQuestion = { certificate, issuer, nonce, now: ports.clock.now() };
  return readOcspResponse(Buffer.from(bytes), question);
}
