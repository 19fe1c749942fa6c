import { isServiceBusError } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { fail, takeOne } from './kit/receive.ts';
import { ClientsOfTests } from './kit/service-bus-clients.ts';

let clients: ClientsOfTests;
beforeAll(async () => {
  clients = await ClientsOfTests.open('plain');
});
afterEach(() => clients.closeClients());
afterAll(() => clients.close());

const once = { maxWaitTimeInMs: 300 };

it('says that an entity is not there, to senders, receivers and requests', async () => {
  const client = clients.client();
  const expected = { code: 'MessagingEntityNotFound' };
  await expect(client.createSender('nothing').sendMessages({ body: 1 })).rejects.toMatchObject(expected);
  await expect(client.createReceiver('nothing').receiveMessages(1, once)).rejects.toMatchObject(expected);
  await expect(client.createReceiver('nothing').peekMessages(1)).rejects.toMatchObject(expected);
  const topic = await clients.topic();
  await expect(client.createReceiver(topic, 'nothing').receiveMessages(1, once)).rejects.toMatchObject(expected);
  // Where it names a session, the client takes every refusal for this one.
  await expect(client.acceptSession('nothing', 's')).rejects.toMatchObject({ code: 'SessionCannotBeLocked' });
  await expect(client.acceptNextSession('nothing')).rejects.toMatchObject(expected);
});

it('tells a subscriber that the entity is not there', async () => {
  const errors: unknown[] = [];
  clients
    .client()
    .createReceiver('nothing')
    .subscribe({ processMessage: async () => {}, processError: async ({ error }) => void errors.push(error) });
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  expect(errors[0]).toMatchObject({ code: 'MessagingEntityNotFound' });
});

it('refuses a key that is wrong, and one that does not give the right', async () => {
  const queue = await clients.queue({
    authorizationRules: [{ keyName: 'listener', rights: ['Listen'], primaryKey: 'listen-key' }],
  });
  const { port } = clients.namespace;
  const withKey = (name: string, key: string) =>
    clients.client(
      {},
      `Endpoint=sb://localhost:${port}/;SharedAccessKeyName=${name};SharedAccessKey=${key};UseDevelopmentEmulator=true`,
    );
  const expected = { code: 'UnauthorizedAccess' };
  const stranger = withKey('RootManageSharedAccessKey', 'wrong');
  await expect(stranger.createSender(queue).sendMessages({ body: 1 })).rejects.toMatchObject(expected);
  const listener = withKey('listener', 'listen-key');
  expect(await listener.createReceiver(queue).receiveMessages(1, once)).toEqual([]);
  expect(await listener.createReceiver(queue).peekMessages(1)).toEqual([]);
  await expect(listener.createSender(queue).sendMessages({ body: 1 })).rejects.toMatchObject(expected);
  const later = new Date(Date.now() + 60_000);
  await expect(listener.createSender(queue).scheduleMessages({ body: 1 }, later)).rejects.toMatchObject(expected);
});

it('refuses a message that is too large', async () => {
  const queue = await clients.queue();
  // The link ends with it: the client opens another for the next message, at its second attempt.
  const client = clients.client({ retryOptions: { maxRetries: 1, retryDelayInMs: 10 } });
  const sender = client.createSender(queue);
  await expect(sender.sendMessages({ body: Buffer.alloc(300_000) })).rejects.toMatchObject({
    code: 'MessageSizeExceeded',
  });
  await sender.sendMessages({ body: 'and goes on' });
});

it('refuses what does not fit: a message without a session, receivers of the wrong kind', async () => {
  const plain = await clients.queue();
  const sessions = await clients.queue({ requiresSession: true });
  const client = clients.client();
  await expect(client.createSender(sessions).sendMessages({ body: 1 })).rejects.toThrow(/SessionId/);
  await expect(client.createReceiver(sessions).receiveMessages(1, once)).rejects.toThrow(/sessions/);
  await expect(client.acceptSession(plain, 's')).rejects.toThrow(/session/);
  const topic = await clients.topic();
  await expect(client.createReceiver(topic).receiveMessages(1, once)).rejects.toThrow();
});

it('refuses senders and receivers of what is disabled', async () => {
  const queue = await clients.queue();
  const client = clients.client();
  const sender = client.createSender(queue);
  await sender.sendMessages({ body: 1 });
  const receiver = client.createReceiver(queue);
  const errors: unknown[] = [];
  receiver.subscribe({ processMessage: async () => {}, processError: async ({ error }) => void errors.push(error) });
  await clients.namespace.directory.put(queue, 'queue', { status: 'Disabled' }, 'update');
  const expected = { code: 'MessagingEntityDisabled' };
  await expect(sender.sendMessages({ body: 2 })).rejects.toMatchObject(expected);
  await expect(clients.client().createSender(queue).sendMessages({ body: 2 })).rejects.toMatchObject(expected);
  await expect(clients.client().createReceiver(queue).receiveMessages(1, once)).rejects.toMatchObject(expected);
  await expect.poll(() => errors.filter((error) => isServiceBusError(error)).length).toBeGreaterThan(0);
  expect(errors[0]).toMatchObject(expected);
});

it('ends links of an entity that is deleted', async () => {
  const queue = await clients.queue();
  const client = clients.client();
  const sender = client.createSender(queue);
  await sender.sendMessages({ body: 1 });
  const receiver = client.createReceiver(queue);
  const message = await takeOne(receiver);
  await clients.namespace.directory.delete(queue);
  await expect(receiver.completeMessage(message)).rejects.toBeTruthy();
  await expect(sender.sendMessages({ body: 2 })).rejects.toMatchObject({ code: 'MessagingEntityNotFound' });
});

it('refuses to cancel and to receive what is not there', async () => {
  const queue = await clients.queue();
  const client = clients.client();
  const later = new Date(Date.now() + 600_000);
  const [number] = await client.createSender(queue).scheduleMessages({ body: 1 }, later);
  const expected = { code: 'MessageNotFound' };
  const unknown = number?.add(5) ?? fail();
  await expect(client.createSender(queue).cancelScheduledMessages(unknown)).rejects.toMatchObject(expected);
  await expect(client.createReceiver(queue).receiveDeferredMessages(unknown)).rejects.toMatchObject(expected);
});
