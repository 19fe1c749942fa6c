import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseApiName, parseResourceId } from './resource-id.ts';

const service = '/subscriptions/0-1/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso';

test.each([
  ['/apis/orders', { segments: [{ collection: 'apis', name: 'orders' }], collection: null }],
  ['apis/orders', { segments: [{ collection: 'apis', name: 'orders' }], collection: null }],
  [`${service}/apis/orders;rev=2`, { segments: [{ collection: 'apis', name: 'orders;rev=2' }], collection: null }],
  [
    `${service.toUpperCase()}/APIVERSIONSETS/x`,
    { segments: [{ collection: 'apiVersionSets', name: 'x' }], collection: null },
  ],
  ['/apis', { segments: [], collection: 'apis' }],
  ['/', { segments: [], collection: null }],
  [service, { segments: [], collection: null }],
  [`${service}/`, { segments: [], collection: null }],
  ['/products/a%20b', { segments: [{ collection: 'products', name: 'a b' }], collection: null }],
  ['', null],
  ['/apis//x', null],
  ['/subscriptions/1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/x', null],
])('%s', (text, id) => {
  expect(parseResourceId(text)).toEqual(id);
});

test.each([
  ['orders', { api: 'orders', revision: null }],
  ['orders;rev=12', { api: 'orders', revision: '12' }],
  ['orders;REV=2', { api: 'orders', revision: '2' }],
  ['orders;rev=0', null],
  ['orders;rev=', null],
  ['orders;v=1', null],
  [';rev=1', null],
])('the API name %s', (text, name) => {
  expect(parseApiName(text)).toEqual(name);
});

test('takes any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseResourceId(text);
      parseApiName(text);
    }),
  );
});
