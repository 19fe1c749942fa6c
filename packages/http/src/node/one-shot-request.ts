import { type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { readFraming } from '../framing.ts';
import { forwardableTrailers } from '../hop-by-hop.ts';
import { UpstreamError, type UpstreamLimits, type UpstreamRequest } from '../upstream.ts';
import type { ExchangeHandler } from './exchange-handler.ts';
import type { RequestStream } from './request-stream.ts';
import type { UpstreamConnector } from './upstream-connector.ts';

export interface OneShotRequest {
  readonly request: UpstreamRequest;
  readonly target: string;
  readonly headers: readonly string[];
  readonly upload: RequestStream | null;
  readonly handler: ExchangeHandler;
  readonly connector: UpstreamConnector;
  readonly limits: UpstreamLimits;
}

/**
 * Sends a request that undici cannot send (`Expect: 100-continue`, trailers behind the body) with `node:http`, on a
 * connection of its own. It drives the same handler as undici does.
 */
export function sendOnce(options: OneShotRequest): void {
  options.connector.connect((error, socket) => {
    const controller = new OneShotController();
    options.handler.onRequestStart(controller);
    if (socket && !controller.aborted) new OneShot(options, socket, controller);
    else {
      socket?.destroy();
      options.handler.onResponseError(controller, error ?? new UpstreamError('aborted', 'The caller is gone.'));
    }
  });
}

class OneShotController implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  rawHeaders: string[] | null = null;
  rawTrailers: string[] | null = null;
  outgoing: ClientRequest | null = null;
  incoming: IncomingMessage | null = null;

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.outgoing?.destroy(reason);
  }

  pause(): void {
    this.paused = true;
    this.incoming?.pause();
  }

  resume(): void {
    this.paused = false;
    this.incoming?.resume();
  }
}

class OneShot {
  #options: OneShotRequest;
  #controller: OneShotController;
  #outgoing: ClientRequest;
  #sendsBody = false;
  #over = false;

  constructor(options: OneShotRequest, socket: Socket, controller: OneShotController) {
    this.#options = options;
    this.#controller = controller;
    const { request, target, limits } = options;
    this.#outgoing = openRequest({
      createConnection: () => socket,
      method: request.method,
      path: target,
      headers: this.#headers(),
      maxHeaderSize: limits.headerBytes,
      insecureHTTPParser: false,
    });
    controller.outgoing = this.#outgoing;
    this.#outgoing.on('response', (incoming) => this.#respond(incoming));
    this.#outgoing.on('error', (error) => this.#fail(error));
    this.#outgoing.on('close', () => this.#fail(new Error('The backend closed the connection.')));
    this.#outgoing.on('upgrade', (_incoming, upgraded) => {
      upgraded.destroy();
      this.#fail(new UpstreamError('protocol', 'The backend switched protocols without being asked to.'));
    });
    this.#outgoing.flushHeaders();
    if (request.continueTimeoutMs === null) {
      this.#sendBody();
      return;
    }
    const timer = setTimeout(() => this.#sendBody(), request.continueTimeoutMs);
    this.#outgoing.once('continue', () => this.#sendBody());
    this.#outgoing.once('response', () => clearTimeout(timer));
    this.#outgoing.once('close', () => clearTimeout(timer));
    // A final status in place of 100 Continue: the body stays here (RFC 9110 section 10.1.1).
    this.#outgoing.once('response', () => {
      if (!this.#sendsBody) options.upload?.destroy();
    });
  }

  #headers(): string[] {
    const { request, headers } = this.#options;
    const isChunked = request.body !== null && !(request.body instanceof Uint8Array) && request.body.length === null;
    const flat: string[] = [];
    for (let i = 0; i < headers.length; i += 2) {
      const name = headers[i] as string;
      // Trailers exist in the chunked coding only.
      if (isChunked || name.toLowerCase() !== 'trailer') flat.push(name, headers[i + 1] as string);
    }
    if (isChunked) flat.push('Transfer-Encoding', 'chunked');
    else if (request.body instanceof Uint8Array) flat.push('Content-Length', String(request.body.length));
    if (request.continueTimeoutMs !== null) flat.push('Expect', '100-continue');
    flat.push('Connection', 'close');
    return flat;
  }

  #sendBody(): void {
    if (this.#sendsBody || this.#over) return;
    this.#sendsBody = true;
    const outgoing = this.#outgoing;
    const { request, upload } = this.#options;
    if (upload === null) {
      outgoing.end(request.body instanceof Uint8Array ? request.body : undefined);
      return;
    }
    upload.on('data', (chunk: Uint8Array) => {
      if (!outgoing.write(chunk)) upload.pause();
    });
    outgoing.on('drain', () => upload.resume());
    upload.on('error', (error) => outgoing.destroy(error));
    upload.once('end', () => {
      const trailers = forwardableTrailers(upload.trailers);
      const pairs: [string, string][] = [];
      for (let i = 0; i < trailers.length; i += 2) pairs.push([trailers[i] as string, trailers[i + 1] as string]);
      if (pairs.length > 0 && outgoing.chunkedEncoding) outgoing.addTrailers(pairs);
      outgoing.end();
    });
  }

  #respond(incoming: IncomingMessage): void {
    const { handler, limits } = this.#options;
    const controller = this.#controller;
    controller.incoming = incoming;
    controller.rawHeaders = incoming.rawHeaders;
    const framing = readFraming(incoming.rawHeaders, incoming.httpVersion);
    if (typeof framing === 'string') {
      this.#outgoing.destroy(new UpstreamError('protocol', `The response of the backend has ${framing}.`));
      return;
    }
    incoming.on('error', (error) => this.#fail(error));
    incoming.on('data', (chunk: Buffer) => handler.onResponseData(controller, chunk));
    incoming.once('end', () => {
      if (this.#over) return;
      this.#over = true;
      controller.rawTrailers = incoming.rawTrailers;
      handler.onResponseEnd(controller);
      this.#outgoing.destroy();
    });
    if (limits.bodyIdleTimeoutMs > 0) {
      incoming.setTimeout(limits.bodyIdleTimeoutMs, () => {
        if (!controller.paused)
          this.#outgoing.destroy(new UpstreamError('timeout', 'The backend fell silent inside of its response.'));
      });
    }
    handler.onResponseStart(controller, incoming.statusCode ?? 0, undefined, incoming.statusMessage);
    if (controller.paused) incoming.pause();
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.handler.onResponseError(this.#controller, error);
  }
}
