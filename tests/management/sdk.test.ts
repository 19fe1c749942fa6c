import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ManagementLockClient } from '@azure/arm-locks';
import { ResourceManagementClient } from '@azure/arm-resources';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';
import { widgetProvider } from './widgets.ts';

const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
let served: ServedManagement;
let subscription: string;
let resources: ResourceManagementClient;
beforeAll(async () => {
  served = await serveManagement({ providers: [widgetProvider] });
  subscription = served.management.subscriptionId;
  resources = new ResourceManagementClient(served.credential, subscription, served.clientOptions);
});
afterAll(() => served.stop());

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of pages) found.push(one);
  return found;
}

describe('@azure/arm-resources', () => {
  it('manages resource groups, whose deletion takes their resources along', async () => {
    const { resourceGroups } = resources;
    expect(await resourceGroups.checkExistence('sdk')).toMatchObject({ body: false });
    const made = await resourceGroups.createOrUpdate('sdk', { location: 'westeurope', tags: { a: '1' } });
    expect(made).toMatchObject({ name: 'sdk', location: 'westeurope', properties: { provisioningState: 'Succeeded' } });
    expect(made.type).toBe('Microsoft.Resources/resourceGroups');
    expect(await resourceGroups.checkExistence('SDK')).toMatchObject({ body: true });
    expect((await resourceGroups.update('sdk', { tags: { b: '2' } })).tags).toEqual({ b: '2' });
    expect((await all(resourceGroups.list())).map((one) => one.name)).toContain('sdk');

    const id = `${made.id}/providers/Contoso.Widgets/factories/one`;
    await resources.resources.beginCreateOrUpdateByIdAndWait(id, '2024-01-01', { location: 'westeurope' });
    expect((await resources.resources.getById(id, '2024-01-01')).name).toBe('one');
    expect((await all(resources.resources.listByResourceGroup('sdk'))).map((one) => one.name)).toEqual(['one']);
    const filter = "resourceType eq 'Contoso.Widgets/factories' and name eq 'one'";
    expect((await all(resources.resources.list({ filter, expand: 'createdTime' })))[0]?.createdTime).toBeInstanceOf(
      Date,
    );
    await resourceGroups.beginDeleteAndWait('sdk', { updateIntervalInMs: 10 });
    expect(await resourceGroups.checkExistence('sdk')).toMatchObject({ body: false });
    await expect(resources.resources.getById(id, '2024-01-01')).rejects.toMatchObject({
      code: 'ResourceGroupNotFound',
    });
  });

  it('names providers with their types, and registers them', async () => {
    const provider = await resources.providers.get('Contoso.Widgets');
    expect(provider.resourceTypes?.map((type) => type.resourceType)).toEqual(['factories', 'factories/widgets']);
    expect((await resources.providers.register('Contoso.Widgets')).registrationState).toBe('Registered');
    expect((await all(resources.providers.list())).map((one) => one.namespace)).toContain('Microsoft.Authorization');
  });

  it('reads and writes tags of a scope', async () => {
    const group = await resources.resourceGroups.createOrUpdate('tagged', { location: 'westeurope', tags: { a: '1' } });
    const scope = (group.id ?? '').slice(1);
    const tags = async (operation: string, change: Record<string, string>) =>
      (await resources.tagsOperations.beginUpdateAtScopeAndWait(scope, { operation, properties: { tags: change } }))
        .properties?.tags;
    expect(await tags('Merge', { b: '2' })).toEqual({ a: '1', b: '2' });
    expect(await tags('Delete', { a: '1' })).toEqual({ b: '2' });
    expect((await resources.resourceGroups.get('tagged')).tags).toEqual({ b: '2' });
    expect((await all(resources.tagsOperations.list())).map((one) => one.tagName)).toContain('b');
    const tagged = { filter: "tagName eq 'b' and tagValue eq '2'" };
    expect((await all(resources.resourceGroups.list(tagged))).map((one) => one.name)).toEqual(['tagged']);
    expect(await all(resources.resources.list(tagged))).toEqual([]);
    const whole = `subscriptions/${subscription}`;
    await resources.tagsOperations.beginCreateOrUpdateAtScopeAndWait(whole, { properties: { tags: { owner: 'me' } } });
    expect((await resources.tagsOperations.getAtScope(whole)).properties?.tags).toEqual({ owner: 'me' });
  });
});

describe('@azure/arm-resources-subscriptions', () => {
  it('lists the subscription, its locations, and the tenant', async () => {
    const client = new SubscriptionClient(served.credential, served.clientOptions);
    expect(await all(client.subscriptions.list())).toMatchObject([{ subscriptionId: subscription, state: 'Enabled' }]);
    expect((await client.subscriptions.get(subscription)).tenantId).toBe(served.management.tenantId);
    expect((await all(client.subscriptions.listLocations(subscription))).map((one) => one.name)).toContain(
      'westeurope',
    );
    expect(await all(client.tenants.list())).toMatchObject([{ tenantId: served.management.tenantId }]);
    expect(await client.checkResourceName({ resourceNameDefinition: { name: 'Microsoft', type: 'x' } })).toMatchObject({
      status: 'Reserved',
    });
  });
});

describe('@azure/arm-locks', () => {
  it('keeps what is locked, whatever the way to delete it, until the lock is gone', async () => {
    const client = new ManagementLockClient(served.credential, subscription, served.clientOptions);
    const group = await resources.resourceGroups.createOrUpdate('locked', { location: 'westeurope' });
    const id = `${group.id}/providers/Contoso.Widgets/factories/kept`;
    await resources.resources.beginCreateOrUpdateByIdAndWait(id, '2024-01-01', { location: 'westeurope' });
    const locks = client.managementLocks;
    await locks.createOrUpdateByScope(id, 'keep', { level: 'CanNotDelete', notes: 'needed' });
    for (const attempt of [
      () => resources.resources.beginDeleteByIdAndWait(id, '2024-01-01'),
      () => resources.resourceGroups.beginDeleteAndWait('locked'),
    ])
      await expect(attempt()).rejects.toMatchObject({ statusCode: 409, code: 'ScopeLocked' });
    expect((await all(locks.listAtResourceGroupLevel('locked'))).map((one) => one.name)).toEqual(['keep']);
    await locks.createOrUpdateAtResourceGroupLevel('locked', 'frozen', { level: 'ReadOnly' });
    const factory = `${id}/listKeys?api-version=2024-01-01`;
    expect((await served.send('POST', factory)).json.error.code).toBe('ScopeLocked');
    expect((await served.send('POST', factory.replace('listKeys', 'inspect'))).status).toBe(200);
    expect((await served.send('PATCH', `${id}?api-version=2024-01-01`, { body: {} })).json.error.code).toBe(
      'ScopeLocked',
    );
    await locks.deleteAtResourceGroupLevel('locked', 'frozen');
    await locks.deleteByScope(id, 'keep');
    await resources.resourceGroups.beginDeleteAndWait('locked', { updateIntervalInMs: 10 });
  });
});

describe('@azure/arm-authorization', () => {
  it('lets a principal do what its roles allow, where they are assigned, and nothing else', async () => {
    const client = new AuthorizationManagementClient(served.credential, subscription, served.clientOptions);
    const seen = await resources.resourceGroups.createOrUpdate('seen', { location: 'westeurope' });
    await resources.resourceGroups.createOrUpdate('hidden', { location: 'westeurope' });
    const guest = await served.management.applications.create('guest');
    const { secretText } = await served.management.applications.addPassword(guest.appId);
    const credential = served.credentialOf(guest.appId, secretText);
    const asGuest = new ResourceManagementClient(credential, subscription, served.clientOptions);
    const denied = await asGuest.resourceGroups.get('seen').catch((error) => error);
    expect(denied).toMatchObject({ statusCode: 403, code: 'AuthorizationFailed' });
    expect(denied.message).toContain(
      `The client '${guest.appId}' with object id '${guest.objectId}' does not have authorization to perform action 'Microsoft.Resources/subscriptions/resourceGroups/read' over scope '/subscriptions/${subscription}/resourceGroups/seen'`,
    );

    const name = 'a3a3c5c4-1d2b-4a5e-9d0c-0d7a5c1e2f01';
    const roleDefinitionId = `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${reader}`;
    const parameters = { roleDefinitionId, principalId: guest.objectId, principalType: 'ServicePrincipal' };
    const made = await client.roleAssignments.create(seen.id ?? '', name, parameters);
    expect(made).toMatchObject({ name, scope: seen.id, principalId: guest.objectId });
    await client.roleAssignments.create(seen.id ?? '', name, parameters);
    await expect(
      client.roleAssignments.create(seen.id ?? '', 'a3a3c5c4-1d2b-4a5e-9d0c-0d7a5c1e2f02', parameters),
    ).rejects.toMatchObject({ code: 'RoleAssignmentExists' });

    expect((await asGuest.resourceGroups.get('seen')).name).toBe('seen');
    expect((await all(asGuest.resourceGroups.list())).map((one) => one.name)).toEqual(['seen']);
    await expect(asGuest.resourceGroups.update('seen', { tags: {} })).rejects.toMatchObject({
      code: 'AuthorizationFailed',
    });
    await expect(asGuest.resourceGroups.get('hidden')).rejects.toMatchObject({ code: 'AuthorizationFailed' });
    const listed = await all(client.roleAssignments.listForResourceGroup('seen', { filter: 'atScope()' }));
    expect(listed.map((one) => one.principalId)).toContain(guest.objectId);
    const permissions = new AuthorizationManagementClient(credential, subscription, served.clientOptions).permissions;
    expect(await all(permissions.listForResourceGroup('seen'))).toMatchObject([{ actions: ['*/read'] }]);

    await client.roleAssignments.delete(seen.id ?? '', name);
    await expect(asGuest.resourceGroups.get('seen')).rejects.toMatchObject({ code: 'AuthorizationFailed' });
  });

  it('names what roles can be made of, and no deny assignments', async () => {
    const client = new AuthorizationManagementClient(served.credential, subscription, served.clientOptions);
    const provider = await client.providerOperationsMetadataOperations.get('Contoso.Widgets');
    expect(provider.resourceTypes?.map((one) => one.name)).toEqual(['factories', 'factories/widgets']);
    expect(provider.resourceTypes?.[0]?.operations?.map((one) => one.name)).toContain(
      'Contoso.Widgets/factories/delete',
    );
    expect(await all(client.denyAssignments.list())).toEqual([]);
  });

  it('heeds roles that another process assigns', async () => {
    const guest = await served.management.applications.create('other guest');
    const { secretText } = await served.management.applications.addPassword(guest.appId);
    const credential = served.credentialOf(guest.appId, secretText);
    const list = async () =>
      (await served.send('GET', '/subscriptions?api-version=2022-12-01', { credential })).json.value;
    expect(await list()).toEqual([]);
    const type = 'Microsoft.Authorization/roleAssignments';
    const id = `/subscriptions/${subscription}/providers/${type}/a3a3c5c4-1d2b-4a5e-9d0c-0d7a5c1e2f09`;
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${reader}`;
    const properties = { principalId: guest.objectId, roleDefinitionId, scope: `/subscriptions/${subscription}` };
    await served.store.change([{ operation: 'put', id, type, body: { properties } }]);
    await expect.poll(list).toHaveLength(1);
  });

  it('knows the built-in roles and takes custom ones', async () => {
    const client = new AuthorizationManagementClient(served.credential, subscription, served.clientOptions);
    const scope = `/subscriptions/${subscription}`;
    const found = await all(
      client.roleDefinitions.list(scope, { filter: "roleName eq 'API Management Service Contributor'" }),
    );
    expect(found).toMatchObject([{ name: '312a565d-c81f-4fd8-895a-4e21e48d571c', roleType: 'BuiltInRole' }]);
    const name = 'b0f0c5c4-1d2b-4a5e-9d0c-0d7a5c1e2f03';
    const definition = {
      roleName: 'Inspector',
      assignableScopes: [scope],
      permissions: [{ actions: ['Contoso.Widgets/*/read'] }],
    };
    const made = await client.roleDefinitions.createOrUpdate(scope, name, definition);
    expect(made).toMatchObject({ name, roleName: 'Inspector', roleType: 'CustomRole' });
    expect((await all(client.roleDefinitions.list(scope, { filter: "type eq 'CustomRole'" }))).length).toBe(1);
    await client.roleDefinitions.delete(scope, name);
    await expect(client.roleDefinitions.get(scope, name)).rejects.toMatchObject({ statusCode: 404 });
    await expect(client.roleDefinitions.delete(scope, reader)).rejects.toMatchObject({
      code: 'RoleDefinitionCannotBeChanged',
    });
  });
});
