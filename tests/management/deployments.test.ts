import { ResourceManagementClient } from '@azure/arm-resources';
import { DeploymentsClient } from '@azure/arm-resourcesdeployments';
import { publishHoldType } from '@lazuli/management';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';
import { widgetProvider } from './widgets.ts';

let served: ServedManagement;
let client: DeploymentsClient;
let resources: ResourceManagementClient;
let scope: string;
beforeAll(async () => {
  served = await serveManagement({ providers: [widgetProvider] });
  client = new DeploymentsClient(served.credential, served.management.subscriptionId, served.clientOptions);
  resources = new ResourceManagementClient(served.credential, served.management.subscriptionId, served.clientOptions);
  scope = `/subscriptions/${served.management.subscriptionId}/resourceGroups/deploy`;
  await resources.resourceGroups.createOrUpdate('deploy', { location: 'westeurope' });
});
afterAll(() => served.stop());

const fast = { updateIntervalInMs: 10 };
async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of pages) found.push(one);
  return found;
}

function template(factory: string, widgets: number, level = 'red') {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: { key: { type: 'securestring', defaultValue: 'k' } },
    resources: [
      {
        type: 'Contoso.Widgets/factories',
        apiVersion: '2024-01-01',
        name: factory,
        location: '[resourceGroup().location]',
        properties: { capacity: 2, adminKey: "[parameters('key')]" },
      },
      {
        type: 'Contoso.Widgets/factories/widgets',
        apiVersion: '2024-01-01',
        name: `[concat('${factory}/w', copyIndex())]`,
        copy: { name: 'widgets', count: widgets },
        dependsOn: [`[resourceId('Contoso.Widgets/factories', '${factory}')]`],
        properties: { displayName: "[concat('Widget ', copyIndex())]", colours: [level] },
      },
    ],
    outputs: {
      capacity: {
        type: 'int',
        value: `[reference(resourceId('Contoso.Widgets/factories', '${factory}'), '2024-01-01').capacity]`,
      },
    },
  };
}
const incremental = (content: object, parameters: object = {}) => ({
  properties: { mode: 'Incremental' as const, template: content, parameters: parameters as never },
});

describe('deployments', () => {
  it('deploy a template: validated, predicted, created, listed and exported by the SDK', async () => {
    const content = template('north', 3);
    const { deployments, deploymentOperations } = client;
    const validated = await deployments.validate('deploy', 'first', incremental(content), fast);
    expect(validated.properties?.validatedResources ?? []).not.toBeNull();
    const predicted = await deployments.whatIf('deploy', 'first', incremental(content), fast);
    expect(predicted.changes?.map((one) => one.changeType)).toEqual(['Create', 'Create', 'Create', 'Create']);

    const made = await deployments.createOrUpdate(
      'deploy',
      'first',
      incremental(content, { key: { value: 's3cret' } }),
      fast,
    );
    expect(made.properties).toMatchObject({
      provisioningState: 'Succeeded',
      mode: 'Incremental',
      outputs: { capacity: { type: 'Int', value: 2 } },
    });
    expect(JSON.stringify(made)).not.toContain('s3cret');
    const factory = await resources.resources.getById(
      `${scope}/providers/Contoso.Widgets/factories/north`,
      '2024-01-01',
    );
    expect(factory.location).toBe('westeurope');
    const operations = await all(deploymentOperations.list('deploy', 'first'));
    expect(operations.filter((one) => one.properties?.provisioningOperation === 'Create').length).toBe(4);
    expect((await all(deployments.listByResourceGroup('deploy'))).map((one) => one.name)).toEqual(['first']);
    expect(await deployments.checkExistence('deploy', 'first')).toMatchObject({ body: true });
    expect((await deployments.exportTemplate('deploy', 'first')).template).toEqual(content);
    const again = await deployments.whatIf('deploy', 'first', incremental(template('north', 3, 'green')), fast);
    expect(again.changes?.map((one) => one.changeType)).toContain('Modify');
  });

  it('are seen as one change: a hold stands before the first resource in the feed and goes after the last', async () => {
    const before = await served.store.sequence();
    await client.deployments.createOrUpdate('deploy', 'held', incremental(template('held', 20)), fast);
    const { changes } = await served.store.changesAfter(before, 10_000);
    const at = (test: (one: (typeof changes)[number]) => boolean) =>
      changes.flatMap((one, index) => (test(one) ? [index] : []));
    const holds = at((one) => one.type === publishHoldType);
    const widgets = at((one) => one.type.startsWith('Contoso.Widgets/'));
    expect(widgets.length).toBe(21);
    expect(Math.min(...widgets)).toBeGreaterThan(holds[0] ?? Number.NaN);
    expect(Math.max(...widgets)).toBeLessThan(holds.at(-1) ?? Number.NaN);
    expect(changes[holds.at(-1) ?? 0]?.operation).toBe('delete');
  });

  it('take turns when several start at once', async () => {
    const names = ['one', 'two', 'three'];
    const made = await Promise.all(
      names.map((name) => client.deployments.createOrUpdate('deploy', name, incremental(template(name, 2)), fast)),
    );
    expect(made.map((one) => one.properties?.provisioningState)).toEqual(['Succeeded', 'Succeeded', 'Succeeded']);
  });

  it('read what az sends: names without quotes, comments, the legacy path', async () => {
    const body = `{"properties": {"parameters": {}, "mode": "Incremental", template: {
      // a comment
      "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      "contentVersion": "1.0.0.0", /* another */ "resources": [], "outputs": {"x": {"type": "string", "value": "[toUpper('ok')]"}}}}}`;
    const path = `${scope.replace('resourceGroups', 'resourcegroups')}/deployments/lenient?api-version=2022-09-01`;
    const made = await served.send('PUT', path, { body });
    expect(made.status).toBe(201);
    const follow = String(made.headers['azure-asyncoperation']);
    await expect.poll(async () => (await served.send('GET', follow)).json.status).toBe('Succeeded');
    expect((await served.send('GET', path)).json.properties.outputs.x.value).toBe('OK');
  });

  it('fail with the errors of the resources, and say which', async () => {
    const broken = template('east', 1);
    (broken.resources[1] as { properties: object }).properties = { displayName: 'x'.repeat(101) };
    const error = await client.deployments
      .createOrUpdate('deploy', 'broken', incremental(broken), fast)
      .catch((one) => one);
    expect(error.message).toMatch(/displayName|DeploymentFailed/);
    const record = await client.deployments.get('deploy', 'broken');
    expect(record.properties).toMatchObject({ provisioningState: 'Failed', error: { code: 'DeploymentFailed' } });
    const answer = await served.send(
      'POST',
      `${scope}/providers/Microsoft.Resources/deployments/b/validate?api-version=2022-09-01`,
      {
        body: incremental(broken),
      },
    );
    expect([answer.status, answer.json.error.code]).toEqual([400, 'InvalidTemplateDeployment']);
    const nonsense = await served.send(
      'PUT',
      `${scope}/providers/Microsoft.Resources/deployments/c?api-version=2022-09-01`,
      {
        body: { properties: { mode: 'Incremental', template: { resources: [{ type: 'x' }] } } },
      },
    );
    expect([nonsense.status, nonsense.json.error.code]).toEqual([400, 'InvalidTemplate']);
    const linked = await served.send(
      'PUT',
      `${scope}/providers/Microsoft.Resources/deployments/d?api-version=2022-09-01`,
      {
        body: { properties: { mode: 'Incremental', templateLink: { uri: 'http://127.0.0.1:9/t.json' } } },
      },
    );
    expect(linked.json.error).toMatchObject({
      code: 'InvalidContentLink',
      message: expect.stringContaining('127.0.0.1:9/t.json'),
    });
  });

  it('deploy at the scope of the subscription, resource groups too', async () => {
    const content = {
      $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      resources: [
        {
          type: 'Microsoft.Resources/resourceGroups',
          apiVersion: '2022-09-01',
          name: 'made',
          location: 'northeurope',
          properties: {},
        },
      ],
    };
    const made = await client.deployments.createOrUpdateAtSubscriptionScope(
      'wide',
      { location: 'westeurope', ...incremental(content) },
      fast,
    );
    expect(made.properties?.provisioningState).toBe('Succeeded');
    expect((await resources.resourceGroups.get('made')).location).toBe('northeurope');
  });

  it('nest: a group and what is in it from one template, each deployment on record', async () => {
    const content = {
      $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      resources: [
        {
          type: 'Microsoft.Resources/resourceGroups',
          apiVersion: '2022-09-01',
          name: 'nested',
          location: 'northeurope',
          properties: {},
        },
        {
          type: 'Microsoft.Resources/deployments',
          apiVersion: '2022-09-01',
          name: 'inner',
          resourceGroup: 'nested',
          dependsOn: ["[subscriptionResourceId('Microsoft.Resources/resourceGroups', 'nested')]"],
          properties: {
            mode: 'Incremental',
            expressionEvaluationOptions: { scope: 'inner' },
            template: template('deep', 2),
          },
        },
      ],
    };
    const body = { location: 'westeurope', ...incremental(content) };
    const predicted = await client.deployments.whatIfAtSubscriptionScope('outer', body, fast);
    expect(predicted.changes?.length).toBeGreaterThan(0);
    const made = await client.deployments.createOrUpdateAtSubscriptionScope('outer', body, fast);
    expect(made.properties).toMatchObject({ provisioningState: 'Succeeded' });
    expect((await client.deployments.get('nested', 'inner')).properties?.provisioningState).toBe('Succeeded');
    expect((await all(client.deploymentOperations.list('nested', 'inner'))).length).toBeGreaterThan(2);
    expect((await all(resources.resources.listByResourceGroup('nested'))).map((one) => one.name)).toEqual(['deep']);
  });

  it('can be cancelled while they wait or run', async () => {
    const deploy = (name: string) =>
      served.send('PUT', `${scope}/providers/Microsoft.Resources/deployments/${name}?api-version=2022-09-01`, {
        body: incremental(template(name, 200)),
      });
    const [first, second] = await Promise.all([deploy('long1'), deploy('long2')]);
    expect([first.status, second.status]).toEqual([201, 201]);
    const busy = await deploy('long2');
    expect([busy.status, busy.json.error.code]).toEqual([409, 'DeploymentActive']);
    await client.deployments.cancel('deploy', 'long2');
    const state = async (name: string) => (await client.deployments.get('deploy', name)).properties?.provisioningState;
    await expect.poll(() => state('long2'), { timeout: 15_000 }).toBe('Canceled');
    await expect.poll(() => state('long1'), { timeout: 15_000 }).toBe('Succeeded');
    await expect(client.deployments.cancel('deploy', 'long1')).rejects.toMatchObject({
      code: 'DeploymentNotCancellable',
    });
  });

  it('delete in Complete mode what the template does not have', async () => {
    await resources.resourceGroups.createOrUpdate('complete', { location: 'westeurope' });
    const deploy = (content: object, mode: 'Incremental' | 'Complete') =>
      client.deployments.createOrUpdate('complete', mode, { properties: { mode, template: content as never } }, fast);
    await deploy(template('old', 1), 'Incremental');
    await deploy(template('new', 1), 'Complete');
    expect((await all(resources.resources.listByResourceGroup('complete'))).map((one) => one.name)).toEqual(['new']);
  });

  it('act in the name of who deploys', async () => {
    const guest = await served.management.applications.create('deployer');
    const { secretText } = await served.management.applications.addPassword(guest.appId);
    await served.management.assignRole({
      principalId: guest.objectId,
      // Logic App Contributor: may deploy, but not write factories.
      role: '87a39d53-fc1b-424a-814c-f7e04687dc9e',
      scope,
    });
    const credential = served.credentialOf(guest.appId, secretText);
    const asGuest = new DeploymentsClient(credential, served.management.subscriptionId, served.clientOptions);
    await asGuest.deployments
      .createOrUpdate('deploy', 'mine', incremental(template('mine', 1)), fast)
      .catch(() => undefined);
    const { properties } = await client.deployments.get('deploy', 'mine');
    expect(properties?.provisioningState).toBe('Failed');
    expect(JSON.stringify(properties?.error)).toContain('AuthorizationFailed');
  });

  it('export a resource group as a template that can be deployed', async () => {
    const exported = await resources.resourceGroups.beginExportTemplateAndWait('complete', {
      resources: ['*'],
      options: 'SkipAllParameterization',
    });
    await resources.resourceGroups.createOrUpdate('copy', { location: 'westeurope' });
    const made = await client.deployments.createOrUpdate('copy', 'copy', incremental(exported.template ?? {}), fast);
    expect(made.properties?.provisioningState).toBe('Succeeded');
    expect((await all(resources.resources.listByResourceGroup('copy'))).map((one) => one.name)).toEqual(['new']);
  });
});
