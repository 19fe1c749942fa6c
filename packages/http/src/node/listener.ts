import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { HttpListener, ListenerAddress, ListenerOptions } from '../listener.ts';
import { refusalBytes } from '../refusal.ts';
import { isWebSocketUpgrade, plainAddress, type ServerContext, serveHttp1 } from './http1-server.ts';
import { type Http2Side, serveHttp2 } from './http2-server.ts';
import { linger } from './linger.ts';
import { takeListener } from './take-listener.ts';

/**
 * A listener over `node:http` and `node:http2`. One port speaks HTTP/1.x and HTTP/2: with TLS the client chooses by ALPN,
 * without it an HTTP/2 client is known by its preface (prior knowledge, RFC 9113 section 3.3).
 */
export function createNodeListener(options: ListenerOptions): HttpListener {
  return new NodeListener(options);
}

class NodeListener implements HttpListener {
  #options: ListenerOptions;
  #server: Server;
  #http2: Http2Side;
  #sockets = new Set<Socket>();
  #draining = false;
  #watchesClocks = false;
  #emptied: (() => void) | null = null;
  /** For connections whose TLS handshake is done. */
  #serveSecure: (socket: Socket) => void = () => {};

  constructor(options: ListenerOptions) {
    this.#options = options;
    const context: ServerContext = {
      options,
      scheme: options.tls ? 'https' : 'http',
      isDraining: () => this.#draining,
    };
    this.#server = createHttp1Server(options);
    serveHttp1(this.#server, context);
    this.#http2 = serveHttp2(context);
    if (options.tls) this.#chooseByAlpn();
    else this.#chooseByPreface();
  }

  get connections(): number {
    return this.#sockets.size;
  }

  listen(): Promise<ListenerAddress> {
    const { host, port, tls, sharePort } = this.#options;
    return new Promise((resolve, reject) => {
      const failed = (error: Error) =>
        reject(new Error(`Cannot listen on ${host}:${port}: ${error.message}`, { cause: error }));
      this.#server.once('error', failed);
      this.#server.listen({ host, port, backlog: 1024, reusePort: sharePort ?? false }, () => {
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
    if (!this.#server.listening && !this.#watchesClocks) {
      // Node begins to watch the time-outs of connections when it listens, which this server may never do.
      this.#watchesClocks = true;
      this.#server.emit('listening');
    }
    if (this.#options.tls === null) this.#server.emit('connection', socket);
    else if (this.#admit(socket)) this.#serveSecure(socket);
  }

  async drain(graceMs: number): Promise<void> {
    this.#draining = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    this.#http2.drain();
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    await closed;
    // A server that does not listen is closed at once, whoever was accepted for it.
    if (this.#sockets.size > 0)
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    clearTimeout(timer);
  }

  /** Counts the connection; false when it is one too many and was turned away. */
  #admit(socket: Socket): boolean {
    const { limits, onRefused } = this.#options;
    if (this.#sockets.size >= limits.connections) {
      onRefused({
        status: 503,
        reason: `More than ${limits.connections} connections are open.`,
        remoteAddress: plainAddress(socket.remoteAddress),
      });
      socket.on('error', () => socket.destroy());
      // With TLS an answer would first need a handshake, which costs more than a connection that is let in.
      if (this.#options.tls) {
        socket.destroy();
        return false;
      }
      socket.write(refusalBytes({ status: 503, message: 'Too many connections are open.' }));
      linger(socket);
      return false;
    }
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#emptied?.();
    });
    return true;
  }

  #chooseByAlpn(): void {
    const serveTls = takeListener(this.#server, 'connection');
    const serveHttp = takeListener(this.#server, 'secureConnection');
    this.#server.on('connection', (socket: Socket) => {
      if (this.#admit(socket)) serveTls(socket);
    });
    this.#serveSecure = serveHttp;
    this.#server.on('secureConnection', (socket: TLSSocket) => {
      if (socket.alpnProtocol === 'h2') this.#http2.serve(socket);
      else serveHttp(socket);
    });
  }

  #chooseByPreface(): void {
    const serveHttp = takeListener(this.#server, 'connection');
    const { headTimeoutMs } = this.#options.limits;
    this.#server.on('connection', (socket: Socket) => {
      if (!this.#admit(socket)) return;
      const giveUp = () => socket.destroy();
      socket.on('error', giveUp);
      socket.setTimeout(headTimeoutMs, giveUp);
      let first: Buffer | null = null;
      const look = () => {
        const chunk: Buffer | null = socket.read();
        if (chunk === null) return;
        first = first === null ? chunk : Buffer.concat([first, chunk]);
        const matches = first.subarray(0, preface.length).equals(preface.subarray(0, first.length));
        // "P" alone may still become POST, PUT or the preface.
        if (matches && first.length < preface.length) return;
        socket.off('readable', look).off('end', giveUp).off('error', giveUp).off('timeout', giveUp);
        socket.setTimeout(0);
        socket.unshift(first);
        if (matches) this.#http2.serve(socket);
        else serveHttp(socket);
      };
      socket.on('readable', look).once('end', giveUp);
    });
  }
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

function createHttp1Server(options: ListenerOptions): Server {
  const { limits, tls } = options;
  const http = {
    // Node counts the request line and all fields together; each has its own limit, checked when the head is complete.
    maxHeaderSize: limits.headerBytes + limits.urlBytes,
    headersTimeout:
      limits.requestTimeoutMs > 0 ? Math.min(limits.headTimeoutMs, limits.requestTimeoutMs) : limits.headTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.idleTimeoutMs,
    connectionsCheckingInterval: checkingInterval(limits.headTimeoutMs, limits.requestTimeoutMs),
    // Checked with the other rules, for an answer in Azure's form.
    requireHostHeader: false,
    insecureHTTPParser: false,
    noDelay: true,
    shouldUpgradeCallback: isWebSocketUpgrade,
  };
  const server = tls
    ? createSecureServer({
        ...http,
        cert: tls.certificatePem,
        key: tls.privateKeyPem,
        requestCert: tls.requestClientCertificate,
        // Whether a client's certificate is trusted is for policies to decide.
        rejectUnauthorized: false,
        ALPNProtocols: tls.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
        minVersion: 'TLSv1.2',
        handshakeTimeout: limits.headTimeoutMs,
      })
    : createServer(http);
  // Zero: all of them. Node would silently leave out the rest instead of refusing.
  server.maxHeadersCount = 0;
  return server;
}

/** How late a head or request timeout may be noticed. */
function checkingInterval(...timeouts: number[]): number {
  const shortest = Math.min(...timeouts.filter((ms) => ms > 0), 30_000);
  return Math.max(25, Math.min(1000, shortest / 4));
}
