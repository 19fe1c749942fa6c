import type { ServiceBusClient } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from './kit/azure-clients.ts';
import { type ServiceBusProcess, startServiceBus } from './kit/service-bus-process.ts';
import { take, takeOne } from './kit/take.ts';

const sql = (Name: string, SqlExpression: string, action?: string) => ({
  Name,
  Properties: {
    FilterType: 'Sql',
    SqlFilter: { SqlExpression },
    ...(action === undefined ? {} : { Action: { SqlExpression: action } }),
  },
});

let bus: ServiceBusProcess;
let client: ServiceBusClient;
beforeAll(async () => {
  bus = await startServiceBus({
    Queues: [
      {
        Name: 'expiring',
        Properties: { DefaultMessageTimeToLive: 'PT1S', DeadLetteringOnMessageExpiration: true },
      },
      { Name: 'forgetting', Properties: { DeadLetteringOnMessageExpiration: false } },
      { Name: 'twice', Properties: { MaxDeliveryCount: 2, LockDuration: 'PT5S' } },
      {
        Name: 'once-only',
        Properties: { RequiresDuplicateDetection: true, DuplicateDetectionHistoryTimeWindow: 'PT1M' },
      },
      { Name: 'first', Properties: { ForwardTo: 'second' } },
      { Name: 'second', Properties: { ForwardDeadLetteredMessagesTo: 'collected' } },
      { Name: 'collected' },
      { Name: 'sessions', Properties: { RequiresSession: true } },
      { Name: 'to-sessions', Properties: { ForwardTo: 'sessions' } },
      { Name: 'closed', Properties: { Status: 'SendDisabled' } },
      { Name: 'to-closed', Properties: { ForwardTo: 'closed' } },
      { Name: 'locked', Properties: { LockDuration: 'PT5S' } },
    ],
    Topics: [
      {
        Name: 'orders',
        Subscriptions: [
          { Name: 'all' },
          {
            Name: 'large',
            Rules: [sql('large', "total > 100 AND colour LIKE 'r%'", "SET size = 'large'; REMOVE colour")],
          },
          {
            Name: 'named',
            Rules: [
              {
                Name: 'named',
                Properties: {
                  FilterType: 'Correlation',
                  CorrelationFilter: { Label: 'urgent', Properties: { colour: 'red' } },
                },
              },
            ],
          },
          { Name: 'none', Rules: [sql('none', '1=0')] },
          { Name: 'two-copies', Rules: [sql('one', '1=1', "SET copy = 'one'"), sql('two', '1=1', "SET copy = 'two'")] },
          { Name: 'onward', Properties: { ForwardTo: 'collected' }, Rules: [sql('onward', "colour = 'blue'")] },
          {
            Name: 'failing',
            Properties: { DeadLetteringOnFilterEvaluationExceptions: true },
            Rules: [sql('failing', 'sys.Nothing = 1')],
          },
        ],
      },
    ],
  });
});
afterAll(async () => {
  expect(await bus.stop()).toBe(0);
});
beforeEach(() => {
  client = connect(bus);
});
afterEach(() => client.close());

const deadLetters = (queue: string) => client.createReceiver(queue, { subQueueType: 'deadLetter' });

describe('a message whose time is over', () => {
  it('is dead-lettered where the queue says so', async () => {
    await client.createSender('expiring').sendMessages({ body: 'late', timeToLive: 600_000 });
    const message = await takeOne(deadLetters('expiring'));
    expect(message).toMatchObject({ body: 'late', deadLetterReason: 'TTLExpiredException' });
    expect(await client.createReceiver('expiring').peekMessages(1)).toEqual([]);
  });

  it('is gone where it does not', async () => {
    await client.createSender('forgetting').sendMessages({ body: 'late', timeToLive: 300 });
    const receiver = client.createReceiver('forgetting');
    await expect.poll(() => receiver.peekMessages(1), { timeout: 5000 }).toEqual([]);
    expect(await deadLetters('forgetting').peekMessages(1)).toEqual([]);
  });
});

describe('a message that cannot be delivered', () => {
  it('is dead-lettered after the deliveries that there may be: one abandoned, one whose lock ended', async () => {
    await client.createSender('twice').sendMessages({ body: 'no' });
    const receiver = client.createReceiver('twice', { maxAutoLockRenewalDurationInMs: 0 });
    await receiver.abandonMessage(await takeOne(receiver), { why: 'not today' });
    const second = await takeOne(receiver);
    expect(second).toMatchObject({ deliveryCount: 1, applicationProperties: { why: 'not today' } });
    const dead = await takeOne(deadLetters('twice'));
    expect(dead).toMatchObject({ body: 'no', deadLetterReason: 'MaxDeliveryCountExceeded', deliveryCount: 2 });
    await expect(receiver.completeMessage(second)).rejects.toMatchObject({ code: 'MessageLockLost' });
    await expect(receiver.renewMessageLock(second)).rejects.toMatchObject({ code: 'MessageLockLost' });
  });

  it('goes to the transfer dead-letter queue where the target is closed', async () => {
    await client.createSender('to-closed').sendMessages({ body: 'in vain', messageId: 'lost' });
    const receiver = client.createReceiver('to-closed', { subQueueType: 'transferDeadLetter' });
    const message = await takeOne(receiver);
    expect(message).toMatchObject({
      body: 'in vain',
      messageId: 'lost',
      deadLetterReason: 'MessagingEntityDisabledException',
    });
    await receiver.completeMessage(message);
  });

  it('is dead-lettered by a target whose sessions it cannot be in; those are read without sessions', async () => {
    await client.createSender('to-sessions').sendMessages({ body: 'in none' });
    expect(await takeOne(deadLetters('sessions'))).toMatchObject({
      body: 'in none',
      deadLetterReason: 'Session ID is null.',
    });
  });
});

it('keeps its lock as long as it is renewed', async () => {
  await client.createSender('locked').sendMessages({ body: 'slow' });
  const receiver = client.createReceiver('locked', { maxAutoLockRenewalDurationInMs: 0 });
  const message = await takeOne(receiver);
  const before = message.lockedUntilUtc?.getTime() ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const until = await receiver.renewMessageLock(message);
  expect(until.getTime() - before).toBeGreaterThan(1000);
  expect(message.lockedUntilUtc).toEqual(until);
  await receiver.completeMessage(message);
});

it('forwards messages, and dead letters', async () => {
  await client.createSender('first').sendMessages({ body: 'on', messageId: 'f1' });
  const second = client.createReceiver('second');
  const message = await takeOne(second);
  expect(message).toMatchObject({ body: 'on', messageId: 'f1' });
  await second.deadLetterMessage(message, {
    deadLetterReason: 'unwanted',
    deadLetterErrorDescription: 'not here',
    by: 'me',
  });
  const collected = client.createReceiver('collected');
  const dead = await takeOne(collected);
  expect(dead).toMatchObject({
    body: 'on',
    deadLetterReason: 'unwanted',
    deadLetterErrorDescription: 'not here',
    deadLetterSource: 'second',
    applicationProperties: { by: 'me' },
  });
  await collected.completeMessage(dead);
  await expect(client.createReceiver('first').receiveMessages(1, { maxWaitTimeInMs: 500 })).rejects.toThrow();
});

it('takes a message once where it detects duplicates', async () => {
  const sender = client.createSender('once-only');
  await sender.sendMessages({ body: 1, messageId: 'a' });
  await sender.sendMessages({ body: 2, messageId: 'a' });
  await sender.sendMessages([
    { body: 3, messageId: 'b' },
    { body: 4, messageId: 'a' },
    { body: 5, messageId: 'c' },
  ]);
  const receiver = client.createReceiver('once-only', { receiveMode: 'receiveAndDelete' });
  expect((await take(receiver, 3)).map(({ body }) => body)).toEqual([1, 3, 5]);
  await sender.sendMessages({ body: 6, messageId: 'a' });
  expect(await receiver.peekMessages(1)).toEqual([]);
});

it('gives subscriptions what their rules let through, changed as their actions say', async () => {
  const sender = client.createSender('orders');
  const red = { body: 'red', subject: 'urgent', applicationProperties: { total: 150, colour: 'red' } };
  const blue = { body: 'blue', applicationProperties: { total: 200, colour: 'blue' } };
  const small = { body: 'small', applicationProperties: { total: 1, colour: 'red' } };
  await sender.sendMessages([red, blue, small]);
  const from = (name: string) => client.createReceiver('orders', name, { receiveMode: 'receiveAndDelete' });
  expect((await take(from('all'), 3)).map(({ body }) => body)).toEqual(['red', 'blue', 'small']);
  const [large] = await take(from('large'), 1);
  expect(large).toMatchObject({ body: 'red' });
  expect(large?.applicationProperties).toEqual({ total: 150, size: 'large', RuleName: 'large' });
  expect((await take(from('named'), 1)).map(({ body }) => body)).toEqual(['red']);
  const copies = await take(from('two-copies'), 6);
  expect(copies.map(({ body, applicationProperties }) => [body, applicationProperties?.copy]).sort()).toEqual(
    ['blue', 'red', 'small'].flatMap((body) => ['one', 'two'].map((copy) => [body, copy])),
  );
  expect((await take(client.createReceiver('collected', { receiveMode: 'receiveAndDelete' }), 1))[0]?.body).toBe(
    'blue',
  );
  const failed = client.createReceiver('orders', 'failing', {
    subQueueType: 'deadLetter',
    receiveMode: 'receiveAndDelete',
  });
  expect((await take(failed, 3)).map(({ deadLetterReason }) => deadLetterReason)).toEqual(
    Array(3).fill('FilterException'),
  );
  for (const name of ['all', 'large', 'named', 'none', 'two-copies'])
    expect(await client.createReceiver('orders', name).peekMessages(1)).toEqual([]);
});
