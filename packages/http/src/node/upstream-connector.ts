import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { UpstreamError, type UpstreamOrigin } from '../upstream.ts';
import { type ProxyAddress, parseProxy, tunnel } from './proxy-tunnel.ts';
import { toConnectError } from './upstream-failure.ts';

export type Connected = (error: UpstreamError | null, socket: Socket | null) => void;

/** Which HTTP versions a connection may speak. */
export type ConnectionProtocol = 'h1' | 'h2-or-h1' | 'h2';

/**
 * Opens connections to one origin: TCP, then a proxy's tunnel when one is set, then TLS, all within one timeout. The
 * callback is called once.
 */
export class UpstreamConnector {
  readonly proxy: ProxyAddress | null;
  #origin: UpstreamOrigin;
  #protocol: ConnectionProtocol;
  #timeoutMs: number;
  /** Plain HTTP through a proxy needs a tunnel only for upgrades; otherwise the proxy gets absolute targets. */
  #tunnels: boolean;
  #session: Buffer | undefined;
  #where: string;

  constructor(origin: UpstreamOrigin, protocol: ConnectionProtocol, timeoutMs: number, tunnelsAlways: boolean) {
    this.#origin = origin;
    this.#protocol = protocol;
    this.#timeoutMs = timeoutMs;
    this.#where = `${origin.host}:${origin.port}`;
    this.proxy = origin.proxy ? parseProxy(origin.proxy) : null;
    this.#tunnels = this.proxy !== null && (tunnelsAlways || origin.scheme === 'https');
  }

  /** Requests are written in absolute form, with the proxy's credentials. */
  get speaksToProxy(): boolean {
    return this.proxy !== null && !this.#tunnels;
  }

  connect(connected: Connected): void {
    const { proxy } = this;
    const { host, port } = proxy ?? this.#origin;
    let current: Socket | null = null;
    let done = false;
    const finish: Connected = (error, socket) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      if (error) current?.destroy();
      connected(error, socket);
    };
    const timer = setTimeout(() => {
      finish(
        new UpstreamError('connect', `No connection to ${this.#where} within ${this.#timeoutMs} milliseconds.`),
        null,
      );
    }, this.#timeoutMs);
    // Stays for the socket's whole life: an error before the next owner listens must not be uncaught.
    const fail = (error: Error) => finish(toConnectError(error, this.#where), null);
    const step = (socket: Socket, event: 'connect' | 'secureConnect', next: (socket: Socket) => void): void => {
      current = socket;
      socket.setNoDelay(true).setKeepAlive(true, keepAliveMs).on('error', fail);
      socket.once('close', () => fail(new Error('the connection was closed')));
      socket.once(event, () => {
        if (!done) next(socket);
      });
    };

    const reachOrigin = (socket: Socket): void => {
      if (this.#origin.scheme !== 'https') {
        // undici reads the protocol of a connection here; without TLS, HTTP/2 is by prior knowledge.
        if (this.#protocol === 'h2') Object.assign(socket, { alpnProtocol: 'h2' });
        finish(null, socket);
        return;
      }
      const secured = connectTls({ ...this.#tls(), socket });
      secured.on('session', (session) => {
        this.#session = session;
      });
      step(secured, 'secureConnect', () => {
        const refusal = this.#refusal(secured);
        finish(refusal, refusal ? null : secured);
      });
    };
    const afterTransport = (socket: Socket): void => {
      if (proxy === null || !this.#tunnels) {
        if (proxy === null) reachOrigin(socket);
        else finish(null, socket);
        return;
      }
      tunnel(socket, proxy, this.#origin, (error) => {
        if (done) return;
        if (error) finish(error, null);
        else reachOrigin(socket);
      });
    };
    const transport = connectTcp({ host, port });
    step(transport, 'connect', (socket) => {
      if (proxy?.scheme !== 'https') {
        afterTransport(socket);
        return;
      }
      step(connectTls({ socket, servername: isIP(host) ? '' : host }), 'secureConnect', afterTransport);
    });
  }

  #tls(): ConnectionOptions {
    const { host, validateCertificateChain, validateCertificateName, certificate } = this.#origin;
    return {
      servername: isIP(host) ? '' : host,
      host,
      rejectUnauthorized: validateCertificateChain,
      // Without a valid chain node does not look at the name: #refusal does.
      checkServerIdentity: (_name, peer) => (validateCertificateName ? checkServerIdentity(host, peer) : undefined),
      ALPNProtocols: this.#protocol === 'h1' ? ['http/1.1'] : this.#protocol === 'h2' ? ['h2'] : ['h2', 'http/1.1'],
      session: validateCertificateName && !validateCertificateChain ? undefined : this.#session,
      ...(certificate ? { cert: certificate.certificatePem, key: certificate.privateKeyPem } : {}),
    };
  }

  #refusal(socket: TLSSocket): UpstreamError | null {
    const { host, validateCertificateChain, validateCertificateName } = this.#origin;
    if (validateCertificateName && !validateCertificateChain) {
      const mismatch = checkServerIdentity(host, socket.getPeerCertificate());
      if (mismatch) return new UpstreamError('tls', `Cannot connect to ${this.#where}: ${mismatch.message}`);
    }
    if (this.#protocol === 'h2' && socket.alpnProtocol !== 'h2')
      return new UpstreamError('protocol', `${this.#where} does not speak HTTP/2.`);
    return null;
  }
}

const keepAliveMs = 60_000;
