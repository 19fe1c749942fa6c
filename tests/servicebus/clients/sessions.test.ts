import type { ServiceBusSessionReceiver } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activeMessages, fail, take, takeOne } from './kit/receive.ts';
import { ClientsOfTests, transports } from './kit/service-bus-clients.ts';

const sessions = { requiresSession: true };

describe.each(transports)('sessions of @azure/service-bus over %s', (transport) => {
  let clients: ClientsOfTests;
  beforeAll(async () => {
    clients = await ClientsOfTests.open(transport);
  });
  afterEach(() => clients.closeClients());
  afterAll(() => clients.close());

  it('gives a session its messages in order, and nobody else', async () => {
    const queue = await clients.queue(sessions);
    const client = clients.client();
    const sender = client.createSender(queue);
    for (let n = 0; n < 6; n++) await sender.sendMessages({ body: n, sessionId: n % 2 === 0 ? 'even' : 'odd' });
    const even = await client.acceptSession(queue, 'even');
    expect(even.sessionId).toBe('even');
    expect(Math.abs(even.sessionLockedUntilUtc.getTime() - Date.now() - 60_000)).toBeLessThan(5000);
    const messages = await take(even, 3);
    expect(messages.map(({ body, sessionId }) => [body, sessionId])).toEqual([
      [0, 'even'],
      [2, 'even'],
      [4, 'even'],
    ]);
    await expect(clients.client().acceptSession(queue, 'even')).rejects.toMatchObject({
      code: 'SessionCannotBeLocked',
    });
    for (const message of messages) await even.completeMessage(message);
    await even.close();
    const next = await client.acceptNextSession(queue);
    expect(next.sessionId).toBe('odd');
    expect((await take(next, 3)).map(({ body }) => body)).toEqual([1, 3, 5]);
    await next.close();
    const again = await clients.client().acceptNextSession(queue);
    expect((await take(again, 3)).map(({ body, deliveryCount }) => [body, deliveryCount])).toEqual([
      [1, 0],
      [3, 0],
      [5, 0],
    ]);
  });

  it('waits for the next session, and says when there was none in time', async () => {
    const queue = await clients.queue(sessions);
    const waiting = clients.client().acceptNextSession(queue);
    await clients.client().createSender(queue).sendMessages({ body: 1, sessionId: 'late' });
    const receiver = await waiting;
    expect(receiver.sessionId).toBe('late');
    const impatient = clients.client({ retryOptions: { maxRetries: 0, timeoutInMs: 1500 } });
    await expect(impatient.acceptNextSession(queue)).rejects.toMatchObject({ code: 'ServiceTimeout' });
  });

  it('keeps the state of a session, also where it has no messages', async () => {
    const queue = await clients.queue(sessions);
    const client = clients.client();
    const receiver = await client.acceptSession(queue, 'with state');
    expect(await receiver.getSessionState()).toBeNull();
    await receiver.setSessionState({ step: 3 });
    expect(await receiver.getSessionState()).toEqual({ step: 3 });
    await receiver.close();
    const again = await client.acceptSession(queue, 'with state');
    expect(await again.getSessionState()).toEqual({ step: 3 });
    await again.setSessionState(null);
    expect(await again.getSessionState()).toBeNull();
  });

  it('renews the lock of a session, and loses it in time', async () => {
    const queue = await clients.queue({ ...sessions, lockDuration: 'PT30S' });
    const client = clients.client();
    await client.createSender(queue).sendMessages([
      { body: 1, sessionId: 's' },
      { body: 2, sessionId: 's' },
    ]);
    const receiver = await client.acceptSession(queue, 's', { maxAutoLockRenewalDurationInMs: 0 });
    const message = await takeOne(receiver);
    clients.namespace.clock.advance(20_000);
    const until = await receiver.renewSessionLock();
    expect(until.getTime()).toBeGreaterThan(clients.namespace.clock.now() + 25_000);
    expect(receiver.sessionLockedUntilUtc).toEqual(until);
    clients.namespace.clock.advance(20_000);
    await receiver.completeMessage(message);
    clients.namespace.clock.advance(31_000);
    await expect(receiver.renewSessionLock()).rejects.toMatchObject({ code: 'SessionLockLost' });
    await expect(receiver.setSessionState('x')).rejects.toMatchObject({ code: 'SessionLockLost' });
    const again = await clients.client().acceptSession(queue, 's');
    expect((await takeOne(again)).body).toBe(2);
  });

  it('settles every way in a session', async () => {
    const queue = await clients.queue(sessions);
    const client = clients.client();
    const bodies = ['complete', 'abandon', 'defer', 'dead'];
    await client.createSender(queue).sendMessages(bodies.map((body) => ({ body, sessionId: 's' })));
    const receiver = await client.acceptSession(queue, 's');
    const [complete, abandon, defer, dead] = await take(receiver, 4);
    await receiver.completeMessage(complete ?? fail());
    await receiver.deferMessage(defer ?? fail());
    await receiver.deadLetterMessage(dead ?? fail(), { deadLetterReason: 'why', deadLetterErrorDescription: 'so' });
    await receiver.abandonMessage(abandon ?? fail());
    const again = await takeOne(receiver);
    expect(again).toMatchObject({ body: 'abandon', deliveryCount: 1 });
    await receiver.completeMessage(again);
    const [deferred] = await receiver.receiveDeferredMessages(defer?.sequenceNumber ?? fail());
    expect(deferred).toMatchObject({ body: 'defer', sessionId: 's' });
    await receiver.completeMessage(deferred ?? fail());
    expect(activeMessages(clients, queue)).toBe(0);
    const deadReceiver = client.createReceiver(queue, { subQueueType: 'deadLetter' });
    expect(await takeOne(deadReceiver)).toMatchObject({ body: 'dead', sessionId: 's', deadLetterReason: 'why' });
  });

  it('peeks in a session, subscribes to one, iterates over one', async () => {
    const queue = await clients.queue(sessions);
    const client = clients.client();
    const sender = client.createSender(queue);
    await sender.sendMessages([
      { body: 1, sessionId: 'a' },
      { body: 2, sessionId: 'b' },
      { body: 3, sessionId: 'a' },
    ]);
    const receiver = await client.acceptSession(queue, 'a');
    expect((await receiver.peekMessages(5)).map(({ body }) => body)).toEqual([1, 3]);
    const seen: unknown[] = [];
    const subscription = receiver.subscribe({
      processMessage: async ({ body }) => void seen.push(body),
      processError: async () => {},
    });
    await expect.poll(() => seen).toEqual([1, 3]);
    await expect.poll(() => activeMessages(clients, queue)).toBe(1);
    await subscription.close();
    const other = await client.acceptSession(queue, 'b', { receiveMode: 'receiveAndDelete' });
    for await (const message of other.getMessageIterator()) {
      expect(message.body).toBe(2);
      break;
    }
    expect(activeMessages(clients, queue)).toBe(0);
  });

  it('serves sessions of subscriptions', async () => {
    const topic = await clients.topic(sessions);
    const client = clients.client();
    await client.createSender(topic).sendMessages({ body: 1, sessionId: 's' });
    const receiver = await client.acceptSession(topic, 's', 's');
    expect((await takeOne(receiver)).body).toBe(1);
    await expect(clients.client().acceptSession(topic, 's', 's')).rejects.toMatchObject({
      code: 'SessionCannotBeLocked',
    });
  });

  it('serves many sessions to many receivers at once', async () => {
    const queue = await clients.queue(sessions);
    const client = clients.client();
    const ids = Array.from({ length: 20 }, (_, n) => `session ${n}`);
    const sender = client.createSender(queue);
    await sender.sendMessages(ids.flatMap((sessionId) => [1, 2, 3].map((body) => ({ body, sessionId }))));
    const receivers: ServiceBusSessionReceiver[] = [];
    for (let n = 0; n < ids.length; n++) receivers.push(await client.acceptNextSession(queue));
    expect(receivers.map(({ sessionId }) => sessionId).sort()).toEqual([...ids].sort());
    await Promise.all(
      receivers.map(async (receiver) => {
        const messages = await take(receiver, 3);
        expect(messages.map(({ body }) => body)).toEqual([1, 2, 3]);
        await Promise.all(messages.map((message) => receiver.completeMessage(message)));
      }),
    );
    expect(activeMessages(clients, queue)).toBe(0);
  });
});
