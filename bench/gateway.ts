/**
 * CPU per request of the gateway against nginx in one run: five rounds, alternating, medians.
 *
 *   node bench/gateway.ts [seconds per measurement, 3] [rounds, 5]
 *
 * (a) a plain proxy; (b) subscription key, rate limit and header edits, for nginx with a map, limit_req and headers;
 * (c) the same with an HS256 token: nginx has njs for that when Debian's module is installed.
 * The backend is another nginx; only the proxy's own processes count.
 */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBenchApis } from './kit/bench-apis.ts';
import { applyLoad, type LoadResult, median } from './kit/load.ts';
import { answers, startNginx } from './kit/nginx.ts';
import { type Measured, requirePrograms, residentMebibytes, startProcess } from './kit/processes.ts';

requirePrograms({ nginx: 'nginx', wrk: 'wrk' });
const seconds = Number(process.argv[2] ?? 3);
const rounds = Number(process.argv[3] ?? 5);
const root = fileURLToPath(new URL('..', import.meta.url));
const ports = { backend: 18_480, nginx: 18_481, lazuli: 18_482 };
const { folder, key, token, jwtKey } = writeBenchApis(`http://127.0.0.1:${ports.backend}`);
const njs = '/usr/lib/nginx/modules/ngx_http_js_module.so';

const backend = await startNginx(
  'backend',
  ports.backend,
  `server { listen 127.0.0.1:${ports.backend} reuseport; default_type application/json; location / { return 200 '${'x'.repeat(1024)}'; } }`,
);
const nginx = await startNginx('nginx', ports.nginx, nginxConfiguration(), existsSync(njs) ? [njs] : []);
const lazuli = await startProcess(
  'lazuli',
  join(root, 'node_modules/.bin/node'),
  [
    join(root, 'packages/cli/src/main.ts'),
    'start',
    folder,
    '--port',
    String(ports.lazuli),
    '--no-tls',
    '--access-log',
    'off',
  ],
  () => answers(ports.lazuli),
);

const paths: readonly {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}[] = [
  { name: 'plain proxy', path: '/plain/x', headers: {} },
  { name: 'key + rate limit + headers', path: '/keyed/x', headers: { 'Ocp-Apim-Subscription-Key': key } },
  {
    name: 'key + rate limit + headers + JWT',
    path: '/token/x',
    headers: { 'Ocp-Apim-Subscription-Key': key, Authorization: `Bearer ${token}` },
  },
];
try {
  console.log(`| path | nginx µs | Lazuli µs | ratio | nginx req/s | Lazuli req/s | p99 ms nginx / Lazuli |`);
  console.log('|---|---|---|---|---|---|---|');
  for (const { name, path, headers } of paths) {
    const results = new Map<Measured, LoadResult[]>([
      [nginx, []],
      [lazuli, []],
    ]);
    for (let round = 0; round <= rounds; round++) {
      for (const [server, port] of [
        [nginx, ports.nginx],
        [lazuli, ports.lazuli],
      ] as const) {
        const result = applyLoad(server, { url: `http://127.0.0.1:${port}${path}`, headers, connections: 64, seconds });
        if (result.failures > 0) throw new Error(`${server.name} failed ${result.failures} requests to ${path}`);
        if (round > 0) results.get(server)?.push(result);
      }
    }
    const of = (server: Measured, field: keyof LoadResult) =>
      median((results.get(server) ?? []).map((result) => result[field]));
    const cpu = { nginx: of(nginx, 'cpuMicroseconds'), lazuli: of(lazuli, 'cpuMicroseconds') };
    console.log(
      `| ${name} | ${cpu.nginx.toFixed(1)} | ${cpu.lazuli.toFixed(1)} | ${(cpu.nginx / cpu.lazuli).toFixed(2)} of nginx | ${of(nginx, 'perSecond')} | ${of(lazuli, 'perSecond')} | ${of(nginx, 'p99Milliseconds').toFixed(1)} / ${of(lazuli, 'p99Milliseconds').toFixed(1)} |`,
    );
  }
  console.log(
    `\nResident memory after the run: nginx ${residentMebibytes(nginx.pid)} MiB, Lazuli ${residentMebibytes(lazuli.pid)} MiB`,
  );
} finally {
  await Promise.all([lazuli.stop(), nginx.stop(), backend.stop()]);
}

function nginxConfiguration(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-njs-'));
  writeFileSync(join(folder, 'jwt.js'), njsScript());
  const script = existsSync(njs) ? `js_path ${folder}; js_import jwt from jwt.js; js_set $jwt_valid jwt.valid;` : '';
  const check = existsSync(njs) ? 'if ($jwt_valid != "1") { return 401; }' : '';
  const proxy = `proxy_pass http://backend/; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering on;`;
  const keyed = `if ($key_valid = 0) { return 401; } limit_req zone=calls burst=1000000 nodelay; proxy_set_header X-Tier gold; add_header X-Frame-Options DENY; proxy_hide_header Server; ${proxy}`;
  return `
upstream backend { server 127.0.0.1:${ports.backend}; keepalive 128; keepalive_requests 1000000; }
map $http_ocp_apim_subscription_key $key_valid { default 0; "${key}" 1; }
limit_req_zone $http_ocp_apim_subscription_key zone=calls:10m rate=1000000r/s;
${script}
server {
  listen 127.0.0.1:${ports.nginx} reuseport;
  location /plain/ { ${proxy} }
  location /keyed/ { ${keyed} }
  location /token/ { ${check} ${keyed} }
  location / { return 200; }
}`;
}

function njsScript(): string {
  return `import crypto from 'crypto';
const key = Buffer.from('${jwtKey.toString('base64')}', 'base64');
function valid(r) {
  const header = r.headersIn.Authorization || '';
  const parts = header.slice(7).split('.');
  if (parts.length !== 3) return '0';
  const signature = crypto.createHmac('sha256', key).update(parts[0] + '.' + parts[1]).digest('base64url');
  if (signature !== parts[2]) return '0';
  const claims = JSON.parse(Buffer.from(parts[1], 'base64url').toString());
  return claims.exp > Date.now() / 1000 && claims.aud === 'bench' ? '1' : '0';
}
export default { valid };
`;
}
