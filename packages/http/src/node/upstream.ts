import { hash } from 'node:crypto';
import type { HttpResponse } from '@lazuli/policies';
import { defaultUpstreamLimits } from '../limits.ts';
import type { Duplex } from '../listener.ts';
import {
  type UpstreamClient,
  UpstreamError,
  type UpstreamLimits,
  type UpstreamOrigin,
  type UpstreamRequest,
} from '../upstream.ts';
import type { UpstreamAnswer } from './exchange-handler.ts';
import { OriginPool } from './origin-pool.ts';
import type { ConnectionProtocol } from './upstream-connector.ts';

/** An upstream client over undici, with a pool for each {@link UpstreamOrigin}. */
export function createUndiciUpstream(limits: Partial<UpstreamLimits> = {}): UpstreamClient {
  return new UndiciUpstream({ ...defaultUpstreamLimits, ...limits });
}

class UndiciUpstream implements UpstreamClient {
  #limits: UpstreamLimits;
  #pools = new Map<string, OriginPool>();
  /** Origins are long-lived objects of the configuration: most requests find their pool without building its key. */
  #known = new WeakMap<UpstreamOrigin, Map<PoolKind, OriginPool>>();
  #closing: Promise<void>[] = [];
  #clock = 0;
  #closed = false;

  constructor(limits: UpstreamLimits) {
    this.#limits = limits;
  }

  request(request: UpstreamRequest): Promise<UpstreamAnswer> {
    return new Promise((resolve, reject) => {
      this.#send(request, kindOf(request), false, {
        response: resolve,
        upgraded: (_answer, socket) => {
          socket.destroy();
          reject(new UpstreamError('protocol', 'The backend switched protocols without being asked to.'));
        },
        failed: reject,
      });
    });
  }

  upgrade(
    request: UpstreamRequest,
  ): Promise<
    | { readonly accepted: true; readonly response: HttpResponse; readonly socket: Duplex }
    | { readonly accepted: false; readonly response: HttpResponse }
  > {
    const kind = request.origin.proxy && request.origin.scheme === 'http' ? 'h1-tunnel' : 'h1';
    return new Promise((resolve, reject) => {
      this.#send(request, kind, true, {
        response: (response) => resolve({ accepted: false, response }),
        upgraded: (response, socket) => resolve({ accepted: true, response, socket }),
        failed: reject,
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const pool of this.#pools.values()) this.#closing.push(pool.close());
    this.#pools.clear();
    await Promise.all(this.#closing);
  }

  #send(request: UpstreamRequest, kind: PoolKind, upgrade: boolean, outcome: Parameters<OriginPool['send']>[2]): void {
    let pool: OriginPool;
    try {
      pool = this.#poolFor(request.origin, kind);
    } catch (error) {
      if (request.body !== null && !(request.body instanceof Uint8Array))
        request.body.abort(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
    pool.lastUsed = ++this.#clock;
    pool.send(request, upgrade, outcome);
  }

  /** @throws {UpstreamError} */
  #poolFor(origin: UpstreamOrigin, kind: PoolKind): OriginPool {
    const known = this.#known.get(origin)?.get(kind);
    if (known && !known.isClosed) return known;
    if (this.#closed) throw new UpstreamError('aborted', 'The upstream client is closed.');
    const key = keyOf(origin, kind);
    let pool = this.#pools.get(key);
    if (!pool) {
      if (this.#pools.size >= this.#limits.origins) this.#evict();
      const protocol: ConnectionProtocol = kind === 'h1-tunnel' ? 'h1' : kind;
      pool = new OriginPool(origin, protocol, kind === 'h1-tunnel', this.#limits);
      this.#pools.set(key, pool);
    }
    const kinds = this.#known.get(origin) ?? new Map<PoolKind, OriginPool>();
    kinds.set(kind, pool);
    this.#known.set(origin, kinds);
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
    const closed = oldest[1].close();
    this.#closing.push(closed);
    void closed.then(() => this.#closing.splice(this.#closing.indexOf(closed), 1));
  }
}

type PoolKind = ConnectionProtocol | 'h1-tunnel';

/** Without TLS there is nothing that could choose: `2or1` is HTTP/1.1 then, `2` is HTTP/2 by prior knowledge. */
function kindOf(request: UpstreamRequest): PoolKind {
  if (request.httpVersion === '2') return 'h2';
  return request.httpVersion === '2or1' && request.origin.scheme === 'https' ? 'h2-or-h1' : 'h1';
}

function keyOf(origin: UpstreamOrigin, kind: PoolKind): string {
  const { certificate, proxy } = origin;
  return JSON.stringify([
    kind,
    origin.scheme,
    origin.host.toLowerCase(),
    origin.port,
    origin.validateCertificateChain,
    origin.validateCertificateName,
    certificate && hash('sha256', `${certificate.certificatePem}\n${certificate.privateKeyPem}`),
    proxy && [proxy.url, proxy.username, proxy.password === null ? null : hash('sha256', proxy.password)],
  ]);
}
