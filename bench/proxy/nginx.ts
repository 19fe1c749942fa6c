import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNginx } from '../kit/nginx.ts';
import type { Peer } from './peer.ts';
import type { BenchSite } from './site.ts';

const modules = '/usr/lib/nginx/modules';
const njs = `${modules}/ngx_http_js_module.so`;
const lua = [`${modules}/ndk_http_module.so`, `${modules}/ngx_http_lua_module.so`];

/** nginx as Debian ships it: one worker, access log on, `limit_req`, `proxy_cache`, tokens by njs where it is installed. */
export function nginx(site: BenchSite, port: number, tlsPort: number): Peer {
  return {
    name: 'nginx',
    port,
    tlsPort,
    takesPart: ({ id }) => id !== 'h' && (!id.startsWith('c') || existsSync(njs)),
    start: () => startNginx('nginx', port, configuration(site, port, tlsPort), existsSync(njs) ? [njs] : []),
  };
}

/** The key, the limit and the header edits in Lua: what Kong and APISIX stand on. */
export function nginxWithLua(site: BenchSite, port: number): Peer {
  return {
    name: 'nginx + Lua',
    port,
    tlsPort: null,
    takesPart: ({ id }) => id === 'b' && lua.every((path) => existsSync(path)),
    start: () => startNginx('nginx + Lua', port, luaConfiguration(site, port), lua),
  };
}

const proxy = (path = '') =>
  `proxy_pass http://backend/${path}; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering on;`;

const upstream = (site: BenchSite) =>
  `upstream backend { server 127.0.0.1:${site.backendPort}; keepalive 128; keepalive_requests 1000000; }`;

function configuration(site: BenchSite, port: number, tlsPort: number): string {
  const folder = mkdtempSync(join(site.folder, 'nginx-'));
  // Its worker, another user, keeps the cache there.
  chmodSync(folder, 0o777);
  writeFileSync(join(folder, 'jwt.js'), njsScript(site));
  const script = existsSync(njs) ? `js_path ${folder}; js_import jwt from jwt.js;` : '';
  const token = (name: string) =>
    existsSync(njs)
      ? `location /${name}/ { auth_request /verify-${name}; ${proxy()} } location = /verify-${name} { internal; js_content jwt.${name}; }`
      : '';
  const keyed = `if ($key_valid = 0) { return 401; } limit_req zone=calls burst=1000000 nodelay; proxy_set_header X-Tier gold; add_header X-Frame-Options DENY; proxy_hide_header Server; ${proxy()}`;
  return `
${upstream(site)}
map $http_ocp_apim_subscription_key $key_valid { default 0; "${site.key}" 1; }
limit_req_zone $http_ocp_apim_subscription_key zone=calls:10m rate=1000000r/s;
proxy_cache_path ${folder}/cache keys_zone=responses:10m;
client_max_body_size 100m;
client_body_buffer_size 64k;
${script}
server {
  listen 127.0.0.1:${port} reuseport;
  listen 127.0.0.1:${tlsPort} ssl http2 reuseport;
  ssl_certificate ${site.certificate.certificate};
  ssl_certificate_key ${site.certificate.privateKey};
  http2_max_requests 10000000;
  access_log ${folder}/access.log;
  location /plain/ { ${proxy()} }
  location /keyed/ { ${keyed} }
  location /cached/ { proxy_cache responses; proxy_cache_valid 200 1h; ${proxy()} }
  ${token('rs256')}
  ${token('es256')}
  location / { return 200; }
}`;
}

function njsScript(site: BenchSite): string {
  return `import fs from 'fs';
const importing = {};
function keyOf(name, algorithm, file) {
  const pem = fs.readFileSync(file, 'utf8');
  const der = Buffer.from(pem.split('\\n').filter(line => !line.startsWith('-')).join(''), 'base64');
  if (!importing[name]) importing[name] = crypto.subtle.importKey('spki', der, algorithm, false, ['verify']);
  return importing[name];
}
async function verify(r, name, algorithm, file) {
  const parts = (r.headersIn.Authorization || '').slice(7).split('.');
  if (parts.length !== 3) { r.return(401); return; }
  const key = await keyOf(name, algorithm, file);
  const valid = await crypto.subtle.verify(algorithm, key, Buffer.from(parts[2], 'base64url'), Buffer.from(parts[0] + '.' + parts[1]));
  const claims = JSON.parse(Buffer.from(parts[1], 'base64url').toString());
  r.return(valid && claims.exp > Date.now() / 1000 && claims.aud === 'bench' ? 204 : 401);
}
const rs256 = r => verify(r, 'rs256', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, '${site.publicKeys.rs256}');
const es256 = r => verify(r, 'es256', { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }, '${site.publicKeys.es256}');
export default { rs256, es256 };
`;
}

function luaConfiguration(site: BenchSite, port: number): string {
  const folder = mkdtempSync(join(site.folder, 'lua-'));
  return `
${upstream(site)}
lua_shared_dict calls 10m;
init_by_lua_block { keys = { ["${site.key}"] = "bench" } }
server {
  listen 127.0.0.1:${port} reuseport;
  access_log ${folder}/access.log;
  location /keyed/ {
    access_by_lua_block {
      local name = keys[ngx.req.get_headers()["Ocp-Apim-Subscription-Key"]]
      if not name then return ngx.exit(401) end
      local count = ngx.shared.calls:incr(name .. math.floor(ngx.now() / 60), 1, 0, 120)
      if count > 100000000 then return ngx.exit(429) end
      ngx.req.set_header("X-Tier", "gold")
    }
    header_filter_by_lua_block {
      ngx.header["X-Frame-Options"] = "DENY"
      ngx.header["Server"] = nil
    }
    ${proxy()}
  }
  location / { return 200; }
}`;
}
