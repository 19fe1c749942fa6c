import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activeMessages, fail, take, takeOne } from './kit/receive.ts';
import { ClientsOfTests, transports } from './kit/service-bus-clients.ts';

describe.each(transports)('@azure/service-bus over %s', (transport) => {
  let clients: ClientsOfTests;
  beforeAll(async () => {
    clients = await ClientsOfTests.open(transport);
  });
  afterEach(() => clients.closeClients());
  afterAll(() => clients.close());

  it('receives what was sent, with every property', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    const message = {
      body: { greeting: 'hello', list: [1, 2.5, null, true] },
      messageId: 'one',
      contentType: 'application/json',
      correlationId: 'c1',
      subject: 'greeting',
      to: 'somewhere',
      replyTo: 'here',
      replyToSessionId: 'rs',
      partitionKey: 'p',
      timeToLive: 120_000,
      applicationProperties: { colour: 'red', size: 3, share: 0.5, sure: false, when: new Date(1_700_000_000_000) },
    };
    await client.createSender(queue).sendMessages(message);
    const [received] = await take(client.createReceiver(queue), 1);
    // The client gives dates back as numbers, unless it is told not to.
    const applicationProperties = { ...message.applicationProperties, when: 1_700_000_000_000 };
    expect(received).toMatchObject({ ...message, applicationProperties, deliveryCount: 0, state: 'active' });
    expect(received?.sequenceNumber?.toNumber()).toBeGreaterThan(0);
    expect(received?.lockToken).toMatch(/^[0-9a-f]{8}-/);
    const enqueued = received?.enqueuedTimeUtc?.getTime() ?? 0;
    expect(Math.abs(enqueued - clients.namespace.clock.now())).toBeLessThan(5000);
    expect(received?.expiresAtUtc?.getTime()).toBe(enqueued + 120_000);
    expect((received?.lockedUntilUtc?.getTime() ?? 0) - enqueued).toBeGreaterThan(50_000);
  });

  it('gives bodies back as they are: bytes, texts, values, sequences', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    const sender = client.createSender(queue);
    await sender.sendMessages([{ body: Buffer.from([0, 1, 255]) }, { body: 'text' }, { body: null }]);
    await sender.sendMessages({ body: ['a', 1], bodyType: 'sequence' });
    await sender.sendMessages({ body: { a: 1 }, bodyType: 'value', messageAnnotations: { 'x-own': 'kept' } });
    const messages = await take(client.createReceiver(queue), 5);
    expect(messages.map(({ body }) => body)).toEqual([Buffer.from([0, 1, 255]), 'text', null, ['a', 1], { a: 1 }]);
    expect(messages[4]?._rawAmqpMessage.messageAnnotations).toMatchObject({ 'x-own': 'kept' });
  });

  it('gives a message without an id one, so that it can be settled', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    await client.createSender(queue).sendMessages({ body: 1 });
    const receiver = client.createReceiver(queue);
    const message = await takeOne(receiver);
    expect(message.messageId).toEqual(expect.any(String));
    await receiver.completeMessage(message);
    expect(activeMessages(clients, queue)).toBe(0);
  });

  it('sends batches of many messages, each with its own properties', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    const sender = client.createSender(queue);
    const batch = await sender.createMessageBatch();
    for (let n = 0; n < 50; n++)
      expect(batch.tryAddMessage({ body: n, messageId: `m${n}`, applicationProperties: { n } })).toBe(true);
    await sender.sendMessages(batch);
    const small = await sender.createMessageBatch({ maxSizeInBytes: 1000 });
    expect(small.tryAddMessage({ body: 'x'.repeat(2000) })).toBe(false);
    const messages = await take(client.createReceiver(queue, { receiveMode: 'receiveAndDelete' }), 50);
    const seen = messages.map(({ body, messageId, applicationProperties }) => [body, messageId, applicationProperties]);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => [n, `m${n}`, { n }]));
  });

  it('takes the time and the key of each message of a batch, not of the first for all', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    const later = new Date(clients.namespace.clock.now() + 600_000);
    await client.createSender(queue).sendMessages([
      { body: 'later', scheduledEnqueueTimeUtc: later, partitionKey: 'p' },
      { body: 'now', partitionKey: 'p' },
    ]);
    expect((await takeOne(client.createReceiver(queue))).body).toBe('now');
  });

  it('abandons with changed properties, and counts deliveries', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    await client.createSender(queue).sendMessages({ body: 1, applicationProperties: { a: 1, b: 'kept' } });
    const receiver = client.createReceiver(queue);
    await receiver.abandonMessage(await takeOne(receiver), { a: 2, c: true });
    const again = await takeOne(receiver);
    expect(again.deliveryCount).toBe(1);
    expect(again.applicationProperties).toEqual({ a: 2, b: 'kept', c: true });
    await receiver.completeMessage(again);
  });

  it('dead-letters after too many deliveries, with the reason', async () => {
    const queue = await clients.queue({ maxDeliveryCount: 2 });
    const client = clients.client();
    await client.createSender(queue).sendMessages({ body: 'bad' });
    const receiver = client.createReceiver(queue);
    for (let n = 0; n < 2; n++) await receiver.abandonMessage(await takeOne(receiver));
    const dead = await takeOne(client.createReceiver(queue, { subQueueType: 'deadLetter' }));
    expect(dead).toMatchObject({ body: 'bad', deadLetterReason: 'MaxDeliveryCountExceeded' });
  });

  it('dead-letters with reason, description and properties of its own', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    await client.createSender(queue).sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = client.createReceiver(queue);
    const [first, second] = await take(receiver, 2);
    const why = { deadLetterReason: 'spoilt', deadLetterErrorDescription: 'it smells' };
    await receiver.deadLetterMessage(first ?? fail(), { ...why, shelf: 7 });
    await receiver.deadLetterMessage(second ?? fail());
    const dead = client.createReceiver(queue, { subQueueType: 'deadLetter' });
    const messages = await take(dead, 2);
    expect(messages[0]).toMatchObject({ body: 1, ...why, applicationProperties: { shelf: 7 } });
    expect(messages[1]).toMatchObject({ body: 2 });
    for (const message of messages) await dead.completeMessage(message);
    expect((await dead.peekMessages(5)).length).toBe(0);
  });

  it('defers, receives what is deferred by its number, and settles it', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    await client.createSender(queue).sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
    const receiver = client.createReceiver(queue);
    const taken = await take(receiver, 3);
    for (const message of taken) await receiver.deferMessage(message, { later: true });
    expect((await receiver.peekMessages(3)).map(({ state }) => state)).toEqual(['deferred', 'deferred', 'deferred']);
    const numbers = taken.map(({ sequenceNumber }) => sequenceNumber ?? fail());
    const deferred = await receiver.receiveDeferredMessages(numbers);
    expect(deferred.map(({ body, applicationProperties }) => [body, applicationProperties])).toEqual([
      [1, { later: true }],
      [2, { later: true }],
      [3, { later: true }],
    ]);
    const [first, second, third] = deferred;
    await receiver.renewMessageLock(first ?? fail());
    await receiver.completeMessage(first ?? fail());
    await receiver.abandonMessage(second ?? fail(), { later: false });
    await receiver.deadLetterMessage(third ?? fail(), { deadLetterReason: 'why', deadLetterErrorDescription: 'so' });
    const [again] = await receiver.receiveDeferredMessages(second?.sequenceNumber ?? fail());
    expect(again).toMatchObject({ body: 2, applicationProperties: { later: false } });
    await receiver.deferMessage(again ?? fail());
    const dead = await takeOne(client.createReceiver(queue, { subQueueType: 'deadLetter' }));
    expect(dead).toMatchObject({ body: 3, deadLetterReason: 'why' });
    const unknown = again?.sequenceNumber?.add(1000) ?? fail();
    await expect(receiver.receiveDeferredMessages(unknown)).rejects.toMatchObject({ code: 'MessageNotFound' });
  });

  it('schedules and cancels', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    const sender = client.createSender(queue);
    const { clock } = clients.namespace;
    const numbers = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], new Date(clock.now() + 30_000));
    const receiver = client.createReceiver(queue);
    expect((await receiver.peekMessages(5)).map(({ state, body }) => [state, body])).toEqual([
      ['scheduled', 1],
      ['scheduled', 2],
    ]);
    const [first, second] = numbers;
    await sender.cancelScheduledMessages(first ?? fail());
    await expect(sender.cancelScheduledMessages(first ?? fail())).rejects.toMatchObject({ code: 'MessageNotFound' });
    clock.advance(31_000);
    const due = await takeOne(receiver);
    expect(due.body).toBe(2);
    expect(due.enqueuedSequenceNumber).toBe(second?.toNumber());
    await sender.sendMessages({ body: 3, scheduledEnqueueTimeUtc: new Date(clock.now() + 60_000) });
    const peeked = await receiver.peekMessages(5, { fromSequenceNumber: first ?? fail() });
    expect(peeked.at(-1)).toMatchObject({ state: 'scheduled', body: 3 });
  });

  it('peeks from a number on, without locking', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    await client.createSender(queue).sendMessages(Array.from({ length: 5 }, (_, n) => ({ body: n })));
    const receiver = client.createReceiver(queue);
    const first = await receiver.peekMessages(2);
    const next = await receiver.peekMessages(2);
    expect([...first, ...next].map(({ body }) => body)).toEqual([0, 1, 2, 3]);
    const from = await receiver.peekMessages(9, { fromSequenceNumber: first[1]?.sequenceNumber ?? fail() });
    expect(from.map(({ body }) => body)).toEqual([1, 2, 3, 4]);
    expect(from[0]?.lockToken).toBeUndefined();
  });

  it('renews locks, and loses them in time', async () => {
    const queue = await clients.queue({ lockDuration: 'PT30S' });
    const { clock } = clients.namespace;
    const client = clients.client();
    await client.createSender(queue).sendMessages({ body: 1 });
    const receiver = client.createReceiver(queue, { maxAutoLockRenewalDurationInMs: 0 });
    const message = await takeOne(receiver);
    clock.advance(20_000);
    const until = await receiver.renewMessageLock(message);
    expect(until.getTime()).toBeGreaterThan(clock.now() + 25_000);
    clock.advance(20_000);
    expect((await receiver.peekMessages(1))[0]?.deliveryCount).toBe(0);
    clock.advance(20_000);
    const lost = { code: 'MessageLockLost' };
    await expect(receiver.completeMessage(message)).rejects.toMatchObject(lost);
    await expect(receiver.renewMessageLock(message)).rejects.toMatchObject(lost);
    expect((await takeOne(receiver)).deliveryCount).toBe(1);
  });

  it('settles by its token what was received on a link that is gone', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    await client.createSender(queue).sendMessages({ body: 1 });
    const gone = client.createReceiver(queue);
    const message = await takeOne(gone);
    await gone.close();
    await client.createReceiver(queue).completeMessage(message);
    expect(activeMessages(clients, queue)).toBe(0);
  });

  it('receives and deletes', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    await client.createSender(queue).sendMessages([{ body: 1 }, { body: 2 }]);
    const receiver = client.createReceiver(queue, { receiveMode: 'receiveAndDelete' });
    const messages = await take(receiver, 2);
    expect(messages.map(({ body, lockToken }) => [body, lockToken])).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
    expect(activeMessages(clients, queue)).toBe(0);
  });

  it('answers an empty queue after the wait, and gives credit back', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    const receiver = client.createReceiver(queue);
    expect(await receiver.receiveMessages(5, { maxWaitTimeInMs: 200 })).toEqual([]);
    await client.createSender(queue).sendMessages([{ body: 1 }, { body: 2 }]);
    expect((await take(receiver, 2)).map(({ deliveryCount }) => deliveryCount)).toEqual([0, 0]);
  });

  it('streams to a subscriber, completes by itself, and stops', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    const receiver = client.createReceiver(queue);
    const seen: unknown[] = [];
    const errors: unknown[] = [];
    const subscription = receiver.subscribe(
      {
        processMessage: async ({ body }) => void seen.push(body),
        processError: async ({ error }) => void errors.push(error),
      },
      { maxConcurrentCalls: 4 },
    );
    const sender = client.createSender(queue);
    for (let n = 0; n < 20; n++) await sender.sendMessages({ body: n });
    await expect.poll(() => seen.length).toBe(20);
    await expect.poll(() => activeMessages(clients, queue)).toBe(0);
    await subscription.close();
    await sender.sendMessages({ body: 'after' });
    expect(errors).toEqual([]);
    expect(seen.length).toBe(20);
    expect(activeMessages(clients, queue)).toBe(1);
  });

  it('abandons what a subscriber throws at', async () => {
    const queue = await clients.queue({ maxDeliveryCount: 3 });
    const client = clients.client();
    const counts: (number | undefined)[] = [];
    client.createReceiver(queue).subscribe({
      processMessage: async ({ deliveryCount }) => {
        counts.push(deliveryCount);
        throw new Error('no');
      },
      processError: async () => {},
    });
    await client.createSender(queue).sendMessages({ body: 1 });
    await expect.poll(() => clients.namespace.served.runtime(queue)?.deadLetterMessageCount).toBe(1);
    expect(counts).toEqual([0, 1, 2]);
  });

  it('iterates over messages', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    await client.createSender(queue).sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
    const receiver = client.createReceiver(queue);
    const seen: unknown[] = [];
    for await (const message of receiver.getMessageIterator()) {
      seen.push(message.body);
      await receiver.completeMessage(message);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([1, 2, 3]);
    expect(activeMessages(clients, queue)).toBe(0);
  });

  it('carries a message of many frames', async () => {
    const queue = await clients.queue();
    const client = clients.client();
    const body = Buffer.alloc(200_000, 'lazuli');
    await client.createSender(queue).sendMessages({ body });
    const message = await takeOne(client.createReceiver(queue));
    expect(body.equals(message.body)).toBe(true);
  });

  it('serves topics: every subscription its copy', async () => {
    const topic = await clients.topic();
    await clients.namespace.directory.put(`${topic}/Subscriptions/other`, 'subscription', {}, 'create');
    const client = clients.client();
    await client.createSender(topic).sendMessages({ body: 'news' });
    for (const name of ['s', 'other']) {
      const receiver = client.createReceiver(topic, name);
      const message = await takeOne(receiver);
      expect(message.body).toBe('news');
      await receiver.deadLetterMessage(message);
      const dead = client.createReceiver(topic, name, { subQueueType: 'deadLetter' });
      expect((await takeOne(dead)).body).toBe('news');
    }
  });
});
