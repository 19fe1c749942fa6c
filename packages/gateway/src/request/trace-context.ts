import { randomBytes } from 'node:crypto';
import type { HeaderList } from '@lazuli/policies';

/**
 * Puts the gateway into the caller's trace: `traceparent` keeps the trace id and gets a new parent id, `tracestate` stays
 * (W3C Trace Context, sections 3.2 and 3.3); without a valid one a new trace begins. A hierarchical `Request-Id` (`|root.1.`)
 * gets one more step, any other stays as it is. Gives the trace id, for the access record.
 */
export function continueTrace(headers: HeaderList): string {
  const given = parse(headers.get('traceparent'));
  const traceId = given?.traceId ?? randomHex(16);
  // More than one traceparent is none: its tracestate belongs to nothing.
  if (!given) headers.remove('tracestate');
  headers.set('traceparent', `00-${traceId}-${randomHex(8)}-${given?.flags ?? '00'}`);
  const requestId = headers.get('Request-Id');
  if (requestId?.startsWith('|') && requestId.length <= longestRequestId)
    headers.set('Request-Id', `${requestId}${/[._]$/.test(requestId) ? '' : '.'}${randomHex(4)}_`);
  return traceId;
}

/** Longer ones would grow without bounds from hop to hop. */
const longestRequestId = 1024;
const zeroTrace = '0'.repeat(32);
const zeroParent = '0'.repeat(16);

function parse(value: string | undefined): { readonly traceId: string; readonly flags: string } | null {
  const match =
    value === undefined ? null : /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(value.trim());
  if (!match) return null;
  const [, version, traceId = '', parentId, flags = '', rest] = match;
  if (version === 'ff' || traceId === zeroTrace || parentId === zeroParent) return null;
  if (version === '00' && rest !== undefined) return null;
  return { traceId, flags: (Number.parseInt(flags, 16) & 1) === 1 ? '01' : '00' };
}

let pool = '';
let used = 0;

/** Random identifiers from a pool: one call for the system's randomness serves many requests. */
function randomHex(bytes: number): string {
  const from = used;
  const to = from + bytes * 2;
  if (to > pool.length) {
    pool = randomBytes(4096).toString('hex');
    used = bytes * 2;
    return pool.slice(0, used);
  }
  used = to;
  return pool.slice(from, to);
}
