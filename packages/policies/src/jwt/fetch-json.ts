import { HeaderList } from '../http/header-list.ts';
import { fetchBytes } from '../outgoing/fetch-bytes.ts';
import type { Ports } from '../ports/ports.ts';

const timeoutMs = 10_000;
const maxBytes = 1024 * 1024;

/** Gets a JSON object by HTTP. Rejects with an error that says what came instead; at most 1 MiB is read. */
export async function fetchJson(
  url: string,
  host: string | null,
  ports: Pick<Ports, 'http'>,
): Promise<Readonly<Record<string, unknown>>> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) throw new TypeError(`'${url}' is not an absolute http(s) URL.`);
  const headers = HeaderList.from([['Accept', 'application/json']]);
  if (host !== null) headers.set('Host', host);
  const bytes = await fetchBytes(ports.http, { method: 'GET', url, headers, body: null, timeoutMs, maxBytes });
  const value: unknown = JSON.parse(bytes.toString());
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`'${url}' did not answer with a JSON object.`);
  return value as Readonly<Record<string, unknown>>;
}
