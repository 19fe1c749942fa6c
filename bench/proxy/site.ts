import { execFileSync } from 'node:child_process';
import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What all gateways of a run share: the backend, keys, tokens, a certificate. */
export interface BenchSite {
  readonly folder: string;
  readonly backendPort: number;
  readonly key: string;
  readonly tokens: { readonly rs256: readonly string[]; readonly es256: readonly string[] };
  /** Files. */
  readonly publicKeys: { readonly rs256: string; readonly es256: string };
  readonly certificate: { readonly certificate: string; readonly privateKey: string; readonly both: string };
}

/**
 * More than any gateway's cache of verified tokens holds, taken in turn: each is new to it when it comes. Lazuli's holds
 * 5,000 for a policy.
 */
const tokenCount = 6000;

export function makeSite(backendPort: number): BenchSite {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-bench-'));
  // nginx reads the backend's files as another user.
  chmodSync(folder, 0o755);
  const write = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = (key: KeyObject, kid: string, alg: string) => ({
    ...key.export({ format: 'jwk' }),
    kid,
    alg,
    use: 'sig',
  });
  write('backend/big', Buffer.alloc(1024 * 1024, 'x'));
  write(
    'backend/keys',
    JSON.stringify({ keys: [jwk(rsa.publicKey, 'rs', 'RS256'), jwk(ec.publicKey, 'es', 'ES256')] }),
  );
  write(
    'backend/openid',
    JSON.stringify({ issuer: 'https://bench', jwks_uri: `http://127.0.0.1:${backendPort}/keys` }),
  );
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${join(folder, 'tls.key')} -out ${join(folder, 'tls.pem')} -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.split(
      ' ',
    ),
    { stdio: 'ignore' },
  );
  const certificate = { certificate: join(folder, 'tls.pem'), privateKey: join(folder, 'tls.key') };
  return {
    folder,
    backendPort,
    key: randomBytes(16).toString('hex'),
    tokens: {
      rs256: tokens(rsa.privateKey, 'RS256', 'rs'),
      es256: tokens(ec.privateKey, 'ES256', 'es'),
    },
    publicKeys: {
      rs256: write('rs256.pem', pem(rsa.publicKey)),
      es256: write('es256.pem', pem(ec.publicKey)),
    },
    certificate: { ...certificate, both: write('both.pem', execFileSync('cat', Object.values(certificate))) },
  };
}

function pem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'spki' }).toString();
}

function tokens(key: KeyObject, alg: 'RS256' | 'ES256', kid: string): string[] {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 36_000;
  return Array.from({ length: tokenCount }, (_, i) => {
    const content = `${encode({ alg, typ: 'JWT', kid })}.${encode({ iss: 'https://bench', aud: 'bench', sub: `user-${i}`, exp, scope: 'orders.read' })}`;
    const signature = createSign('sha256').update(content).sign({ key, dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  });
}

/** nginx configuration of the backend: 1 KiB, 1 MiB, and the keys that tokens are verified with. */
export function backendConfiguration(site: BenchSite): string {
  return `
types { application/json json; }
default_type application/json;
sendfile on;
server {
  listen 127.0.0.1:${site.backendPort} reuseport;
  client_max_body_size 100m;
  root ${site.folder}/backend;
  location / { return 200 '${'x'.repeat(1024)}'; }
  location = /big { }
  location = /keys { }
  location = /openid { }
}`;
}
