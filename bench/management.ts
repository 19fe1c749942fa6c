/**
 * The management plane: how soon a change is live at the gateway, how many changes there are in a second, what many APIs
 * cost, and how long a large specification takes.
 *
 *   node bench/management.ts [number of APIs ..., 10 1000 10000]
 *
 * Lazuli runs in a process of its own on SQLite; this one talks to it over HTTPS as the SDKs do.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Operation, openStore, type PutOperation } from '@lazuli/store';
import { residentMebibytes } from './kit/processes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 1000, 10_000];
const version = 'api-version=2024-05-01';

const api = (index: number) => ({
  properties: { displayName: `API ${index}`, path: `api-${index}`, protocols: ['https'], subscriptionRequired: false },
});
const operation = { properties: { displayName: 'X', method: 'GET', urlTemplate: '/x' } };
const policy = (text: string) => ({
  properties: {
    format: 'rawxml',
    value: `<policies><inbound><base /><return-response><set-body>@("${text}" + context.Api.Path)</set-body></return-response></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`,
  },
});

console.log(
  '| APIs | PUTs/s (64 at once) | a PUT is live ms p50 | p99 | 500 operations imported ms | MiB | restart ms (until it answers) |',
);
console.log('|---|---|---|---|---|---|---|');
for (const size of sizes) {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-bench-management-'));
  let lazuli = await start(folder, null);
  await lazuli.put('', {
    location: 'westeurope',
    sku: { name: 'Developer', capacity: 1 },
    properties: { publisherEmail: 'a@b.example', publisherName: 'bench' },
  });
  await lazuli.stop();
  await fill(folder, lazuli.credentials, size);
  lazuli = await start(folder, lazuli.credentials);
  await lazuli.live('/api-0/x', 'made');
  const perSecond = await putsPerSecond(lazuli);
  const times = await liveTimes(lazuli, size >= 10_000 ? 30 : 100);
  const imported = await timeOf(() => importLarge(lazuli));
  const mebibytes = residentMebibytes(lazuli.pid);
  await lazuli.stop();
  const restarted = performance.now();
  lazuli = await start(folder, lazuli.credentials);
  await lazuli.live('/api-0/x', `version-${times.length - 1}`);
  const restart = performance.now() - restarted;
  await lazuli.stop();
  rmSync(folder, { recursive: true });
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(0);
  console.log(
    `| ${size} | ${perSecond.toFixed(0)} | ${at(0.5)} | ${at(0.99)} | ${imported.toFixed(0)} | ${mebibytes} | ${restart.toFixed(0)} |`,
  );
}

interface Credentials {
  readonly tenant: string;
  readonly subscription: string;
  readonly clientId: string;
  readonly secret: string;
}

interface Lazuli {
  readonly pid: number;
  readonly credentials: Credentials;
  put(path: string, body: object): Promise<void>;
  /** Resolves when the gateway answers `path` with a body that contains `text`. */
  live(path: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

async function start(folder: string, known: Credentials | null): Promise<Lazuli> {
  const child = spawn(
    join(root, 'node_modules/.bin/node'),
    [
      join(root, 'packages/cli/src/main.ts'),
      'start',
      '--data',
      folder,
      '--port',
      '18600',
      '--no-tls',
      '--no-service-bus',
      '--management-port',
      '18601',
      '--access-log',
      'off',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (/Subscription\s+\S+/.test(output) && (known || /Client secret\s+\S+\n/.test(output))) resolve();
    }),
  );
  const said = (name: string) => new RegExp(`${name}\\s+(\\S+)`).exec(output)?.[1] ?? '';
  const credentials = known ?? {
    tenant: said('Tenant'),
    subscription: said('Subscription'),
    clientId: said('Client id'),
    secret: said('Client secret'),
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 64, ca: authorityOf(folder) });
  const { tenant, subscription, clientId, secret } = credentials;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope: 'https://localhost:18601/.default',
  });
  const answer = await send(agent, 'POST', `/${tenant}/oauth2/v2.0/token`, form.toString(), {
    'Content-Type': 'application/x-www-form-urlencoded',
  });
  const headers = {
    Authorization: `Bearer ${JSON.parse(answer).access_token}`,
    'Content-Type': 'application/json',
  };
  const group = `/subscriptions/${subscription}/resourceGroups/bench`;
  await send(agent, 'PUT', `${group}?api-version=2022-09-01`, JSON.stringify({ location: 'westeurope' }), headers);
  const service = `${group}/providers/Microsoft.ApiManagement/service/bench`;
  return {
    pid: child.pid ?? 0,
    credentials,
    async put(path, body) {
      await send(agent, 'PUT', `${service}${path}?${version}`, JSON.stringify(body), headers);
    },
    async live(path, text) {
      while (!(await get(path)).includes(text)) await new Promise((resolve) => setTimeout(resolve, 1));
    },
    stop: () =>
      new Promise((resolve) => {
        agent.destroy();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

/** Makes APIs, each with an operation and a policy, in the store itself: that is a matter of seconds. */
async function fill(folder: string, { subscription }: Credentials, count: number): Promise<void> {
  const service = `/subscriptions/${subscription}/resourceGroups/bench/providers/Microsoft.ApiManagement/service/bench`;
  const type = 'Microsoft.ApiManagement/service/apis';
  const store = await openStore(`sqlite:${join(folder, 'lazuli.db')}`);
  const put = (path: string, kind: string, body: object): Operation => ({
    operation: 'put',
    id: `${service}/apis/${path}`,
    type: `${type}${kind}`,
    body: body as PutOperation['body'],
  });
  for (let from = 0; from < count; from += 1000) {
    const operations: Operation[] = [];
    for (let i = from; i < Math.min(count, from + 1000); i++)
      operations.push(
        put(`api-${i}`, '', api(i)),
        put(`api-${i}/operations/x`, '/operations', operation),
        put(`api-${i}/policies/policy`, '/policies', policy('made')),
      );
    await store.change(operations);
  }
  await store.close();
}

/** PUTs of APIs, operations and policies, 64 at a time, beside those that are there. */
async function putsPerSecond(lazuli: Lazuli): Promise<number> {
  const started = performance.now();
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < 200; i = next++) {
      await lazuli.put(`/apis/new-${i}`, { properties: { ...api(i).properties, path: `new-${i}` } });
      await lazuli.put(`/apis/new-${i}/operations/x`, operation);
      await lazuli.put(`/apis/new-${i}/policies/policy`, policy('made'));
    }
  };
  await Promise.all(Array.from({ length: 64 }, worker));
  return 600 / ((performance.now() - started) / 1000);
}

/** From the moment that a PUT is sent to the first answer of the gateway that shows it, sorted. */
async function liveTimes(lazuli: Lazuli, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const took = await timeOf(async () => {
      await lazuli.put('/apis/api-0/policies/policy', policy(`version-${i}`));
      await lazuli.live('/api-0/x', `version-${i}`);
    });
    times.push(took);
  }
  return times.sort((a, b) => a - b);
}

async function importLarge(lazuli: Lazuli): Promise<void> {
  const operations = Array.from({ length: 500 }, (_, i) => [
    `/resources/${i}/{id}`,
    {
      get: {
        operationId: `get-${i}`,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'OK',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
        },
      },
    },
  ]);
  const specification = {
    openapi: '3.0.3',
    info: { title: 'Large', version: '1' },
    paths: Object.fromEntries(operations),
    components: { schemas: { Thing: { type: 'object', properties: { id: { type: 'string' } } } } },
  };
  await lazuli.put('/apis/large', {
    properties: {
      path: 'large',
      format: 'openapi+json',
      value: JSON.stringify(specification),
      subscriptionRequired: false,
    },
  });
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function authorityOf(folder: string): string {
  return readFileSync(join(folder, 'tls', 'authority.crt'), 'utf8');
}

function send(
  agent: Agent,
  method: string,
  path: string,
  body: string,
  headers: Record<string, string>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      {
        host: 'localhost',
        port: 18_601,
        method,
        path,
        agent,
        headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        incoming.on('end', () =>
          (incoming.statusCode ?? 500) < 300
            ? resolve(text)
            : reject(new Error(`${method} ${path}: ${incoming.statusCode} ${text}`)),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function get(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: '127.0.0.1', port: 18_600, path, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      incoming.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
