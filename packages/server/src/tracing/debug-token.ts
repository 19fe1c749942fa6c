import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Debug credentials: whoever has them may trace requests to one API until they expire. */
export interface DebugClaims {
  /** Name of the API. */
  readonly api: string;
  /** Null: every revision. */
  readonly revision: string | null;
  /** Milliseconds since 1970. */
  readonly expiry: number;
}

/** `aid={api}&p=tracing&ex={expiry}&sn={random}&s={signature}`, signed with HMAC-SHA-256. `key` is in hexadecimal. */
export function writeDebugToken(key: string, { api, revision, expiry }: DebugClaims): string {
  const id = encodeURIComponent(revision === null ? api : `${api};rev=${revision}`);
  const content = `aid=${id}&p=tracing&ex=${new Date(expiry).toISOString()}&sn=${randomBytes(8).toString('hex')}`;
  return `${content}&s=${sign(key, content).toString('base64url')}`;
}

/** What the token says; null when the key did not sign it. Expiry is the caller's to look at. */
export function readDebugToken(key: string, token: string): DebugClaims | null {
  if (token.length > 2048) return null;
  const [, content = '', id = '', time = '', signature = ''] =
    /^(aid=([^&=]+)&p=tracing&ex=([\d:.TZ-]+)&sn=[0-9a-f]{16})&s=([\w-]{43})$/.exec(token) ?? [];
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(key, content);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const [api = '', revision = null] = decodeURIComponent(id).split(/;rev=/i);
  return { api, revision, expiry: Date.parse(time) };
}

function sign(key: string, content: string): Buffer {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(content).digest();
}
