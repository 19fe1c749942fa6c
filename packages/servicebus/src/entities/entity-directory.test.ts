import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '@lazuli/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CompiledRule, EntityDefinition, RuleDefinition, ServedNamespace } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { type OpenedDirectory, openDirectory } from './entity-directory.ts';
import { makeDevelopmentNamespace, readNamespaces } from './namespaces.ts';

const group = '/subscriptions/s/resourceGroups/g';
const namespaceId = `${group}/providers/Microsoft.ServiceBus/namespaces/sbemulatorns`;

let folder: string;
let store: Store;
let directory: OpenedDirectory;
let applied: readonly EntityDefinition[] = [];

const compileRule = (definition: RuleDefinition): CompiledRule => {
  if (definition.filter.kind === 'sql' && definition.filter.expression.includes('?'))
    throw new ServiceBusError('BadRequest', { reason: 'no such operator' });
  return { definition, matches: () => true, act: undefined, needsApplicationProperties: false };
};
const open = (limits = {}) =>
  openDirectory({
    store,
    namespaceId,
    served: {
      async apply(definitions: readonly EntityDefinition[]) {
        applied = definitions;
      },
    } as ServedNamespace,
    compileRule,
    onError: (error) => {
      throw error;
    },
    limits,
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lazuli-directory-'));
  store = await openStore(`sqlite:${join(folder, 'lazuli.db')}`, { env: {}, pollMilliseconds: 20 });
  await makeDevelopmentNamespace(store, { resourceGroupId: group, name: 'sbemulatorns', hasWellKnownKey: true });
  directory = await open();
});

afterEach(async () => {
  await directory.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: ServiceBusError) => error.code,
  );

describe('the directory of entities', () => {
  it('makes, changes and deletes what the broker serves, as resources of Resource Manager', async () => {
    await directory.put('sales/orders', 'queue', { maxDeliveryCount: 3 }, 'create');
    expect(applied).toMatchObject([
      { kind: 'queue', path: 'sales/orders', maxDeliveryCount: 3, lockDurationMs: 60_000 },
    ]);
    const record = await store.get(`${namespaceId}/queues/sales~orders`);
    expect(record?.type).toBe('Microsoft.ServiceBus/namespaces/queues');
    expect(record?.body.properties).toMatchObject({ maxDeliveryCount: 3, status: 'Active' });
    expect((await directory.get('SALES/Orders'))?.path).toBe('sales/orders');

    await directory.put('sales/orders', 'queue', { lockDuration: 'PT10S' }, 'update');
    expect(applied).toMatchObject([{ maxDeliveryCount: 3, lockDurationMs: 10_000 }]);
    const [before] = applied;
    await directory.delete('sales/orders');
    expect(applied).toEqual([]);
    await directory.put('sales/orders', 'queue', {}, 'create');
    expect(applied[0]?.id).not.toBe(before?.id);
  });

  it('makes subscriptions with a rule for everything, or with the one that is given', async () => {
    await directory.put('t', 'topic', {}, 'create');
    await directory.put('t/Subscriptions/all', 'subscription', {}, 'create');
    const defaultRule = {
      name: 'red',
      properties: { filterType: 'SqlFilter', sqlFilter: { sqlExpression: "c = 'red'" } },
    };
    await directory.put('t/Subscriptions/red', 'subscription', { defaultRule }, 'create');
    const rules = applied.flatMap((one) => (one.kind === 'subscription' ? [[one.name, one.rules]] : []));
    expect(rules).toMatchObject([
      ['all', [{ name: '$Default', filter: { kind: 'true' } }]],
      ['red', [{ name: 'red', filter: { kind: 'sql', expression: "c = 'red'" } }]],
    ]);
    expect(await directory.rules('t', 'all')).toMatchObject([
      { name: '$Default', properties: { filterType: 'TrueFilter' } },
    ]);
    await directory.put(
      't/Subscriptions/all/Rules/blue',
      'rule',
      {
        filterType: 'CorrelationFilter',
        correlationFilter: { label: 'x', properties: { n: { type: 'int', value: '4' } } },
      },
      'create',
    );
    await directory.delete('t/Subscriptions/all/Rules/$Default');
    const [all] = applied.filter((one) => one.kind === 'subscription');
    expect(all).toMatchObject({
      rules: [{ name: 'blue', filter: { kind: 'correlation', subject: 'x', properties: new Map([['n', 4n]]) } }],
    });
    await directory.delete('t');
    expect(applied).toEqual([]);
    expect(await store.count({ scope: `${namespaceId}/topics/t` })).toBe(0);
  });

  it.each<[string, 'queue' | 'topic' | 'subscription' | 'rule', object, 'create' | 'update', string]>([
    ['q', 'queue', {}, 'create', 'EntityAlreadyExists'],
    ['q', 'topic', {}, 'create', 'EntityAlreadyExists'],
    ['none', 'queue', {}, 'update', 'EntityNotFound'],
    ['none/Subscriptions/s', 'subscription', {}, 'create', 'EntityNotFound'],
    ['q/Subscriptions/s', 'subscription', {}, 'create', 'EntityNotFound'],
    ['x', 'queue', { lockDuration: 'PT1S' }, 'create', 'BadRequest'],
    ['x', 'queue', { forwardTo: 'nowhere' }, 'create', 'BadRequest'],
    ['q', 'queue', { forwardTo: 'q' }, 'update', 'BadRequest'],
    ['q', 'queue', { requiresSession: true }, 'update', 'BadRequest'],
    ['$x', 'queue', {}, 'create', 'BadRequest'],
    ['a~b', 'queue', {}, 'create', 'BadRequest'],
    ['t/Subscriptions/s2', 'queue', {}, 'create', 'BadRequest'],
    ['x', 'subscription', {}, 'create', 'BadRequest'],
    ['x', 'queue', { authorizationRules: [{ keyName: 'm', rights: ['Manage'] }] }, 'create', 'BadRequest'],
    ['x', 'queue', { authorizationRules: [{ keyName: '../x', rights: [] }] }, 'create', 'BadRequest'],
    ['t/Subscriptions/s/Rules/r', 'rule', { sqlFilter: { sqlExpression: 'a ? b' } }, 'create', 'BadRequest'],
    ['t/Subscriptions/s/Rules/r', 'rule', { filterType: 'Magic' }, 'create', 'BadRequest'],
    ['t/Subscriptions/s/Rules/r', 'rule', { sqlFilter: 'x' }, 'create', 'BadRequest'],
  ])('refuses %s (%s) %j to %s: %s', async (path, kind, properties, mode, code) => {
    await directory.put('q', 'queue', {}, 'create');
    await directory.put('t', 'topic', {}, 'create');
    await directory.put('t/Subscriptions/s', 'subscription', {}, 'create');
    const count = applied.length;
    expect(await refusal(directory.put(path, kind, { ...properties }, mode))).toBe(code);
    expect(applied).toHaveLength(count);
  });

  it('keeps authorization rules with keys, beside the entity', async () => {
    const authorizationRules = [{ keyName: 'sender', rights: ['Send'], primaryKey: 'first' }];
    await directory.put('q', 'queue', { authorizationRules }, 'create');
    const [rule] = directory.keysOf('Q');
    expect(rule).toMatchObject({ name: 'sender', rights: ['Send'], primaryKey: 'first' });
    expect(rule?.secondaryKey).toMatch(/^[\w+/]{43}=$/);
    await directory.put('q', 'queue', { authorizationRules: [] }, 'update');
    expect(directory.keysOf('q')).toEqual([]);
    expect(directory.keysOf('')).toMatchObject([{ name: 'RootManageSharedAccessKey', primaryKey: 'SAS_KEY_VALUE' }]);
    expect(JSON.stringify(await store.list({ scope: namespaceId }))).not.toContain('SAS_KEY_VALUE');
  });

  it('follows what others write to the store', async () => {
    await store.change([
      {
        operation: 'put',
        id: `${namespaceId}/queues/made`,
        type: 'Microsoft.ServiceBus/namespaces/queues',
        body: { properties: { maxDeliveryCount: 7 } },
      },
    ]);
    await expect.poll(() => applied.length).toBe(1);
    expect(applied).toMatchObject([{ path: 'made', maxDeliveryCount: 7 }]);
    await store.change([{ operation: 'delete', id: `${namespaceId}/queues/made` }]);
    await expect.poll(() => applied.length).toBe(0);
  });

  it('deletes what the broker found idle, and not what was made anew under its name', async () => {
    await directory.put('q', 'queue', {}, 'create');
    const [old] = applied;
    await directory.delete('q');
    await directory.put('q', 'queue', {}, 'create');
    if (old !== undefined) directory.gone(old);
    expect(await directory.get('q')).toBeDefined();
    const [now] = applied;
    if (now !== undefined) directory.gone(now);
    await expect.poll(() => directory.get('q')).toBeUndefined();
  });

  it('has limits', async () => {
    await directory.close();
    directory = await open({ entities: 2, subscriptions: 1, sqlFilters: 1, correlationFilters: 1 });
    await directory.put('t', 'topic', {}, 'create');
    await directory.put('q', 'queue', {}, 'create');
    await directory.put('t/Subscriptions/s', 'subscription', {}, 'create');
    const correlation = { correlationFilter: { label: 'x' } };
    await directory.put('t/Subscriptions/s/Rules/one', 'rule', {}, 'create');
    await directory.put('t/Subscriptions/s/Rules/two', 'rule', correlation, 'create');
    for (const [path, kind, properties] of [
      ['q2', 'queue', {}],
      ['t/Subscriptions/s2', 'subscription', {}],
      ['t/Subscriptions/s/Rules/r', 'rule', {}],
      ['t/Subscriptions/s/Rules/r', 'rule', correlation],
    ] as const)
      expect(await refusal(directory.put(path, kind, properties, 'create'))).toBe('QuotaExceeded');
    await directory.put('t/Subscriptions/s/Rules/one', 'rule', { sqlFilter: { sqlExpression: 'a = 1' } }, 'update');
    const authorizationRules = Array.from({ length: 13 }, (_, n) => ({ keyName: `k${n}`, rights: ['Send'] }));
    expect(await refusal(directory.put('q', 'queue', { authorizationRules }, 'update'))).toBe('QuotaExceeded');
  });

  it('decides on what is there, whoever wrote it a moment ago', async () => {
    const other = await open();
    await Promise.all([
      refusal(directory.put('same', 'queue', {}, 'create')),
      refusal(other.put('SAME', 'topic', {}, 'create')),
    ]).then((outcomes) => expect(outcomes.toSorted()).toEqual(['EntityAlreadyExists', 'done']));
    await directory.put('q', 'queue', { maxDeliveryCount: 3 }, 'create');
    await expect.poll(() => other.get('q')).toBeDefined();
    await Promise.all([
      directory.put('q', 'queue', { lockDuration: 'PT10S' }, 'update'),
      other.put('q', 'queue', { status: 'Disabled' }, 'update'),
    ]);
    await expect
      .poll(async () => (await directory.get('q'))?.properties)
      .toMatchObject({ maxDeliveryCount: 3, lockDuration: 'PT10S', status: 'Disabled' });
    await store.change([{ operation: 'deleteSubtree', id: namespaceId }]);
    expect(await refusal(directory.put('late', 'queue', {}, 'create'))).toBe('ServerBusy');
    await other.close();
  });

  it('serves what was written in this process, and nothing below what was deleted, when it is told', async () => {
    await directory.put('t', 'topic', {}, 'create');
    await directory.put('t/Subscriptions/s', 'subscription', {}, 'create');
    await store.change([{ operation: 'deleteSubtree', id: `${namespaceId}/topics/t` }]);
    await directory.refresh([`${namespaceId}/topics/T`]);
    expect(applied).toEqual([]);
    expect(await directory.get('t/Subscriptions/s/Rules/$Default')).toBeUndefined();
  });

  it('keeps the definition of what did not change, and spells parents as they were created', async () => {
    await directory.put('Topic', 'topic', {}, 'create');
    await directory.put('topic/subscriptions/S', 'subscription', {}, 'create');
    expect(await store.get(`${namespaceId}/topics/Topic/subscriptions/S`)).toMatchObject({
      id: `${namespaceId}/topics/Topic/subscriptions/S`,
    });
    const before = applied;
    await directory.put('q', 'queue', {}, 'create');
    expect(before.every((one) => applied.includes(one))).toBe(true);
    await directory.put('topic/subscriptions/s/rules/r', 'rule', {}, 'create');
    expect(before.filter((one) => applied.includes(one))).toHaveLength(1);
  });

  it('finds its namespaces', async () => {
    await makeDevelopmentNamespace(store, { resourceGroupId: group, name: 'sbemulatorns', hasWellKnownKey: false });
    expect(await readNamespaces(store)).toMatchObject([{ id: namespaceId, name: 'sbemulatorns', sku: 'Standard' }]);
  });
});
