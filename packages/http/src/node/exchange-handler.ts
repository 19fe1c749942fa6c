import type { Duplex } from 'node:stream';
import { type CancelListener, HeaderList, type HttpResponse } from '@lazuli/policies';
import type { Dispatcher } from 'undici';
import { readFraming, responseHasBody } from '../framing.ts';
import { forwardableTrailers } from '../hop-by-hop.ts';
import { UpstreamError, type UpstreamRequest } from '../upstream.ts';
import { DispatchedBody } from './dispatched-body.ts';
import type { RequestStream } from './request-stream.ts';
import { toUpstreamError } from './upstream-failure.ts';

export type UpstreamAnswer = HttpResponse & { readonly httpVersion: string };

export interface ExchangeOutcome {
  response(answer: UpstreamAnswer): void;
  upgraded(answer: UpstreamAnswer, socket: Duplex): void;
  failed(error: UpstreamError): void;
  /** The connection is free again, or gone. Called once, last. */
  released(): void;
}

/**
 * One request through undici. It answers once, lets go of its place in the pool once, and cancels the request whenever
 * its caller is gone: an exchange that is neither read nor aborted would hold its connection for ever.
 */
export class ExchangeHandler implements Dispatcher.DispatchHandler, CancelListener {
  #request: UpstreamRequest;
  #upload: RequestStream | null;
  #outcome: ExchangeOutcome;
  #controller: Dispatcher.DispatchController | null = null;
  #body: DispatchedBody | null = null;
  #socket: Duplex | null = null;
  #timer: NodeJS.Timeout | null = null;
  #settled = false;
  #released = false;
  #cancelled: UpstreamError | null = null;

  constructor(request: UpstreamRequest, upload: RequestStream | null, outcome: ExchangeOutcome) {
    this.#request = request;
    this.#upload = upload;
    this.#outcome = outcome;
    if (request.timeoutMs > 0) {
      this.#timer = setTimeout(() => {
        this.cancel(
          new UpstreamError('timeout', `The backend did not answer within ${request.timeoutMs} milliseconds.`),
        );
      }, request.timeoutMs);
    }
    request.cancellation?.addListener(this);
  }

  /** The caller is gone. */
  cancelled(): void {
    this.cancel(new UpstreamError('aborted', 'The caller is gone.'));
  }

  /** Not to be sent any more. */
  get isCancelled(): boolean {
    return this.#cancelled !== null;
  }

  /** Ends the exchange from this side. The caller learns of it at once; the connection may follow later. */
  cancel(error: UpstreamError): void {
    if (this.#released || this.#cancelled) return;
    this.#cancelled = error;
    this.#settle(error);
    this.#body?.fail(error);
    this.#upload?.destroy(error);
    this.#socket?.destroy();
    this.#controller?.abort(error);
  }

  /** It never reached a connection, or that is over. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#stopClock();
    this.#request.cancellation?.removeListener(this);
    this.#upload?.destroy();
    this.#outcome.released();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#cancelled) controller.abort(this.#cancelled);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    reason: string | undefined,
  ): void {
    // Informational responses (103 and the like) stay here: they promise nothing about the final one.
    if (status < 200) return;
    const isHttp2 = !Array.isArray(controller.rawHeaders);
    const flat = flatten(controller.rawHeaders);
    const framing = readFraming(flat, '1.1');
    if (typeof framing === 'string') {
      this.cancel(new UpstreamError('protocol', `The response of the backend has ${framing}.`));
      return;
    }
    const hasBody = responseHasBody(this.#request.method, status) && framing.length !== 0;
    if (hasBody) {
      controller.pause();
      this.#body = new DispatchedBody(controller, framing.length);
    }
    this.#stopClock();
    this.#settled = true;
    this.#outcome.response({
      status,
      reason: reason ?? '',
      headers: new HeaderList(flat),
      body: this.#body,
      httpVersion: isHttp2 ? '2.0' : '1.1',
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.data(chunk);
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    this.release();
    this.#body?.end(forwardableTrailers(flatten(controller.rawTrailers)));
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, _headers: unknown, socket: Duplex): void {
    if (this.#cancelled) {
      socket.destroy();
      this.release();
      return;
    }
    this.#stopClock();
    this.#settled = true;
    this.#socket = socket;
    this.#request.cancellation?.removeListener(this);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.release());
    const headers = new HeaderList(flatten(controller.rawHeaders));
    this.#outcome.upgraded({ status, reason: 'Switching Protocols', headers, body: null, httpVersion: '1.1' }, socket);
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    const error = this.#cancelled ?? toUpstreamError(cause);
    this.#settle(error);
    this.#body?.fail(error);
    this.release();
  }

  #settle(error: UpstreamError): void {
    this.#stopClock();
    if (this.#settled) return;
    this.#settled = true;
    this.#outcome.failed(error);
  }

  #stopClock(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** undici gives buffers for HTTP/1.1 and an object for HTTP/2. */
function flatten(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  const flat: string[] = [];
  if (!raw) return flat;
  if (Array.isArray(raw)) {
    for (const item of raw) flat.push(typeof item === 'string' ? item : item.toString('latin1'));
    return flat;
  }
  for (const name of Object.keys(raw)) {
    const value = raw[name];
    if (value === undefined || name.startsWith(':')) continue;
    if (Array.isArray(value)) for (const one of value) flat.push(name, one);
    else flat.push(name, String(value));
  }
  return flat;
}
