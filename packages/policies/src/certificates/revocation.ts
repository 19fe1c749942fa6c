import type { X509Certificate } from 'node:crypto';
import { MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import type { Ports } from '../ports/ports.ts';
import { serialNumberOf } from './certificate-fields.ts';
import { ocspResponders, ocspStatus } from './ocsp.ts';
import { distributionPoints, type RevocationList, readRevocationList } from './revocation-list.ts';

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
const mostLists = 200;
const maxBytes = 8 * 1024 * 1024;
const keepMs = 3_600_000;
const keepFailureMs = 30_000;
const timeoutMs = 5_000;

interface Known {
  readonly list: Promise<RevocationList | null>;
  until: number;
}

const lists = new WeakMap<object, Map<string, Known>>();

/** Null when it cannot be had. Requests that need the same list share the fetch. */
function listAt(url: string, issuer: X509Certificate, ports: World): Promise<RevocationList | null> {
  const shared = lists.get(ports.http) ?? new Map<string, Known>();
  lists.set(ports.http, shared);
  const key = `${issuer.fingerprint256} ${url}`;
  const known = shared.get(key);
  if (known && known.until > ports.clock.now()) return known.list;
  const oldest = shared.size >= mostLists ? shared.keys().next() : null;
  if (oldest && !oldest.done) shared.delete(oldest.value);
  const fresh: Known = {
    until: Number.POSITIVE_INFINITY,
    list: fetchList(url, issuer, ports).then(
      (list) => {
        fresh.until = Math.min(list.nextUpdate, ports.clock.now() + keepMs);
        return list;
      },
      (error: unknown) => {
        fresh.until = ports.clock.now() + keepFailureMs;
        ports.log.write('warn', 'A certificate revocation list cannot be used.', {
          url,
          error: error instanceof Error ? error.message : String(error),
        });
        return null;
      },
    ),
  };
  shared.set(key, fresh);
  return fresh.list;
}

async function fetchList(url: string, issuer: X509Certificate, ports: World): Promise<RevocationList> {
  const response = await ports.http.send({
    method: 'GET',
    url,
    headers: new HeaderList(),
    body: null,
    timeoutMs,
    signal: null,
  });
  const body = response.body ? MessageBody.fromSource(response.body) : null;
  if (response.status !== 200) {
    body?.discard();
    throw new TypeError(`The status is ${response.status}.`);
  }
  const bytes = body ? await body.buffer(maxBytes) : new Uint8Array(0);
  const list = readRevocationList(Buffer.from(bytes), issuer);
  if (list.nextUpdate <= ports.clock.now()) throw new TypeError('The list is out of date.');
  return list;
}
