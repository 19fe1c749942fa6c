import type { InboundRequest } from '@lazuli/http';
import type { OriginalUrlParts } from '@lazuli/policies';

/** `context.Request.OriginalUrl`: where the caller sent the request, by its Host header, which is read when asked for. */
export class OriginalUrl implements OriginalUrlParts {
  readonly scheme: 'http' | 'https';
  /** The Host header as it was sent; empty when there was none. */
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly #localPort: number;
  #parsed: { readonly host: string; readonly port: number } | null = null;

  constructor({ scheme, authority, localPort }: InboundRequest, path: string, query: string) {
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.query = query;
    this.#localPort = localPort;
  }

  /** Without brackets for IPv6. */
  get host(): string {
    return this.#hostAndPort.host;
  }

  get port(): number {
    return this.#hostAndPort.port;
  }

  get #hostAndPort(): { readonly host: string; readonly port: number } {
    this.#parsed ??= this.#parse();
    return this.#parsed;
  }

  #parse(): { readonly host: string; readonly port: number } {
    const { authority, scheme } = this;
    const match = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(authority);
    const given = match?.[2];
    const port = given === undefined ? (scheme === 'https' ? 443 : 80) : Number(given);
    return {
      host: (match?.[1] ?? authority).replace(/^\[|\]$/g, ''),
      port: authority === '' ? this.#localPort : port,
    };
  }
}
