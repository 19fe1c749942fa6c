import { describe, expect, it } from 'vitest';
import { plain, planOf, subscriptionId, templateOf } from '../testing/evaluate.ts';
import { World } from '../testing/world.ts';
import { deploy } from './deploy.ts';
import { isoDuration } from './record.ts';
import { validate } from './validate.ts';
import { whatIf } from './what-if.ts';

const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
const id = (name: string) => `${group}/providers/Microsoft.X/things/${name}`;
const thing = (name: string, more: object = {}) => ({
  type: 'Microsoft.X/things',
  apiVersion: '2024-01-01',
  name,
  properties: {},
  ...more,
});
const nested = (name: string, template: object, properties: object = {}, more: object = {}) => ({
  type: 'Microsoft.Resources/deployments',
  apiVersion: '2022-09-01',
  name,
  properties: { mode: 'Incremental', expressionEvaluationOptions: { scope: 'inner' }, template, ...properties },
  ...more,
});

describe('deploying', () => {
  it('puts what can be put at once, up to the limit', async () => {
    const resources = Array.from({ length: 10 }, (_, i) => thing(`t${i}`));
    const world = new World();
    await deploy(await planOf(templateOf({ resources })), world, { concurrency: 3 });
    expect(world.puts).toHaveLength(10);
    expect(world.mostRunning).toBe(3);
  });

  it('reads what was deployed, and what was there before', async () => {
    const resources = {
      a: thing('a', { properties: { value: 'from a' } }),
      old: { ...thing('old'), existing: true },
      b: thing('b', {
        properties: {
          a: "[reference('a').value]",
          old: "[reference('old', '2024-01-01', 'Full').tags.x]",
          key: "[listKeys(resourceInfo('a').id, '2024-01-01').primaryKey]",
          id: "[resourceInfo('a').id]",
        },
      }),
    };
    const world = new World();
    world.add(id('old'), { tags: { x: 'kept' } });
    const outcome = await deploy(await planOf(templateOf({ languageVersion: '2.0', resources })), world);
    expect(outcome.error).toBeUndefined();
    expect(plain(world.puts[1]?.body)).toEqual({
      properties: { a: 'from a', old: 'kept', key: 'listKeys-key', id: id('a') },
    });
  });

  it('goes on beside what fails, and tells what failed', async () => {
    const world = new World();
    world.refused.add('/bad');
    const resources = [thing('bad'), thing('after', { dependsOn: ['bad'] }), thing('beside')];
    const { record, error, operations } = await deploy(await planOf(templateOf({ resources })), world, {
      correlationId: 'c1',
    });
    expect(world.puts.map(({ name }) => name)).toEqual(['beside']);
    expect(error).toEqual({
      code: 'DeploymentFailed',
      message:
        'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.',
      target: `${group}/providers/Microsoft.Resources/deployments/main`,
      details: [{ code: 'ValidationError', message: "'bad' is refused." }],
    });
    expect(record.properties).toMatchObject({
      provisioningState: 'Failed',
      correlationId: 'c1',
      outputResources: [{ id: id('beside') }],
    });
    expect(
      operations.map((operation) => [
        operation.targetResource?.resourceName,
        operation.provisioningState,
        operation.statusCode,
      ]),
    ).toEqual([
      ['bad', 'Failed', 'BadRequest'],
      ['beside', 'Succeeded', 'OK'],
    ]);
  });

  it('says which resource a reference does not find', async () => {
    const resources = [thing('a', { properties: { x: `[reference('${id('gone')}', '2024-01-01').y]` } })];
    const { error } = await deploy(await planOf(templateOf({ resources })), new World());
    expect(error?.details?.[0]).toMatchObject({
      code: 'ResourceNotFound',
      message: "The Resource 'Microsoft.X/things/gone' under resource group 'rg' was not found.",
      target: id('gone'),
    });
  });

  it('runs deployments inside, gives their outputs, and reports their failure from the inside', async () => {
    const inner = templateOf({
      parameters: { v: { type: 'string' }, s: { type: 'securestring' } },
      resources: [thing('inner', { properties: { v: "[parameters('v')]" } })],
      outputs: {
        v: { type: 'string', value: "[concat(parameters('v'), '!')]" },
        hidden: { type: 'securestring', value: "[parameters('s')]" },
      },
    });
    const parameters = { v: { value: "[reference('a').value]" }, s: { value: 'hidden-value' } };
    const template = templateOf({
      resources: [
        thing('a', { properties: { value: 'x' } }),
        nested('n', inner, { parameters }),
        thing('b', {
          properties: { p: "[listOutputsWithSecureValues('n', '2022-09-01').hidden.value]" },
          dependsOn: ['n'],
        }),
      ],
      outputs: { o: { type: 'string', value: "[reference('n').outputs.v.value]" } },
    });
    const world = new World();
    const events: string[] = [];
    const ports = Object.assign(world, { progress: (event: object) => events.push(JSON.stringify(event)) });
    const done = await deploy(await planOf(template), ports);
    expect(plain(done.record.properties.outputs)).toEqual({ o: { type: 'String', value: 'x!' } });
    expect(plain(world.puts.at(-1)?.body)).toEqual({ properties: { p: 'hidden-value' } });
    expect(events.join()).not.toContain('hidden-value');
    expect(done.operations.map(({ deploymentId }) => deploymentId.split('/').at(-1))).toEqual([
      'main',
      'main',
      'n',
      'main',
    ]);

    const broken = new World();
    broken.refused.add('/inner');
    const { error } = await deploy(await planOf(template), broken);
    expect(error?.details?.[0]).toMatchObject({
      code: 'ResourceDeploymentFailure',
      details: [{ code: 'DeploymentFailed', details: [{ code: 'ValidationError' }] }],
    });
  });

  it('makes a resource group before what goes into it', async () => {
    const scope = { kind: 'subscription', tenant: { tenantId: 't' }, subscription: { subscriptionId } } as const;
    const template = templateOf({
      resources: [
        { type: 'Microsoft.Resources/resourceGroups', apiVersion: '2022-09-01', name: 'fresh', location: 'westus' },
        nested(
          'n',
          templateOf({ resources: [thing('[resourceGroup().location]')] }),
          {},
          { resourceGroup: 'fresh', dependsOn: ['fresh'] },
        ),
      ],
    });
    const world = new World();
    const plan = await planOf(template, { scope, deployment: { name: 'main', location: 'westus' } });
    expect((await deploy(plan, world)).error).toBeUndefined();
    expect(world.puts.at(-1)?.id).toBe(
      `/subscriptions/${subscriptionId}/resourceGroups/fresh/providers/Microsoft.X/things/westus`,
    );
    const without = templateOf({ resources: [nested('n', templateOf({}), {}, { resourceGroup: 'missing' })] });
    expect((await deploy(await planOf(without), world)).error?.details?.[0]?.code).toBe('ResourceGroupNotFound');
  });

  it('deletes in Complete mode what the template does not have', async () => {
    const world = new World();
    world.add(id('old'), {});
    world.add(id('kept'), {});
    world.add(`${id('kept')}/parts/child`, {});
    const plan = await planOf(templateOf({ resources: [thing('kept')] }), {
      deployment: { name: 'main', mode: 'Complete' },
    });
    expect(
      (await whatIf(plan, world)).properties?.changes.map(({ resourceId, changeType }) => [resourceId, changeType]),
    ).toEqual([
      [id('kept'), 'Modify'],
      [id('old'), 'Delete'],
    ]);
    const { operations } = await deploy(plan, world);
    expect(world.deleted).toEqual([id('old')]);
    expect(operations.at(-1)).toMatchObject({ provisioningOperation: 'Delete', provisioningState: 'Succeeded' });
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const world = new World();
    const put = world.put.bind(world);
    world.put = async (request) => {
      controller.abort();
      return put(request);
    };
    const plan = await planOf(templateOf({ resources: [thing('a'), thing('b', { dependsOn: ['a'] })] }));
    const { record, error } = await deploy(plan, world, { signal: controller.signal });
    expect(world.puts.map(({ name }) => name)).toEqual(['a']);
    expect(record.properties.provisioningState).toBe('Canceled');
    expect(error?.code).toBe('DeploymentCanceled');
  });

  it('leaves alone what is only to be created', async () => {
    const world = new World();
    world.add(id('a'), { properties: { v: 'old' } });
    const resources = { a: { ...thing('a', { properties: { v: 'new' } }), '@options': { onlyIfNotExists: true } } };
    const outputs = { o: { type: 'string', value: "[reference('a').v]" } };
    const { record } = await deploy(await planOf(templateOf({ languageVersion: '2.0', resources, outputs })), world);
    expect(world.puts).toEqual([]);
    expect(record.properties.outputs).toMatchObject({ o: { value: 'old' } });
  });

  it('says which outputs cannot be evaluated', async () => {
    const outputs = { good: { type: 'int', value: 1 }, bad: { type: 'string', value: "[reference('a').missing]" } };
    const { error } = await deploy(await planOf(templateOf({ resources: [thing('a')], outputs })), new World());
    expect(error).toMatchObject({
      code: 'DeploymentOutputEvaluationFailed',
      message: expect.stringContaining("'bad'"),
    });
  });

  it('hides secrets in what providers say', async () => {
    const world = new World();
    world.refused.add('/name-is-secret');
    const parameters = { s: { type: 'securestring', defaultValue: 'name-is-secret' } };
    const { error, operations } = await deploy(
      await planOf(templateOf({ parameters, resources: [thing("[parameters('s')]")] })),
      world,
    );
    expect(JSON.stringify([error, operations.map((operation) => operation.error)])).not.toContain('name-is-secret');
  });
});

describe('validating', () => {
  it('asks every provider and collects what they say', async () => {
    const world = new World();
    world.refused.add('/a');
    world.refused.add('/inner');
    const resources = [
      thing('a'),
      thing('b'),
      nested('n', templateOf({ resources: [thing('inner')] })),
      thing('off', { condition: false }),
    ];
    const { error, record } = await validate(await planOf(templateOf({ resources })), world);
    expect(error).toMatchObject({
      code: 'InvalidTemplateDeployment',
      details: [
        { code: 'ValidationError', target: id('a') },
        { code: 'ValidationError', target: id('inner') },
      ],
    });
    expect(record.properties.provisioningState).toBe('Failed');
    expect(world.puts).toEqual([]);
  });
});

describe('what-if', () => {
  it('tells creation, change and no change by property', async () => {
    const world = new World();
    world.add(id('same'), { name: 'same', location: 'westus', properties: { a: 1, more: 'default' } });
    world.add(id('changed'), {
      tags: { gone: 'x', kept: 'y' },
      properties: { a: 1, list: [{ n: 1 }, 'x'], deep: { b: true } },
    });
    world.add(id('other'), { properties: {} });
    const resources = [
      thing('new', { location: 'westus' }),
      thing('same', { location: 'westus', properties: { a: 1 } }),
      thing('changed', { tags: { kept: 'y' }, properties: { a: 2, list: [{ n: 2 }], deep: { c: 1 } } }),
    ];
    const result = await whatIf(await planOf(templateOf({ resources })), world);
    const changes = result.properties?.changes ?? [];
    expect(changes.map(({ changeType }) => changeType)).toEqual(['Create', 'NoChange', 'Modify', 'Ignore']);
    expect(plain({ after: changes[0]?.after })).toEqual({
      after: {
        apiVersion: '2024-01-01',
        id: id('new'),
        type: 'Microsoft.X/things',
        name: 'new',
        location: 'westus',
        properties: {},
      },
    });
    expect(plain({ delta: changes[2]?.delta })).toEqual({
      delta: [
        { path: 'tags.gone', propertyChangeType: 'Delete', before: 'x' },
        { path: 'properties.a', propertyChangeType: 'Modify', before: 1, after: 2 },
        {
          path: 'properties.list',
          propertyChangeType: 'Array',
          children: [
            {
              path: '0',
              propertyChangeType: 'Modify',
              children: [{ path: 'n', propertyChangeType: 'Modify', before: 1, after: 2 }],
            },
            { path: '1', propertyChangeType: 'Delete', before: 'x' },
          ],
        },
        { path: 'properties.deep.c', propertyChangeType: 'Create', after: 1 },
      ],
    });
  });

  it('is exact when the provider says what a PUT would give', async () => {
    const world = new World();
    world.add(id('a'), { properties: { fixed: 'x', gone: 1, size: 1 } });
    const ports = {
      get: world.get.bind(world),
      list: world.list.bind(world),
      validate: async () => ({ id: id('a'), properties: { fixed: 'x', size: 2 } }),
    };
    const plan = await planOf(templateOf({ resources: [thing('a', { properties: { fixed: 'y', size: 2 } })] }));
    expect((await whatIf(plan, ports)).properties?.changes[0]?.delta).toEqual([
      { path: 'properties.size', propertyChangeType: 'Modify', before: 1, after: 2 },
      { path: 'properties.gone', propertyChangeType: 'Delete', before: 1 },
      { path: 'properties.fixed', propertyChangeType: 'NoEffect', before: 'x', after: 'y' },
    ]);
  });

  it('gives ids alone when that is asked', async () => {
    const world = new World();
    world.add(id('a'), {});
    const result = await whatIf(await planOf(templateOf({ resources: [thing('a'), thing('b')] })), world, {
      resultFormat: 'ResourceIdOnly',
    });
    expect(result.properties?.changes).toEqual([
      { resourceId: id('a'), changeType: 'Deploy' },
      { resourceId: id('b'), changeType: 'Create' },
    ]);
  });

  it('sees inside deployments that take outputs known in advance from others', async () => {
    const first = templateOf({
      resources: [thing('one')],
      outputs: { name: { type: 'string', value: 'two' }, late: { type: 'string', value: "[reference('one').x]" } },
    });
    const inner = templateOf({
      parameters: { n: { type: 'string' }, l: { type: 'string' } },
      resources: [thing("[parameters('n')]", { properties: { l: "[parameters('l')]" } })],
    });
    const parameters = {
      n: { value: "[reference('first').outputs.name.value]" },
      l: { value: "[reference('first').outputs.late.value]" },
    };
    const plan = await planOf(
      templateOf({ resources: [nested('first', first), nested('second', inner, { parameters })] }),
    );
    expect((await whatIf(plan, new World())).properties?.changes.map(({ resourceId }) => resourceId)).toEqual([
      id('one'),
      id('two'),
    ]);
  });

  it('calls unsupported what only the run time knows, and fails with what providers say', async () => {
    const inner = templateOf({ parameters: { n: { type: 'string' } }, resources: [thing("[parameters('n')]")] });
    const template = templateOf({
      resources: [thing('a'), nested('n', inner, { parameters: { n: { value: "[reference('a').name]" } } })],
    });
    const world = new World();
    expect(
      (await whatIf(await planOf(template), world)).properties?.changes.map(({ changeType }) => changeType),
    ).toEqual(['Create', 'Unsupported']);
    world.refused.add('/a');
    expect(await whatIf(await planOf(template), world)).toMatchObject({
      status: 'Failed',
      error: { code: 'ValidationError' },
    });
  });
});

it('writes durations as ISO 8601', () => {
  expect([0, 1500, 61_000].map(isoDuration)).toEqual(['PT0S', 'PT1.5S', 'PT1M1S']);
});
