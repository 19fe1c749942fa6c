import { HeaderList, sameName } from '@lazuli/policies';

/**
 * The headers of a received message without those that only concern the connection it came on (RFC 9110 section 7.6.1):
 * `Connection`, every header that it names, `Keep-Alive`, `Proxy-*`, `TE` (only `TE: trailers` stays, as a wish that the
 * gateway can pass on), `Transfer-Encoding`, `Upgrade`, `HTTP2-Settings`.
 *
 * Call it when the message arrives, before any policy runs: a client that sends `Connection: X-User` must not be able to
 * strip the X-User that a policy sets afterwards.
 *
 * `Content-Length`, `Expect` and `Trailer` stay so that policies can see them; the sender of the forwarded message
 * replaces them. Order and spelling are kept.
 */
export function endToEndHeaders(received: HeaderList): HeaderList {
  const flat = received.flat;
  const named = connectionOptions(flat);
  const kept: string[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    const value = flat[i + 1] as string;
    if (name.length === 2 && sameName(name, 'te')) {
      if (asksForTrailers(value)) kept.push(name, 'trailers');
      continue;
    }
    if (isHopByHop(name) || named?.has(name.toLowerCase())) continue;
    kept.push(name, value);
  }
  return new HeaderList(kept);
}

/**
 * Trailer fields that may be passed on, flat: without those that would change framing, routing, authentication or the
 * meaning of the content after it was read (RFC 9110 section 6.5.1).
 */
export function forwardableTrailers(flat: readonly string[]): readonly string[] {
  if (flat.length === 0) return flat;
  const kept: string[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    if (isHopByHop(name) || notInTrailers.has(name.toLowerCase())) continue;
    kept.push(name, flat[i + 1] as string);
  }
  return kept;
}

/**
 * Is this a header that the sender of a message writes itself (framing and connection management), whatever its caller
 * put there?
 */
export function isWrittenBySender(name: string): boolean {
  switch (name.length) {
    case 6:
    case 7:
    case 10:
    case 14:
    case 16:
    case 17:
      return writtenBySender.has(name.toLowerCase());
    default:
      return false;
  }
}

/** By length: most names are settled by that alone. */
function isHopByHop(name: string): boolean {
  switch (name.length) {
    case 2:
      return sameName(name, 'te');
    case 7:
      return sameName(name, 'upgrade');
    case 10:
      return sameName(name, 'connection') || sameName(name, 'keep-alive');
    case 14:
      return sameName(name, 'http2-settings');
    case 16:
      return sameName(name, 'proxy-connection');
    case 17:
      return sameName(name, 'transfer-encoding');
    case 18:
      return sameName(name, 'proxy-authenticate');
    case 19:
      return sameName(name, 'proxy-authorization');
    case 25:
      return sameName(name, 'proxy-authentication-info');
    default:
      return false;
  }
}

const writtenBySender = new Set([
  'expect',
  'upgrade',
  'connection',
  'keep-alive',
  'content-length',
  'proxy-connection',
  'transfer-encoding',
]);

const notInTrailers = new Set([
  'authorization',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'host',
  'max-forwards',
  'range',
  'set-cookie',
  'trailer',
]);

/**
 * Never removed because `Connection` names them: they are meant for every recipient (a sender MUST NOT list them), and
 * without them the message would mean something else.
 */
const notForConnection = new Set(['host', 'content-length', 'content-type', 'content-encoding', 'authorization']);

function connectionOptions(flat: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    if (name.length !== 10 || !sameName(name, 'connection')) continue;
    const value = (flat[i + 1] as string).toLowerCase();
    if (value === 'keep-alive' || value === 'close') continue;
    for (const part of value.split(',')) {
      const option = part.trim();
      if (option === '' || notForConnection.has(option)) continue;
      named ??= new Set();
      named.add(option);
    }
  }
  return named;
}

function asksForTrailers(te: string): boolean {
  return te.split(',').some((coding) => coding.trim().toLowerCase() === 'trailers');
}
