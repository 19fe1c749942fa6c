import { createHmac } from 'node:crypto';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { takeOne } from './kit/receive.ts';
import { ClientsOfTests } from './kit/service-bus-clients.ts';

let clients: ClientsOfTests;
let queue: string;
const opened: ServiceBusClient[] = [];
beforeAll(async () => {
  clients = await ClientsOfTests.open('TLS');
});
beforeEach(async () => {
  queue = await clients.queue();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((client) => client.close()));
});
afterAll(() => clients.close());

const root = { name: 'RootManageSharedAccessKey', key: 'SAS_KEY_VALUE' };
const once = { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } };

function signature(resource: string, key = root.key): string {
  const expiry = Math.ceil(clients.namespace.clock.now() / 1000) + 3600;
  const encoded = encodeURIComponent(resource);
  const signed = createHmac('sha256', key).update(`${encoded}\n${expiry}`).digest('base64');
  return `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(signed)}&se=${expiry}&skn=${root.name}`;
}

async function goesThrough(client: ServiceBusClient): Promise<void> {
  opened.push(client);
  await client.createSender(queue).sendMessages({ body: 'x' });
  const receiver = client.createReceiver(queue);
  await receiver.completeMessage(await takeOne(receiver));
}

describe('@azure/service-bus signs in', () => {
  it('with the name and key of a rule', async () => {
    await goesThrough(new ServiceBusClient(`localhost:${clients.namespace.port}`, root, once));
  });

  it('with a shared access signature, for the namespace or the queue', async () => {
    for (const resource of ['sb://localhost/', `sb://localhost/${queue}`, `https://localhost:5671/${queue}`]) {
      const credential = { signature: signature(resource) };
      await goesThrough(new ServiceBusClient(`localhost:${clients.namespace.port}`, credential, once));
    }
  });

  it('with a shared access signature in the connection string', async () => {
    const endpoint = `Endpoint=sb://localhost:${clients.namespace.port}/`;
    await goesThrough(new ServiceBusClient(`${endpoint};SharedAccessSignature=${signature('sb://localhost/')}`, once));
    await goesThrough(
      new ServiceBusClient(`${endpoint};SharedAccessSignature=${signature('sb://localhost/')};EntityPath=${queue}`, {
        ...once,
        webSocketOptions: { webSocket: WebSocket },
      }),
    );
  });

  it('not with a signature of another key, or for another entity', async () => {
    const credentials = [
      signature('sb://localhost/', 'guessed'),
      signature(`sb://localhost/${queue}-other`),
      signature('sb://localhost/').replace(/se=\d+/, 'se=9999999999'),
      'SharedAccessSignature nonsense',
    ];
    for (const given of credentials) {
      const client = new ServiceBusClient(`localhost:${clients.namespace.port}`, { signature: given }, once);
      opened.push(client);
      await expect(client.createSender(queue).sendMessages({ body: 'x' })).rejects.toMatchObject({
        code: 'UnauthorizedAccess',
      });
    }
  });
});
