import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers } from '../kit/nginx.ts';
import { startProcess } from '../kit/processes.ts';
import type { Peer } from './peer.ts';
import type { BenchSite } from './site.ts';

/** Caddy on one processor, access log on. It has no rate limit and no token check of its own: (b) is key and headers. */
export function caddy(site: BenchSite, port: number, tlsPort: number): Peer {
  const folder = mkdtempSync(join(site.folder, 'caddy-'));
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, configuration(site, folder, port, tlsPort));
  return {
    name: 'Caddy',
    port,
    tlsPort,
    takesPart: ({ id }) => ['a', 'b', 'd', 'e', 'g', 't'].includes(id),
    start: () =>
      startProcess('Caddy', 'caddy', ['run', '--config', file, '--adapter', 'caddyfile'], () => answers(port), {
        ...process.env,
        GOMAXPROCS: '1',
        HOME: folder,
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
      }),
  };
}

function configuration(site: BenchSite, folder: string, port: number, tlsPort: number): string {
  const backend = `127.0.0.1:${site.backendPort}`;
  const routes = `
  log {
    output file ${folder}/access.log
  }
  handle_path /plain/* {
    reverse_proxy ${backend}
  }
  @key header Ocp-Apim-Subscription-Key ${site.key}
  handle_path /keyed/* {
    handle @key {
      request_header X-Tier gold
      header X-Frame-Options DENY
      header -Server
      reverse_proxy ${backend}
    }
    respond 401
  }
  respond 200`;
  return `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {${routes}
}
https://127.0.0.1:${tlsPort} {
  tls ${site.certificate.certificate} ${site.certificate.privateKey}${routes}
}
`;
}
