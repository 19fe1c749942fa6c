import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface BenchApis {
  /** An APIOps folder with the APIs `plain`, `keyed` and `token`, each with `GET /x`. */
  readonly folder: string;
  readonly key: string;
  /** An HS256 token that the API `token` accepts. */
  readonly token: string;
  readonly jwtKey: Buffer;
}

/** Writes the APIs that the benches ask: a plain proxy, one with key, rate limit and header edits, one with a token too. */
export function writeBenchApis(serviceUrl: string): BenchApis {
  const key = randomBytes(16).toString('hex');
  const jwtKey = randomBytes(32);
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-bench-apis-'));
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const edits = `<set-header name="X-Tier" exists-action="override"><value>gold</value></set-header>`;
  const limit = `<rate-limit calls="100000000" renewal-period="60" />`;
  const jwt = `<validate-jwt header-name="Authorization" require-scheme="Bearer"><issuer-signing-keys><key>{{jwt-key}}</key></issuer-signing-keys><audiences><audience>bench</audience></audiences></validate-jwt>`;
  const outbound = `<set-header name="X-Frame-Options" exists-action="override"><value>DENY</value></set-header><set-header name="Server" exists-action="delete" />`;
  const policy = (inbound: string, out: string) =>
    `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base />${out}</outbound><on-error><base /></on-error></policies>`;
  const apis = { plain: null, keyed: policy(limit + edits, outbound), token: policy(jwt + limit + edits, outbound) };
  for (const [name, document] of Object.entries(apis)) {
    write(`apis/${name}/apiInformation.json`, {
      properties: {
        displayName: name,
        path: name,
        serviceUrl: serviceUrl,
        protocols: ['http'],
        subscriptionRequired: document !== null,
      },
    });
    write(`apis/${name}/specification.json`, {
      openapi: '3.0.3',
      info: { title: name, version: '1' },
      paths: { '/x': { get: { operationId: 'get-x', responses: { 200: { description: 'OK' } } } } },
    });
    if (document) write(`apis/${name}/policy.xml`, document);
  }
  write('subscriptions/bench/subscriptionInformation.json', {
    properties: { displayName: 'bench', scope: '/apis', state: 'active' },
  });
  write('namedValues/jwt-key/namedValueInformation.json', { properties: { displayName: 'jwt-key', secret: true } });
  write('secrets.local.json', {
    subscriptions: { bench: { primaryKey: key, secondaryKey: randomBytes(16).toString('hex') } },
    namedValues: { 'jwt-key': jwtKey.toString('base64') },
  });
  return { folder, key, token: token(jwtKey), jwtKey };
}

function token(jwtKey: Buffer): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ aud: 'bench', sub: 'bench', exp: Math.floor(Date.now() / 1000) + 36_000 })}`;
  return `${content}.${createHmac('sha256', jwtKey).update(content).digest('base64url')}`;
}
