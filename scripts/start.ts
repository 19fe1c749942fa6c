/**
 * `npm start`: Contoso's services and Lazuli in front of them. Options after `--` go to `lazuli start`
 * (`npm start -- --port 9000`). Keys and the token key are made at the first start and kept out of Git.
 */
import { fork } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runLazuli } from '@lazuli/cli';

interface ContosoSecrets {
  readonly namedValues: { readonly 'token-signing-key': string };
  readonly subscriptions: Readonly<Record<string, { readonly primaryKey: string; readonly secondaryKey: string }>>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const secretsFile = `${root}.lazuli/contoso-secrets.json`;
const folder = 'examples/contoso';

process.chdir(root);
const secrets = readOrMakeSecrets();
const options = process.argv.slice(2);
const port = optionOf('--port') ?? '8080';
const services = fork('examples/contoso-backend/main.ts', ['8090'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
const stopped = new Promise<void>((resolve) => services.once('exit', () => resolve()));
const isReady = await new Promise<boolean>((resolve) => {
  services.once('message', () => resolve(true));
  services.once('exit', () => resolve(false));
});
if (!isReady) process.exit(1);
services.once('exit', (code) => {
  if (code !== 0 && code !== null) process.stderr.write('Contoso’s services have ended: requests to them fail now.\n');
});

process.exitCode = await runLazuli(['start', folder, '--secrets', secretsFile, ...options], {
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
  isInteractive: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
  afterStart: () => process.stdout.write(`\n${tour()}\n`),
});
services.kill('SIGTERM');
await stopped;

function tour(): string {
  const base = `http://localhost:${port}`;
  const key = secrets.subscriptions['contoso-shop']?.primaryKey;
  return [
    `Subscription key for trying (Contoso shop): ${key}`,
    '',
    '1. Stock, open to everybody, from a pool of two warehouses, cached for five seconds:',
    `   curl -i ${base}/inventory/stock/lamp-01`,
    '2. Place an order: C# in the policies adds up its lines:',
    `   curl -i ${base}/orders/v2 -H 'Ocp-Apim-Subscription-Key: ${key}' -H 'Content-Type: application/json' -d '{"lines":[{"sku":"lamp-01","quantity":3,"price":64.9}]}'`,
    '3. A customer, with a token besides the key; the address is masked for this token:',
    `   curl -i ${base}/customers/c-1 -H 'x-api-key: ${key}' -H 'Authorization: Bearer ${token()}'`,
  ].join('\n');
}

/** A token as Contoso's login would give it, for an hour. */
function token(): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://login.contoso.example/',
    aud: 'contoso-customers',
    sub: 'adele',
    scope: 'customers.read',
    iat: now,
    exp: now + 3600,
  };
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  const key = Buffer.from(secrets.namedValues['token-signing-key'], 'base64');
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

function readOrMakeSecrets(): ContosoSecrets {
  if (existsSync(secretsFile)) return JSON.parse(readFileSync(secretsFile, 'utf8')) as ContosoSecrets;
  const keys = () => ({ primaryKey: randomBytes(16).toString('hex'), secondaryKey: randomBytes(16).toString('hex') });
  const made: ContosoSecrets = {
    namedValues: { 'token-signing-key': randomBytes(32).toString('base64') },
    subscriptions: { 'contoso-shop': keys(), fabrikam: keys(), operations: keys() },
  };
  mkdirSync(dirname(secretsFile), { recursive: true, mode: 0o700 });
  writeFileSync(secretsFile, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
}

function optionOf(name: string): string | undefined {
  const inline = options.find((option) => option.startsWith(`${name}=`));
  return inline?.slice(name.length + 1) ?? (options.includes(name) ? options[options.indexOf(name) + 1] : undefined);
}
