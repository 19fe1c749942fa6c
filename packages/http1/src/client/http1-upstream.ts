import { hash } from 'node:crypto';
import {
  createUndiciUpstream,
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
import type { UpstreamAnswer } from './exchange.ts';
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
  #http2: UpstreamClient | null = null;
  #clock: NodeJS.Timeout | null = null;
  #uses = 0;
  #isClosed = false;

  constructor(limits: UpstreamLimits, resolve: ResolveHost) {
    this.#limits = limits;
    this.#addresses = new AddressCache(resolve);
  }

  request(request: UpstreamRequest): Promise<UpstreamAnswer> {
    if (usesHttp2(request)) return this.#overHttp2(request);
    return new Promise((resolve, reject) => {
      try {
        const pool = this.#poolFor(request.origin, false);
        pool.send(request, resolve, null, reject);
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
    await this.#http2?.close();
  }

  #overHttp2(request: UpstreamRequest): Promise<UpstreamAnswer> {
    if (this.#isClosed) return Promise.reject(refuse(request, closed()));
    this.#http2 ??= createUndiciUpstream(this.#limits);
    return this.#http2.request(request);
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
    if (this.#pools.size >= this.#limits.origins) this.#evict();
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

  /** Makes room for one more pool. */
  #evict(): void {
    let oldest: readonly [string, OriginPool] | null = null;
    for (const entry of this.#pools) {
      if (entry[1].isIdle && (oldest === null || entry[1].lastUsed < oldest[1].lastUsed)) oldest = entry;
    }
    if (oldest === null)
      throw new UpstreamError('limit', `Requests to ${this.#limits.origins} different origins are running.`);
    this.#pools.delete(oldest[0]);
    oldest[1].close();
  }

  /** One clock for everything that can take too long: no timer a request, none a connection. */
  #startClock(): void {
    this.#clock = setInterval(() => {
      const now = performance.now();
      let isEmpty = true;
      for (const pool of this.#pools.values()) {
        pool.checkTime(now);
        if (!pool.isEmpty) isEmpty = false;
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

/** What can be late by as much. */
const clockStepMs = 25;
