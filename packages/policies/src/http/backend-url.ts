/** Scheme, host, port and path of where a request goes, without the operation's own path. */
export interface BaseUrl {
  readonly scheme: 'http' | 'https' | 'ws' | 'wss';
  /** Without brackets for IPv6. */
  readonly host: string;
  readonly port: number;
  /** Without a slash at the end; may be empty. */
  readonly path: string;
}

const ports = { http: 80, https: 443, ws: 80, wss: 443 } as const;

/** @throws {TypeError} with a message that says what was expected. */
export function parseBaseUrl(text: string): BaseUrl {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TypeError(`'${text}' is not an absolute URL such as https://host/path.`);
  }
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'ws' && scheme !== 'wss')
    throw new TypeError(`'${text}' has the scheme '${scheme}'; expected http, https, ws or wss.`);
  return {
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? ports[scheme] : Number(url.port),
    path: url.pathname.replace(/\/+$/, ''),
  };
}

/**
 * The request's URL as it will be sent: a base (API, `set-backend-service`, backend entity) and, below it, the path and
 * query that `rewrite-uri` and `set-query-parameter` work on. Percent-encoding stays as the caller sent it.
 */
export class BackendUrl {
  base: BaseUrl | null;
  /** Below the base, with the leading slash. */
  path: string;
  /** Without the `?`; empty when there is none. */
  query: string;

  constructor(base: BaseUrl | null, path: string, query: string) {
    this.base = base;
    this.path = path;
    this.query = query;
  }

  /** Path and query for the request line. */
  get target(): string {
    const path = `${this.base?.path ?? ''}${this.path}` || '/';
    return this.query === '' ? path : `${path}?${this.query}`;
  }
}
