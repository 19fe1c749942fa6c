import type { Duplex } from '@lazuli/http';
import type { Exchange } from '@lazuli/policies';

/** What the backend side leaves on an exchange for the gateway: the last call, for the access record. */
export interface BackendCall {
  /** Scheme, host, port and path, without the query. */
  readonly url: string;
  readonly status: number | null;
  readonly milliseconds: number;
}

const lastCall: unique symbol = Symbol('lastBackendCall');
const upgrade: unique symbol = Symbol('upgrade');
const setCookie: unique symbol = Symbol('affinityCookie');

export function noteCall(exchange: Exchange, call: BackendCall): void {
  exchange.notes.set(lastCall, call);
}

export function lastCallOf(exchange: Exchange): BackendCall | null {
  return (exchange.notes.get(lastCall) as BackendCall | undefined) ?? null;
}

/** The client asks for a WebSocket: the backend is asked for one too, and its connection is left in `socket`. */
export interface UpgradeRequest {
  socket: Duplex | null;
}

export function wantUpgrade(exchange: Exchange): UpgradeRequest {
  const request: UpgradeRequest = { socket: null };
  exchange.notes.set(upgrade, request);
  return request;
}

export function upgradeOf(exchange: Exchange): UpgradeRequest | null {
  return (exchange.notes.get(upgrade) as UpgradeRequest | undefined) ?? null;
}

/** The session cookie of a pool that the response must carry. */
export function noteAffinityCookie(exchange: Exchange, cookie: string): void {
  exchange.notes.set(setCookie, cookie);
}

export function affinityCookieOf(exchange: Exchange): string | null {
  return (exchange.notes.get(setCookie) as string | undefined) ?? null;
}
