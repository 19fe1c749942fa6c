import type { ServiceBusClient } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, transports } from './kit/azure-clients.ts';
import { type ServiceBusProcess, startServiceBus } from './kit/service-bus-process.ts';

let bus: ServiceBusProcess;
beforeAll(async () => {
  bus = await startServiceBus({
    Queues: [{ Name: 'q' }, { Name: 'sessions', Properties: { RequiresSession: true } }],
    Topics: [{ Name: 't', Subscriptions: [{ Name: 's' }] }],
  });
});
afterAll(() => bus.stop());

describe.each(transports)('over %s', (transport) => {
  let client: ServiceBusClient;
  beforeEach(() => {
    client = connect(bus, transport);
  });
  afterEach(() => client.close());

  it('sends a message to a queue, with all that it says, and receives and completes it', async () => {
    const sender = client.createSender('q');
    await sender.sendMessages({
      body: { text: 'Grüße', list: [1, 2, 3] },
      messageId: 'm1',
      subject: 'greeting',
      correlationId: 'c1',
      contentType: 'application/json',
      to: 'to',
      replyTo: 'back',
      replyToSessionId: 'rs',
      timeToLive: 60_000,
      applicationProperties: { colour: 'red', count: 3, half: 0.5, sure: true, when: new Date(1_700_000_000_000) },
    });
    const receiver = client.createReceiver('q');
    const [message] = await receiver.receiveMessages(1);
    expect(message).toMatchObject({
      body: { text: 'Grüße', list: [1, 2, 3] },
      messageId: 'm1',
      subject: 'greeting',
      correlationId: 'c1',
      contentType: 'application/json',
      to: 'to',
      replyTo: 'back',
      replyToSessionId: 'rs',
      timeToLive: 60_000,
      deliveryCount: 0,
      state: 'active',
      // The client writes a date as its number.
      applicationProperties: { colour: 'red', count: 3, half: 0.5, sure: true, when: 1_700_000_000_000 },
    });
    expect(message?.lockToken).toMatch(/^[0-9a-f]{8}-/);
    expect(message?.sequenceNumber?.toNumber()).toBeGreaterThan(0);
    expect(message?.enqueuedTimeUtc?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(message?.lockedUntilUtc?.getTime()).toBeGreaterThan(Date.now());
    if (message !== undefined) await receiver.completeMessage(message);
    expect(await receiver.peekMessages(10, { fromSequenceNumber: message?.sequenceNumber })).toEqual([]);
  });

  it('sends many messages at once and receives them in order', async () => {
    const bodies = Array.from({ length: 250 }, (_, n) => `message ${n}`);
    await client.createSender('q').sendMessages(bodies.map((body) => ({ body })));
    const receiver = client.createReceiver('q', { receiveMode: 'receiveAndDelete' });
    const received: unknown[] = [];
    while (received.length < bodies.length)
      for (const { body } of await receiver.receiveMessages(bodies.length, { maxWaitTimeInMs: 5000 }))
        received.push(body);
    expect(received).toEqual(bodies);
  });

  it('takes messages of a session in order, and keeps its state', async () => {
    const sender = client.createSender('sessions');
    await sender.sendMessages([1, 2, 3].map((body) => ({ body, sessionId: 'one' })));
    const receiver = await client.acceptSession('sessions', 'one');
    await receiver.setSessionState({ step: 2 });
    expect(await receiver.getSessionState()).toEqual({ step: 2 });
    for (const body of [1, 2, 3]) {
      const [message] = await receiver.receiveMessages(1);
      expect(message).toMatchObject({ body, sessionId: 'one' });
      if (message !== undefined) await receiver.completeMessage(message);
    }
    await receiver.setSessionState(null);
    await receiver.close();
  });

  it('gives a subscription what was sent to its topic', async () => {
    await client.createSender('t').sendMessages({ body: 'news' });
    const receiver = client.createReceiver('t', 's', { receiveMode: 'receiveAndDelete' });
    expect(await receiver.receiveMessages(1)).toMatchObject([{ body: 'news' }]);
  });

  it('carries a message of 200 kB there and back', async () => {
    const body = Buffer.alloc(200_000, 'x');
    await client.createSender('q').sendMessages({ body });
    const [message] = await client.createReceiver('q', { receiveMode: 'receiveAndDelete' }).receiveMessages(1);
    expect(Buffer.compare(message?.body, body)).toBe(0);
  });

  it('says that an entity does not exist', async () => {
    await expect(client.createReceiver('nothing').receiveMessages(1)).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
    });
    await expect(client.createSender('nothing').sendMessages({ body: 1 })).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
    });
  });
});
