import type { Exchange } from '../exchange.ts';
import { countBytes } from '../http/count-bytes.ts';

/**
 * Calls `then` once, when the exchange is over, with the bytes of the request's and the response's bodies that went
 * through the gateway. Call it before the request is sent on. Streams stay streams.
 */
export function onTransferred(exchange: Exchange, then: (bytes: number) => void): void {
  const known = exchange.notes.get(note);
  // One count serves all quotas of a request: counting twice would wrap the stream twice.
  if (known instanceof Transfer) {
    known.listeners.push(then);
    return;
  }
  const transfer = new Transfer(then);
  exchange.notes.set(note, transfer);
  const request = countBytes(exchange.request.body);
  exchange.request.body = request.body;
  let response = () => 0;
  exchange.atEnd.push(() => {
    if (!exchange.response) return;
    const counted = countBytes(exchange.response.body);
    exchange.response.body = counted.body;
    response = counted.bytes;
  });
  exchange.onClose.push(() => {
    const bytes = request.bytes() + response();
    for (const listener of transfer.listeners) listener(bytes);
  });
}

const note = Symbol('transferred bytes');

class Transfer {
  readonly listeners: ((bytes: number) => void)[];
  constructor(first: (bytes: number) => void) {
    this.listeners = [first];
  }
}
