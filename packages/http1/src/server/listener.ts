import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createSecureServer, type TLSSocket } from 'node:tls';
import {
  type Http2Side,
  type HttpListener,
  type ListenerAddress,
  type ListenerOptions,
  plainAddress,
  refusalBytes,
  SharedReads,
  serveHttp2,
  takeListener,
} from '@lazuli/http';
import { SweepClock, sweepInterval } from './clock.ts';
import { Connection, type ConnectionHost } from './connection.ts';

/**
 * A listener that speaks HTTP/1.x over plain sockets, without `node:http`; HTTP/2 is served by `node:http2`. One port
 * speaks both: with TLS the client chooses by ALPN, without it an HTTP/2 client is known by its preface (prior knowledge,
 * RFC 9113 section 3.3).
 */
export function createHttp1Listener(options: ListenerOptions): HttpListener {
  return new Http1Listener(options);
}

class Http1Listener implements HttpListener, ConnectionHost {
  readonly options: ListenerOptions;
  readonly scheme: 'http' | 'https';
  readonly clock: SweepClock;
  isDraining = false;
  #server: Server;
  #http2: Http2Side;
  /** Every open one, whatever it speaks. */
  #sockets = new Set<Socket>();
  #emptied: (() => void) | null = null;
  /** Those that speak HTTP/1.x. */
  #connections = new Set<Connection>();

  constructor(options: ListenerOptions) {
    const { headTimeoutMs, requestTimeoutMs, idleTimeoutMs } = options.limits;
    this.options = options;
    this.scheme = options.tls ? 'https' : 'http';
    this.clock = new SweepClock(sweepInterval(headTimeoutMs, requestTimeoutMs, idleTimeoutMs), (now) => {
      for (const connection of this.#connections) connection.sweep(now);
    });
    this.#http2 = serveHttp2({ options, scheme: this.scheme, isDraining: () => this.isDraining });
    this.#server = options.tls ? this.#tlsServer() : this.#plainServer();
  }

  get connections(): number {
    return this.#sockets.size;
  }

  listen(): Promise<ListenerAddress> {
    const { host, port, tls, sharePort = false } = this.options;
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => {
        this.clock.stop();
        reject(new Error(`Cannot listen on ${host}:${port}: ${error.message}`, { cause: error }));
      };
      this.#server.once('error', failed);
      this.#server.listen({ host, port, backlog: 1024, reusePort: sharePort }, () => {
        this.#server.off('error', failed);
        // A failed accept (no file descriptor left) concerns one client, not the process.
        this.#server.on('error', () => {});
        const address = this.#server.address();
        const bound = address !== null && typeof address === 'object' ? address.port : port;
        resolve({ host, port: bound, secure: tls !== null });
      });
    });
  }

  accept(socket: Socket): void {
    if (this.#isFull) {
      this.#turnAway(socket);
      return;
    }
    this.#serve(socket, false);
    socket.resume();
  }

  async drain(graceMs: number): Promise<void> {
    this.isDraining = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.closeIfIdle();
    this.#http2.drain();
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    await closed;
    // The server is closed a moment before its last socket says so.
    if (this.#sockets.size > 0)
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    clearTimeout(timer);
    this.clock.stop();
  }

  serveHttp2(connection: Connection, socket: Socket, source: Duplex): void {
    this.#connections.delete(connection);
    this.#http2.serve(socket, source);
  }

  released(connection: Connection): void {
    this.#connections.delete(connection);
  }

  #plainServer(): Server {
    const reads = new SharedReads();
    return createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: true }, (accepted) => {
      if (this.#isFull) {
        this.#turnAway(accepted);
        return;
      }
      const adopted = reads.adopt(accepted, (socket) => this.#serve(socket, true));
      if (adopted !== null) return;
      this.#serve(accepted, false);
      accepted.resume();
    });
  }

  #tlsServer(): Server {
    const { tls, limits } = this.options;
    if (tls === null) throw new TypeError('TLS needs a certificate.');
    const server = createSecureServer({
      noDelay: true,
      allowHalfOpen: true,
      cert: tls.certificatePem,
      key: tls.privateKeyPem,
      requestCert: tls.requestClientCertificate,
      // Whether a client's certificate is trusted is for policies to decide.
      rejectUnauthorized: false,
      ALPNProtocols: tls.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.headTimeoutMs,
    });
    const handshake = takeListener(server, 'connection');
    server.on('connection', (socket: Socket) => {
      if (this.#isFull) {
        this.#turnAway(socket);
        return;
      }
      this.#count(socket);
      handshake(socket);
    });
    // Whatever went wrong in the handshake, the socket is closed already.
    server.on('tlsClientError', () => {});
    server.on('secureConnection', (socket: TLSSocket) => {
      if (socket.alpnProtocol === 'h2') this.#http2.serve(socket);
      else this.#connections.add(new Connection(this, socket, false));
    });
    return server;
  }

  #serve(socket: Socket, isShared: boolean): Connection {
    this.#count(socket);
    const connection = new Connection(this, socket, isShared);
    this.#connections.add(connection);
    return connection;
  }

  get #isFull(): boolean {
    return this.#sockets.size >= this.options.limits.connections;
  }

  #count(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#emptied?.();
    });
  }

  #turnAway(socket: Socket): void {
    const { limits, onRefused, tls } = this.options;
    onRefused({
      status: 503,
      reason: `More than ${limits.connections} connections are open.`,
      remoteAddress: plainAddress(socket.remoteAddress),
    });
    socket.on('error', () => socket.destroy());
    // With TLS an answer would first need a handshake, which costs more than a connection that is let in.
    if (tls) socket.destroy();
    else turnAway(socket);
  }
}

/** Says why and closes, without a reset that could destroy the answer, and without waiting for long. */
function turnAway(socket: Socket): void {
  socket.setTimeout(turnAwayMs, () => socket.destroy());
  socket.once('end', () => socket.destroy());
  socket.end(refusalBytes({ status: 503, message: 'Too many connections are open.' }));
  socket.on('data', () => {
    if (socket.bytesRead > turnAwayBytes) socket.destroy();
  });
  socket.resume();
}

const turnAwayMs = 1000;
const turnAwayBytes = 64 * 1024;
