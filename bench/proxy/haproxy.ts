import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers } from '../kit/nginx.ts';
import { startProcess } from '../kit/processes.ts';
import type { Peer } from './peer.ts';
import type { BenchSite } from './site.ts';

/** haproxy with one thread, its HTTP log on, a stick table as the limit, tokens by `jwt_verify`. */
export function haproxy(site: BenchSite, port: number, tlsPort: number): Peer {
  const folder = mkdtempSync(join(site.folder, 'haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, configuration(site, port, tlsPort));
  return {
    name: 'haproxy',
    port,
    tlsPort,
    takesPart: ({ id }) => id !== 'f' && id !== 'h',
    start: () =>
      startProcess('haproxy', 'haproxy', ['-f', file, '-db'], () => answers(port), {
        ...process.env,
        PATH: `${process.env.PATH}:/usr/sbin`,
      }),
  };
}

function configuration(site: BenchSite, port: number, tlsPort: number): string {
  const token = (name: string, algorithm: string, file: string) => `
  http-request deny deny_status 401 if { path_beg /${name}/ } !{ http_auth_bearer,jwt_header_query('$.alg') -m str ${algorithm} }
  http-request deny deny_status 401 if { path_beg /${name}/ } !{ http_auth_bearer,jwt_payload_query('$.aud') -m str bench }
  http-request deny deny_status 401 if { path_beg /${name}/ } !{ http_auth_bearer,jwt_verify(${algorithm},"${file}") -m int 1 }`;
  return `
global
  nbthread 1
  maxconn 4096
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend bench
  bind 127.0.0.1:${port}
  bind 127.0.0.1:${tlsPort} ssl crt ${site.certificate.both} alpn h2,http/1.1
  stick-table type string len 64 size 10k expire 2m store http_req_rate(60s)
  http-request return status 200 if { path / }
  http-request deny deny_status 401 if { path_beg /keyed/ } !{ hdr(Ocp-Apim-Subscription-Key) -m str ${site.key} }
  http-request track-sc0 hdr(Ocp-Apim-Subscription-Key) if { path_beg /keyed/ }
  http-request deny deny_status 429 if { path_beg /keyed/ } { sc_http_req_rate(0) gt 100000000 }
  http-request set-header X-Tier gold if { path_beg /keyed/ }
  http-request set-var(txn.keyed) bool(true) if { path_beg /keyed/ }
  http-response set-header X-Frame-Options DENY if { var(txn.keyed) -m bool }
  http-response del-header Server if { var(txn.keyed) -m bool }${token('rs256', 'RS256', site.publicKeys.rs256)}${token('es256', 'ES256', site.publicKeys.es256)}
  http-request replace-path /[a-z0-9]+/(.*) /\\1
  default_backend origin
backend origin
  server origin 127.0.0.1:${site.backendPort} maxconn 512
`;
}
