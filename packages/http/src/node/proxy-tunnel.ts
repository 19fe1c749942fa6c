import { isIPv6, type Socket } from 'node:net';
import { UpstreamError, type UpstreamOrigin } from '../upstream.ts';

export interface ProxyAddress {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Value of Proxy-Authorization, or null. */
  readonly authorization: string | null;
}

/** @throws {UpstreamError} when the proxy's URL is not an http or https URL. */
export function parseProxy(proxy: NonNullable<UpstreamOrigin['proxy']>): ProxyAddress {
  const url = URL.canParse(proxy.url) ? new URL(proxy.url) : null;
  const scheme = url?.protocol === 'http:' ? 'http' : url?.protocol === 'https:' ? 'https' : null;
  if (url === null || scheme === null)
    throw new UpstreamError('connect', 'The URL of the proxy is not an http or https URL.');
  return {
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port),
    authorization:
      proxy.username === null
        ? null
        : `Basic ${Buffer.from(`${proxy.username}:${proxy.password ?? ''}`).toString('base64')}`,
  };
}

/** `host:port` of an origin, IPv6 in brackets. */
export function authorityOf(origin: { readonly host: string; readonly port: number }): string {
  return `${isIPv6(origin.host) ? `[${origin.host}]` : origin.host}:${origin.port}`;
}

/** Asks the proxy behind `socket` for a tunnel to the origin (RFC 9110 section 9.3.6). */
export function tunnel(
  socket: Socket,
  proxy: ProxyAddress,
  origin: UpstreamOrigin,
  done: (error: UpstreamError | null) => void,
): void {
  const authority = authorityOf(origin);
  const credentials = proxy.authorization === null ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`);
  let head = Buffer.alloc(0);
  const read = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) {
      if (head.length <= maxHeadBytes) return;
      finish(new UpstreamError('protocol', 'The answer of the proxy is too large.'));
      return;
    }
    const rest = head.subarray(end + 4);
    const status = /^HTTP\/1\.[01] (\d{3})(?: |\r)/.exec(head.toString('latin1', 0, 64))?.[1];
    // 1xx and bodies of refusals are not waited for: only a 2xx makes the rest of the connection the tunnel.
    if (status?.startsWith('2') !== true) {
      const answer = status === undefined ? 'something that is not HTTP' : `the status ${status}`;
      finish(new UpstreamError('connect', `The proxy answered ${answer} to the request for a tunnel.`));
      return;
    }
    if (rest.length > 0) socket.unshift(rest);
    finish(null);
  };
  const finish = (error: UpstreamError | null): void => {
    socket.off('readable', read);
    done(error);
  };
  socket.on('readable', read);
}

const maxHeadBytes = 16 * 1024;
