import { isWrittenBySender, parseContentLength, type ResponseHead, refusalBody } from '@lazuli/http';
import { HeaderList } from '@lazuli/policies';
import { isFieldName, isWritable } from '../syntax/field-writing.ts';

/** What the sender decides about a response. */
export interface ResponseFraming {
  /** Content-Length to announce, or -1. */
  readonly length: number;
  readonly isChunked: boolean;
  /** Lines about the connection, ready to be written. */
  readonly connectionLines: string;
  readonly dateLine: string;
}

/**
 * The head of a response as text up to the empty line. Null when something in it must not be written: a value with a
 * line end would split the response.
 */
export function writeResponseHead(head: ResponseHead, framing: ResponseFraming): string | null {
  let text = statusLine(head.status, head.reason);
  if (text === '') return null;
  const { flat } = head.headers;
  let hasDate = false;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    const value = flat[i + 1] as string;
    if (isWrittenBySender(name)) continue;
    if (!isFieldName(name) || !isWritable(value)) return null;
    if (name.length === 4 && !hasDate) hasDate = name === 'Date' || name.toLowerCase() === 'date';
    // Trailers exist in the chunked coding only.
    if (!framing.isChunked && name.length === 7 && name.toLowerCase() === 'trailer') continue;
    text += `${name}: ${value}\r\n`;
  }
  if (framing.length >= 0) text += `Content-Length: ${framing.length}\r\n`;
  else if (framing.isChunked) text += 'Transfer-Encoding: chunked\r\n';
  if (!hasDate) text += framing.dateLine;
  return `${text}${framing.connectionLines}\r\n`;
}

/** The head of the answer to an accepted upgrade; null when something in it must not be written. */
export function writeUpgradeHead(head: ResponseHead, dateLine: string): string | null {
  const connectionLines = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
  const text = writeResponseHead(
    { status: 101, reason: head.reason, headers: head.headers },
    { length: -1, isChunked: false, connectionLines: '', dateLine: '' },
  );
  return text === null ? null : `${text.slice(0, -2)}${connectionLines}${dateLine}\r\n`;
}

/** HEAD and 304 tell the length of what a GET would have got; -1: nothing to tell. */
export function keptLength(head: ResponseHead): number {
  if (head.status === 204 || head.status < 200) return -1;
  const value = head.headers.get('content-length');
  return value === undefined ? -1 : (parseContentLength(value) ?? -1);
}

/** Goes out instead of a response that cannot be written. */
export const failureHead: ResponseHead = {
  status: 500,
  reason: 'Internal Server Error',
  headers: HeaderList.from([['Content-Type', 'application/json']]),
};

export const failureBody = Buffer.from(refusalBody({ status: 500, message: 'Internal server error' }));

/** Almost every response of a status has the same phrase: the line is checked and put together once. */
const knownLines = new Map<number, { readonly reason: string; readonly line: string }>();

function statusLine(status: number, reason: string): string {
  const known = knownLines.get(status);
  if (known !== undefined && known.reason === reason) return known.line;
  if (!(status >= 100 && status <= 999) || !Number.isInteger(status) || !isWritable(reason)) return '';
  const line = `HTTP/1.1 ${status} ${reason}\r\n`;
  // A backend's own phrase may be long and new each time: the first one of a status stays.
  if (known === undefined && reason.length < 64) knownLines.set(status, { reason, line });
  return line;
}
