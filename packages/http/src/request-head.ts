import { readFraming } from './framing.ts';
import type { ListenerLimits } from './listener.ts';
import type { Refusal } from './refusal.ts';

/** What the checks of a request's head leave for the handler. */
export interface CheckedHead {
  /** Origin form, or `*`. */
  readonly target: string;
  readonly authority: string;
  readonly hasBody: boolean;
  /** Content-Length, or null. */
  readonly length: number | null;
}

/** The head of an HTTP/1.x request as a parser read it. */
export interface ReceivedHead {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  readonly scheme: 'http' | 'https';
  readonly flat: readonly string[];
}

/**
 * Checks a request's head after RFC 9110 and 9112: one version that is spoken here, one Host of valid characters,
 * unambiguous framing, a target in a form that fits the method and agrees with Host, and the limits.
 */
export function checkRequestHead(head: ReceivedHead, limits: ListenerLimits): CheckedHead | Refusal {
  const { flat, httpVersion } = head;
  if (httpVersion !== '1.1' && httpVersion !== '1.0')
    return { status: 505, message: 'This HTTP version is not supported.' };
  const tooLarge = checkSize(head.target, flat, limits);
  if (tooLarge) return tooLarge;
  if (head.method === 'CONNECT' || head.method === 'TRACE')
    return { status: 501, message: `The method ${head.method} is not supported.` };

  const framing = readFraming(flat, httpVersion);
  if (typeof framing === 'string') return bad(`the request has ${framing}`);

  const host = readHost(flat, httpVersion);
  if (typeof host !== 'string') return host;
  const reduced = reduceTarget(head, host);
  if ('status' in reduced) return reduced;
  return {
    target: reduced.target,
    authority: reduced.authority,
    hasBody: framing.chunked || (framing.length !== null && framing.length > 0),
    length: framing.length,
  };
}

/** Limits on the request target and the header fields; HTTP/2 uses it too. */
export function checkSize(target: string, flat: readonly string[], limits: ListenerLimits): Refusal | null {
  if (target.length > limits.urlBytes)
    return { status: 414, message: `The request URL is longer than ${limits.urlBytes} bytes.` };
  if (flat.length / 2 > limits.headerCount)
    return { status: 431, message: `The request has more than ${limits.headerCount} header fields.` };
  let bytes = 0;
  // ": " and CR LF beside name and value.
  for (let i = 0; i < flat.length; i += 2) bytes += (flat[i] as string).length + (flat[i + 1] as string).length + 4;
  if (bytes > limits.headerBytes)
    return { status: 431, message: `The request header fields are larger than ${limits.headerBytes} bytes.` };
  return null;
}

/** Host names, IPv4 and bracketed IPv6 addresses, each with an optional port. */
export function isAuthority(text: string): boolean {
  return authoritySyntax.test(text);
}

/** Do two authorities name the same server, whether or not they spell the scheme's default port out? */
export function sameAuthority(a: string, b: string, scheme: 'http' | 'https'): boolean {
  if (a === b) return true;
  const port = scheme === 'https' ? ':443' : ':80';
  return withoutPort(a, port) === withoutPort(b, port);
}

const authoritySyntax = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;

function withoutPort(text: string, port: string): string {
  const lower = text.toLowerCase();
  return lower.endsWith(port) ? lower.slice(0, -port.length) : lower;
}

function readHost(flat: readonly string[], httpVersion: string): string | Refusal {
  let host: string | undefined;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (host !== undefined) return bad('the request has more than one Host');
    host = flat[i + 1] as string;
  }
  if (host === undefined) return httpVersion === '1.0' ? '' : bad('the request has no Host');
  return isAuthority(host) ? host : bad('Host is not a valid host name and port');
}

/** The target as a path (or `*`), and the authority that it is for: an absolute form names one itself. */
function reduceTarget(
  head: ReceivedHead,
  host: string,
): { readonly target: string; readonly authority: string } | Refusal {
  const { target, method } = head;
  if (target.includes('#')) return bad('the request target has a fragment');
  if (target.startsWith('/')) return { target, authority: host };
  if (target === '*')
    return method === 'OPTIONS' ? { target, authority: host } : bad('the target * is for OPTIONS only');

  const scheme = target.slice(0, 8).toLowerCase();
  const prefix = scheme.startsWith('http://') ? 'http://' : scheme === 'https://' ? 'https://' : null;
  if (prefix === null) return bad('the request target is neither a path nor an absolute http or https URL');
  if (prefix !== `${head.scheme}://`) return bad("the scheme of the request target is not this listener's");
  const rest = target.slice(prefix.length);
  const end = rest.search(/[/?]/);
  const named = end < 0 ? rest : rest.slice(0, end);
  if (!isAuthority(named) || (host !== '' && !sameAuthority(named, host, head.scheme)))
    return bad('the host of the request target and Host differ');
  const authority = host === '' ? named : host;
  if (end < 0) return { target: method === 'OPTIONS' ? '*' : '/', authority };
  const path = rest.slice(end);
  return { target: path.startsWith('/') ? path : `/${path}`, authority };
}

function bad(what: string): Refusal {
  return { status: 400, message: `Bad request: ${what}.` };
}
