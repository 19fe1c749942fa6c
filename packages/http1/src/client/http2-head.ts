import { isWrittenBySender, UpstreamError, type UpstreamRequest } from '@lazuli/http';
import { equalsToken, isTarget } from '../syntax/characters.ts';
import { isFieldName, isWritable } from '../syntax/field-writing.ts';
import { hostOf, waitsForContinue } from './request-head.ts';

/**
 * The header fields of an HTTP/2 request, flat, pseudo-header fields first (RFC 9113 section 8.3.1).
 * @throws {UpstreamError} `protocol` for anything that HTTP cannot carry.
 */
export function http2Fields(request: UpstreamRequest): string[] {
  const { method, target, origin, body } = request;
  if (!isFieldName(method) || method === 'CONNECT') throw refusal('The method of the request cannot be sent.');
  for (let i = 0; i < target.length; i++) {
    if (isTarget[target.charCodeAt(i)] !== 1)
      throw refusal('The request target has a character that HTTP cannot carry.');
  }
  let authority: string | null = null;
  const fields: string[] = [];
  const { flat } = request.headers;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] as string;
    const value = flat[i + 1] as string;
    if (!isFieldName(name) || !isWritable(value)) throw refusal('A request header cannot be sent.');
    if (name.length === 4 && equalsToken(name, 0, 'host')) {
      if (authority !== null) throw refusal('The request has more than one Host.');
      authority = value;
    } else if (name.length === 2 && equalsToken(name, 0, 'te')) {
      if (/(?:^|,)\s*trailers\s*(?:,|$)/i.test(value)) fields.push('te', 'trailers');
    } else if (!isWrittenBySender(name) && name.toLowerCase() !== 'http2-settings') {
      fields.push(name.toLowerCase(), value);
    }
  }
  if (body !== null && body.length !== null) fields.push('content-length', String(body.length));
  if (waitsForContinue(request)) fields.push('expect', '100-continue');
  const pseudo = [
    ':method',
    method,
    ':scheme',
    origin.scheme,
    ':authority',
    authority ?? hostOf(origin),
    ':path',
    target,
  ];
  return [...pseudo, ...fields];
}

function refusal(message: string): UpstreamError {
  return new UpstreamError('protocol', message);
}
