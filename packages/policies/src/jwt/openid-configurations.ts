import type { Ports } from '../ports/ports.ts';
import { fetchJson } from './fetch-json.ts';
import { TokenError } from './token-error.ts';
import { keysOfSet, type TokenKey } from './token-key.ts';

/** Where an issuer's metadata is (`openid-config`). */
export interface MetadataAddress {
  readonly url: string;
  /** Host header for the requests; null: that of the URL. */
  readonly host: string | null;
}

export interface OpenIdConfiguration {
  readonly issuer: string | null;
  readonly keys: readonly TokenKey[];
  readonly fetchedAt: number;
}

type Http = Pick<Ports, 'http' | 'clock' | 'log'>;

/**
 * Metadata and keys of issuers, fetched when first needed and kept: renewed hourly without making anybody wait, once more
 * when a token names an unknown key (at most every 5 minutes), served stale while the issuer cannot be reached. Requests
 * that need the same fetch share it.
 */
export class OpenIdConfigurations {
  readonly #sources = new Map<string, Source>();

  /** One for everything that reaches the world through the same port, so that policies share what was fetched. */
  static of(ports: Http): OpenIdConfigurations {
    let shared = byPort.get(ports.http);
    if (!shared) {
      shared = new OpenIdConfigurations();
      byPort.set(ports.http, shared);
    }
    return shared;
  }

  /** Synchronous when it is there. Throws (or rejects with) {@link TokenError} when it never could be fetched. */
  get(address: MetadataAddress, ports: Http): OpenIdConfiguration | Promise<OpenIdConfiguration> {
    const source = this.#source(address);
    const now = ports.clock.now();
    if (source.current) {
      const age = now - source.current.fetchedAt;
      if (age >= renewAfterMs && now - source.attemptedAt >= retryAfterMs) {
        const { current } = source;
        const renewal = this.#fetch(source, ports).catch(() => current);
        // After a long silence the keys may be anything: then it is worth waiting.
        if (age >= 2 * renewAfterMs) return renewal;
      }
      return source.current;
    }
    if (source.pending) return source.pending;
    if (now - source.attemptedAt < backoff(source.failures)) throw unobtainable(address, source.failure);
    return this.#fetch(source, ports);
  }

  /** Fetches again because a token names a key that is not there. Undefined when it is too early for that. */
  renew(address: MetadataAddress, ports: Http): Promise<OpenIdConfiguration> | undefined {
    const source = this.#source(address);
    const { current } = source;
    if (!current) return undefined;
    if (!source.pending && ports.clock.now() - source.attemptedAt < retryAfterMs) return undefined;
    return (source.pending ?? this.#fetch(source, ports)).catch(() => current);
  }

  #source(address: MetadataAddress): Source {
    const key = `${address.host ?? ''} ${address.url}`;
    let source = this.#sources.get(key);
    if (source) return source;
    // An expression may name any number of issuers.
    if (this.#sources.size >= mostSources) {
      const oldest = this.#sources.keys().next();
      if (!oldest.done) this.#sources.delete(oldest.value);
    }
    source = {
      address,
      current: null,
      pending: null,
      attemptedAt: Number.NEGATIVE_INFINITY,
      failures: 0,
      failure: null,
    };
    this.#sources.set(key, source);
    return source;
  }

  #fetch(source: Source, ports: Http): Promise<OpenIdConfiguration> {
    if (source.pending) return source.pending;
    source.attemptedAt = ports.clock.now();
    const pending = fetchConfiguration(source.address, ports)
      .then(
        (configuration) => {
          source.current = configuration;
          source.failures = 0;
          source.failure = null;
          return configuration;
        },
        (error: unknown) => {
          source.failures++;
          source.failure = error;
          ports.log.write('warn', 'OpenID metadata could not be obtained.', {
            url: source.address.url,
            error: error instanceof Error ? error.message : String(error),
          });
          throw unobtainable(source.address, error);
        },
      )
      .finally(() => {
        source.pending = null;
      });
    source.pending = pending;
    // Whoever asked may have given up by then (another issuer failed): that is no defect.
    pending.catch(() => undefined);
    return pending;
  }
}

interface Source {
  readonly address: MetadataAddress;
  current: OpenIdConfiguration | null;
  pending: Promise<OpenIdConfiguration> | null;
  attemptedAt: number;
  failures: number;
  failure: unknown;
}

const byPort = new WeakMap<object, OpenIdConfigurations>();

const renewAfterMs = 3_600_000;
const retryAfterMs = 300_000;
const mostSources = 1_000;

/** An issuer that starts later than the gateway should be found soon; one that is gone should not be asked all the time. */
const backoff = (failures: number): number =>
  failures === 0 ? 0 : Math.min(retryAfterMs, 1_000 * 2 ** (failures - 1));

const unobtainable = (address: MetadataAddress, cause: unknown): TokenError =>
  new TokenError(
    'TokenSignatureKeyNotFound',
    `IDX20803: Unable to obtain configuration from: '${address.url}'.`,
    cause ?? undefined,
  );

async function fetchConfiguration(address: MetadataAddress, ports: Http): Promise<OpenIdConfiguration> {
  const metadata = await fetchJson(address.url, address.host, ports);
  const { issuer, jwks_uri: jwksUri } = metadata;
  if (typeof jwksUri !== 'string') throw new TypeError(`The metadata at '${address.url}' has no jwks_uri.`);
  const keys = keysOfSet(await fetchJson(jwksUri, address.host, ports));
  return { issuer: typeof issuer === 'string' ? issuer : null, keys, fetchedAt: ports.clock.now() };
}
