import { type UpgradedSocket, UpstreamError, type UpstreamRequest } from '@lazuli/http';
import type { CancelListener, HttpResponse } from '@lazuli/policies';

export type UpstreamAnswer = HttpResponse & { readonly httpVersion: string };

/** What an exchange is sent on. */
export interface ExchangeCarrier {
  /** The exchange has failed: stop it. */
  drop(error: UpstreamError): void;
}

/** Where an exchange waits before it has a connection. */
export interface ExchangeQueue {
  forget(exchange: Exchange): void;
}

/** One request and whoever waits for its answer. It is answered or fails, once; it listens itself for a caller that leaves. */
export class Exchange implements CancelListener {
  readonly request: UpstreamRequest;
  /** As it goes over the wire. */
  head: string;
  readonly isUpgrade: boolean;
  connection: ExchangeCarrier | null = null;
  /** The response's head is here, or the request has failed. */
  isAnswered = false;
  /** Nothing more will happen. */
  isOver = false;
  /** It was sent again on a new connection after a kept one had died. */
  isRepeated = false;
  /** Where it waits while it has no connection. */
  queue: ExchangeQueue;
  #answer: (answer: UpstreamAnswer) => void;
  #upgraded: ((answer: UpstreamAnswer, socket: UpgradedSocket) => void) | null;
  #failed: (error: UpstreamError) => void;
  /** When the clock's owner first saw it; the timeout counts from there. */
  #seenAt = -1;

  /** `upgraded`: an upgrade is asked for. */
  constructor(
    request: UpstreamRequest,
    head: string,
    queue: ExchangeQueue,
    answer: (answer: UpstreamAnswer) => void,
    upgraded: ((answer: UpstreamAnswer, socket: UpgradedSocket) => void) | null,
    failed: (error: UpstreamError) => void,
  ) {
    this.request = request;
    this.head = head;
    this.isUpgrade = upgraded !== null;
    this.queue = queue;
    this.#answer = answer;
    this.#upgraded = upgraded;
    this.#failed = failed;
    request.cancellation?.addListener(this);
  }

  /** The caller is gone. */
  cancelled(): void {
    this.fail(new UpstreamError('aborted', 'The caller is gone.'));
  }

  /** Called every few milliseconds while there is no answer; `now` in milliseconds. */
  checkTime(now: number): void {
    const { timeoutMs } = this.request;
    if (timeoutMs <= 0) return;
    if (this.#seenAt < 0) this.#seenAt = now;
    else if (now - this.#seenAt >= timeoutMs)
      this.fail(new UpstreamError('timeout', `The backend did not answer within ${timeoutMs} milliseconds.`));
  }

  answer(answer: UpstreamAnswer): void {
    this.isAnswered = true;
    this.#answer(answer);
  }

  upgraded(answer: UpstreamAnswer, socket: UpgradedSocket): void {
    this.isAnswered = true;
    this.finish();
    this.#upgraded?.(answer, socket);
  }

  /** The response has arrived completely: nobody needs to be told any more that the caller left. */
  finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.request.cancellation?.removeListener(this);
  }

  /** Ends it wherever it is. A connection that carries it cannot be used again. */
  fail(error: UpstreamError): void {
    if (this.isOver) return;
    this.finish();
    const { connection } = this;
    if (connection !== null) connection.drop(error);
    else {
      this.queue.forget(this);
      abortUpload(this.request, error);
    }
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.#failed(error);
  }
}

/** Lets go of a request body that will not be sent. */
export function abortUpload(request: UpstreamRequest, reason: Error): void {
  const { body } = request;
  if (body !== null && !(body instanceof Uint8Array)) body.abort(reason);
}
