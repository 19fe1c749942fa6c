import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, postgresPrograms, startPostgres } from '@lazuli/store/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from '../kit/client.ts';
import { type LazuliProcess, runLazuliCommand } from '../kit/lazuli-process.ts';

/** A write that was answered with success, and the entity tag that it was given. */
type Acknowledged = Map<string, string>;

interface Running {
  readonly process: Omit<LazuliProcess, 'http' | 'https'>;
  readonly gatewayPort: number;
  readonly client: ManagementClient;
}

const concurrent = 1000;
const open: { dispose(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.dispose();
});

describe('kill -9 in the middle of a thousand writes', () => {
  it('of Lazuli loses nothing that was acknowledged', async () => {
    const data = await folder();
    const first = await start(data, {});
    await prepare(first);
    const acknowledged: Acknowledged = new Map();
    const writes = writeMany(first.client, acknowledged);
    await until(() => acknowledged.size >= 50);
    first.process.child.kill('SIGKILL');
    await writes;
    expect(acknowledged.size).toBeLessThan(concurrent);
    const second = await start(data, {}, first.client);
    await expectKept(second, acknowledged);
    expect(await answerOf(second.gatewayPort)).toBe('served');
    // The feed goes on where it was: a change after the restart is live.
    await setPolicy(second.client, 'again');
    await until(async () => (await answerOf(second.gatewayPort)) === 'again');
  }, 60_000);

  const programs = postgresPrograms();
  it.skipIf(programs === undefined)(
    'of PostgreSQL too, and the gateway serves throughout',
    async () => {
      const postgres: PostgresServer = await startPostgres(programs as string);
      open.push({ dispose: () => postgres.remove() });
      const data = await folder();
      const lazuli = await start(data, { LAZULI_STORE: postgres.url });
      await prepare(lazuli);
      const acknowledged: Acknowledged = new Map();
      let served = 0;
      let isOver = false;
      const watching = (async () => {
        while (!isOver) {
          expect(await answerOf(lazuli.gatewayPort)).toBe('served');
          served++;
        }
      })();
      const writes = writeMany(lazuli.client, acknowledged);
      await until(() => acknowledged.size >= 50);
      await postgres.kill();
      const during = served;
      await until(() => served > during + 20);
      await postgres.start();
      await writes;
      isOver = true;
      await watching;
      await expectKept(lazuli, acknowledged);
      await setPolicy(lazuli.client, 'again');
      await until(async () => (await answerOf(lazuli.gatewayPort)) === 'again');
    },
    60_000,
  );
});

/** Every acknowledged write is there with the tag that was answered, or with a later one of its own. */
async function expectKept({ client }: Running, acknowledged: Acknowledged): Promise<void> {
  const lost: string[] = [];
  const queue = [...acknowledged];
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (let one = queue.pop(); one; one = queue.pop()) {
        const [name, tag] = one;
        const { status, etag } = await client.send('GET', `/namedValues/${name}`);
        if (status !== 200 || etag !== tag) lost.push(`${name}: ${status} ${etag} for ${tag}`);
      }
    }),
  );
  expect(lost).toEqual([]);
}

async function writeMany(client: ManagementClient, acknowledged: Acknowledged): Promise<void> {
  await Promise.all(
    Array.from({ length: concurrent }, async (_, i) => {
      const name = `value-${i}`;
      const body = { properties: { displayName: name, value: `v${i}` } };
      try {
        const { status, etag } = await client.send('PUT', `/namedValues/${name}`, body);
        if (status === 200 || status === 201) acknowledged.set(name, etag);
      } catch {
        // It was never acknowledged.
      }
    }),
  );
}

async function prepare({ client, gatewayPort }: Running): Promise<void> {
  await client.makeService();
  await client.send('PUT', '/apis/a', {
    properties: { displayName: 'A', path: 'a', protocols: ['https'], subscriptionRequired: false },
  });
  await client.send('PUT', '/apis/a/operations/x', {
    properties: { displayName: 'X', method: 'GET', urlTemplate: '/x' },
  });
  await setPolicy(client, 'served');
  await until(async () => (await answerOf(gatewayPort)) === 'served');
}

async function setPolicy(client: ManagementClient, text: string): Promise<void> {
  const value = `<policies><inbound><return-response><set-body>${text}</set-body></return-response></inbound></policies>`;
  const { status } = await client.send('PUT', '/apis/a/policies/policy', { properties: { format: 'rawxml', value } });
  expect(status).toBeLessThan(300);
}

async function answerOf(port: number): Promise<string> {
  return (await send(port, { method: 'GET', target: '/a/x' })).body;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'lazuli-crash-'));
  open.push({ dispose: () => rm(path, { recursive: true, force: true }) });
  return path;
}

async function start(data: string, environment: Record<string, string>, known?: ManagementClient): Promise<Running> {
  const process = runLazuliCommand(
    [
      'start',
      '--data',
      data,
      '--port',
      '0',
      '--no-tls',
      '--management-port',
      '0',
      '--no-service-bus',
      '--access-log',
      'off',
    ],
    environment,
  );
  open.push({ dispose: () => process.end() });
  const output = await process.until(known ? /Subscription\s+\S+\s/ : /Client secret\s+\S+\s/);
  const said = (name: string) => new RegExp(`${name}\\s+(\\S+)`).exec(output)?.[1] ?? '';
  const client = new ManagementClient({
    url: said('Management'),
    ca: await readFile(join(data, 'tls', 'authority.crt'), 'utf8'),
    tenant: said('Tenant'),
    subscription: said('Subscription'),
    clientId: known?.options.clientId ?? said('Client id'),
    secret: known?.options.secret ?? said('Client secret'),
  });
  await client.signIn();
  return { process, gatewayPort: Number(new URL(said('HTTP')).port), client };
}

interface ClientOptions {
  readonly url: string;
  readonly ca: string;
  readonly tenant: string;
  readonly subscription: string;
  readonly clientId: string;
  readonly secret: string;
}

/** Sends requests as fast as they are asked for, without the retries of the SDKs. */
class ManagementClient {
  readonly options: ClientOptions;
  readonly #agent: Agent;
  #token = '';

  constructor(options: ClientOptions) {
    this.options = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 100, ca: options.ca });
  }

  async signIn(): Promise<void> {
    const { tenant, clientId, secret, url } = this.options;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
      scope: `${url}/.default`,
    });
    const { text } = await this.#request('POST', `/${tenant}/oauth2/v2.0/token`, form.toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
    this.#token = JSON.parse(text).access_token;
  }

  async makeService(): Promise<void> {
    const group = `/subscriptions/${this.options.subscription}/resourceGroups/g?api-version=2022-09-01`;
    await this.#request('PUT', group, JSON.stringify({ location: 'westeurope' }), this.#headers());
    await this.send('PUT', '', {
      location: 'westeurope',
      sku: { name: 'Developer', capacity: 1 },
      properties: { publisherEmail: 'a@b.example', publisherName: 'crash' },
    });
  }

  send(method: string, path: string, body?: object): Promise<{ status: number; etag: string; text: string }> {
    const { subscription } = this.options;
    const service = `/subscriptions/${subscription}/resourceGroups/g/providers/Microsoft.ApiManagement/service/s`;
    const text = body === undefined ? '' : JSON.stringify(body);
    return this.#request(method, `${service}${path}?api-version=2024-05-01`, text, this.#headers());
  }

  #headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.#token}`, 'Content-Type': 'application/json' };
  }

  #request(
    method: string,
    path: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<{ status: number; etag: string; text: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest(
        `${this.options.url}${path}`,
        { method, agent: this.#agent, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } },
        (incoming) => {
          let text = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (chunk) => {
            text += chunk;
          });
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, etag: String(incoming.headers.etag), text }),
          );
          incoming.on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
