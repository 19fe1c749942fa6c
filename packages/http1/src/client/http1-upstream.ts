import { hash } from 'node:crypto';
import {
  type Duplex,
  defaultUpstreamLimits,
  type UpstreamClient,
  UpstreamError,
  type UpstreamLimits,
  type UpstreamOrigin,
  type UpstreamRequest,
} from '@lazuli/http';
import type { HttpResponse } from '@lazuli/policies';
import { AddressCache, type ResolveHost, resolveHost } from './address-cache.ts';
import { Connector } from './connector.ts';
import type { UpstreamAnswer } from './exchange.ts';
import { Http2Pool } from './http2-pool.ts';
import { OriginPool, refuse } from './origin-pool.ts';
import { bytesAtOnce } from './read-socket.ts';

/**
 * An upstream client that speaks HTTP/1.1 over plain sockets, with a pool for each {@link UpstreamOrigin}; HTTP/2 where a
 * request asks for it. `resolve` finds the addresses of hosts; it is asked at most once in 30 seconds for each.
 */
export function createHttp1Upstream(
  limits: Partial<UpstreamLimits> = {},
  resolve: ResolveHost = resolveHost,
): UpstreamClient {
  return new Http1Upstream({ ...defaultUpstreamLimits, ...limits }, resolve);
}

class Http1Upstream implements UpstreamClient {
  #limits: UpstreamLimits;
  #addresses: AddressCache;
  #shared = Buffer.allocUnsafeSlow(bytesAtOnce);
  #pools = new Map<string, OriginPool>();
  /** Origins are long-lived objects of the configuration: most requests find their pool without building its key. */
  #known = new WeakMap<UpstreamOrigin, OriginPool>();
  #http2 = new Map<string, Http2Pool>();
  #http2Keys = new WeakMap<UpstreamOrigin, string>();
  /** Until when origins that turned out not to speak HTTP/2 are not asked again, by the key of their pool. */
  #http1Only = new Map<string, number>();
  #clock: NodeJS.Timeout | null = null;
  #uses = 0;
  #isClosed = false;

  constructor(limits: UpstreamLimits, resolve: ResolveHost) {
    this.#limits = limits;
    this.#addresses = new AddressCache(resolve);
  }

  request(request: UpstreamRequest): Promise<UpstreamAnswer> {
    return new Promise((resolve, reject) => {
      try {
        this.#send(request, resolve, reject);
        if (this.#clock === null) this.#startClock();
      } catch (error) {
        reject(refuse(request, error));
      }
    });
  }

  upgrade(
    request: UpstreamRequest,
  ): Promise<
    | { readonly accepted: true; readonly response: HttpResponse; readonly socket: Duplex }
    | { readonly accepted: false; readonly response: HttpResponse }
  > {
    return new Promise((resolve, reject) => {
      try {
        const pool = this.#poolFor(request.origin, true);
        pool.send(
          request,
          (response) => resolve({ accepted: false, response }),
          (response, socket) => resolve({ accepted: true, response, socket }),
          reject,
        );
        if (this.#clock === null) this.#startClock();
      } catch (error) {
        reject(refuse(request, error));
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
    if (this.#clock !== null) clearInterval(this.#clock);
    this.#clock = null;
    for (const pool of this.#http2.values()) pool.close();
    this.#http2.clear();
  }

  /** @throws {UpstreamError} */
  #send(
    request: UpstreamRequest,
    resolve: (answer: UpstreamAnswer) => void,
    reject: (error: UpstreamError) => void,
  ): void {
    const pool = usesHttp2(request) ? this.#http2PoolFor(request) : null;
    if (pool === null) this.#poolFor(request.origin, false).send(request, resolve, null, reject);
    else pool.send(request, resolve, reject);
  }

  /** Null when the backend is known to speak HTTP/1.1 only and the request takes that. @throws {UpstreamError} */
  #http2PoolFor({ origin, httpVersion }: UpstreamRequest): Http2Pool | null {
    if (this.#isClosed) throw closed();
    const key = `${httpVersion} ${this.#http2Key(origin)}`;
    const http1Until = this.#http1Only.get(key);
    if (http1Until !== undefined) {
      if (performance.now() < http1Until) return null;
      this.#http1Only.delete(key);
    }
    let pool = this.#http2.get(key);
    if (pool === undefined) {
      this.#makeRoom();
      const isFlexible = httpVersion === '2or1';
      const protocols = isFlexible ? ['h2', 'http/1.1'] : ['h2'];
      const { connectTimeoutMs } = this.#limits;
      const connector = new Connector(origin, true, connectTimeoutMs, this.#addresses, this.#shared, protocols);
      pool = new Http2Pool(connector, this.#limits, isFlexible ? () => this.#fallBack(key, origin) : null);
      this.#http2.set(key, pool);
    }
    pool.lastUsed = ++this.#uses;
    return pool;
  }

  #http2Key(origin: UpstreamOrigin): string {
    let key = this.#http2Keys.get(origin);
    if (key === undefined) {
      key = keyOf(origin, true);
      this.#http2Keys.set(origin, key);
    }
    return key;
  }

  #fallBack(key: string, origin: UpstreamOrigin): void {
    const pool = this.#http2.get(key);
    if (pool === undefined) return;
    if (this.#http1Only.size >= this.#limits.origins) this.#http1Only.clear();
    this.#http1Only.set(key, performance.now() + http1OnlyMs);
    this.#http2.delete(key);
    for (const exchange of pool.takeWaiting()) {
      try {
        this.#poolFor(origin, false).adopt(exchange);
      } catch (error) {
        exchange.fail(error instanceof UpstreamError ? error : new UpstreamError('protocol', String(error)));
      }
    }
    pool.close();
  }

  /** @throws {UpstreamError} */
  #poolFor(origin: UpstreamOrigin, upgrade: boolean): OriginPool {
    // A proxy forwards plain requests, but an upgrade only through a tunnel.
    const tunnelsAlways = upgrade && origin.proxy !== null && origin.scheme === 'http';
    let pool = tunnelsAlways ? undefined : this.#known.get(origin);
    if (pool === undefined || pool.isClosed) {
      if (this.#isClosed) throw closed();
      const key = keyOf(origin, tunnelsAlways);
      pool = this.#pools.get(key) ?? this.#open(key, origin, tunnelsAlways);
      if (!tunnelsAlways) this.#known.set(origin, pool);
    }
    pool.lastUsed = ++this.#uses;
    return pool;
  }

  #open(key: string, origin: UpstreamOrigin, tunnelsAlways: boolean): OriginPool {
    this.#makeRoom();
    const pool = new OriginPool({
      origin,
      tunnelsAlways,
      limits: this.#limits,
      addresses: this.#addresses,
      shared: this.#shared,
    });
    this.#pools.set(key, pool);
    return pool;
  }

  /** @throws {UpstreamError} when every pool is in use. */
  #makeRoom(): void {
    if (this.#pools.size + this.#http2.size < this.#limits.origins) return;
    let oldest: OriginPool | Http2Pool | null = null;
    for (const pool of [...this.#pools.values(), ...this.#http2.values()]) {
      if (pool.isIdle && (oldest === null || pool.lastUsed < oldest.lastUsed)) oldest = pool;
    }
    if (oldest === null)
      throw new UpstreamError('limit', `Requests to ${this.#limits.origins} different origins are running.`);
    oldest.close();
    for (const [key, pool] of this.#pools) if (pool === oldest) this.#pools.delete(key);
    for (const [key, pool] of this.#http2) if (pool === oldest) this.#http2.delete(key);
  }

  /** One clock for everything that can take too long: no timer a request, none a connection. */
  #startClock(): void {
    this.#clock = setInterval(() => {
      const now = performance.now();
      let isEmpty = true;
      for (const pools of [this.#pools, this.#http2]) {
        for (const pool of pools.values()) {
          pool.checkTime(now);
          if (!pool.isEmpty) isEmpty = false;
        }
      }
      if (!isEmpty || this.#clock === null) return;
      clearInterval(this.#clock);
      this.#clock = null;
    }, clockStepMs).unref();
  }
}

/** Without TLS there is nothing that could choose: `2or1` is HTTP/1.1 then, `2` is HTTP/2 by prior knowledge. */
function usesHttp2({ httpVersion, origin }: UpstreamRequest): boolean {
  return httpVersion === '2' || (httpVersion === '2or1' && origin.scheme === 'https');
}

function keyOf(origin: UpstreamOrigin, tunnelsAlways: boolean): string {
  const { certificate, proxy } = origin;
  return JSON.stringify([
    tunnelsAlways,
    origin.scheme,
    origin.host.toLowerCase(),
    origin.port,
    origin.validateCertificateChain,
    origin.validateCertificateName,
    certificate && hash('sha256', `${certificate.certificatePem}\n${certificate.privateKeyPem}`),
    proxy && [proxy.url, proxy.username, proxy.password === null ? null : hash('sha256', proxy.password)],
  ]);
}

function closed(): UpstreamError {
  return new UpstreamError('aborted', 'The upstream client is closed.');
}

/** A backend may learn HTTP/2 with its next release. */
const http1OnlyMs = 300_000;

/** What can be late by as much. */
const clockStepMs = 25;
