import type { Exchange } from '../exchange.ts';

type Listener = (exchange: Exchange) => void | Promise<void>;

const note = Symbol('backend response');

class Listeners {
  readonly items: Listener[] = [];
}

/** Calls `listener` whenever a backend has answered (also each attempt of a retry), before any policy sees the response. */
export function onBackendResponse(exchange: Exchange, listener: Listener): void {
  const known = exchange.notes.get(note);
  const listeners = known instanceof Listeners ? known : new Listeners();
  if (known === undefined) exchange.notes.set(note, listeners);
  listeners.items.push(listener);
}

/** Tells the listeners that `exchange.response` is a backend's answer. Waits only when there are any. */
export function backendResponded(exchange: Exchange): void | Promise<void> {
  const listeners = exchange.notes.get(note);
  if (listeners instanceof Listeners) return tell(listeners, exchange);
}

async function tell(listeners: Listeners, exchange: Exchange): Promise<void> {
  for (const listener of listeners.items) await listener(exchange);
}
