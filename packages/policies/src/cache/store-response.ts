import type { Exchange, ExchangeResponse } from '../exchange.ts';
import { MessageBody } from '../http/body.ts';
import { peekBody } from '../http/peek-body.ts';
import { PolicyError } from '../policy-error.ts';
import { maxCachedBytes, notStored } from './response-cache.ts';

/** An event stream may never end: it cannot be collected. */
export const isEventStream = (response: ExchangeResponse): boolean =>
  /^\s*text\/event-stream/i.test(response.headers.get('Content-Type') ?? '');

/**
 * Stores a response under a key; it stays what is sent. False: it is too large, or the cache does not work, which the log
 * says. `beforeStoring` may change the headers of a response that is small enough.
 */
export async function storeResponse(
  exchange: Exchange,
  response: ExchangeResponse,
  key: string,
  seconds: number,
  beforeStoring: () => void = () => {},
): Promise<boolean> {
  const bytes = await collect(response);
  if (bytes === null || bytes.length > maxCachedBytes) return false;
  beforeStoring();
  const headers: string[] = [];
  for (const [name, value] of response.headers.entries())
    if (!notStored.has(name.toLowerCase()) && name.toLowerCase() !== 'date') headers.push(name, value);
  headers.push('Date', new Date(exchange.ports.clock.now()).toUTCString());
  const entry = { kind: 'response', status: response.status, reason: response.reason, headers, body: bytes } as const;
  try {
    await exchange.ports.cache.set(key, entry, seconds * 1000);
    return true;
  } catch (error) {
    exchange.ports.log.write('warn', 'A response could not be stored in the cache.', { error: String(error) });
    return false;
  }
}

/** The body's bytes, which stay the response's; null when it is too large, and flows on. */
async function collect(response: ExchangeResponse): Promise<Uint8Array | null> {
  if (!response.body) return new Uint8Array(0);
  const content = response.body.take();
  if (content instanceof Uint8Array) return content;
  const peeked = await peekBody(content, maxCachedBytes).catch((error: unknown) => {
    throw new PolicyError(
      'BackendConnectionFailure',
      'The backend closed the connection before its response was complete.',
      { status: 500, message: 'Internal server error', activityId: true },
      { cause: error },
    );
  });
  if ('source' in peeked) {
    response.body = MessageBody.fromSource(peeked.source);
    return null;
  }
  response.body = MessageBody.fromBytes(peeked.bytes);
  return peeked.bytes;
}
