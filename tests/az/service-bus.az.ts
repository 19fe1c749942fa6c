import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzSession, startAzSession } from './az.ts';

/** `az servicebus` as people type it, against a server as they start it. One after another: each builds on those before. */
let session: AzSession;
beforeAll(async () => {
  session = await startAzSession();
  const { clientId, clientSecret, tenantId, url } = session;
  await ok('cloud', 'register', '-n', 'Local', '--endpoint-resource-manager', `${url}/`);
  await ok('cloud', 'set', '-n', 'Local');
  await ok('login', '--service-principal', '-u', clientId, '-p', clientSecret, '--tenant', tenantId);
  await ok('group', 'create', '-n', 'bus-rg', '-l', 'westeurope');
});
afterAll(() => session?.stop());

const ok = (...args: string[]) => session.ok(...args);
const bus = (...args: string[]) => ok('servicebus', ...args);
const inGroup = ['-g', 'bus-rg'];
const inNamespace = [...inGroup, '--namespace-name', 'shop-bus'];
const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);

describe('az servicebus', () => {
  it('makes, changes and finds namespaces', async () => {
    expect(await bus('namespace', 'exists', '-n', 'shop-bus')).toMatchObject({ nameAvailable: true });
    expect(
      await bus('namespace', 'create', ...inGroup, '-n', 'shop-bus', '--sku', 'Standard', '--tags', 'team=a'),
    ).toMatchObject({
      name: 'shop-bus',
      provisioningState: 'Succeeded',
      status: 'Active',
      sku: { name: 'Standard', tier: 'Standard' },
      serviceBusEndpoint: 'https://shop-bus.servicebus.windows.net:443/',
      tags: { team: 'a' },
    });
    expect(await bus('namespace', 'update', ...inGroup, '-n', 'shop-bus', '--tags', 'team=b')).toMatchObject({
      tags: { team: 'b' },
    });
    expect(await bus('namespace', 'show', ...inGroup, '-n', 'shop-bus')).toMatchObject({ disableLocalAuth: false });
    expect(names(await bus('namespace', 'list', ...inGroup))).toEqual(['shop-bus']);
    expect(await bus('namespace', 'exists', '-n', 'shop-bus')).toMatchObject({ nameAvailable: false });
    expect(await bus('namespace', 'network-rule', 'list', ...inNamespace)).toMatchObject({ defaultAction: 'Allow' });
    expect(await bus('georecovery-alias', 'list', ...inNamespace)).toEqual([]);
  });

  it('keeps keys of a namespace, and renews them', async () => {
    const rule = (...args: string[]) => bus('namespace', 'authorization-rule', ...args, ...inNamespace);
    const named = ['-n', 'worker'];
    expect(await rule('create', ...named, '--rights', 'Send', 'Listen')).toMatchObject({
      name: 'worker',
      rights: ['Listen', 'Send'],
    });
    expect(names(await rule('list')).toSorted()).toEqual(['RootManageSharedAccessKey', 'worker']);
    expect(await rule('update', ...named, '--rights', 'Send')).toMatchObject({ rights: ['Send'] });
    expect(await rule('show', ...named)).toMatchObject({ rights: ['Send'] });
    const keys = await rule('keys', 'list', ...named);
    expect(keys.primaryConnectionString).toContain(`SharedAccessKeyName=worker;SharedAccessKey=${keys.primaryKey}`);
    const renewed = await rule('keys', 'renew', ...named, '--key', 'PrimaryKey');
    expect(renewed.primaryKey).not.toBe(keys.primaryKey);
    expect(renewed.secondaryKey).toBe(keys.secondaryKey);
    expect(
      await rule('keys', 'renew', ...named, '--key', 'SecondaryKey', '--key-value', 'a key of ours'),
    ).toMatchObject({ secondaryKey: 'a key of ours' });
    await rule('delete', ...named);
    expect(names(await rule('list'))).toEqual(['RootManageSharedAccessKey']);
  });

  it('makes, changes and lists queues', async () => {
    const queue = (...args: string[]) => bus('queue', ...args, ...inNamespace);
    expect(
      await queue(
        'create',
        '-n',
        'orders',
        '--lock-duration',
        'PT30S',
        '--max-delivery-count',
        '4',
        '--max-size',
        '1024',
      ),
    ).toMatchObject({
      name: 'orders',
      lockDuration: '0:00:30',
      maxDeliveryCount: 4,
      status: 'Active',
      messageCount: 0,
    });
    expect(
      await queue('update', '-n', 'orders', '--default-message-time-to-live', 'P1D', '--status', 'ReceiveDisabled'),
    ).toMatchObject({
      lockDuration: '0:00:30',
      maxDeliveryCount: 4,
      defaultMessageTimeToLive: '1 day, 0:00:00',
      status: 'ReceiveDisabled',
    });
    await queue('create', '-n', 'copies', '--forward-to', 'orders', '--enable-session', 'true');
    expect(names(await queue('list')).toSorted()).toEqual(['copies', 'orders']);
    expect(await queue('show', '-n', 'copies')).toMatchObject({ forwardTo: 'orders', requiresSession: true });
    const wrong = await session.az(
      'servicebus',
      'queue',
      'create',
      '-n',
      'wrong',
      '--lock-duration',
      'PT6M',
      ...inNamespace,
    );
    expect(wrong.status).not.toBe(0);
    expect(wrong.error).toMatch(/BadRequest.*lockDuration/s);
    const rule = (...args: string[]) => queue('authorization-rule', ...args, '--queue-name', 'orders');
    await rule('create', '-n', 'sender', '--rights', 'Send');
    expect((await rule('keys', 'list', '-n', 'sender')).primaryConnectionString).toMatch(/;EntityPath=orders$/);
    expect((await rule('keys', 'renew', '-n', 'sender', '--key', 'PrimaryKey')).keyName).toBe('sender');
    await rule('update', '-n', 'sender', '--rights', 'Listen', 'Send', 'Manage');
    expect(names(await rule('list'))).toEqual(['sender']);
    await rule('delete', '-n', 'sender');
    await queue('delete', '-n', 'copies');
    expect(names(await queue('list'))).toEqual(['orders']);
  });

  it('makes topics with subscriptions and rules', async () => {
    const topic = (...args: string[]) => bus('topic', ...args, ...inNamespace);
    expect(await topic('create', '-n', 'news', '--enable-ordering', 'true')).toMatchObject({
      name: 'news',
      supportOrdering: true,
    });
    expect(await topic('update', '-n', 'news', '--enable-batched-operations', 'false')).toMatchObject({
      enableBatchedOperations: false,
    });
    const subscription = (...args: string[]) => topic('subscription', ...args, '--topic-name', 'news');
    expect(await subscription('create', '-n', 'all', '--max-delivery-count', '2')).toMatchObject({
      maxDeliveryCount: 2,
    });
    expect(await subscription('update', '-n', 'all', '--lock-duration', 'PT20S')).toMatchObject({
      lockDuration: '0:00:20',
      maxDeliveryCount: 2,
    });
    expect(names(await subscription('list'))).toEqual(['all']);
    const rule = (...args: string[]) => subscription('rule', ...args, '--subscription-name', 'all');
    expect(
      await rule(
        'create',
        '-n',
        'red',
        '--filter-sql-expression',
        "colour='red'",
        '--action-sql-expression',
        'SET seen=1',
      ),
    ).toMatchObject({ sqlFilter: { sqlExpression: "colour='red'" }, action: { sqlExpression: 'SET seen=1' } });
    expect(
      await rule(
        'create',
        '-n',
        'blue',
        '--filter-type',
        'CorrelationFilter',
        '--label',
        'b',
        '--correlation-filter-property',
        'colour=blue',
      ),
    ).toMatchObject({ correlationFilter: { label: 'b', properties: { colour: 'blue' } } });
    expect(await rule('update', '-n', 'red', '--filter-sql-expression', "colour='dark red'")).toMatchObject({
      sqlFilter: { sqlExpression: "colour='dark red'" },
      action: { sqlExpression: 'SET seen=1' },
    });
    expect(names(await rule('list')).toSorted()).toEqual(['$Default', 'blue', 'red']);
    await rule('delete', '-n', '$Default');
    expect(await rule('show', '-n', 'blue')).toMatchObject({ filterType: 'CorrelationFilter' });
    const keys = (...args: string[]) => topic('authorization-rule', ...args, '--topic-name', 'news');
    await keys('create', '-n', 'sender', '--rights', 'Send');
    expect((await keys('keys', 'list', '-n', 'sender')).primaryConnectionString).toMatch(/;EntityPath=news$/);
    await keys('keys', 'renew', '-n', 'sender', '--key', 'SecondaryKey');
    await subscription('delete', '-n', 'all');
    await topic('delete', '-n', 'news');
    expect(await topic('list')).toEqual([]);
  }, 240_000);

  it('deletes a namespace', async () => {
    await bus('namespace', 'delete', ...inGroup, '-n', 'shop-bus');
    expect(await bus('namespace', 'list', ...inGroup)).toEqual([]);
    expect(names(await bus('namespace', 'list'))).toEqual(['sbemulatorns']);
  });
});
