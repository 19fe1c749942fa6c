import { authorityOf, isWrittenBySender, UpstreamError, type UpstreamOrigin, type UpstreamRequest } from '@lazuli/http';
import { equalsToken, isTarget } from '../syntax/characters.ts';
import { isFieldName, isWritable } from '../syntax/field-writing.ts';

/** How requests of a pool are addressed. */
export interface RequestForm {
  /** In front of the target: empty, or scheme and authority for a proxy that is spoken to directly. */
  readonly targetPrefix: string;
  /** Whole lines that every request gets: credentials for that proxy. */
  readonly extraLines: string;
}

/**
 * The head of a request as it goes over the wire, one character a byte. Framing and connection headers are written here,
 * whatever the caller put there; everything else stays in its order and spelling.
 * @throws {UpstreamError} `protocol` for anything that could end a line, or that HTTP/1.1 cannot express.
 */
export function writeRequestHead(request: UpstreamRequest, form: RequestForm, upgrade: boolean): string {
  const { method, target } = request;
  if (!isFieldName(method) || method === 'CONNECT')
    throw refusal(`The method ${JSON.stringify(method)} cannot be sent.`);
  checkTarget(target);
  const length = bodyLength(request);
  const isChunked = length === null;
  let text = `${method} ${form.targetPrefix}${target} HTTP/1.1\r\n`;
  let hasHost = false;
  const { flat } = request.headers;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    const value = flat[i + 1] as string;
    if (!isFieldName(name)) throw refusal(`A request header has an invalid name: ${JSON.stringify(name)}.`);
    if (!isWritable(value)) throw refusal(`The request header '${name}' has a character that HTTP cannot carry.`);
    switch (name.length) {
      case 4:
        if (!equalsToken(name, 0, 'host')) break;
        if (hasHost) throw refusal('The request has more than one Host.');
        hasHost = true;
        break;
      case 7:
        // Trailers exist in the chunked coding only.
        if (isWrittenBySender(name) || (!isChunked && equalsToken(name, 0, 'trailer'))) continue;
        break;
      case 6:
      case 10:
      case 14:
      case 16:
      case 17:
        if (isWrittenBySender(name)) continue;
        break;
    }
    text += `${name}: ${value}\r\n`;
  }
  if (!hasHost) text += `Host: ${hostOf(request.origin)}\r\n`;
  if (isChunked) text += 'Transfer-Encoding: chunked\r\n';
  else if (length > 0 || expectsContent(method)) text += `Content-Length: ${length}\r\n`;
  if (waitsForContinue(request)) text += 'Expect: 100-continue\r\n';
  if (upgrade) text += 'Connection: upgrade\r\nUpgrade: websocket\r\n';
  return `${text}${form.extraLines}\r\n`;
}

/** Bytes of the request's body; null when nobody knows. */
function bodyLength({ body }: UpstreamRequest): number | null {
  return body === null ? 0 : body.length;
}

/** Is `Expect: 100-continue` sent? Not without a body (RFC 9110 section 10.1.1). */
export function waitsForContinue(request: UpstreamRequest): boolean {
  return request.continueTimeoutMs !== null && request.body !== null && request.body.length !== 0;
}

/** Host as RFC 9110 section 7.2 wants it: without the default port. */
export function hostOf(origin: UpstreamOrigin): string {
  const authority = authorityOf(origin);
  const port = origin.scheme === 'https' ? ':443' : ':80';
  return authority.endsWith(port) ? authority.slice(0, -port.length) : authority;
}

/** Methods for which no body is said as a length of zero (RFC 9110 section 8.6). */
function expectsContent(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'QUERY';
}

function checkTarget(target: string): void {
  const first = target.charCodeAt(0);
  if (first !== 0x2f && target !== '*') throw refusal('The request target is neither a path nor *.');
  for (let i = 0; i < target.length; i++) {
    if (isTarget[target.charCodeAt(i)] !== 1)
      throw refusal('The request target has a character that HTTP cannot carry.');
  }
}

function refusal(message: string): UpstreamError {
  return new UpstreamError('protocol', message);
}
