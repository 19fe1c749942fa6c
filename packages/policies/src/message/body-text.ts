import { promisify } from 'node:util';
import { brotliDecompress, brotliDecompressSync, gunzip, gunzipSync, inflate, inflateSync } from 'node:zlib';
import { charsetOf } from '../exchange/message-views.ts';
import type { Exchange } from '../exchange.ts';
import type { MessageBody } from '../http/body.ts';
import type { HeaderList } from '../http/header-list.ts';
import { PolicyError } from '../policy-error.ts';

/** A request or a response whose body a policy rewrites; the body has been buffered ({@link PolicyCompiler.reads}). */
export interface TextMessage {
  readonly headers: HeaderList;
  body: MessageBody | null;
}

export const messageIn = (exchange: Exchange, which: 'request' | 'response'): TextMessage | null =>
  which === 'request' ? exchange.request : exchange.response;

/**
 * The body of a message as text: by its charset, UTF-8 without one. A compressed body (gzip, deflate, br) is unpacked,
 * which is the only reason to wait. Null when there is no body or it is empty.
 * @throws {PolicyError} TransformationFailure for a body that cannot be unpacked.
 */
export function readText(message: TextMessage | null, limit: number): string | null | Promise<string | null> {
  const bytes = message?.body?.buffered;
  if (!message || !bytes || bytes.length === 0) return null;
  const charset = charsetOf(message.headers.get('Content-Type'));
  const coding = codingOf(message.headers);
  if (coding === 'identity') return decodeText(bytes, charset);
  return unpack(bytes, coding, limit).then(
    (plain) => decodeText(plain, charset),
    (error: unknown) => {
      throw transformationFailure(`The message body with the content encoding '${coding}' cannot be unpacked.`, error);
    },
  );
}

/** As {@link readText}, for who cannot wait. */
export function readTextNow(message: TextMessage, limit: number): string | null {
  const bytes = message.body?.buffered;
  if (!bytes || bytes.length === 0) return null;
  const coding = codingOf(message.headers);
  try {
    return decodeText(unpackNow(bytes, coding, limit), charsetOf(message.headers.get('Content-Type')));
  } catch (error) {
    throw transformationFailure(`The message body with the content encoding '${coding}' cannot be unpacked.`, error);
  }
}

function unpackNow(bytes: Uint8Array, coding: string, maxOutputLength: number): Uint8Array {
  switch (coding) {
    case 'identity':
      return bytes;
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(bytes, { maxOutputLength });
    case 'deflate':
      return inflateSync(bytes, { maxOutputLength });
    case 'br':
      return brotliDecompressSync(bytes, { maxOutputLength });
    default:
      throw new TypeError(`The content encoding '${coding}' is not known.`);
  }
}

/** Puts a text in the place of the body, as UTF-8 without compression; the headers that describe the body follow. */
export function replaceText(message: TextMessage, text: string, contentType?: string): void {
  message.body?.replace(Buffer.from(text));
  message.headers.remove('Content-Encoding');
  if (contentType !== undefined) message.headers.set('Content-Type', contentType);
  else relabel(message.headers);
}

/** Unpacks at most `limit` bytes; rejects beyond. */
export function unpack(bytes: Uint8Array, coding: string, limit: number): Promise<Uint8Array> {
  const options = { maxOutputLength: limit };
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return promisify<Uint8Array, typeof options, Buffer>(gunzip)(bytes, options);
    case 'deflate':
      return promisify<Uint8Array, typeof options, Buffer>(inflate)(bytes, options);
    case 'br':
      return promisify<Uint8Array, typeof options, Buffer>(brotliDecompress)(bytes, options);
    default:
      return Promise.reject(new TypeError(`The content encoding '${coding}' is not known.`));
  }
}

/** `identity`, or the one content coding of the message. */
export function codingOf(headers: HeaderList): string {
  const coding = headers.get('Content-Encoding')?.trim().toLowerCase() ?? '';
  return coding === '' ? 'identity' : coding;
}

/** Text by its charset; UTF-8 without one or with one that is not known. A byte order mark is dropped. */
export function decodeText(bytes: Uint8Array, charset: string | null): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** A body that a transformation cannot read. */
export function transformationFailure(message: string, cause?: unknown): PolicyError {
  return new PolicyError(
    'TransformationFailure',
    message,
    { status: 500, message: 'Internal server error', activityId: true },
    { cause },
  );
}

/** Another charset than UTF-8 would no longer be true. */
function relabel(headers: HeaderList): void {
  const contentType = headers.get('Content-Type');
  const charset = charsetOf(contentType);
  if (contentType === undefined || charset === null || /^utf-?8$/i.test(charset)) return;
  headers.set('Content-Type', contentType.replace(/;\s*charset\s*=\s*("[^"]*"|[^\s;]+)/i, '; charset=utf-8'));
}
