import type { Exchange } from './exchange.ts';

/** The exchanges of a connection without a complete response, in the order in which their responses go out. */
export class ExchangeQueue {
  first: Exchange | null = null;
  last: Exchange | null = null;
  size = 0;

  append(exchange: Exchange): void {
    if (this.last === null) this.first = exchange;
    else this.last.next = exchange;
    this.last = exchange;
    this.size++;
  }

  remove(exchange: Exchange): void {
    let before: Exchange | null = null;
    let at = this.first;
    while (at !== null && at !== exchange) {
      before = at;
      at = at.next;
    }
    if (at === null) return;
    this.size--;
    if (before === null) this.first = exchange.next;
    else before.next = exchange.next;
    if (this.last === exchange) this.last = before;
    // Whoever keeps a finished one does not keep those that came behind it.
    exchange.next = null;
  }

  clear(): void {
    this.first = null;
    this.last = null;
    this.size = 0;
  }
}
