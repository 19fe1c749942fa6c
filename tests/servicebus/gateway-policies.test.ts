import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lazuli, runLazuliCommand } from '../kit/lazuli-process.ts';

const resources = '/subscriptions/SUBSCRIPTION/resourceGroups/g';
const service = `${resources}/providers/Microsoft.ApiManagement/service/contoso`;
const namespace =
  '/subscriptions/SUBSCRIPTION/resourceGroups/lazuli/providers/Microsoft.ServiceBus/namespaces/sbemulatorns';
const sender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39';

let folder: string;
let server: ReturnType<typeof runLazuliCommand>;
let printed: string;
let authority: string;
let token: string;

const found = (pattern: RegExp) => pattern.exec(printed)?.[1] ?? '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lazuli-policies-'));
  const config = join(folder, 'Config.json');
  const queues = [{ Name: 'orders' }, { Name: 'log' }];
  await writeFile(config, JSON.stringify({ UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues: queues }] } }));
  const ports = ['--port', '0', '--management-port', '0', '--no-tls', '--service-bus-port', '0'];
  server = runLazuliCommand(['start', '--data', folder, ...ports, '--service-bus-config', config]);
  printed = await server.until(/Client secret\s+\S+/);
  authority = await readFile(join(folder, 'tls', 'authority.crt'), 'utf8');
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: found(/Client id\s+(\S+)/),
    client_secret: found(/Client secret\s+(\S+)/),
    scope: 'https://management.azure.com/.default',
  });
  const answer = await send('POST', `/${found(/Tenant\s+(\S+)/)}/oauth2/v2.0/token`, form.toString());
  token = JSON.parse(answer.text).access_token;
}, 60_000);

afterAll(async () => {
  await server.end();
  await rm(folder, { recursive: true, force: true });
});

function send(method: string, path: string, body: string | object): Promise<{ status: number; text: string }> {
  const management = new URL(found(/Management\s+(https:\S+)/));
  const isForm = typeof body === 'string';
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: management.port,
        method,
        path: path.replaceAll('SUBSCRIPTION', found(/Subscription\s+(\S+)/)),
        ca: authority,
        servername: 'localhost',
        headers: isForm
          ? { 'Content-Type': 'application/x-www-form-urlencoded', Host: management.host }
          : { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, Host: management.host },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.once('error', reject);
    sent.end(isForm ? body : JSON.stringify(body));
  });
}

async function put(path: string, body: object, version = '2024-05-01') {
  const { status, text } = await send('PUT', `${path}?api-version=${version}`, body);
  expect(status, text).toBeLessThan(300);
  return JSON.parse(text);
}

async function api(name: string, policy: string): Promise<void> {
  const properties = { displayName: name, path: name, subscriptionRequired: false, protocols: ['http'] };
  await put(`${service}/apis/${name}`, { properties });
  await put(`${service}/apis/${name}/operations/get`, {
    properties: { displayName: 'get', method: 'GET', urlTemplate: '/' },
  });
  const value = `<policies><inbound><base />${policy}<return-response><set-status code="202" /></return-response></inbound></policies>`;
  await put(`${service}/apis/${name}/policies/policy`, { properties: { format: 'rawxml', value } });
}

const ask = async (name: string) => (await fetch(`${found(/HTTP\s+(http:\S+)/)}/${name}/`)).status;
const messages = async (queue: string) => {
  const connection = `Endpoint=sb://localhost:${found(/Service Bus\s+sb:\S+:(\d+)/)};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`;
  const { output } = await lazuli([
    'servicebus',
    'receive',
    queue,
    '--json',
    '--wait',
    '10',
    '--connection-string',
    connection,
  ]);
  return JSON.parse(output);
};

it('send-service-bus-message reaches a queue of the same process as the managed identity of its service', async () => {
  await put(resources, { location: 'westeurope' }, '2021-04-01');
  const made = await put(service, {
    location: 'westeurope',
    sku: { name: 'Developer', capacity: 1 },
    identity: { type: 'SystemAssigned' },
    properties: { publisherEmail: 'a@contoso.com', publisherName: 'Contoso' },
  });
  await api(
    'send',
    '<send-service-bus-message queue-name="orders" namespace="sbemulatorns.servicebus.windows.net"><message-properties><message-property name="colour">red</message-property></message-properties><payload>a lamp</payload></send-service-bus-message>',
  );
  await expect.poll(() => ask('send'), { timeout: 10_000 }).not.toBe(404);
  // Without a role it is refused.
  expect(await ask('send')).toBe(500);
  await put(
    `${namespace}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-1111-1111-111111111111`,
    {
      properties: {
        principalId: made.identity.principalId,
        principalType: 'ServicePrincipal',
        roleDefinitionId:
          `/subscriptions/SUBSCRIPTION/providers/Microsoft.Authorization/roleDefinitions/${sender}`.replace(
            'SUBSCRIPTION',
            found(/Subscription\s+(\S+)/),
          ),
      },
    },
    '2022-04-01',
  );
  expect(await ask('send')).toBe(202);
  expect(await messages('orders')).toMatchObject({ body: 'a lamp', applicationProperties: { colour: 'red' } });
}, 60_000);

it('log-to-eventhub reaches one by the connection string of its logger', async () => {
  await put(`${service}/loggers/hub`, {
    properties: {
      loggerType: 'azureEventHub',
      credentials: {
        name: 'log',
        connectionString:
          'Endpoint=sb://sbemulatorns.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE',
      },
    },
  });
  await api('log', '<log-to-eventhub logger-id="hub">it was asked for</log-to-eventhub>');
  await expect.poll(() => ask('log'), { timeout: 10_000 }).toBe(202);
  expect(await messages('log')).toMatchObject({ body: 'it was asked for' });
}, 60_000);
