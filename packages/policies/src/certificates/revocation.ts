import type { X509Certificate } from 'node:crypto';
import { HeaderList } from '../http/header-list.ts';
import { fetchBytes } from '../outgoing/fetch-bytes.ts';
import type { Ports } from '../ports/ports.ts';
import { serialNumberOf } from './certificate-fields.ts';
import { ocspResponders, ocspStatus } from './ocsp.ts';
import { distributionPoints, type RevocationList, readRevocationList } from './revocation-list.ts';
import { SharedAnswers } from './shared-answers.ts';

export type RevocationStatus =
  | 'good'
  | 'revoked'
  /** There is a responder or a list, and none can be had or is to be trusted. */
  | 'unknown';

type World = Pick<Ports, 'http' | 'clock' | 'log'>;

/**
 * Asks the OCSP responders that the certificate names, and its revocation lists when none of them knows. One that names
 * neither is good: its authority revokes nothing. Lists are kept until they end, an hour at most, and a failure half a
 * minute.
 */
export async function revocationStatus(
  certificate: X509Certificate,
  issuer: X509Certificate,
  ports: World,
): Promise<RevocationStatus> {
  let responders: string[];
  let urls: string[];
  try {
    responders = ocspResponders(certificate);
    urls = distributionPoints(certificate);
  } catch {
    return 'unknown';
  }
  if (responders.length === 0 && urls.length === 0) return 'good';
  for (const url of responders.slice(0, mostPoints)) {
    const answer = await ocspStatus(url, certificate, issuer, ports);
    if (answer && answer.status !== 'unknown') return answer.status;
  }
  for (const url of urls.slice(0, mostPoints)) {
    const list = await listAt(url, issuer, ports);
    if (list) return list.serials.has(serialNumberOf(certificate)) ? 'revoked' : 'good';
  }
  return 'unknown';
}

const mostPoints = 3;
const maxBytes = 8 * 1024 * 1024;
const keepMs = 3_600_000;
const timeoutMs = 5_000;

const lists = new SharedAnswers<RevocationList>(200);

/** Null when it cannot be had. Requests that need the same list share the fetch. */
function listAt(url: string, issuer: X509Certificate, ports: World): Promise<RevocationList | null> {
  return lists.get(
    {
      key: `${issuer.fingerprint256} ${url}`,
      url,
      failure: 'A certificate revocation list cannot be used.',
      ask: () => fetchList(url, issuer, ports),
      until: ({ nextUpdate }, now) => Math.min(nextUpdate, now + keepMs),
    },
    ports,
  );
}

async function fetchList(url: string, issuer: X509Certificate, { clock, http }: World): Promise<RevocationList> {
  const headers = new HeaderList();
  const bytes = await fetchBytes(http, { method: 'GET', url, headers, body: null, timeoutMs, maxBytes });
  const list = readRevocationList(bytes, issuer);
  if (list.nextUpdate <= clock.now()) throw new TypeError('The list is out of date.');
  return list;
}
