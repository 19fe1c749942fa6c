import { ServiceBusAdministrationClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { message } from '../broker/harness.ts';
import { type Served, serve } from './harness.ts';

let served: Served;
let client: ServiceBusAdministrationClient;

beforeAll(async () => {
  served = await serve(true);
  client = new ServiceBusAdministrationClient(
    `Endpoint=sb://localhost:${served.port};SharedAccessKeyName=root;SharedAccessKey=a2V5`,
    { retryOptions: { maxRetries: 0 }, tlsOptions: {} },
  );
  client.pipeline.addPolicy({
    name: 'trust',
    sendRequest(request, next) {
      request.tlsSettings = { rejectUnauthorized: false } as never;
      return next(request);
    },
  });
});
afterAll(() => served.close());

describe('the administration client of JavaScript', () => {
  it('reads the namespace', async () => {
    expect(await client.getNamespaceProperties()).toMatchObject({
      messagingSku: 'Premium',
      messagingUnits: 1,
      name: 'localhost',
    });
  });

  it('creates, reads, updates, lists and deletes queues', async () => {
    const made = await client.createQueue('orders/new', {
      lockDuration: 'PT30S',
      userMetadata: 'a <b> & "c"',
      forwardDeadLetteredMessagesTo: 'dead',
      authorizationRules: [
        {
          claimType: 'SharedAccessKey',
          accessRights: ['Send', 'Listen'],
          keyName: 'k',
          primaryKey: 'p',
          secondaryKey: 's',
        },
      ],
    });
    expect(made).toMatchObject({
      name: 'orders/new',
      lockDuration: 'PT30S',
      userMetadata: 'a <b> & "c"',
      forwardDeadLetteredMessagesTo: `sb://localhost:${served.port}/dead`,
      authorizationRules: [{ keyName: 'k', accessRights: ['Send', 'Listen'], primaryKey: 'p', secondaryKey: 's' }],
    });
    expect((await served.directory.get('orders/new'))?.properties.forwardDeadLetteredMessagesTo).toBe('dead');
    await expect(client.createQueue('orders/new')).rejects.toMatchObject({
      code: 'MessageEntityAlreadyExistsError',
      statusCode: 409,
    });
    expect(await client.updateQueue({ ...made, maxDeliveryCount: 3 })).toMatchObject({ maxDeliveryCount: 3 });
    expect(await client.getQueue('ORDERS/new')).toMatchObject({ name: 'orders/new', maxMessageSizeInKilobytes: 256 });
    await client.createQueue('q');
    await new Promise<void>((done) => served.bench.sender('q').send([message()], () => done()));
    expect(await client.getQueueRuntimeProperties('q')).toMatchObject({ totalMessageCount: 1, activeMessageCount: 1 });
    const names = [];
    for await (const page of client.listQueues().byPage({ maxPageSize: 1 }))
      names.push(...page.map(({ name }) => name));
    expect(names).toEqual(['orders/new', 'q']);
    const runtime = [];
    for await (const one of client.listQueuesRuntimeProperties()) runtime.push(one.totalMessageCount);
    expect(runtime).toEqual([0, 1]);
    expect(await client.queueExists('orders/new')).toBe(true);
    await client.deleteQueue('orders/new');
    expect(await client.queueExists('orders/new')).toBe(false);
    await expect(client.getQueue('orders/new')).rejects.toMatchObject({ code: 'MessageEntityNotFoundError' });
    await expect(client.deleteQueue('orders/new')).rejects.toMatchObject({
      code: 'MessageEntityNotFoundError',
      statusCode: 404,
    });
    await expect(client.updateQueue(made)).rejects.toMatchObject({
      code: 'MessageEntityNotFoundError',
      statusCode: 404,
    });
  });

  it('creates, reads, updates, lists and deletes topics, subscriptions and rules', async () => {
    const topic = await client.createTopic('t', { userMetadata: 'x' });
    expect(await client.updateTopic({ ...topic, enableBatchedOperations: false })).toMatchObject({
      enableBatchedOperations: false,
    });
    expect(await client.getTopic('t')).toMatchObject({ name: 't', supportOrdering: true });
    expect(await client.getTopicRuntimeProperties('t')).toMatchObject({ name: 't', subscriptionCount: 1 });
    for await (const one of client.listTopics()) expect(one.name).toBe('t');
    for await (const one of client.listTopicsRuntimeProperties()) expect(one.name).toBe('t');
    expect(await client.topicExists('t')).toBe(true);

    const subscription = await client.createSubscription('t', 's', {
      defaultRuleOptions: { name: 'red', filter: { sqlExpression: "colour = 'red'" } },
    });
    expect(subscription).toMatchObject({ topicName: 't', subscriptionName: 's', availabilityStatus: 'Available' });
    expect(await client.updateSubscription({ ...subscription, lockDuration: 'PT5S' })).toMatchObject({
      lockDuration: 'PT5S',
    });
    expect(await client.getSubscription('t', 's')).toMatchObject({ subscriptionName: 's' });
    expect(await client.getSubscriptionRuntimeProperties('t', 's')).toMatchObject({ totalMessageCount: 0 });
    for await (const one of client.listSubscriptions('t')) expect(one.subscriptionName).toBe('s');
    for await (const one of client.listSubscriptionsRuntimeProperties('t')) expect(one.subscriptionName).toBe('s');
    expect(await client.subscriptionExists('t', 's')).toBe(true);
    expect(await client.subscriptionExists('t', 'none')).toBe(false);

    const date = new Date('2026-02-03T04:05:06.000Z');
    const correlation = {
      correlationId: 'c',
      subject: 'l',
      applicationProperties: { a: 'x', b: 1.5, c: true, d: date },
    };
    expect(await client.createRule('t', 's', 'cor', correlation)).toMatchObject({ name: 'cor', filter: correlation });
    const sql = { sqlExpression: 'a < @p', sqlParameters: { '@p': 7 } };
    const made = await client.createRule('t', 's', 'sql', sql, { sqlExpression: 'SET b = 1' });
    expect(made).toMatchObject({ filter: sql, action: { sqlExpression: 'SET b = 1' } });
    expect(await client.updateRule('t', 's', { ...made, filter: { sqlExpression: '1=0' } })).toMatchObject({
      filter: { sqlExpression: '1=0' },
    });
    expect(await client.getRule('t', 's', 'red')).toMatchObject({ filter: { sqlExpression: "colour = 'red'" } });
    const rules = [];
    for await (const one of client.listRules('t', 's')) rules.push(one.name);
    expect(rules).toEqual(['red', 'cor', 'sql']);
    expect(await client.ruleExists('t', 's', 'cor')).toBe(true);
    await client.deleteRule('t', 's', 'cor');
    expect(await client.ruleExists('t', 's', 'cor')).toBe(false);
    await client.deleteSubscription('t', 's');
    await client.deleteTopic('t');
    expect(await client.topicExists('t')).toBe(false);
  });
});
