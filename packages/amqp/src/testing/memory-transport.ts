import type { Transport, TransportEvents } from '../contract.ts';

/** One end of a pair of transports in memory. What is written arrives at once. */
export class MemoryTransport implements Transport {
  /** The other end: gets what is written here. */
  peer: { receive(bytes: Buffer): void; ended(): void } = { receive() {}, ended() {} };
  isEnded = false;
  isDestroyed = false;
  isPaused = false;
  /** A peer that does not read: what is written is counted and kept. */
  isStuck = false;
  bufferedBytes = 0;
  #events: TransportEvents | undefined;
  readonly #kept: Buffer[] = [];

  start(events: TransportEvents): void {
    this.#events = events;
  }

  write(pieces: readonly Uint8Array[]): boolean {
    const bytes = Buffer.concat(pieces);
    if (!this.isStuck) {
      this.peer.receive(bytes);
      return true;
    }
    this.bufferedBytes += bytes.length;
    this.#kept.push(bytes);
    return false;
  }

  /** The peer reads again. */
  release(): void {
    this.isStuck = false;
    this.bufferedBytes = 0;
    for (const bytes of this.#kept.splice(0)) this.peer.receive(bytes);
    this.#events?.onDrain();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  end(): void {
    this.isEnded = true;
    this.peer.ended();
  }

  destroy(): void {
    if (this.isDestroyed) return;
    this.isDestroyed = true;
    this.#events?.onClose();
  }

  /** Bytes from the other end. */
  deliver(bytes: Buffer): void {
    if (this.isDestroyed) return;
    // What a socket has received is overwritten by what it receives next.
    const lent = Buffer.from(bytes);
    this.#events?.onBytes(lent, true);
    lent.fill(0xdb);
  }

  /** The other end is gone. */
  lose(error?: Error): void {
    if (this.isDestroyed) return;
    this.isDestroyed = true;
    this.#events?.onClose(error);
  }
}
