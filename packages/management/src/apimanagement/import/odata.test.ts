import { expect, test } from 'vitest';
import { endpoints, files, fixture, importOf, messages, serving, written } from './import-test-kit.ts';

test('entity sets, singletons, functions, actions and navigation are operations', async () => {
  const imported = await importOf('odata', fixture('northwind.edmx'));
  expect(imported.problems).toEqual([]);
  expect(imported.properties).toEqual({ displayName: 'TradeContainer', type: 'odata' });
  expect(endpoints(imported)).toEqual([
    'GET /',
    'GET /$metadata',
    'POST /$batch',
    'GET /Customers',
    'POST /Customers',
    'GET /Customers/$count',
    'GET /Customers({Id})',
    'PATCH /Customers({Id})',
    'DELETE /Customers({Id})',
    'GET /Orders',
    'POST /Orders',
    'GET /Orders/$count',
    'GET /Orders({OrderId})',
    'PATCH /Orders({OrderId})',
    'DELETE /Orders({OrderId})',
    'GET /OrderLines',
    'POST /OrderLines',
    'GET /OrderLines/$count',
    'GET /OrderLines(OrderId={OrderId},ProductId={ProductId})',
    'PATCH /OrderLines(OrderId={OrderId},ProductId={ProductId})',
    'DELETE /OrderLines(OrderId={OrderId},ProductId={ProductId})',
    'GET /Summaries',
    'POST /Summaries',
    'GET /Summaries/$count',
    'GET /Company',
    'PATCH /Company',
    'GET /TopCustomers(count={count})',
    'POST /Reset',
    'GET /Customers({Id})/Trade.Model.Rating(year={year})',
    'GET /Company/Trade.Model.Rating(year={year})',
    'POST /Orders({OrderId})/Trade.Model.Ship',
    'POST /Orders/Trade.Model.ShipAll',
    'GET /Customers({Id})/Orders',
    'GET /Orders({OrderId})/Customer',
    'GET /Company/Orders',
  ]);
  const all = written(imported);
  expect(all.get('operations/get-entity-from-orders-by-key')).toMatchObject({
    templateParameters: [{ name: 'OrderId', type: 'integer', required: true, description: 'Edm.Int32' }],
  });
  expect(all.get('schemas/odata')).toEqual({
    contentType: 'application/vnd.ms-azure-apim.odata.schema',
    document: { value: fixture('northwind.edmx') },
  });
});

test('a link to the metadata says where the service is', async () => {
  await serving(files({ '/odata/$metadata': fixture('northwind.edmx') }), async (url) => {
    expect((await importOf('odata-link', `${url}/odata/$metadata`)).properties.serviceUrl).toBe(`${url}/odata`);
  });
});

test('version 2', async () => {
  const edmx = `<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><edmx:DataServices m:DataServiceVersion="2.0"><Schema Namespace="S" xmlns="http://schemas.microsoft.com/ado/2008/09/edm"><EntityType Name="T"><Key><PropertyRef Name="A"/></Key><Property Name="A" Type="Edm.String"/></EntityType><EntityContainer Name="C"><EntitySet Name="Ts" EntityType="S.T"/><FunctionImport Name="F" m:HttpMethod="POST"><Parameter Name="p" Type="Edm.String"/></FunctionImport></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
  const found = endpoints(await importOf('odata', edmx));
  expect(found).toContain('MERGE /Ts({A})');
  expect(found).toContain('POST /F');
});

test.each([
  ['<a/>', /expected 'Edmx' of OData metadata\. Line 1/],
  [
    '<Edmx Version="4.0" xmlns="http://docs.oasis-open.org/odata/ns/edmx"><DataServices><Schema Namespace="S"><EntityContainer Name="C"><EntitySet Name="A" EntityType="S.B"/></EntityContainer></Schema></DataServices></Edmx>',
    /The entity type 'S\.B' is not declared\. Line 1/,
  ],
  [
    '<Edmx Version="4.0" xmlns="http://docs.oasis-open.org/odata/ns/edmx"><DataServices><Schema Namespace="S"><EntityType Name="B" BaseType="S.B"/><EntityContainer Name="C"><EntitySet Name="A" EntityType="S.B"/></EntityContainer></Schema></DataServices></Edmx>',
    /derive from themselves/,
  ],
])('%s', async (text, message) => {
  expect(messages(await importOf('odata', text))).toEqual([expect.stringMatching(message)]);
});
