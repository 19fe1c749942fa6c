import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzSession, startAzSession } from './az.ts';

/** Commands of Azure CLI as people type them, against a server as they start it. One after another: each builds on those before. */
let session: AzSession;
beforeAll(async () => {
  session = await startAzSession();
});
afterAll(() => session.stop());

const ok = (...args: string[]) => session.ok(...args);
const inGroup = ['-g', 'shop-rg'];
const inService = [...inGroup, '-n', 'shop'];
const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);

describe('az', () => {
  it('registers the cloud and signs in', async () => {
    await ok('cloud', 'register', '-n', 'Local', '--endpoint-resource-manager', `${session.url}/`);
    await ok('cloud', 'set', '-n', 'Local');
    const { clientId, clientSecret, tenantId, subscriptionId } = session;
    const login = ['login', '--service-principal', '-u', clientId, '--tenant', tenantId];
    const wrong = await session.az(...login, '-p', 'wrong');
    expect(wrong.status).not.toBe(0);
    expect(wrong.error).toMatch(/AADSTS7000215|Invalid client secret/);
    expect(await ok(...login, '-p', clientSecret)).toMatchObject([{ id: subscriptionId, tenantId, state: 'Enabled' }]);
    expect(await ok('account', 'show')).toMatchObject({ id: subscriptionId });
  });

  it('manages resource groups', async () => {
    expect(await ok('group', 'create', '-n', 'shop-rg', '-l', 'westeurope', '--tags', 'team=a')).toMatchObject({
      properties: { provisioningState: 'Succeeded' },
      tags: { team: 'a' },
    });
    // The development namespace of Service Bus has a group of its own.
    expect(names(await ok('group', 'list'))).toEqual(['lazuli', 'shop-rg']);
    expect(await ok('group', 'exists', '-n', 'shop-rg')).toBe(true);
    expect(await ok('group', 'exists', '-n', 'other')).toBe(false);
    expect(await ok('group', 'update', '-n', 'shop-rg', '--tags', 'team=b')).toMatchObject({ tags: { team: 'b' } });
    const missing = await session.az('group', 'show', '-n', 'other');
    expect(missing.status).toBe(3);
    expect(missing.error).toContain('ResourceGroupNotFound');
  });

  it('makes an API Management service', async () => {
    const free = await ok('apim', 'check-name', '-n', 'shop');
    expect(free).toMatchObject({ nameAvailable: true });
    const publisher = ['--publisher-email', 'a@contoso.example', '--publisher-name', 'Contoso'];
    expect(
      await ok('apim', 'create', ...inService, ...publisher, '-l', 'westeurope', '--sku-name', 'Developer'),
    ).toMatchObject({ name: 'shop', provisioningState: 'Succeeded', sku: { name: 'Developer' } });
    expect(await ok('apim', 'show', ...inService)).toMatchObject({ publisherName: 'Contoso' });
    expect(await ok('apim', 'update', ...inService, '--set', 'publisherName=Contoso Ltd')).toMatchObject({
      publisherName: 'Contoso Ltd',
    });
    expect(names(await ok('apim', 'list', ...inGroup))).toEqual(['shop']);
    expect(await ok('apim', 'check-name', '-n', 'shop')).toMatchObject({ nameAvailable: false });
  });

  it('imports, makes, changes and lists APIs', async () => {
    const file = join(session.folder, 'pets.json');
    await writeFile(
      file,
      JSON.stringify({
        openapi: '3.0.3',
        info: { title: 'Pets', version: '1' },
        servers: [{ url: 'https://pets.example' }],
        paths: {
          '/pets/{id}': {
            get: {
              operationId: 'get-pet',
              parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
              responses: { 200: { description: 'OK' } },
            },
          },
        },
      }),
    );
    const specification = ['--specification-format', 'OpenApiJson', '--specification-path', file];
    expect(
      await ok('apim', 'api', 'import', ...inService, '--api-id', 'pets', '--path', 'pets', ...specification),
    ).toMatchObject({ displayName: 'Pets', serviceUrl: 'https://pets.example', path: 'pets' });
    const plain = ['--api-id', 'plain'];
    await ok('apim', 'api', 'create', ...inService, ...plain, '--path', 'plain', '--display-name', 'Plain');
    expect(await ok('apim', 'api', 'update', ...inService, ...plain, '--description', 'New')).toMatchObject({
      description: 'New',
      displayName: 'Plain',
    });
    expect(names(await ok('apim', 'api', 'list', ...inService)).sort()).toEqual(['pets', 'plain']);
    expect(await ok('apim', 'api', 'operation', 'list', ...inService, '--api-id', 'pets')).toMatchObject([
      { name: 'get-pet', method: 'GET', urlTemplate: '/pets/{id}' },
    ]);
    await ok('apim', 'api', 'delete', ...inService, ...plain, '-y');
    expect(names(await ok('apim', 'api', 'list', ...inService))).toEqual(['pets']);
  });

  it('makes and lists revisions', async () => {
    const pets = ['--api-id', 'pets'];
    await ok('apim', 'api', 'revision', 'create', ...inService, ...pets, '--api-revision', '2');
    const revisions = await ok('apim', 'api', 'revision', 'list', ...inService, ...pets);
    expect(revisions).toMatchObject([
      { apiRevision: '1', isCurrent: true },
      { apiRevision: '2', isCurrent: false },
    ]);
  });

  it('writes what it has no command for with az rest; links products, shows secrets', async () => {
    const service = `/subscriptions/{subscriptionId}/resourceGroups/shop-rg/providers/Microsoft.ApiManagement/service/shop`;
    const put = (path: string, properties: object) =>
      ok(
        'rest',
        '--method',
        'put',
        '--url',
        `${service}/${path}?api-version=2024-05-01`,
        '--body',
        JSON.stringify({ properties }),
      );
    expect(await put('products/starter', { displayName: 'Starter', state: 'published' })).toMatchObject({
      name: 'starter',
    });
    await put('namedValues/hidden', { displayName: 'hidden', value: 'a secret', secret: true });
    await ok('apim', 'product', 'api', 'add', ...inService, '--product-id', 'starter', '--api-id', 'pets');
    expect(names(await ok('apim', 'product', 'api', 'list', ...inService, '--product-id', 'starter'))).toEqual([
      'pets',
    ]);
    expect(names(await ok('apim', 'product', 'list', ...inService))).toEqual(['starter']);
    expect(await ok('apim', 'nv', 'list', ...inService)).toMatchObject([{ name: 'hidden', secret: true, value: null }]);
    expect(await ok('apim', 'nv', 'show-secret', ...inService, '--named-value-id', 'hidden')).toEqual({
      value: 'a secret',
    });
    await ok('apim', 'nv', 'delete', ...inService, '--named-value-id', 'hidden', '-y');
  });

  it('validates, predicts, deploys and exports a template with comments in it', async () => {
    const file = join(session.folder, 'template.json');
    await writeFile(
      file,
      `{
        // What the team asked for.
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "name": { "type": "string", "defaultValue": "two" } },
        "resources": [{
          "type": "Microsoft.ApiManagement/service/tags", "apiVersion": "2024-05-01",
          "name": "[concat('shop/', parameters('name'))]", "properties": { "displayName": "[parameters('name')]" }
        }],
        "outputs": { "tag": { "type": "string", "value": "[parameters('name')]" } }
      }`,
    );
    const template = [...inGroup, '-f', file, '-n', 'first'];
    expect(await ok('deployment', 'group', 'validate', ...template)).toMatchObject({ error: null });
    const predicted = await session.az('deployment', 'group', 'what-if', ...template);
    expect(predicted.output).toMatch(/\+ Microsoft\.ApiManagement\/service\/shop\/tags\/two/);
    expect(await ok('deployment', 'group', 'create', ...template, '-p', 'name=three')).toMatchObject({
      properties: { provisioningState: 'Succeeded', outputs: { tag: { value: 'three' } } },
    });
    const deployed = [...inGroup, '-n', 'first'];
    expect(await ok('deployment', 'group', 'show', ...deployed)).toMatchObject({ name: 'first' });
    expect(names(await ok('deployment', 'group', 'list', ...inGroup))).toEqual(['first']);
    expect(await ok('deployment', 'operation', 'group', 'list', ...deployed)).toMatchObject([
      { properties: { provisioningState: 'Succeeded', targetResource: { resourceName: 'shop/three' } } },
    ]);
    expect(await ok('deployment', 'group', 'export', ...deployed)).toMatchObject({
      resources: [{ type: 'Microsoft.ApiManagement/service/tags' }],
    });
    expect((await ok('group', 'export', '-n', 'shop-rg')).resources.length).toBeGreaterThan(5);
  });

  it('lists, shows and tags resources, and shows providers', async () => {
    expect(await ok('resource', 'list', ...inGroup)).toMatchObject([{ name: 'shop' }]);
    const shop = [...inService, '--resource-type', 'Microsoft.ApiManagement/service'];
    expect(await ok('resource', 'show', ...shop)).toMatchObject({ properties: { publisherName: 'Contoso Ltd' } });
    expect(await ok('resource', 'tag', ...shop, '--tags', 'x=y')).toMatchObject({ tags: { x: 'y' } });
    expect(await ok('provider', 'show', '-n', 'Microsoft.ApiManagement')).toMatchObject({
      registrationState: 'Registered',
    });
  });

  it('locks, and says so when somebody deletes', async () => {
    await ok('lock', 'create', '-n', 'keep', ...inGroup, '--lock-type', 'CanNotDelete');
    const refused = await session.az('apim', 'delete', ...inService, '-y');
    expect(refused.status).not.toBe(0);
    expect(refused.error).toContain('ScopeLocked');
    expect(names(await ok('lock', 'list', ...inGroup))).toEqual(['keep']);
    await ok('lock', 'delete', '-n', 'keep', ...inGroup);
  });

  it('shows the activity log', async () => {
    const events = await ok('monitor', 'activity-log', 'list', ...inGroup);
    const operations = new Set(events.map((one: { operationName: { value: string } }) => one.operationName.value));
    expect(operations).toContain('Microsoft.ApiManagement/service/write');
    expect(operations).toContain('Microsoft.Authorization/locks/delete');
  });

  it('asks for applications, with a cloud that names the directory', async () => {
    const { url, clientId, clientSecret, tenantId } = session;
    const file = join(session.folder, 'cloud.json');
    const endpoints = {
      resourceManager: `${url}/`,
      management: `${url}/`,
      activeDirectory: `${url}/adfs`,
      activeDirectoryResourceId: `${url}/`,
      activeDirectoryGraphResourceId: `${url}/`,
      microsoftGraphResourceId: `${url}/`,
    };
    await writeFile(file, JSON.stringify({ endpoints }));
    await ok('cloud', 'register', '-n', 'WithDirectory', '--cloud-config', `@${file}`);
    await ok('cloud', 'set', '-n', 'WithDirectory');
    await ok('login', '--service-principal', '-u', clientId, '-p', clientSecret, '--tenant', tenantId);
    expect(await ok('ad', 'sp', 'list', '--all')).toMatchObject([{ appId: clientId }]);
  });

  it('deletes the service and the group', async () => {
    await ok('apim', 'delete', ...inService, '-y');
    expect(await ok('apim', 'list', ...inGroup)).toEqual([]);
    await ok('group', 'delete', '-n', 'shop-rg', '-y');
    expect(await ok('group', 'exists', '-n', 'shop-rg')).toBe(false);
  });
});
