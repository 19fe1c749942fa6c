import { connect as connectTcp, isIP, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import {
  type ProxyAddress,
  parseProxy,
  toConnectError,
  tunnel,
  UpstreamError,
  type UpstreamOrigin,
} from '@lazuli/http';
import type { AddressCache } from './address-cache.ts';
import { type AddressRace, raceAddresses } from './address-race.ts';
import { type ReadSocket, SharedRead, streamRead } from './read-socket.ts';

export interface ConnectOutcome {
  connected(attempt: ConnectAttempt, socket: ReadSocket): void;
  failed(attempt: ConnectAttempt, error: UpstreamError): void;
}

/** Opens connections to one origin: TCP, then a proxy's tunnel when one is set, then TLS. */
export class Connector {
  readonly origin: UpstreamOrigin;
  readonly proxy: ProxyAddress | null;
  readonly where: string;
  readonly addresses: AddressCache;
  readonly timeoutMs: number;
  /** A tunnel through the proxy; without one the proxy gets absolute targets. */
  readonly tunnels: boolean;
  /** The versions of HTTP that a connection may speak, by the names of ALPN. */
  readonly protocols: readonly string[];
  #shared: Buffer;
  #session: Buffer | undefined;
  #context: SecureContext | null = null;

  /**
   * `tunnelsAlways`: also for plain HTTP, which a proxy forwards otherwise.
   * @throws {UpstreamError} for a proxy whose URL cannot be used.
   */
  constructor(
    origin: UpstreamOrigin,
    tunnelsAlways: boolean,
    timeoutMs: number,
    addresses: AddressCache,
    shared: Buffer,
    protocols: readonly string[] = ['http/1.1'],
  ) {
    this.protocols = protocols;
    this.origin = { ...origin, host: origin.host.replace(/^\[(.*)\]$/, '$1') };
    this.proxy = origin.proxy ? parseProxy(origin.proxy) : null;
    this.tunnels = this.proxy !== null && (tunnelsAlways || origin.scheme === 'https');
    this.where = `${origin.host}:${origin.port}`;
    this.timeoutMs = timeoutMs;
    this.addresses = addresses;
    this.#shared = shared;
  }

  /** Requests are written in absolute form, with the proxy's credentials. */
  get speaksToProxy(): boolean {
    return this.proxy !== null && !this.tunnels;
  }

  connect(outcome: ConnectOutcome): ConnectAttempt {
    return new ConnectAttempt(this, outcome);
  }

  /** Opens a socket whose connection may go straight to the origin, or to a proxy that is spoken to. */
  openDirect(address: string, port: number): { readonly socket: Socket; readonly reading: ReadSocket } {
    const isSecure = this.proxy === null && this.origin.scheme === 'https';
    const base = { host: address, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs };
    // Node's HTTP/2 takes the whole socket over and reads for itself.
    if (this.protocols.includes('h2')) {
      const socket = isSecure ? this.#secured(connectTls({ ...base, ...this.#tls() })) : connectTcp(base);
      return { socket, reading: { ...streamRead(socket), readsAhead: isSecure } };
    }
    const onread = new SharedRead(this.#shared);
    const withRead = { ...base, onread };
    const socket = isSecure ? this.#secured(connectTls({ ...withRead, ...this.#tls() })) : connectTcp(withRead);
    return { socket, reading: onread.of(socket, isSecure) };
  }

  /** TLS to the origin over a tunnel. */
  secure(socket: Socket): TLSSocket {
    return this.#secured(connectTls({ ...this.#tls(), socket }));
  }

  /** What speaks against a connection whose handshake is complete. */
  refusal(socket: TLSSocket): UpstreamError | null {
    const { host, validateCertificateChain, validateCertificateName } = this.origin;
    // Without a valid chain Node does not look at the name.
    if (!validateCertificateName || validateCertificateChain) return null;
    const mismatch = checkServerIdentity(host, socket.getPeerCertificate());
    return mismatch ? new UpstreamError('tls', `Cannot connect to ${this.where}: ${mismatch.message}`) : null;
  }

  #secured(socket: TLSSocket): TLSSocket {
    socket.on('session', (session) => {
      this.#session = session;
    });
    return socket;
  }

  #tls(): ConnectionOptions {
    const { host, validateCertificateChain, validateCertificateName, certificate } = this.origin;
    // Made once: it reads the certificates of all authorities.
    this.#context ??= createSecureContext(
      certificate ? { cert: certificate.certificatePem, key: certificate.privateKeyPem } : {},
    );
    return {
      secureContext: this.#context,
      servername: isIP(host) ? '' : host,
      rejectUnauthorized: validateCertificateChain,
      checkServerIdentity: (_name, peer) => (validateCertificateName ? checkServerIdentity(host, peer) : undefined),
      ALPNProtocols: [...this.protocols],
      // A resumed session shows no certificate whose name could be checked.
      session: validateCertificateName && !validateCertificateChain ? undefined : this.#session,
    };
  }
}

/** A connection that is being opened. It is connected or fails, once, within the connector's timeout. */
export class ConnectAttempt {
  #connector: Connector;
  #outcome: ConnectOutcome;
  #race: AddressRace | null = null;
  #socket: Socket | null = null;
  #isOver = false;
  #seenAt = -1;

  constructor(connector: Connector, outcome: ConnectOutcome) {
    this.#connector = connector;
    this.#outcome = outcome;
  }

  start(): void {
    const { addresses, origin, proxy } = this.#connector;
    const { host } = proxy ?? origin;
    addresses.find(host, (error, found) => {
      if (this.#isOver) return;
      if (error) this.#fail(error);
      else this.#reach(host, found);
    });
  }

  cancel(): void {
    this.#isOver = true;
    this.#race?.cancel();
    this.#socket?.destroy();
  }

  /** Called every few milliseconds; `now` in milliseconds. */
  checkTime(now: number): void {
    const { timeoutMs, where } = this.#connector;
    if (this.#seenAt < 0) this.#seenAt = now;
    else if (now - this.#seenAt >= timeoutMs)
      this.#fail(new UpstreamError('connect', `No connection to ${where} within ${timeoutMs} milliseconds.`));
  }

  #reach(host: string, found: readonly string[]): void {
    const connector = this.#connector;
    const { proxy, origin } = connector;
    const { port } = proxy ?? origin;
    const needsSteps = proxy !== null && (connector.tunnels || proxy.scheme === 'https');
    const readings = new Map<Socket, ReadSocket>();
    const open = (address: string): Socket => {
      if (needsSteps) {
        const socket = connectTcp({
          host: address,
          port,
          noDelay: true,
          keepAlive: true,
          keepAliveInitialDelay: keepAliveMs,
        });
        return socket;
      }
      const { socket, reading } = connector.openDirect(address, port);
      readings.set(socket, reading);
      return socket;
    };
    this.#race = raceAddresses(found, open, attemptDelayMs, {
      connected: (socket) => {
        this.#race = null;
        this.#watch(socket);
        const reading = readings.get(socket);
        if (reading === undefined) this.#throughProxy(socket);
        else if (reading.readsAhead) this.#afterHandshake(socket as TLSSocket, reading);
        else this.#succeed(reading);
      },
      failed: (error) => this.#fail(error),
      unreachable: (address) => connector.addresses.markBad(host, address),
    });
  }

  #throughProxy(transport: Socket): void {
    const { proxy, tunnels, origin } = this.#connector;
    if (proxy === null) return;
    const ask = (socket: Socket): void => {
      if (!tunnels) {
        this.#succeed(streamRead(socket));
        return;
      }
      tunnel(socket, proxy, origin, (error) => {
        if (this.#isOver) return;
        if (error) this.#fail(error);
        else if (origin.scheme !== 'https') this.#succeed(streamRead(socket));
        else {
          const secured = this.#connector.secure(socket);
          this.#watch(secured);
          this.#afterHandshake(secured, streamRead(secured));
        }
      });
    };
    if (proxy.scheme !== 'https') {
      ask(transport);
      return;
    }
    const secured = connectTls({ socket: transport, servername: isIP(proxy.host) ? '' : proxy.host });
    this.#watch(secured);
    secured.once('secureConnect', () => {
      if (!this.#isOver) ask(secured);
    });
  }

  #afterHandshake(socket: TLSSocket, reading: ReadSocket): void {
    socket.once('secureConnect', () => {
      if (this.#isOver) return;
      const refusal = this.#connector.refusal(socket);
      if (refusal) this.#fail(refusal);
      else this.#succeed(reading);
    });
  }

  /** Its end is the end of the attempt. */
  #watch(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', (error) => this.#fail(error));
    socket.once('close', () => this.#fail(new Error('the connection was closed')));
  }

  #succeed(reading: ReadSocket): void {
    this.#isOver = true;
    this.#outcome.connected(this, reading);
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.cancel();
    this.#outcome.failed(this, toConnectError(error, this.#connector.where));
  }
}

/** RFC 8305 section 8. */
const attemptDelayMs = 250;

const keepAliveMs = 60_000;
