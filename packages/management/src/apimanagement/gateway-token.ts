import { createHmac, timingSafeEqual } from 'node:crypto';

/** `{gateway}&{yyyyMMddHHmm}&{signature}`: what a self-hosted gateway fetches its configuration with. */
export function gatewayToken(gateway: string, expiry: number, key: string): string {
  const stamp = new Date(expiry).toISOString().replace(/[-:T]/g, '').slice(0, 12);
  const content = `${gateway}&${stamp}`;
  return `${content}&${sign(content, key)}`;
}

export interface GatewayTokenClaims {
  readonly gateway: string;
  /** Milliseconds since 1970 (UTC) until which it counts. */
  readonly expiry: number;
  /** Whether one of the keys signed it; takes the same time whatever is wrong. */
  isSignedBy(keys: readonly string[]): boolean;
}

/** What a token says, unproved; null when it is no such token. */
export function readGatewayToken(token: string): GatewayTokenClaims | null {
  if (token.length > 1024) return null;
  const match = /^([^*#&+:<>?/\\%]{1,80})&(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})&([A-Za-z0-9+/]{86}==)$/.exec(token);
  if (!match) return null;
  const [, gateway = '', year, month, day, hour, minute, signature = ''] = match;
  const expiry = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  if (Number.isNaN(expiry)) return null;
  const content = token.slice(0, token.length - signature.length - 1);
  const given = Buffer.from(signature, 'base64');
  return {
    gateway,
    expiry,
    isSignedBy(keys) {
      let found = false;
      for (const key of keys) {
        const expected = Buffer.from(sign(content, key), 'base64');
        // An empty key would sign for anybody.
        const isEqual = expected.length === given.length && timingSafeEqual(expected, given) && key !== '';
        found = isEqual || found;
      }
      return found;
    },
  };
}

function sign(content: string, key: string): string {
  return createHmac('sha512', key).update(content).digest('base64');
}
