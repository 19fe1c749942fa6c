import { type CheckedHead, checkRequestHead, isAuthority, type ListenerLimits, type Refusal } from '@lazuli/http';
import type { ChunkedFault } from '../syntax/chunked-decoder.ts';
import type { HeadFault } from '../syntax/field-reader.ts';
import type { RequestHeadReader } from '../syntax/request-head-reader.ts';

/**
 * Checks of a complete head beyond its syntax, with the outcome of `checkRequestHead`. What nearly all requests look like
 * is decided here from what the reader noted; everything else is left to that function.
 */
export class RequestCheck {
  #limits: ListenerLimits;
  #scheme: 'http' | 'https';
  /** A connection's requests name the same host, as a rule. */
  #knownHost: string | null = null;

  constructor(limits: ListenerLimits, scheme: 'http' | 'https') {
    this.#limits = limits;
    this.#scheme = scheme;
  }

  check(reader: RequestHeadReader): CheckedHead | Refusal {
    const head = this.#usual(reader) ?? this.#checkAll(reader);
    if (!('status' in head) && reader.expect !== null && reader.httpVersion === '1.1') {
      if (reader.expect.toLowerCase() !== '100-continue')
        return { status: 417, message: 'The expectation of the request is not supported.' };
    }
    return head;
  }

  #usual(reader: RequestHeadReader): CheckedHead | null {
    const { method, target, host, contentLength } = reader;
    if (reader.framingProblem !== null || host === null || reader.hasSecondHost) return null;
    if (method === 'CONNECT' || method === 'TRACE') return null;
    if (target.charCodeAt(0) !== slash || target.includes('#')) return null;
    if (host !== this.#knownHost) {
      if (!isAuthority(host)) return null;
      this.#knownHost = host;
    }
    return {
      target,
      authority: host,
      hasBody: reader.isChunked || contentLength > 0,
      length: contentLength < 0 ? null : contentLength,
    };
  }

  #checkAll(reader: RequestHeadReader): CheckedHead | Refusal {
    const { method, target, httpVersion, flat } = reader;
    const checked = checkRequestHead({ method, target, httpVersion, scheme: this.#scheme, flat }, this.#limits);
    if ('status' in checked || reader.framingProblem === null) return checked;
    return { status: 400, message: `Bad request: the request has ${reader.framingProblem}.` };
  }
}

export function refusalOfHead(fault: HeadFault, limits: ListenerLimits): Refusal {
  switch (fault) {
    case 'malformed':
      return malformed;
    case 'version':
      return { status: 505, message: 'This HTTP version is not supported.' };
    case 'targetTooLong':
      return { status: 414, message: `The request URL is longer than ${limits.urlBytes} bytes.` };
    case 'fieldsTooLarge':
      return { status: 431, message: `The request header fields are larger than ${limits.headerBytes} bytes.` };
    case 'tooManyFields':
      return { status: 431, message: `The request has more than ${limits.headerCount} header fields.` };
  }
}

export function refusalOfBody(fault: ChunkedFault): Refusal {
  switch (fault) {
    case 'malformed':
      return malformed;
    case 'extensionsTooLarge':
      return { status: 413, message: 'The chunk extensions of the request are too large.' };
    case 'trailersTooLarge':
      return { status: 431, message: 'The trailer fields of the request are too large.' };
  }
}

export const malformed: Refusal = { status: 400, message: 'Bad request: the request is not valid HTTP.' };

export const tooSlow: Refusal = { status: 408, message: 'The request did not arrive in time.' };

/** Only a real WebSocket handshake is an upgrade here; any other `Upgrade` (h2c, TLS) is ignored, as RFC 9110 allows. */
export function isWebSocketUpgrade(reader: RequestHeadReader): boolean {
  return (
    reader.upgrade !== null &&
    reader.connectionUpgrades &&
    reader.method === 'GET' &&
    reader.httpVersion === '1.1' &&
    reader.upgrade.toLowerCase() === 'websocket' &&
    !reader.isChunked &&
    reader.contentLength <= 0
  );
}

/** The client wants to use the connection again. */
export function keepsAlive(reader: RequestHeadReader): boolean {
  return !reader.closes && (reader.httpVersion === '1.1' || reader.keepsAlive);
}

const slash = 47;
