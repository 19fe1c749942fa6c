import { expect, test } from 'vitest';
import { FolderInMemory } from '../folder/folder-in-memory.ts';
import { readServiceFolder } from './folder-reader.ts';

const specification = {
  openapi: '3.0.3',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'https://orders.example/v1/' }],
  paths: { '/orders/{id}': { get: { operationId: 'GetOrder', responses: { 200: { description: 'The order' } } } } },
};
const orders = { properties: { path: '/orders/', apiVersion: 'v1', apiVersionSetId: '/apiVersionSets/Orders' } };
const shared = {
  'policy.xml': '<policies />',
  'apis/orders/apiInformation.json': orders,
  'apis/orders/specification.json': specification,
  'apis/orders/policy.xml': '<policies><inbound /></policies>',
  'apis/orders/operations/GetOrder/policy.xml': '<policies><outbound /></policies>',
  'apis/orders/diagnostics/applicationinsights/diagnosticInformation.json': { loggerId: '/loggers/insights' },
  'apis/orders;rev=2/apiInformation.json': { properties: { serviceUrl: 'https://orders.example/v2' } },
  'products/starter/productInformation.json': { properties: { displayName: 'Starter', state: 'Published' } },
  'products/starter/policy.xml': '<policies />',
  'subscriptions/team/subscriptionInformation.json': {
    properties: { scope: '/products/starter', primaryKey: 'a-key' },
  },
  'backends/one/backendInformation.json': { properties: { url: 'https://one.example', protocol: 'http' } },
  'loggers/insights/loggerInformation.json': { properties: { loggerType: 'applicationInsights' } },
  'groups/partners/groupInformation.json': { properties: { displayName: 'Partners' } },
  'tags/sales/tagInformation.json': { properties: { displayName: 'Sales' } },
};
const namedValue = { properties: { displayName: 'Region', value: 'west' } };
const fragment = { properties: { description: 'Adds a header', format: 'rawxml' } };
const versionSet = { properties: { displayName: 'Orders', versioningScheme: 'Segment' } };

/** As Azure/apiops v7 writes it. */
const apiops = {
  ...shared,
  'named values/region/namedValueInformation.json': namedValue,
  'policy fragments/stamp/policyFragmentInformation.json': fragment,
  'policy fragments/stamp/policy.xml': '<fragment />',
  'version sets/orders/versionSetInformation.json': versionSet,
  'products/starter/apis/orders/productApiInformation.json': {},
  'products/starter/groups/partners/productGroupInformation.json': {},
  'tags/sales/apis/orders/tagApiInformation.json': {},
  'tags/sales/products/starter/tagProductInformation.json': {},
};

/** As Azure/apiops-cli writes it. */
const apiopsCli = {
  ...shared,
  'namedValues/region/namedValueInformation.json': namedValue,
  'policyFragments/stamp/policyFragmentInformation.json': fragment,
  'policyFragments/stamp/policy.xml': '<fragment />',
  'versionSets/orders/versionSetInformation.json': versionSet,
  'products/starter/apis.json': [{ name: 'Orders' }],
  'products/starter/groups.json': ['partners'],
  'products/starter/tags.json': [{ name: 'sales' }],
  'apis/orders/tags/sales/tagInformation.json': {},
};

test.each([
  ['Azure/apiops', apiops],
  ['Azure/apiops-cli', apiopsCli],
])('reads the layout of %s', async (_, files) => {
  const { model, diagnostics } = await readServiceFolder(new FolderInMemory(files));
  expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warning SecretInFolder']);
  expect(model.apis).toMatchObject([
    {
      name: 'orders',
      revision: '1',
      isCurrent: true,
      displayName: 'Orders',
      path: 'orders',
      protocols: ['https'],
      serviceUrl: 'https://orders.example/v1',
      apiVersion: 'v1',
      apiVersionSet: 'orders',
      subscriptionRequired: true,
      tags: ['sales'],
      policy: { format: 'rawxml', text: '<policies><inbound /></policies>', file: 'apis/orders/policy.xml' },
      operations: [{ name: 'GetOrder', method: 'GET', urlTemplate: '/orders/{id}', policy: { format: 'rawxml' } }],
      diagnostics: [{ name: 'applicationinsights', logger: 'insights', samplingPercentage: 100 }],
    },
    {
      name: 'orders',
      revision: '2',
      isCurrent: false,
      path: 'orders',
      apiVersion: 'v1',
      apiVersionSet: 'orders',
      serviceUrl: 'https://orders.example/v2',
      operations: [],
    },
  ]);
  expect(model).toMatchObject({
    policy: { text: '<policies />', file: 'policy.xml' },
    versionSets: [{ name: 'orders', versioningScheme: 'Segment' }],
    products: [{ name: 'starter', state: 'published', apis: ['orders'], groups: ['partners'], tags: ['sales'] }],
    subscriptions: [{ name: 'team', scope: { kind: 'product', product: 'starter' }, primaryKey: 'a-key' }],
    namedValues: [{ name: 'region', displayName: 'Region', value: 'west', secret: false }],
    backends: [{ name: 'one', type: 'Single', url: 'https://one.example' }],
    policyFragments: [{ name: 'stamp', description: 'Adds a header', document: { text: '<fragment />' } }],
    tags: [{ name: 'sales', displayName: 'Sales' }],
    loggers: [{ name: 'insights', loggerType: 'applicationInsights', isBuffered: true }],
  });
  expect(model.groups.map(({ name }) => name)).toEqual(['partners', 'administrators', 'developers', 'guests']);
});

test('both layouts give the same model', async () => {
  const withoutFiles = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'file' ? undefined : inner)));
  const [first, second] = await Promise.all(
    [apiops, apiopsCli].map(async (files) => (await readServiceFolder(new FolderInMemory(files))).model),
  );
  expect(withoutFiles(first)).toEqual(withoutFiles(second));
});

test('an empty folder is an empty service', async () => {
  const { model, diagnostics } = await readServiceFolder(new FolderInMemory());
  expect(diagnostics).toEqual([]);
  expect(model).toMatchObject({ apis: [], products: [], policy: null });
});

test('the properties may stand without the envelope of ARM', async () => {
  const { model, diagnostics } = await readServiceFolder(
    new FolderInMemory({ 'tags/a/tagInformation.json': { displayName: 'A' } }),
  );
  expect(diagnostics).toEqual([]);
  expect(model.tags).toEqual([{ name: 'a', displayName: 'A' }]);
});
