import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers } from '../kit/nginx.ts';
import { startProcess } from '../kit/processes.ts';
import { apiPolicy, globalPolicy, operationPolicy, productPolicy } from './deep-policies.ts';
import type { Peer } from './peer.ts';
import type { Scenario } from './scenarios.ts';
import type { BenchSite } from './site.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface LazuliOptions {
  readonly name: string;
  readonly arguments?: readonly string[];
  /** The APIs of scenario h, with a policy at every scope. */
  readonly deep?: boolean;
  readonly takesPart?: (scenario: Scenario) => boolean;
}

/** Lazuli as a user starts it, access log on (to a file). */
export function lazuli(site: BenchSite, port: number, tlsPort: number, options: LazuliOptions): Peer {
  const folder = options.deep ? deepApis(site) : plainApis(site);
  return {
    name: options.name,
    port,
    tlsPort,
    takesPart: options.takesPart ?? (({ id }) => (id === 'h') === Boolean(options.deep)),
    start: () =>
      startProcess(
        options.name,
        join(root, 'node_modules/.bin/node'),
        [
          join(root, 'packages/cli/src/main.ts'),
          'start',
          folder,
          '--port',
          String(port),
          '--tls-port',
          String(tlsPort),
          '--cert',
          site.certificate.certificate,
          '--key',
          site.certificate.privateKey,
          '--data',
          mkdtempSync(join(site.folder, 'data-')),
          '--no-watch',
          ...(options.arguments ?? []),
        ],
        () => answers(port),
        process.env,
        join(folder, 'access.log'),
      ),
  };
}

const document = (inbound: string, outbound = '') =>
  `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base />${outbound}</outbound><on-error><base /></on-error></policies>`;

const limit = `<rate-limit calls="100000000" renewal-period="60" />`;
const edits = `<set-header name="X-Tier" exists-action="override"><value>gold</value></set-header>`;
const outbound = `<set-header name="X-Frame-Options" exists-action="override"><value>DENY</value></set-header><set-header name="Server" exists-action="delete" />`;
const cache = `<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" />`;

function plainApis(site: BenchSite): string {
  const token = document(
    `<validate-jwt header-name="Authorization" require-scheme="Bearer"><openid-config url="http://127.0.0.1:${site.backendPort}/openid" /><audiences><audience>bench</audience></audiences></validate-jwt>`,
  );
  const { folder, write } = newFolder(site);
  writeApi(site, write, 'plain', null);
  writeApi(site, write, 'keyed', document(limit + edits, outbound));
  writeApi(site, write, 'rs256', token);
  writeApi(site, write, 'es256', token);
  writeApi(site, write, 'cached', document(cache, `<cache-store duration="3600" />`));
  return folder;
}

function deepApis(site: BenchSite): string {
  const { folder, write } = newFolder(site);
  write('policy.xml', globalPolicy);
  writeApi(site, write, 'deep', apiPolicy);
  write('apis/deep/operations/get-x/policy.xml', operationPolicy);
  write('products/bench/policy.xml', productPolicy);
  return folder;
}

type Write = (path: string, content: unknown) => void;

/** A folder with a product and a subscription to it; APIs that need a key are in the product. */
function newFolder(site: BenchSite): { readonly folder: string; readonly write: Write } {
  const folder = mkdtempSync(join(site.folder, 'apis-'));
  const write = (path: string, content: unknown) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  write('products/bench/productInformation.json', {
    properties: { displayName: 'bench', state: 'published', subscriptionRequired: true, approvalRequired: false },
  });
  write('subscriptions/bench/subscriptionInformation.json', {
    properties: { displayName: 'bench', scope: '/products/bench', state: 'active' },
  });
  write('secrets.local.json', { subscriptions: { bench: { primaryKey: site.key, secondaryKey: `${site.key}2` } } });
  return { folder, write };
}

function writeApi(site: BenchSite, write: Write, name: string, policy: string | null): void {
  const needsKey = name === 'keyed' || name === 'deep';
  write(`apis/${name}/apiInformation.json`, {
    properties: {
      displayName: name,
      path: name,
      serviceUrl: `http://127.0.0.1:${site.backendPort}`,
      protocols: ['http', 'https'],
      subscriptionRequired: needsKey,
    },
  });
  const operation = (operationId: string) => ({ operationId, responses: { 200: { description: 'OK' } } });
  write(`apis/${name}/specification.json`, {
    openapi: '3.0.3',
    info: { title: name, version: '1' },
    paths: { '/x': { get: operation('get-x'), post: operation('post-x') }, '/big': { get: operation('get-big') } },
  });
  if (policy !== null) write(`apis/${name}/policy.xml`, policy);
  if (needsKey) write(`products/bench/apis/${name}/productApiInformation.json`, {});
}
