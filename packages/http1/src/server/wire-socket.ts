import { Socket } from 'node:net';

/**
 * A socket without a network, for tests that decide in which pieces bytes arrive: what is {@link push}ed was received,
 * what is written ends up in `text`.
 */
export class WireSocket extends Socket {
  text = '';

  override _read(): void {}

  override _write(chunk: string | Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.#take(chunk);
    done();
  }

  override _writev(chunks: readonly { readonly chunk: string | Uint8Array }[], done: () => void): void {
    for (const { chunk } of chunks) this.#take(chunk);
    done();
  }

  override _final(done: () => void): void {
    done();
  }

  #take(chunk: string | Uint8Array): void {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
  }
}
