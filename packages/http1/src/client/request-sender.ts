import type { Socket } from 'node:net';
import { type DirectWriter, directWriter, type WriteOwner } from '../socket/direct-writer.ts';
import { BodySender } from './body-sender.ts';
import { abortUpload, type Exchange } from './exchange.ts';
import { waitsForContinue } from './request-head.ts';

/** Writes a connection's requests, one after the other: head and small body in one piece, a stream as it comes. */
export class RequestSender {
  /** The body waits for `100 Continue`. */
  awaitsContinue = false;
  #socket: Socket;
  #direct: DirectWriter | null;
  #exchange: Exchange | null = null;
  /** Of a body that streams and has begun to. */
  #body: BodySender | null = null;

  constructor(socket: Socket, owner: WriteOwner) {
    this.#socket = socket;
    this.#direct = directWriter(socket, owner);
  }

  /** Not a byte of the request has been given to the kernel. */
  get hasSentNothing(): boolean {
    return this.#direct?.isWaiting === true;
  }

  /** Has the kernel taken the whole request? */
  get hasSentAll(): boolean {
    if (this.awaitsContinue || this.#socket.writableLength > 0 || this.#direct?.isPending) return false;
    return this.#body === null || this.#body.hasSentAll;
  }

  send(exchange: Exchange): void {
    const socket = this.#socket;
    const { head, request } = exchange;
    const { body } = request;
    this.#exchange = exchange;
    this.#body = null;
    this.awaitsContinue = false;
    if (body === null) {
      if (!this.#direct?.text(head)) socket.write(head, 'latin1');
    } else if (waitsForContinue(request)) {
      this.awaitsContinue = true;
      socket.write(head, 'latin1');
    } else if (body instanceof Uint8Array && body.length <= smallBody) {
      const bytes = Buffer.allocUnsafe(head.length + body.length);
      bytes.write(head, 0, 'latin1');
      bytes.set(body, head.length);
      socket.write(bytes);
    } else {
      socket.cork();
      this.#sendBody(exchange, head);
      socket.uncork();
    }
  }

  /** The backend wants the body, or has not said anything for long enough. */
  continue(): void {
    if (!this.awaitsContinue || this.#exchange === null) return;
    this.awaitsContinue = false;
    this.#sendBody(this.#exchange, '');
  }

  drained(): void {
    this.#body?.drained();
  }

  /** Sends nothing more of the body, and lets go of it. */
  stop(reason: Error): void {
    const exchange = this.#exchange;
    const body = this.#body;
    const hasBegun = !this.awaitsContinue;
    this.#exchange = null;
    this.#body = null;
    this.awaitsContinue = false;
    if (body !== null) body.stop(reason);
    else if (!hasBegun && exchange !== null) abortUpload(exchange.request, reason);
  }

  /** Writes `head` in front of it. */
  #sendBody(exchange: Exchange, head: string): void {
    const { body, headers } = exchange.request;
    if (body === null) return;
    if (body instanceof Uint8Array) {
      if (head !== '') this.#socket.write(head, 'latin1');
      this.#socket.write(body);
      return;
    }
    this.#body = new BodySender(body, this.#socket, head, headers.has('trailer'), (error) => exchange.fail(error));
    this.#body.start();
  }
}

/** Copying this much behind the head is cheaper than writing two pieces. */
const smallBody = 16 * 1024;
