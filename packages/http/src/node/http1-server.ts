import { X509Certificate } from 'node:crypto';
import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { HeaderList } from '@lazuli/policies';
import type { ListenerOptions } from '../listener.ts';
import { type Refusal, refusalBody, refusalBytes } from '../refusal.ts';
import { checkRequestHead } from '../request-head.ts';
import { Http1Exchange } from './http1-exchange.ts';
import { linger } from './linger.ts';

/** What the HTTP/1.1 side shares with the listener that owns it. */
export interface ServerContext {
  readonly options: ListenerOptions;
  readonly scheme: 'http' | 'https';
  /** New requests on kept connections are not wanted any more. */
  isDraining(): boolean;
}

/** One HTTP/1.x connection: which requests run on it, and a refusal that waits until they are answered. */
export interface Http1Connection {
  readonly socket: Socket;
  readonly remoteAddress: string;
  readonly localPort: number;
  /** DER, taken when the connection was new: a closed one has forgotten it. */
  readonly clientCertificate: Uint8Array | null;
  readonly context: ServerContext;
  /** Requests without a finished response. */
  running: number;
  /** The request that is being received or was received last. */
  latest: Http1Exchange | null;
  /** Nothing that arrives from now on is looked at. */
  refused: boolean;
  waitingRefusal: Buffer | null;
}

/** Serves HTTP/1.0 and 1.1 with a `node:http` server that already has its parser options. */
export function serveHttp1(server: Server, context: ServerContext): void {
  const connections = new WeakMap<object, Http1Connection>();

  const connectionOf = (socket: Socket): Http1Connection => {
    const known = connections.get(socket);
    if (known) return known;
    const connection: Http1Connection = {
      socket,
      remoteAddress: plainAddress(socket.remoteAddress),
      localPort: socket.localPort ?? 0,
      clientCertificate: certificateOf(socket),
      context,
      running: 0,
      latest: null,
      refused: false,
      waitingRefusal: null,
    };
    connections.set(socket, connection);
    closeGently(connection);
    return connection;
  };

  const accept = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const connection = connectionOf(request.socket);
    if (connection.refused) return;
    const head = checkRequestHead(
      {
        method: request.method ?? '',
        target: request.url ?? '',
        httpVersion: request.httpVersion,
        scheme: context.scheme,
        flat: request.rawHeaders,
      },
      context.options.limits,
    );
    if ('status' in head) {
      refuseRequest(connection, response, head);
      return;
    }
    const headers = new HeaderList(request.rawHeaders);
    new Http1Exchange(connection, request, response, head, headers, expectsContinue, null).run();
  };

  server.on('request', (request, response) => accept(request, response, false));
  server.on('checkContinue', (request, response) => accept(request, response, true));
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    refuseRequest(connectionOf(request.socket), response, {
      status: 417,
      message: 'The expectation of the request is not supported.',
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, rest: Buffer) => {
    const connection = connectionOf(socket);
    // Node has taken its own listeners off: without one, a reset would be an uncaught exception.
    socket.on('error', () => socket.destroy());
    if (connection.refused) return;
    const head = checkRequestHead(
      {
        method: request.method ?? '',
        target: request.url ?? '',
        httpVersion: request.httpVersion,
        scheme: context.scheme,
        flat: request.rawHeaders,
      },
      context.options.limits,
    );
    if ('status' in head) return refuseConnection(connection, head);
    const response = responseAfterUpgrade(request, socket);
    const headers = new HeaderList(request.rawHeaders);
    new Http1Exchange(connection, request, response, head, headers, false, rest).run();
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    refuseConnection(connectionOf(socket), { status: 501, message: 'The method CONNECT is not supported.' });
  });
  server.on('clientError', (error: ParserError, socket) => {
    const connection = connectionOf(socket as Socket);
    const refusal = refusalForParserError(error);
    if (refusal === null) {
      socket.destroy();
      return;
    }
    // The parser reports every further packet of a connection that is being closed, too.
    if (!connection.refused) failConnection(connection, refusal);
  });
}

/** Only a real WebSocket handshake is an upgrade here; any other `Upgrade` (h2c, TLS) is ignored, as RFC 9110 allows. */
export function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return (
    request.method === 'GET' &&
    request.httpVersion === '1.1' &&
    request.headers.upgrade?.toLowerCase() === 'websocket' &&
    request.headers['transfer-encoding'] === undefined &&
    (request.headers['content-length'] === undefined || request.headers['content-length'] === '0')
  );
}

/** A request goes to the handler. A client that pipelines more than a few is not read until some are answered. */
export function requestStarted(connection: Http1Connection): void {
  connection.running++;
  if (connection.running <= pipelinedRequests) return;
  // Node resumes the socket behind every request of the packet that it is reading: pause it after the last one.
  queueMicrotask(() => {
    if (connection.running > pipelinedRequests) connection.socket.pause();
  });
}

/** A request is finished: a refusal that waited for it can go out now. */
export function requestFinished(connection: Http1Connection): void {
  connection.running--;
  if (connection.running === pipelinedRequests) connection.socket.resume();
  if (connection.running > 0 || connection.waitingRefusal === null) return;
  const bytes = connection.waitingRefusal;
  connection.waitingRefusal = null;
  writeAndClose(connection.socket, bytes);
}

/** IPv4 addresses in their own spelling, also on a socket that listens to both families. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** The certificate that the client of a TLS connection has shown, as DER. */
export function certificateOf(socket: Socket | TLSSocket): Uint8Array | null {
  // No `in`: the socket of an HTTP/2 session is a proxy that only knows `get`.
  const read: unknown = Reflect.get(socket, 'getPeerX509Certificate');
  if (typeof read !== 'function') return null;
  const certificate: unknown = Reflect.apply(read, socket, []);
  return certificate instanceof X509Certificate ? certificate.raw : null;
}

function refuseRequest(connection: Http1Connection, response: ServerResponse, refusal: Refusal): void {
  connection.refused = true;
  report(connection, refusal);
  const body = refusalBody(refusal);
  response.shouldKeepAlive = false;
  response.writeHead(refusal.status, [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(Buffer.byteLength(body)),
  ]);
  // Behind responses of earlier pipelined requests when there are any; Node keeps the order.
  response.end(body);
}

function refuseConnection(connection: Http1Connection, refusal: Refusal): void {
  connection.refused = true;
  report(connection, refusal);
  const bytes = refusalBytes(refusal);
  if (connection.running > 0) connection.waitingRefusal = bytes;
  else writeAndClose(connection.socket, bytes);
}

/** The parser or a clock gave up: on the request that is being received, or on what should have been the next one. */
function failConnection(connection: Http1Connection, refusal: Refusal): void {
  const { latest, socket } = connection;
  if (latest === null || latest.isReceived) {
    refuseConnection(connection, refusal);
    return;
  }
  connection.refused = true;
  report(connection, refusal);
  const canAnswer = !latest.isHeadSent && connection.running === 1;
  latest.fail(new Error(refusal.message));
  if (canAnswer) writeAndClose(socket, refusalBytes(refusal));
  else socket.destroy();
}

function report(connection: Http1Connection, refusal: Refusal): void {
  connection.context.options.onRefused({
    status: refusal.status,
    reason: refusal.message,
    remoteAddress: connection.remoteAddress,
  });
}

function writeAndClose(socket: Socket, bytes: Buffer): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.write(bytes);
  linger(socket);
}

/** Node closes a connection after a last response with `destroySoon`; bytes still on their way would turn it to a reset. */
function closeGently(connection: Http1Connection): void {
  const { socket } = connection;
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    if (connection.refused || (connection.latest !== null && !connection.latest.isReceived)) linger(socket);
    else destroySoon();
  };
}

/** Node gives no response object with an upgrade; a refused one is answered with an ordinary response. */
function responseAfterUpgrade(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once('finish', () => linger(socket));
  return response;
}

function refusalForParserError(error: ParserError): Refusal | null {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      // A packet without any line end is inside of one very long line: the request line, as a rule.
      return error.rawPacket?.includes(10)
        ? { status: 431, message: 'The request header fields are too large.' }
        : { status: 414, message: 'The request URL is too long.' };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, message: 'The chunk extensions of the request are too large.' };
    case 'HPE_INVALID_VERSION':
      // The parser uses the code for a wrong line end behind the version, too.
      if (error.reason?.includes('CRLF')) return malformed;
      return { status: 505, message: 'This HTTP version is not supported.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'The request did not arrive in time.' };
    default:
      return error.code?.startsWith('HPE_') ? malformed : null;
  }
}

const pipelinedRequests = 32;

const malformed: Refusal = { status: 400, message: 'Bad request: the request is not valid HTTP.' };

interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
  readonly reason?: string;
}
