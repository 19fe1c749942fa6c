import { createHmac } from 'node:crypto';
import { ServiceBusAdministrationClient, ServiceBusClient } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connect, connectionString, type NamedKey, trust } from './kit/azure-clients.ts';
import { rootKey, type ServiceBusProcess, startServiceBus } from './kit/service-bus-process.ts';
import { takeOne } from './kit/take.ts';

let bus: ServiceBusProcess;
let administration: ServiceBusAdministrationClient;
const clients: ServiceBusClient[] = [];
beforeAll(async () => {
  bus = await startServiceBus({ Queues: [{ Name: 'q' }, { Name: 'other' }] });
  trust(bus);
  // It speaks HTTPS to the same port.
  administration = new ServiceBusAdministrationClient(connectionString(bus, false));
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(() => bus.stop());

function signedIn(key: NamedKey): ServiceBusClient {
  const client = connect(bus, 'AMQP', {}, key);
  clients.push(client);
  return client;
}

/** A shared access signature for what lies at or below the path. */
function signature(path: string, { name, key }: NamedKey, seconds = 600): string {
  const resource = encodeURIComponent(`http://localhost/${path}`.toLowerCase());
  const expiry = Math.floor(Date.now() / 1000) + seconds;
  const sign = createHmac('sha256', key).update(`${resource}\n${expiry}`).digest('base64');
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(sign)}&se=${expiry}&skn=${name}`;
}

function withSignature(text: string): ServiceBusClient {
  const client = new ServiceBusClient(
    `Endpoint=sb://localhost:${bus.port};SharedAccessSignature=${text};UseDevelopmentEmulator=true`,
    { retryOptions: { maxRetries: 0, timeoutInMs: 10_000 } },
  );
  clients.push(client);
  return client;
}

const unauthorized = { code: 'UnauthorizedAccess' };
const send = (client: ServiceBusClient, queue: string) => client.createSender(queue).sendMessages({ body: 'x' });
const receive = (client: ServiceBusClient, queue: string) =>
  client.createReceiver(queue, { receiveMode: 'receiveAndDelete' }).receiveMessages(1, { maxWaitTimeInMs: 500 });

describe('a key of a queue', () => {
  const key = (keyName: string, accessRights: ('Send' | 'Listen' | 'Manage')[]) => ({
    claimType: 'SharedAccessKey',
    claimValue: 'None',
    keyName,
    accessRights,
    primaryKey: Buffer.from(`${keyName} primary key of 32 bytes..`).toString('base64'),
    secondaryKey: Buffer.from(`${keyName} secondary key, 32 bytes.`).toString('base64'),
  });
  const rules = [key('sender', ['Send']), key('listener', ['Listen']), key('manager', ['Manage', 'Send', 'Listen'])];
  const named = (name: string): NamedKey => ({
    name,
    key: rules.find(({ keyName }) => keyName === name)?.primaryKey ?? '',
  });

  beforeAll(async () => {
    const made = await administration.createQueue('guarded', { authorizationRules: rules });
    expect(made.authorizationRules?.map(({ keyName }) => keyName).sort()).toEqual(['listener', 'manager', 'sender']);
  });

  it('that may only send, sends', async () => {
    await send(signedIn(named('sender')), 'guarded');
    await expect(receive(signedIn(named('sender')), 'guarded')).rejects.toMatchObject(unauthorized);
    await expect(signedIn(named('sender')).createReceiver('guarded').peekMessages(1)).rejects.toMatchObject(
      unauthorized,
    );
  });

  it('that may only listen, listens', async () => {
    await send(signedIn(named('manager')), 'guarded');
    expect(await receive(signedIn(named('listener')), 'guarded')).toHaveLength(1);
    await expect(send(signedIn(named('listener')), 'guarded')).rejects.toMatchObject(unauthorized);
    await expect(
      signedIn(named('listener'))
        .createSender('guarded')
        .scheduleMessages({ body: 1 }, new Date(Date.now() + 60_000)),
    ).rejects.toMatchObject(unauthorized);
  });

  it('counts for no other queue, and its secondary key counts too', async () => {
    await expect(send(signedIn(named('manager')), 'other')).rejects.toMatchObject(unauthorized);
    await send(signedIn({ name: 'manager', key: rules[2]?.secondaryKey ?? '' }), 'guarded');
  });

  it('does not count any more when it was changed, on links that are open either', async () => {
    const client = signedIn(named('sender'));
    const sender = client.createSender('guarded');
    await sender.sendMessages({ body: 1 });
    const queue = await administration.getQueue('guarded');
    const changed = (queue.authorizationRules ?? []).map((rule) =>
      rule.keyName === 'sender' ? { ...rule, primaryKey: key('x', ['Send']).primaryKey } : rule,
    );
    await administration.updateQueue({ ...queue, authorizationRules: changed });
    await expect(sender.sendMessages({ body: 2 })).rejects.toMatchObject(unauthorized);
  });
});

it.each<[string, NamedKey]>([
  ['a key that is wrong', { ...rootKey, key: 'wrong' }],
  ['a rule that is not there', { name: 'nobody', key: rootKey.key }],
])('refuses %s', async (_what, key) => {
  await expect(send(signedIn(key), 'q')).rejects.toMatchObject(unauthorized);
  await expect(receive(signedIn(key), 'q')).rejects.toMatchObject(unauthorized);
});

describe('a shared access signature', () => {
  it('counts for what lies below its resource', async () => {
    const client = withSignature(signature('q', rootKey));
    await send(client, 'q');
    const receiver = client.createReceiver('q');
    await receiver.completeMessage(await takeOne(receiver));
    await expect(send(client, 'other')).rejects.toMatchObject(unauthorized);
    await send(withSignature(signature('', rootKey)), 'other');
  });

  it('does not count when its time is over, or when it was changed', async () => {
    await expect(send(withSignature(signature('q', rootKey, -10)), 'q')).rejects.toMatchObject(unauthorized);
    const later = signature('q', rootKey).replace(/se=\d+/, 'se=4102444800');
    await expect(send(withSignature(later), 'q')).rejects.toMatchObject(unauthorized);
  });

  it('of a credential is taken as well as one of a connection string', async () => {
    const client = new ServiceBusClient(`localhost:${bus.port}`, { signature: signature('', rootKey) } as never, {
      retryOptions: { maxRetries: 0, timeoutInMs: 10_000 },
    });
    clients.push(client);
    await send(client, 'q');
    const keyed = new ServiceBusClient(`localhost:${bus.port}`, rootKey, { retryOptions: { maxRetries: 0 } });
    clients.push(keyed);
    await send(keyed, 'q');
  });
});
