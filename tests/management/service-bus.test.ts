import { type SBQueue, ServiceBusManagementClient } from '@azure/arm-servicebus';
import { ServiceBusAdministrationClient, ServiceBusClient } from '@azure/service-bus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ManagedServer, startApiManagement } from './api-management-server.ts';

/** Every group of operations of @azure/arm-servicebus, against the process. One after another: each builds on those before. */
let lazuli: ManagedServer;
let client: ServiceBusManagementClient;
let group: string;
const name = 'contoso-bus';
beforeAll(async () => {
  lazuli = await startApiManagement('contoso', {
    serviceBus: { port: 0, tlsPort: null, configurationFile: null },
  });
  client = new ServiceBusManagementClient(
    lazuli.credential,
    lazuli.server.management.subscriptionId,
    lazuli.clientOptions,
  );
  group = lazuli.group;
});
afterAll(() => lazuli?.stop());

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of pages) found.push(one);
  return found;
}
const names = (found: readonly { readonly name?: string }[]) => found.map((one) => one.name);
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => `${error.statusCode} ${error.code} ${error.message}`,
  );

describe('namespaces', () => {
  it('are made, found, changed and listed', async () => {
    expect(await client.namespaces.checkNameAvailability({ name })).toMatchObject({
      nameAvailable: true,
      reason: 'None',
    });
    const made = await client.namespaces.beginCreateOrUpdateAndWait(group, name, {
      location: 'westeurope',
      sku: { name: 'Standard', tier: 'Standard' },
      tags: { team: 'a' },
      identity: { type: 'SystemAssigned' },
    });
    expect(made).toMatchObject({
      name,
      type: 'Microsoft.ServiceBus/namespaces',
      location: 'westeurope',
      sku: { name: 'Standard', tier: 'Standard' },
      provisioningState: 'Succeeded',
      status: 'Active',
      zoneRedundant: false,
      disableLocalAuth: false,
      serviceBusEndpoint: `https://${name}.servicebus.windows.net:443/`,
      metricId: `${lazuli.server.management.subscriptionId}:${name}`,
      identity: { type: 'SystemAssigned', principalId: expect.stringMatching(/^[\w-]{36}$/) },
    });
    expect(made.createdAt).toBeInstanceOf(Date);
    expect(await client.namespaces.checkNameAvailability({ name: name.toUpperCase() })).toMatchObject({
      nameAvailable: false,
      reason: 'NameInUse',
    });
    expect(await client.namespaces.checkNameAvailability({ name: 'a b' })).toMatchObject({ reason: 'InvalidName' });
    expect((await client.namespaces.update(group, name, { tags: { team: 'b' } })).tags).toEqual({ team: 'b' });
    expect((await client.namespaces.get(group, name.toUpperCase())).sku).toEqual({
      name: 'Standard',
      tier: 'Standard',
    });
    // The development namespace is one like others.
    expect(names(await all(client.namespaces.list())).toSorted()).toEqual([name, 'sbemulatorns']);
    expect(names(await all(client.namespaces.listByResourceGroup(group)))).toEqual([name]);
  });

  it.each([
    ['a name of another group', 'sbemulatorns', {}, /in use/],
    ['Premium for Standard', name, { sku: { name: 'Premium' } }, /cannot become Premium/],
    ['keys of Key Vault', name, { encryption: { keySource: 'Microsoft.KeyVault' } }, /Key Vault/],
  ] as const)('are refused with %s', async (_, asked, more, message) => {
    const parameters = { location: 'westeurope', sku: { name: 'Standard' as const }, ...more };
    const outcome = await refusal(client.namespaces.beginCreateOrUpdateAndWait(group, asked, parameters));
    expect(outcome).toMatch(/^400 /);
    expect(outcome).toMatch(message);
  });

  it('are not closed to the network, and say so', async () => {
    const path = `/subscriptions/${lazuli.server.management.subscriptionId}/resourceGroups/${group}/providers/Microsoft.ServiceBus/namespaces/${name}?api-version=2024-01-01`;
    const answer = await lazuli.send('PATCH', path, { body: { properties: { publicNetworkAccess: 'Disabled' } } });
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'UnsupportedFeature' } } });
    expect((await lazuli.send('GET', path)).json.properties).toMatchObject({
      publicNetworkAccess: 'Enabled',
      minimumTlsVersion: '1.2',
    });
  });

  it('have network rules that let everybody in', async () => {
    expect(await client.namespaces.getNetworkRuleSet(group, name)).toMatchObject({
      defaultAction: 'Allow',
      ipRules: [],
      virtualNetworkRules: [],
    });
    await client.namespaces.createOrUpdateNetworkRuleSet(group, name, {
      defaultAction: 'Allow',
      ipRules: [{ ipMask: '10.0.0.0/8', action: 'Allow' }],
    });
    expect(await all(client.namespaces.listNetworkRuleSets(group, name))).toMatchObject([
      { name: 'default', ipRules: [{ ipMask: '10.0.0.0/8' }] },
    ]);
    expect(
      await refusal(client.namespaces.createOrUpdateNetworkRuleSet(group, name, { defaultAction: 'Deny' })),
    ).toMatch(/^400 UnsupportedFeature/);
  });

  it('have no private endpoints, pairings or migrations, and say so', async () => {
    expect(await all(client.privateEndpointConnections.list(group, name))).toEqual([]);
    expect((await client.privateLinkResources.get(group, name)).value).toEqual([]);
    expect(await all(client.disasterRecoveryConfigs.list(group, name))).toEqual([]);
    expect(await all(client.migrationConfigs.list(group, name))).toEqual([]);
    const { disasterRecoveryConfigs, migrationConfigs, privateEndpointConnections } = client;
    for (const ask of [
      () => disasterRecoveryConfigs.createOrUpdate(group, name, 'alias', { partnerNamespace: '/x' }),
      () => disasterRecoveryConfigs.checkNameAvailability(group, name, { name: 'alias' }),
      () => disasterRecoveryConfigs.failOver(group, name, 'alias'),
      () => migrationConfigs.get(group, name, '$default'),
      () => privateEndpointConnections.get(group, name, 'x'),
    ])
      expect(await refusal(ask())).toMatch(/^400 UnsupportedFeature/);
  });

  it('have operations, data actions among them', async () => {
    const found = await all(client.operations.list());
    expect(names(found)).toContain('Microsoft.ServiceBus/namespaces/queues/write');
    expect(found.find((one) => one.name?.endsWith('messages/send/action'))?.isDataAction).toBe(true);
  });
});

describe('queues', () => {
  it('are made with defaults, replaced, and listed with what is in them', async () => {
    const { queues } = client;
    const made = await queues.createOrUpdate(group, name, 'orders', { maxDeliveryCount: 3, requiresSession: false });
    expect(made).toMatchObject({
      name: 'orders',
      type: 'Microsoft.ServiceBus/namespaces/queues',
      maxDeliveryCount: 3,
      lockDuration: 'PT1M',
      defaultMessageTimeToLive: 'P10675199DT2H48M5.4775807S',
      maxSizeInMegabytes: 1024,
      status: 'Active',
      messageCount: 0,
      sizeInBytes: 0,
      countDetails: { activeMessageCount: 0, deadLetterMessageCount: 0, scheduledMessageCount: 0 },
    });
    expect(made.createdAt).toBeInstanceOf(Date);
    // A PUT says all: what it does not name is as it was in the beginning.
    const replaced = await queues.createOrUpdate(group, name, 'orders', { lockDuration: 'PT30S' });
    expect(replaced).toMatchObject({ maxDeliveryCount: 10, lockDuration: 'PT30S' });
    await queues.createOrUpdate(group, name, 'sales~audit', { forwardTo: 'orders' });
    expect(names(await all(queues.listByNamespace(group, name)))).toEqual(['orders', 'sales~audit']);
    expect(names(await all(queues.listByNamespace(group, name, { skip: 1, top: 1 })))).toEqual(['sales~audit']);
    await queues.delete(group, name, 'sales~audit');
    expect(await refusal(queues.get(group, name, 'sales~audit'))).toMatch(/^404 ResourceNotFound/);
    await queues.delete(group, name, 'sales~audit');
  });

  it.each<[SBQueue, RegExp]>([
    [{ lockDuration: 'PT6M' }, /'lockDuration', PT6M, is out of range: expected 5 seconds to 300 seconds/],
    [{ maxDeliveryCount: 0 }, /maxDeliveryCount.* 1 to 2000/],
    [{ autoDeleteOnIdle: 'PT4M' }, /autoDeleteOnIdle.* 300 seconds or more/],
    [{ duplicateDetectionHistoryTimeWindow: 'P8D' }, /duplicateDetectionHistoryTimeWindow/],
    [{ requiresSession: true }, /'requiresSession' of an existing queue cannot be changed/],
    [{ forwardTo: 'nowhere' }, /'nowhere', which is no queue or topic/],
    [{ forwardTo: 'orders' }, /cannot be the entity itself/],
  ])('are refused with %j', async (parameters, message) => {
    const outcome = await refusal(client.queues.createOrUpdate(group, name, 'orders', parameters));
    expect(outcome).toMatch(/^400 BadRequest SubCode=40000\. /);
    expect(outcome).toMatch(message);
  });

  it('share their names with topics', async () => {
    expect(await refusal(client.topics.createOrUpdate(group, name, 'Orders', {}))).toMatch(/^409 Conflict/);
    expect(await refusal(client.queues.createOrUpdate(group, name, 'x'.repeat(261), {}))).toMatch(
      /^400 InvalidResourceName/,
    );
    expect(await refusal(client.queues.createOrUpdate(group, 'nobodys-bus', 'q', {}))).toMatch(
      /^404 ParentResourceNotFound/,
    );
  });
});

describe('topics, subscriptions and rules', () => {
  it('are made, one below the other, and deleted together', async () => {
    const { topics, subscriptions, rules } = client;
    expect(await topics.createOrUpdate(group, name, 'news', { supportOrdering: true })).toMatchObject({
      subscriptionCount: 0,
      supportOrdering: true,
      defaultMessageTimeToLive: 'P10675199DT2H48M5.4775807S',
    });
    expect(
      await subscriptions.createOrUpdate(group, name, 'news', 'all', { forwardTo: 'orders', maxDeliveryCount: 2 }),
    ).toMatchObject({ name: 'all', forwardTo: 'orders', maxDeliveryCount: 2, isClientAffine: false, messageCount: 0 });
    expect(await all(rules.listBySubscriptions(group, name, 'news', 'all'))).toMatchObject([
      { name: '$Default', filterType: 'SqlFilter', sqlFilter: { sqlExpression: '1=1', compatibilityLevel: 20 } },
    ]);
    await rules.createOrUpdate(group, name, 'news', 'all', 'red', {
      filterType: 'SqlFilter',
      sqlFilter: { sqlExpression: "colour = 'red'" },
      action: { sqlExpression: 'SET seen = TRUE' },
    });
    await rules.createOrUpdate(group, name, 'news', 'all', 'blue', {
      filterType: 'CorrelationFilter',
      correlationFilter: { label: 'b', properties: { colour: 'blue' } },
    });
    expect(await rules.get(group, name, 'news', 'all', 'red')).toMatchObject({
      sqlFilter: { sqlExpression: "colour = 'red'" },
      action: { sqlExpression: 'SET seen = TRUE', compatibilityLevel: 20 },
    });
    expect(await rules.get(group, name, 'news', 'all', 'blue')).toMatchObject({
      filterType: 'CorrelationFilter',
      correlationFilter: { label: 'b', properties: { colour: 'blue' } },
    });
    const wrong = rules.createOrUpdate(group, name, 'news', 'all', 'wrong', { sqlFilter: { sqlExpression: 'a = ' } });
    expect(await refusal(wrong)).toMatch(/^400 BadRequest SubCode=40000\. /);
    await rules.delete(group, name, 'news', 'all', '$Default');
    expect(names(await all(rules.listBySubscriptions(group, name, 'news', 'all')))).toEqual(['blue', 'red']);
    expect(names(await all(subscriptions.listByTopic(group, name, 'news')))).toEqual(['all']);
    expect((await topics.get(group, name, 'news')).subscriptionCount).toBe(1);
    expect(names(await all(topics.listByNamespace(group, name)))).toEqual(['news']);
    await topics.delete(group, name, 'news');
    expect(await refusal(rules.get(group, name, 'news', 'all', 'red'))).toMatch(/^404 /);
  });

  it('are not for the tier Basic', async () => {
    await client.namespaces.beginCreateOrUpdateAndWait(group, 'basic-bus', {
      location: 'westeurope',
      sku: { name: 'Basic' },
    });
    expect(await refusal(client.topics.createOrUpdate(group, 'basic-bus', 't', {}))).toMatch(/^400 .*Basic/);
    expect(await refusal(client.queues.createOrUpdate(group, 'basic-bus', 'q', { requiresSession: true }))).toMatch(
      /^400 .*Basic/,
    );
    await client.queues.createOrUpdate(group, 'basic-bus', 'q', {});
    await client.namespaces.beginDeleteAndWait(group, 'basic-bus');
    expect(await refusal(client.queues.get(group, 'basic-bus', 'q'))).toMatch(/^404 /);
  });
});

describe('authorization rules', () => {
  const root = 'RootManageSharedAccessKey';

  it('of a namespace have keys, which are renewed', async () => {
    const { namespaces } = client;
    expect(names(await all(namespaces.listAuthorizationRules(group, name)))).toEqual([root]);
    const keys = await namespaces.listKeys(group, name, root);
    expect(keys).toMatchObject({ keyName: root, primaryKey: expect.stringMatching(/^[\w+/]{43}=$/) });
    expect(keys.primaryConnectionString).toBe(
      `Endpoint=sb://${name}.servicebus.windows.net/;SharedAccessKeyName=${root};SharedAccessKey=${keys.primaryKey}`,
    );
    const renewed = await namespaces.regenerateKeys(group, name, root, { keyType: 'PrimaryKey' });
    expect(renewed.primaryKey).not.toBe(keys.primaryKey);
    expect(renewed.secondaryKey).toBe(keys.secondaryKey);
    const given = await namespaces.regenerateKeys(group, name, root, { keyType: 'SecondaryKey', key: 'a key of ours' });
    expect(given.secondaryKey).toBe('a key of ours');
    expect((await namespaces.listKeys(group, name, root)).secondaryKey).toBe('a key of ours');

    expect(
      (await namespaces.createOrUpdateAuthorizationRule(group, name, 'sender', { rights: ['Send'] })).rights,
    ).toEqual(['Send']);
    const wrong = namespaces.createOrUpdateAuthorizationRule(group, name, 'manager', { rights: ['Manage'] });
    expect(await refusal(wrong)).toMatch(/^400 BadRequest .*'Manage' goes with/);
    expect((await namespaces.getAuthorizationRule(group, name, 'sender')).rights).toEqual(['Send']);
    expect(JSON.stringify(await all(namespaces.listAuthorizationRules(group, name)))).not.toContain('a key of ours');
    await namespaces.deleteAuthorizationRule(group, name, 'sender');
    for (let count = 1; count < 12; count++)
      await namespaces.createOrUpdateAuthorizationRule(group, name, `r${count}`, { rights: ['Listen'] });
    const full = namespaces.createOrUpdateAuthorizationRule(group, name, 'r12', { rights: ['Listen'] });
    expect(await refusal(full)).toMatch(/^403 QuotaExceeded/);
  });

  it('of a queue and of a topic name it in their connection strings', async () => {
    const { queues, topics } = client;
    await topics.createOrUpdate(group, name, 'deep~news', {});
    await queues.createOrUpdateAuthorizationRule(group, name, 'orders', 'r', { rights: ['Listen'] });
    await topics.createOrUpdateAuthorizationRule(group, name, 'deep~news', 'r', { rights: ['Send'] });
    expect((await queues.listKeys(group, name, 'orders', 'r')).primaryConnectionString).toMatch(/;EntityPath=orders$/);
    expect((await topics.listKeys(group, name, 'deep~news', 'r')).primaryConnectionString).toMatch(
      /;EntityPath=deep\/news$/,
    );
    const before = await queues.listKeys(group, name, 'orders', 'r');
    const after = await queues.regenerateKeys(group, name, 'orders', 'r', { keyType: 'SecondaryKey' });
    expect(after).toMatchObject({ primaryKey: before.primaryKey });
    expect(after.secondaryKey).not.toBe(before.secondaryKey);
    await topics.regenerateKeys(group, name, 'deep~news', 'r', { keyType: 'PrimaryKey' });
    expect(names(await all(queues.listAuthorizationRules(group, name, 'orders')))).toEqual(['r']);
    expect(names(await all(topics.listAuthorizationRules(group, name, 'deep~news')))).toEqual(['r']);
    expect((await queues.getAuthorizationRule(group, name, 'orders', 'r')).rights).toEqual(['Listen']);
    expect((await topics.getAuthorizationRule(group, name, 'deep~news', 'r')).rights).toEqual(['Send']);
    await queues.deleteAuthorizationRule(group, name, 'orders', 'r');
    await topics.deleteAuthorizationRule(group, name, 'deep~news', 'r');
    await topics.delete(group, name, 'deep~news');
  });
});

describe('what Resource Manager and the clients of messages see', () => {
  /** The namespace that `localhost` leads to: the connection string works as it is answered. */
  const development = 'sbemulatorns';
  const rule = 'RootManageSharedAccessKey';
  let connectionString: string;
  let administration: ServiceBusAdministrationClient;
  const opened: ServiceBusClient[] = [];
  const open = (text: string) => {
    const bus = new ServiceBusClient(text, { retryOptions: { maxRetries: 0 } });
    opened.push(bus);
    return bus;
  };
  afterAll(() => Promise.all(opened.map((bus) => bus.close())));
  beforeAll(async () => {
    connectionString = (await client.namespaces.listKeys('lazuli', development, rule)).primaryConnectionString ?? '';
    administration = new ServiceBusAdministrationClient(connectionString, {
      tlsOptions: { ca: lazuli.ca },
    } as never);
  });

  it('is the same, at once', async () => {
    expect(connectionString).toMatch(
      /^Endpoint=sb:\/\/localhost:\d+\/;SharedAccessKeyName=\w+;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true$/,
    );
    await client.queues.createOrUpdate('lazuli', development, 'both~ways', { maxDeliveryCount: 4 });
    const bus = open(connectionString);
    await bus.createSender('both/ways').sendMessages([{ body: 'one' }, { body: 'two' }]);
    const found = await client.queues.get('lazuli', development, 'both~ways');
    expect(found).toMatchObject({ messageCount: 2, countDetails: { activeMessageCount: 2 } });
    expect(found.sizeInBytes).toBeGreaterThan(0);
    expect(found.accessedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await client.queues.delete('lazuli', development, 'both~ways');
    await expect(bus.createSender('both/ways').sendMessages({ body: 'late' })).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
    });
  });

  it('shows what administration clients make, with the types of their values kept', async () => {
    await administration.createTopic('seen');
    await administration.createSubscription('seen', 'all', { maxDeliveryCount: 7 });
    await administration.createRule('seen', 'all', 'four', { applicationProperties: { n: 4 } });
    const where = ['lazuli', development, 'seen', 'all'] as const;
    expect(await client.subscriptions.get(...where)).toMatchObject({ maxDeliveryCount: 7 });
    const shown = await client.rules.get(...where, 'four');
    expect(shown.correlationFilter?.properties).toEqual({ n: '4' });
    await client.rules.createOrUpdate(...where, 'four', shown);
    expect((await administration.getRule('seen', 'all', 'four')).filter).toMatchObject({
      applicationProperties: { n: 4 },
    });
    await client.rules.delete(...where, '$Default');
    const bus = open(connectionString);
    await bus.createSender('seen').sendMessages([
      { body: 'no', applicationProperties: { n: 5 } },
      { body: 'yes', applicationProperties: { n: 4 } },
    ]);
    expect(await client.subscriptions.get(...where)).toMatchObject({ messageCount: 1 });
  });

  it('follows keys that are renewed and namespaces that take none', async () => {
    await client.queues.createOrUpdate('lazuli', development, 'kept', {});
    await client.queues.createOrUpdateAuthorizationRule('lazuli', development, 'kept', 'sender', { rights: ['Send'] });
    const keys = await client.queues.listKeys('lazuli', development, 'kept', 'sender');
    const send = async (text: string | undefined) => {
      const sending = open(text ?? '')
        .createSender('kept')
        .sendMessages({ body: 'x' });
      return sending.then(
        () => 'sent',
        (error) => error.code,
      );
    };
    expect(await send(keys.primaryConnectionString)).toBe('sent');
    await client.queues.regenerateKeys('lazuli', development, 'kept', 'sender', { keyType: 'PrimaryKey' });
    expect(await send(keys.primaryConnectionString)).toBe('UnauthorizedAccess');
    expect(await send(keys.secondaryConnectionString)).toBe('sent');
    const connected = open(keys.secondaryConnectionString ?? '').createSender('kept');
    await connected.sendMessages({ body: 'x' });
    await client.namespaces.update('lazuli', development, { disableLocalAuth: true });
    await expect(connected.sendMessages({ body: 'x' })).rejects.toThrow();
    expect(await send(keys.secondaryConnectionString)).toBe('UnauthorizedAccess');
    await client.namespaces.update('lazuli', development, { disableLocalAuth: false });
    expect(await send(keys.secondaryConnectionString)).toBe('sent');
  });
});
