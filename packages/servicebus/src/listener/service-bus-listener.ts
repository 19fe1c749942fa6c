import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { FedSocketTransport, socketTransport, type Transport } from '@lazuli/amqp';
import { type HttpListener, type ListenerAddress, SharedReads, type TlsOptions } from '@lazuli/http';
import { sniff } from './sniff.ts';
import { createWebSockets, type WebSockets } from './web-socket-server.ts';

export interface ServiceBusListenerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly tls: Pick<TlsOptions, 'certificatePem' | 'privateKeyPem'> | null;
  /** Whether bytes without TLS are taken: from this machine, from everywhere, or not. Default `loopback`. */
  readonly plain?: 'loopback' | 'always' | 'never';
  readonly amqp: (transport: Transport, facts: { readonly remoteAddress: string }) => void;
  /** Listeners without a port of their own, for HTTP without and with TLS. */
  readonly http: HttpListener;
  readonly https: HttpListener | null;
  /** Connections at a time, of every kind; default 12,000. */
  readonly connections?: number;
  /** Until a connection has said what it speaks; default 30,000. */
  readonly firstBytesMs?: number;
  readonly onRefused?: (facts: { readonly reason: string; readonly remoteAddress: string }) => void;
}

const defaultConnections = 12_000;
const defaultFirstBytesMs = 30_000;

/**
 * One port for all that clients of Service Bus speak: the first bytes tell AMQP, TLS, HTTP and WebSockets apart, and inside of TLS once
 * more. So one connection string serves data and administration clients.
 */
export class ServiceBusListener {
  readonly #options: ServiceBusListenerOptions;
  readonly #server: Server;
  readonly #secure: SecureContext | null;
  readonly #webSockets: WebSockets;
  readonly #sockets = new Set<Socket>();
  readonly #reads = new SharedReads();

  constructor(options: ServiceBusListenerOptions) {
    const { tls } = options;
    this.#options = options;
    this.#secure =
      tls === null
        ? null
        : createSecureContext({ cert: tls.certificatePem, key: tls.privateKeyPem, minVersion: 'TLSv1.2' });
    this.#webSockets = createWebSockets({
      onTransport: options.amqp,
      handshakeMs: options.firstBytesMs ?? defaultFirstBytesMs,
    });
    this.#server = createServer({ noDelay: true }, (socket) => this.#take(socket));
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Rejects when the address cannot be bound, with a message that names it. */
  listen(): Promise<ListenerAddress> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const failed = (error: Error) =>
        reject(new Error(`Cannot listen on ${host}:${port}: ${error.message}`, { cause: error }));
      this.#server.once('error', failed);
      this.#server.listen({ host, port, backlog: 1024 }, () => {
        this.#server.off('error', failed);
        // A failed accept (no file descriptor left) concerns one client, not the process.
        this.#server.on('error', () => {});
        const address = this.#server.address();
        const bound = address !== null && typeof address === 'object' ? address.port : port;
        resolve({ host, port: bound, secure: false });
      });
    });
  }

  /** Stops accepting, and closes what is still open after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(timer);
  }

  #take(socket: Socket): void {
    const { connections = defaultConnections, firstBytesMs = defaultFirstBytesMs } = this.#options;
    if (this.#sockets.size >= connections) {
      this.#refuse(socket, `More than ${connections} connections are open.`);
      return;
    }
    this.#count(socket);
    sniff(socket, firstBytesMs, (spoken) => {
      if (spoken === 'tls' && this.#secure !== null) this.#shakeHands(socket, this.#secure, firstBytesMs);
      else if (!this.#takesPlain(socket)) this.#refuse(socket, 'Bytes without TLS are not taken from there.');
      else this.#serve(socket, spoken, this.#options.http);
    });
  }

  #count(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #shakeHands(socket: Socket, secureContext: SecureContext, timeoutMs: number): void {
    socket.on('error', () => socket.destroy());
    const secured = new TLSSocket(socket, { isServer: true, secureContext });
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    secured.on('error', () => socket.destroy());
    secured.once('close', () => clearTimeout(timer));
    secured.once('secure', () => {
      clearTimeout(timer);
      sniff(secured, timeoutMs, (spoken) => this.#serve(secured, spoken, this.#options.https));
    });
  }

  #serve(socket: Socket, spoken: string, http: HttpListener | null): void {
    const remoteAddress = socket.remoteAddress ?? '';
    if (spoken === 'amqp') this.#options.amqp(this.#transportOf(socket), { remoteAddress });
    else if (spoken === 'webSocket') this.#webSockets.accept(socket);
    else if (spoken === 'http' && http !== null) http.accept(socket);
    else this.#refuse(socket, 'It speaks neither AMQP nor HTTP.');
  }

  /** Bytes are read into memory that all share: most reads are small, and memory for large ones would be made for each. */
  #transportOf(socket: Socket): Transport {
    if (socket instanceof TLSSocket) return socketTransport(socket);
    const early: Buffer | null = socket.read();
    let fed: FedSocketTransport | undefined;
    this.#reads.adopt(socket, (own) => {
      this.#sockets.delete(socket);
      this.#count(own);
      const feeding = new FedSocketTransport(own, early);
      fed = feeding;
      return feeding;
    });
    if (fed !== undefined) return fed.transport;
    if (early !== null) socket.unshift(early);
    return socketTransport(socket);
  }

  #takesPlain(socket: Socket): boolean {
    const { plain = 'loopback' } = this.#options;
    return plain === 'always' || (plain === 'loopback' && isLoopback(socket.remoteAddress));
  }

  #refuse(socket: Socket, reason: string): void {
    this.#options.onRefused?.({ reason, remoteAddress: socket.remoteAddress ?? '' });
    socket.on('error', () => {});
    socket.destroy();
  }
}

function isLoopback(address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:/, '');
  return plain === '::1' || plain?.startsWith('127.') === true;
}
