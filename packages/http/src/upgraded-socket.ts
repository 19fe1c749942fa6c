import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** The raw connection behind an accepted upgrade, both directions with back-pressure; it starts with what was read already. */
export class UpgradedSocket extends Duplex {
  #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    // Whoever takes it over may not listen yet; a connection that breaks must not end the process.
    this.on('error', () => {});
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const socket = this.#socket;
    socket.cork();
    const last = chunks.length - 1;
    for (let i = 0; i <= last; i++) socket.write((chunks[i] as { chunk: Buffer }).chunk, i === last ? done : undefined);
    socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
