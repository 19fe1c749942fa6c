import { HeaderList } from '@lazuli/policies';
import { parseContentLength } from '../framing.ts';
import { isWrittenBySender } from '../hop-by-hop.ts';
import type { ResponseHead } from '../listener.ts';
import { refusalBody } from '../refusal.ts';

/** The headers of a response, flat, without those that its sender writes. */
export function endToEnd(headers: HeaderList): string[] {
  const flat: string[] = [];
  const given = headers.flat;
  for (let i = 0; i < given.length; i += 2) {
    const name = given[i] as string;
    if (!isWrittenBySender(name)) flat.push(name, given[i + 1] as string);
  }
  return flat;
}

/** HEAD and 304 tell the length of what a GET would have got. */
export function keptLength(head: ResponseHead): number | null {
  if (head.status === 204 || head.status < 200) return null;
  const value = head.headers.get('content-length');
  return value === undefined ? null : (parseContentLength(value) ?? null);
}

/** Goes out instead of a response that cannot be written. */
export const failureHead: ResponseHead = {
  status: 500,
  reason: 'Internal Server Error',
  headers: HeaderList.from([['Content-Type', 'application/json']]),
};

export const failureBody = Buffer.from(refusalBody({ status: 500, message: 'Internal server error' }));
