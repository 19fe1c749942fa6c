import type { BenchSite } from './site.ts';

/** One thing that gateways are compared by. */
export interface Scenario {
  /** Letter in the tables of bench/README.md. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly bodyBytes?: number;
  /** Tokens to take in turn as `Authorization: Bearer`. */
  readonly tokens?: readonly string[];
  readonly transport?: 'http' | 'https' | 'h2';
  readonly connections?: number;
}

const keyHeader = 'Ocp-Apim-Subscription-Key';

/** In the order in which they are run and printed. */
export function scenariosOf(site: BenchSite): readonly Scenario[] {
  const key = { [keyHeader]: site.key };
  return [
    { id: 'a', name: 'plain proxy, 1 KiB', path: '/plain/x' },
    { id: 'b', name: 'key + rate limit + header edits + access log', path: '/keyed/x', headers: key },
    {
      id: 'c1',
      name: 'RS256 token, the same again and again',
      path: '/rs256/x',
      tokens: site.tokens.rs256.slice(0, 1),
    },
    { id: 'c2', name: 'RS256 tokens, each new', path: '/rs256/x', tokens: site.tokens.rs256 },
    {
      id: 'c3',
      name: 'ES256 token, the same again and again',
      path: '/es256/x',
      tokens: site.tokens.es256.slice(0, 1),
    },
    { id: 'c4', name: 'ES256 tokens, each new', path: '/es256/x', tokens: site.tokens.es256 },
    { id: 'd', name: 'responses of 1 MiB', path: '/plain/big', connections: 16 },
    { id: 'e', name: 'POST with 10 KiB', path: '/plain/x', method: 'POST', bodyBytes: 10 * 1024 },
    { id: 'f', name: 'cache hit, 1 KiB', path: '/cached/x' },
    { id: 'g', name: 'HTTP/2 inbound over TLS', path: '/plain/x', transport: 'h2' },
    { id: 't', name: 'HTTP/1.1 over TLS', path: '/plain/x', transport: 'https' },
    { id: 'h', name: 'service + product + API + operation policies with expressions', path: '/deep/x', headers: key },
  ];
}
