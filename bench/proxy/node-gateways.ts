import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../kit/processes.ts';
import type { Peer } from './peer.ts';
import type { BenchSite } from './site.ts';

const folder = fileURLToPath(new URL('../peers', import.meta.url));

/** Not a gateway: two sockets and nothing between them. What a proxy on Node's sockets cannot go below. */
export function floor(site: BenchSite, port: number): Peer {
  return {
    name: 'floor',
    port,
    tlsPort: null,
    takesPart: ({ id }) => id === 'a' || id === 'f',
    start: () =>
      startProcess(
        'floor',
        process.execPath,
        [join(folder, 'floor.js'), String(port), String(site.backendPort)],
        () => isProxying(port),
        process.env,
      ),
  };
}

/** The gateways of npm, each as its README sets it up: a plain proxy, without an access log. */
export function nodeGateways(site: BenchSite, firstPort: number): readonly Peer[] {
  installPeers();
  const peer = (name: string, script: string, port: number, environment: NodeJS.ProcessEnv = {}): Peer => ({
    name,
    port,
    tlsPort: null,
    takesPart: ({ id }) => id === 'a' || id === 'd' || id === 'e',
    start: () =>
      startProcess(
        name,
        process.execPath,
        [join(folder, script), String(port), String(site.backendPort)],
        () => isProxying(port),
        { ...process.env, ...environment },
      ),
  });
  return [
    peer('fast-gateway', 'fast-gateway.js', firstPort),
    peer('@fastify/http-proxy', 'fastify-http-proxy.js', firstPort + 1),
    peer('express-gateway', 'express-gateway.js', firstPort + 2, {
      EG_CONFIG_DIR: expressGatewayConfiguration(site, firstPort + 2),
      LOG_LEVEL: 'error',
    }),
  ];
}

async function isProxying(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/plain/x`);
  await response.arrayBuffer();
  return response.status === 200;
}

function installPeers(): void {
  if (existsSync(join(folder, 'node_modules'))) return;
  console.error('Installing the Node gateways to compare with (once) ...');
  const options = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', ['install', ...options], { cwd: folder, stdio: 'inherit' });
}

function expressGatewayConfiguration(site: BenchSite, port: number): string {
  const path = join(site.folder, 'express-gateway');
  // Its models of users and credentials, which it does not start without.
  cpSync(join(folder, 'node_modules/express-gateway/lib/config/models'), join(path, 'models'), { recursive: true });
  writeFileSync(
    join(path, 'gateway.config.yml'),
    `http: { port: ${port}, hostname: 127.0.0.1 }
apiEndpoints: { plain: { host: '*', paths: '/plain/*' } }
serviceEndpoints: { backend: { url: 'http://127.0.0.1:${site.backendPort}' } }
policies: [proxy]
pipelines:
  plain:
    apiEndpoints: [plain]
    policies:
      - proxy: [{ action: { serviceEndpoint: backend, stripPath: true } }]
`,
  );
  writeFileSync(
    join(path, 'system.config.yml'),
    `db: { redis: { emulate: true, namespace: EG } }
crypto: { cipherKey: 'bench only', algorithm: aes256, saltRounds: 10 }
session: { secret: 'bench only', resave: false, saveUninitialized: false }
accessTokens: { timeToExpiry: 7200000 }
refreshTokens: { timeToExpiry: 7200000 }
authorizationCodes: { timeToExpiry: 300000 }
`,
  );
  return path;
}
