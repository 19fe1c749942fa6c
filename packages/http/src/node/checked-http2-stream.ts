import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { UpgradedSocket } from '../upgraded-socket.ts';
import { Http2FrameCheck, type Http2Violation } from './http2-frame-check.ts';

/** What `node:http2` reads and writes in place of a client's socket: the client's frames are checked on their way. */
export class CheckedHttp2Stream extends UpgradedSocket {
  readonly socket: Socket;
  /** To be set before the first byte is read. When it is called, nothing more of the client is passed on. */
  onViolation: (violation: Http2Violation) => void = () => {};
  #source: Duplex;
  #hasRoom = true;

  /** `source` gives what the client sends, where it is not read from the socket itself. */
  constructor(socket: Socket, source: Duplex = socket) {
    super(socket);
    this.socket = socket;
    this.#source = source;
    const check = new Http2FrameCheck((bytes) => {
      this.#hasRoom = this.push(bytes);
    });
    const read = (bytes: Buffer): void => {
      const violation = check.take(bytes);
      if (violation !== null) {
        source.off('data', read);
        source.resume();
        this.onViolation(violation);
      } else if (!this.#hasRoom) source.pause();
    };
    source.on('data', read);
    source.once('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
    source.resume();
  }

  override _read(): void {
    if (this.#hasRoom) return;
    this.#hasRoom = true;
    this.#source.resume();
  }
}
