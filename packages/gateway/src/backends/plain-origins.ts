import type { UpstreamOrigin } from '@lazuli/http';
import type { BaseUrl, ClientCertificate } from '@lazuli/policies';

type Proxy = UpstreamOrigin['proxy'];

/**
 * Origins of base URLs that belong to no backend entity, one object each: connection pools are found by it. Bounded,
 * since expressions can name any number of hosts; the oldest goes first.
 */
export class PlainOrigins {
  readonly #origins = new Map<string, UpstreamOrigin>();
  /** Base URLs of APIs are the same object for every request: most look-ups need not build a name. */
  readonly #byBase = new WeakMap<BaseUrl, UpstreamOrigin>();
  readonly #limit: number;

  constructor(limit = 1024) {
    this.#limit = limit;
  }

  find(base: BaseUrl): UpstreamOrigin {
    const known = this.#byBase.get(base);
    if (known) return known;
    const scheme = base.scheme === 'https' || base.scheme === 'wss' ? 'https' : 'http';
    const origin = this.#get(`${scheme}://${base.host}:${base.port}`, () => ({
      scheme,
      host: base.host,
      port: base.port,
      validateCertificateChain: true,
      validateCertificateName: true,
      certificate: null,
      proxy: null,
    }));
    this.#byBase.set(base, origin);
    return origin;
  }

  /** The same place with another client certificate or through another proxy. */
  variant(origin: UpstreamOrigin, certificate: ClientCertificate | null, proxy: Proxy): UpstreamOrigin {
    const changed = { ...origin, certificate: certificate ?? origin.certificate, proxy: proxy ?? origin.proxy };
    return this.#get(JSON.stringify(changed), () => changed);
  }

  #get(key: string, make: () => UpstreamOrigin): UpstreamOrigin {
    let origin = this.#origins.get(key);
    if (origin) return origin;
    if (this.#origins.size >= this.#limit) {
      const [oldest] = this.#origins.keys();
      if (oldest !== undefined) this.#origins.delete(oldest);
    }
    origin = make();
    this.#origins.set(key, origin);
    return origin;
  }
}
