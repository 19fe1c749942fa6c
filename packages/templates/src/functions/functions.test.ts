import { describe, expect, it, test } from 'vitest';
import { planOf, subscriptionId, templateOf, valueOfExpression } from '../testing/evaluate.ts';
import { functionGroups } from './table.ts';

/** Examples of the function pages of Microsoft's documentation, by function. */
const examples: Readonly<Record<string, readonly (readonly [expression: string, value: unknown])[]>> = {
  array: [
    ['array(1)', [1]],
    ["array('efgh')", ['efgh']],
    ["array(createObject('a', 'b', 'c', 'd'))", [{ a: 'b', c: 'd' }]],
    ['array(createArray(1, 2))', [1, 2]],
  ],
  concat: [
    [
      "concat(createArray('1-1', '1-2', '1-3'), createArray('2-1', '2-2', '2-3'))",
      ['1-1', '1-2', '1-3', '2-1', '2-2', '2-3'],
    ],
    ["concat('prefix', '-', 5, true())", 'prefix-5True'],
  ],
  contains: [
    ["contains('OneTwoThree', 'e')", true],
    ["contains('OneTwoThree', 'z')", false],
    ["contains(createObject('one', 'a', 'two', 'b', 'three', 'c'), 'Two')", true],
    ["contains(createObject('one', 'a'), 'four')", false],
    ["contains(createArray('one', 'two', 'three'), 'three')", true],
    ["contains(createArray('one', 'two', 'three'), 'Three')", false],
  ],
  createArray: [
    ["createArray('a', 'b', 'c')", ['a', 'b', 'c']],
    ['createArray()', []],
  ],
  createObject: [
    [
      "createObject('intProp', 1, 'stringProp', 'abc', 'boolProp', true(), 'arrayProp', createArray('a', 'b', 'c'), 'objectProp', createObject('key1', 'value1'))",
      { intProp: 1, stringProp: 'abc', boolProp: true, arrayProp: ['a', 'b', 'c'], objectProp: { key1: 'value1' } },
    ],
  ],
  empty: [
    ['empty(createArray())', true],
    ['empty(createObject())', true],
    ["empty('')", true],
    ['empty(null())', true],
    ["empty('x')", false],
  ],
  first: [
    ["first(createArray('one', 'two', 'three'))", 'one'],
    ["first('One Two Three')", 'O'],
    ['first(createArray())', null],
  ],
  flatten: [
    [
      "flatten(createArray(createArray('one', 'two'), createArray('three'), createArray('four')))",
      ['one', 'two', 'three', 'four'],
    ],
  ],
  indexFromEnd: [["indexFromEnd(createArray('a', 'b', 'c'), 1)", 'c']],
  indexOf: [
    ["indexOf(createArray('one', 'two', 'three'), 'two')", 1],
    ["indexOf(createArray('one'), 'One')", -1],
    ["indexOf('test', 't')", 0],
    ["indexOf('abcdef', 'CD')", 2],
    ["indexOf('abcdef', 'z')", -1],
  ],
  intersection: [
    [
      "intersection(createObject('one', 'a', 'two', 'b', 'three', 'c1'), createObject('one', 'a', 'two', 'z', 'three', 'c2', 'four', 'd'))",
      { one: 'a' },
    ],
    ["intersection(createArray('one', 'two', 'three'), createArray('two', 'three'))", ['two', 'three']],
  ],
  items: [
    [
      "items(createObject('item002', createObject('enabled', false()), 'item001', createObject('enabled', true())))",
      [
        { key: 'item001', value: { enabled: true } },
        { key: 'item002', value: { enabled: false } },
      ],
    ],
  ],
  last: [
    ["last(createArray('one', 'two', 'three'))", 'three'],
    ["last('One Two Three')", 'e'],
  ],
  lastIndexOf: [
    ["lastIndexOf(createArray('one', 'two', 'one'), 'one')", 2],
    ["lastIndexOf('test', 't')", 3],
    ["lastIndexOf('abcdef', 'AB')", 0],
    ["lastIndexOf('abcdef', 'z')", -1],
  ],
  length: [
    ["length(createArray('one', 'two', 'three'))", 3],
    ["length('One Two Three')", 13],
    ["length(createObject('a', 1, 'b', 2))", 2],
  ],
  objectKeys: [["objectKeys(createObject('b', 2, 'a', 1))", ['a', 'b']]],
  range: [
    ['range(5, 3)', [5, 6, 7]],
    ['range(0, 0)', []],
  ],
  shallowMerge: [
    [
      "shallowMerge(createArray(createObject('one', 'a'), createObject('two', 'b'), createObject('two', 'c')))",
      { one: 'a', two: 'c' },
    ],
  ],
  skip: [
    ["skip(createArray('one', 'two', 'three'), 2)", ['three']],
    ["skip('one two three', 4)", 'two three'],
    ["skip('abc', -1)", 'abc'],
  ],
  take: [
    ["take(createArray('one', 'two', 'three'), 2)", ['one', 'two']],
    ["take('one two three', 2)", 'on'],
    ["take('ab', 5)", 'ab'],
  ],
  tryGet: [
    ["tryGet(createObject('a', createObject('b', 1)), 'A', 'b')", 1],
    ["tryGet(createObject('a', 1), 'x', 'y')", null],
    ['tryGet(createArray(1, 2), 1)', 2],
    ['tryGet(createArray(1, 2), 5)', null],
    ["tryGet(null(), 'x')", null],
  ],
  tryIndexFromEnd: [
    ['tryIndexFromEnd(createArray(1, 2, 3), 2)', 2],
    ['tryIndexFromEnd(createArray(1), 2)', null],
  ],
  union: [
    [
      "union(createObject('one', 'a', 'two', 'b', 'three', 'c1'), createObject('three', 'c2', 'four', 'd', 'five', 'e'))",
      { one: 'a', two: 'b', three: 'c2', four: 'd', five: 'e' },
    ],
    ["union(createArray('one', 'two', 'three'), createArray('three', 'four'))", ['one', 'two', 'three', 'four']],
    [
      "union(createObject('p', createObject('one', 'a', 'l', createArray(1))), createObject('p', createObject('two', 'b', 'l', createArray(2))))",
      { p: { one: 'a', two: 'b', l: [2] } },
    ],
  ],
  cidrHost: [
    ["cidrHost('10.144.3.0/24', 0)", '10.144.3.1'],
    ["cidrHost('fdad:3236:5555:3::/64', 2)", 'fdad:3236:5555:3::3'],
  ],
  cidrSubnet: [
    ["cidrSubnet('10.144.0.0/20', 24, 3)", '10.144.3.0/24'],
    ["cidrSubnet('fdad:3236:5555::/48', 52, 5)", 'fdad:3236:5555:5000::/52'],
  ],
  parseCidr: [
    [
      "parseCidr('10.144.0.0/20')",
      {
        network: '10.144.0.0',
        netmask: '255.255.240.0',
        broadcast: '10.144.15.255',
        firstUsable: '10.144.0.1',
        lastUsable: '10.144.15.254',
        cidr: 20,
      },
    ],
    [
      "parseCidr('fdad:3236:5555::/48')",
      {
        network: 'fdad:3236:5555::',
        netmask: 'ffff:ffff:ffff::',
        firstUsable: 'fdad:3236:5555::',
        lastUsable: 'fdad:3236:5555:ffff:ffff:ffff:ffff:ffff',
        cidr: 48,
      },
    ],
  ],
  coalesce: [
    ["coalesce(null(), null(), 'default')", 'default'],
    ["coalesce(null(), 1, fail('not reached'))", 1],
    ['coalesce(null())', null],
  ],
  equals: [
    ['equals(1, 1)', true],
    ["equals('a', 'A')", false],
    ["equals(createArray('a', 'b'), createArray('a', 'b'))", true],
    ["equals(createObject('a', 'b', 'c', 1), createObject('c', 1, 'a', 'b'))", true],
    ["equals('10', 10)", false],
  ],
  greater: [
    ['greater(1, 2)', false],
    ["greater('a', 'b')", false],
  ],
  greaterOrEquals: [['greaterOrEquals(2, 2)', true]],
  less: [
    ['less(1, 2)', true],
    ["less('a', 'b')", true],
  ],
  lessOrEquals: [['lessOrEquals(2, 2)', true]],
  dateTimeAdd: [
    ["dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y')", '2023-04-07T14:53:14Z'],
    ["dateTimeAdd('2020-04-07 14:53:14Z', '-P9D')", '2020-03-29T14:53:14Z'],
    ["dateTimeAdd('2020-04-07 14:53:14Z', 'PT1H')", '2020-04-07T15:53:14Z'],
    ["dateTimeAdd('2024-01-31 00:00:00Z', 'P1M')", '2024-03-01T00:00:00Z'],
    ["dateTimeAdd('20200407T145314Z', 'P1D', 'yyyy-MM-dd')", '2020-04-08'],
  ],
  dateTimeFromEpoch: [['dateTimeFromEpoch(1683040573)', '2023-05-02T15:16:13Z']],
  dateTimeToEpoch: [["dateTimeToEpoch('2023-05-02T15:16:13Z')", 1683040573]],
  filter: [
    [
      "map(filter(createArray(createObject('n', 'Evie', 'age', 5), createObject('n', 'Casper', 'age', 3)), lambda('d', greaterOrEquals(lambdaVariables('d').age, 5))), lambda('d', lambdaVariables('d').n))",
      ['Evie'],
    ],
    ["filter(createArray('a', 'b', 'c'), lambda('x', 'i', greater(lambdaVariables('i'), 0)))", ['b', 'c']],
  ],
  groupBy: [
    [
      "groupBy(createArray('foo', 'bar', 'baz'), lambda('x', substring(lambdaVariables('x'), 0, 1)))",
      { f: ['foo'], b: ['bar', 'baz'] },
    ],
  ],
  map: [
    ["map(range(0, 3), lambda('i', mul(lambdaVariables('i'), 2)))", [0, 2, 4]],
    [
      "map(createArray('a', 'b'), lambda('x', 'i', format('{0}{1}', lambdaVariables('x'), lambdaVariables('i'))))",
      ['a0', 'b1'],
    ],
  ],
  mapValues: [
    ["mapValues(createObject('foo', 'foo'), lambda('val', toUpper(lambdaVariables('val'))))", { foo: 'FOO' }],
  ],
  reduce: [
    [
      "reduce(createArray(5, 3, 2, 8), 0, lambda('cur', 'next', add(lambdaVariables('cur'), lambdaVariables('next'))))",
      18,
    ],
    [
      "reduce(createArray(5, 3, 2, 8), 0, lambda('cur', 'next', 'i', if(equals(mod(lambdaVariables('i'), 2), 0), add(lambdaVariables('cur'), lambdaVariables('next')), lambdaVariables('cur'))))",
      7,
    ],
  ],
  sort: [
    [
      "sort(createArray(8, 3, 10, -13, 5), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
      [-13, 3, 5, 8, 10],
    ],
  ],
  toObject: [
    ["toObject(createArray(123, 456), lambda('x', concat('k', lambdaVariables('x'))))", { k123: 123, k456: 456 }],
    [
      "toObject(createArray('a'), lambda('x', lambdaVariables('x')), lambda('x', toUpper(lambdaVariables('x'))))",
      { a: 'A' },
    ],
  ],
  and: [
    ["and(bool('true'), bool('false'))", false],
    ["and(false(), equals(fail('not reached'), 1))", false],
    ['and(true(), true(), true())', true],
  ],
  bool: [
    ["bool('true')", true],
    ['bool(1)', true],
    ['bool(0)', false],
  ],
  false: [['false()', false]],
  if: [
    ["if(equals('a', 'a'), 'yes', fail('not reached'))", 'yes'],
    ["if(equals('a', 'b'), fail('not reached'), createObject('a', 1).a)", 1],
  ],
  not: [["not(bool('true'))", false]],
  null: [['null()', null]],
  or: [["or(bool('true'), equals(fail('not reached'), 1))", true]],
  true: [['true()', true]],
  add: [['add(5, 3)', 8]],
  div: [
    ['div(8, 3)', 2],
    ['div(-7, 2)', -3],
  ],
  float: [["float('3.5')", 3.5]],
  int: [
    ["int('4')", 4],
    ["int('-12')", -12],
  ],
  max: [
    ['max(createArray(0, 3, 2, 5, 4))', 5],
    ['max(0, 3, 2, 5, 4)', 5],
  ],
  min: [
    ['min(createArray(0, 3, 2, 5, 4))', 0],
    ['min(3, 2)', 2],
  ],
  mod: [['mod(7, 3)', 1]],
  mul: [['mul(5, 3)', 15]],
  sub: [['sub(7, 3)', 4]],
  base64: [["base64('one, two, three')", 'b25lLCB0d28sIHRocmVl']],
  base64ToJson: [["base64ToJson('eyJvbmUiOiAiYSIsICJ0d28iOiAiYiJ9')", { one: 'a', two: 'b' }]],
  base64ToString: [["base64ToString('b25lLCB0d28sIHRocmVl')", 'one, two, three']],
  endsWith: [
    ["endsWith('abcdef', 'ef')", true],
    ["endsWith('abcdef', 'F')", true],
    ["endsWith('abcdef', 'e')", false],
  ],
  format: [
    [
      "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
      'Hello, User. Formatted number: 8,175,133',
    ],
    [
      "format('>{0}<>{1}<>{2}<', false(), createObject('a', 'b', '!c', 2), createArray(true(), 2893, 'abc'))",
      ">False<>{'a':'b','!c':2}<>[true,2893,'abc']<",
    ],
    ["format('{{{0,4}|{0,-4}}}', 'ab')", '{  ab|ab  }'],
    ["format('{0:D4} {1:X} {2}', 42, 255, true())", '0042 FF True'],
  ],
  join: [
    ["join(createArray('one', 'two', 'three'), ',')", 'one,two,three'],
    ["join(createArray(1, 2), ';')", '1;2'],
  ],
  json: [
    ['json(\'{"a": "b"}\')', { a: 'b' }],
    ["json('null')", null],
    ["json('0.5')", 0.5],
    ["json('[1, 2]')[1]", 2],
  ],
  padLeft: [["padLeft('123', 10, '0')", '0000000123']],
  replace: [
    ["replace('123-123-1234', '-', '')", '1231231234'],
    ["replace('123-123-1234', '1234', 'xxxx')", '123-123-xxxx'],
  ],
  split: [
    ["split('one,two,three', ',')", ['one', 'two', 'three']],
    ["split('one;two,three', createArray(',', ';'))", ['one', 'two', 'three']],
  ],
  startsWith: [["startsWith('abcdef', 'AB')", true]],
  string: [
    ["string(createObject('valueA', 10, 'valueB', 'Example Text'))", '{"valueA":10,"valueB":"Example Text"}'],
    ["string(createArray('a', 'b', 'c'))", '["a","b","c"]'],
    ['string(5)', '5'],
    ['string(true())', 'True'],
  ],
  substring: [["substring('one two three', 4, 3)", 'two']],
  toLower: [["toLower('One Two Three')", 'one two three']],
  toUpper: [["toUpper('One Two Three')", 'ONE TWO THREE']],
  trim: [["trim('    one two three   ')", 'one two three']],
  uniqueString: [
    [
      "uniqueString('/subscriptions/31e9f9a0-9fd2-4294-a0a3-0101246d9700/resourceGroups/rg-modm201-20230913120256/providers/Microsoft.Compute/virtualMachines/bobjacmodm201')",
      'yvjxno3je5on2',
    ],
  ],
  buildUri: [
    [
      "buildUri(createObject('scheme', 'https', 'host', 'contoso.com', 'port', 8443, 'path', 'a/b', 'query', 'x=1'))",
      'https://contoso.com:8443/a/b?x=1',
    ],
  ],
  dataUri: [["dataUri('Hello')", 'data:text/plain;charset=utf8;base64,SGVsbG8=']],
  dataUriToString: [["dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", 'Hello, World!']],
  parseUri: [
    [
      "parseUri('https://contoso.com:8443/a?x=1')",
      { scheme: 'https', host: 'contoso.com', port: 8443, path: '/a', query: '?x=1' },
    ],
  ],
  uri: [
    [
      "uri('http://contoso.com/resources/', 'nested/azuredeploy.json')",
      'http://contoso.com/resources/nested/azuredeploy.json',
    ],
    ["uri('http://contoso.org/firstpath', 'myscript.sh')", 'http://contoso.org/myscript.sh'],
    ["uri('http://contoso.org/firstpath/azuredeploy.json', 'myscript.sh')", 'http://contoso.org/firstpath/myscript.sh'],
  ],
  uriComponent: [
    [
      "uriComponent('http://contoso.com/resources/nested/azuredeploy.json')",
      'http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json',
    ],
  ],
  uriComponentToString: [
    ["uriComponentToString('http%3A%2F%2Fcontoso.com%2Fresources')", 'http://contoso.com/resources'],
  ],
  resourceGroup: [
    ['resourceGroup().location', 'westus'],
    ['resourceGroup().id', `/subscriptions/${subscriptionId}/resourceGroups/rg`],
    ['resourceGroup().tags.team', 'api'],
  ],
  subscription: [['subscription().subscriptionId', subscriptionId]],
  tenant: [['tenant().tenantId', '99999999-8888-7777-6666-555555555555']],
  deployment: [
    ['deployment().name', 'main'],
    ['deployment().properties.template.contentVersion', '1.0.0.0'],
  ],
  environment: [
    ['environment().name', 'AzureCloud'],
    ['environment().suffixes.storage', 'core.windows.net'],
  ],
  resourceId: [
    [
      "resourceId('Microsoft.Storage/storageAccounts', 'examplestorage')",
      `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/examplestorage`,
    ],
    [
      "resourceId('Microsoft.X/y/', 'n')",
      `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.X/y/n`,
    ],
    [
      "resourceId('otherRG', 'Microsoft.Storage/storageAccounts', 's')",
      `/subscriptions/${subscriptionId}/resourceGroups/otherRG/providers/Microsoft.Storage/storageAccounts/s`,
    ],
    [
      "resourceId('00000000-0000-0000-0000-000000000000', 'otherRG', 'Microsoft.Sql/servers/databases', 'srv', 'db')",
      '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/otherRG/providers/Microsoft.Sql/servers/srv/databases/db',
    ],
  ],
  subscriptionResourceId: [
    [
      "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'x')",
      `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/x`,
    ],
  ],
  tenantResourceId: [
    [
      "tenantResourceId('Microsoft.Authorization/policyDefinitions', 'x')",
      '/providers/Microsoft.Authorization/policyDefinitions/x',
    ],
  ],
  managementGroupResourceId: [
    [
      "managementGroupResourceId('mg', 'Microsoft.Authorization/policyDefinitions', 'x')",
      '/providers/Microsoft.Management/managementGroups/mg/providers/Microsoft.Authorization/policyDefinitions/x',
    ],
  ],
  extensionResourceId: [
    [
      "extensionResourceId('/subscriptions/s', 'Microsoft.Authorization/locks', 'l')",
      '/subscriptions/s/providers/Microsoft.Authorization/locks/l',
    ],
  ],
  toLogicalZone: [["toLogicalZone('s', 'westus3', 'westus3-az2')", '2']],
  toLogicalZones: [["toLogicalZones('s', 'westus3', createArray('westus3-az2', 'westus3-az1'))", ['2', '1']]],
  toPhysicalZone: [["toPhysicalZone('s', 'westus3', '1')", 'westus3-az1']],
  toPhysicalZones: [["toPhysicalZones('s', 'westus3', createArray('1'))", ['westus3-az1']]],
  roleDefinitions: [["roleDefinitions('Reader').roleDefinitionId", 'acdd72a7-3385-48ef-bd42-f606fba81ae7']],
};

/** Functions that need a place of their own; each is tested in the file named here. */
const elsewhere: Readonly<Record<string, string>> = {
  copyIndex: 'template features',
  deployer: 'below',
  fail: 'below',
  guid: 'below',
  lambda: 'map, filter ...',
  lambdaVariables: 'map, filter ...',
  managementGroup: 'template features',
  newGuid: 'below',
  parameters: 'template features',
  pickZones: 'below',
  providers: 'below',
  reference: 'deploy',
  references: 'deploy',
  resourceInfo: 'deploy',
  utcNow: 'below',
  variables: 'template features',
};

describe.each(Object.entries(examples))('%s', (_, list) => {
  it.each(list)('[%s]', async (expression, value) => {
    expect(await valueOfExpression(`[${expression}]`)).toEqual(value);
  });
});

test('every function of the table has an example', () => {
  const names = Object.values(functionGroups).flatMap((group) => Object.keys(group));
  expect(names.filter((name) => !(name in examples) && !(name in elsewhere))).toEqual([]);
  expect(Object.keys(examples).filter((name) => !names.includes(name))).toEqual([]);
});

describe('names and time', () => {
  it('makes the GUID of RFC 4122 version 5 in the namespace of Azure', async () => {
    expect(await valueOfExpression("[guid('a', 'b')]")).toBe(await valueOfExpression("[guid('a-b')]"));
    expect(await valueOfExpression("[guid('x')]")).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it.each([
    ["[utcNow('u')]", '2020-04-07 14:53:14Z'],
    ['[utcNow()]', '20200407T145314Z'],
    ["[utcNow('d')]", '04/07/2020'],
    ["[utcNow('M d')]", '4 7'],
    ["[utcNow('dddd, dd MMMM yyyy HH:mm:ss.fff tt')]", 'Tuesday, 07 April 2020 14:53:14.123 PM'],
    ["[utcNow('o')]", '2020-04-07T14:53:14.1230000Z'],
    ["[utcNow('r')]", 'Tue, 07 Apr 2020 14:53:14 GMT'],
    ['[newGuid()]', '0f8fad5b-d9cb-469f-a165-70867728950e'],
  ])('gives %s as the default of a parameter', async (expression, value) => {
    const parameters = { p: { type: 'string', defaultValue: expression } };
    expect(await valueOfExpression("[parameters('p')]", { parameters })).toBe(value);
  });

  it('refuses utcNow and newGuid elsewhere', async () => {
    await expect(valueOfExpression('[utcNow()]')).rejects.toThrow("'utcNow' is not expected at this location");
    await expect(valueOfExpression('[newGuid()]')).rejects.toThrow("'newGuid' is not expected at this location");
  });
});

describe('what the caller knows', () => {
  it('says who deploys', async () => {
    const deployer = { objectId: 'o', tenantId: 't' };
    expect(await valueOfExpression('[deployer().objectId]', {}, { deployment: { name: 'main', deployer } })).toBe('o');
    await expect(valueOfExpression('[deployer()]')).rejects.toThrow('it is not known who deploys');
  });

  it('asks the provider for versions and zones', async () => {
    const provider = () => ({
      apiVersions: ['2024-05-01'],
      zoneMappings: [{ location: 'West US 2', zones: ['3', '1', '2'] }],
    });
    const ports = { get: async () => undefined, list: async () => undefined, provider };
    expect(await valueOfExpression("[providers('Microsoft.X', 'y').apiVersions[0]]", {}, { ports })).toBe('2024-05-01');
    expect(await valueOfExpression("[pickZones('Microsoft.X', 'y', 'westus2', 2, 1)]", {}, { ports })).toEqual([
      '2',
      '3',
    ]);
    expect(await valueOfExpression("[pickZones('Microsoft.X', 'y', 'northcentralus')]", {}, { ports })).toEqual([]);
    await expect(valueOfExpression("[providers('Microsoft.X')]")).rejects.toThrow(
      "the resource provider 'Microsoft.X' is not known",
    );
  });
});

describe('errors of functions', () => {
  it.each([
    ["[fail('my message')]", 'my message'],
    ['[foo()]', "The template function 'foo' is not valid"],
    ['[concat()]', "'concat': the function takes at least '1' argument(s) and '0' were given"],
    ['[div(1, 0)]', 'attempted to divide by zero'],
    ['[mul(9007199254740991, 2)]', 'the result is too large'],
    ["[int('x')]", "the value 'x' can't be converted to an integer"],
    ["[substring('abc', 2, 5)]", 'must refer to a location within the string'],
    ["[createObject('a', 1).b]", "The language expression property 'b' doesn't exist, available properties are 'a'"],
    ['[createArray(1)[1]]', "array index '1' is out of bounds"],
    ['[range(0, 10001)]', "the count '10001' must be between"],
    ["[resourceId('Microsoft.Web/sites', 'a', 'b')]", "requires '1' resource name argument(s) and '2' were given"],
    ["[parameters('p')]", "The template parameter 'p' is not found"],
    ["[variables('v')]", "The template variable 'v' is not found"],
    ["[format('{1}', 'a')]", "the index '1' is beyond"],
    ["[json('{')]", 'the text is not valid JSON'],
    ["[if('x', 1, 2)]", "argument '1' is of type 'String'; expected a boolean"],
    ["[lambda('x', 1)]", 'expected only as an argument'],
    ["[map(createArray(1), 'x')]", "argument '2' must be a lambda function"],
    ["[reference('nothing')]", "The resource 'nothing' is not defined in the template"],
    ['[managementGroup()]', "'managementGroup' is not available in a deployment at the scope 'resourceGroup'"],
    ['[copyIndex()]', 'there is no copy loop here'],
    ["[int(createObject('a', 1))]", "can't be converted to an integer"],
    ["[less(1, 'a')]", "argument '2' is of type 'String'; expected a number"],
  ])('%s', async (expression, message) => {
    await expect(valueOfExpression(expression)).rejects.toThrow(message);
  });

  it('bounds what a small template can ask for', async () => {
    const variables: Record<string, string> = { v0: "[padLeft('x', 4000000)]" };
    for (let i = 1; i < 20; i++) variables[`v${i}`] = `[concat(variables('v${i - 1}'), variables('v${i - 1}'))]`;
    await expect(valueOfExpression("[variables('v19')]", { variables })).rejects.toThrow(
      'Evaluating the template takes more than',
    );
    const nested =
      "[map(range(0, 10000), lambda('a', map(range(0, 10000), lambda('b', map(range(0, 10000), lambda('c', 1))))))]";
    await expect(valueOfExpression(nested)).rejects.toThrow('Evaluating the template takes more than');
    await expect(valueOfExpression("[replace(padLeft('a', 100000, 'a'), 'a', padLeft('a', 100000))]")).rejects.toThrow(
      'characters in a string',
    );
  });

  it('counts objects that grow in a loop, and repeated content', async () => {
    const grow =
      "[reduce(range(0, 10000), createObject(), lambda('a', 'b', union(lambdaVariables('a'), createObject(string(lambdaVariables('b')), 1))))]";
    await expect(valueOfExpression(grow)).rejects.toThrow('Evaluating the template takes more than');
    const input = {
      copy: [
        { name: 'inner', count: 800, input: { copy: [{ name: 'innermost', count: 800, input: { a: [1, 2, 3] } }] } },
      ],
    };
    const outputs = { o: { type: 'object', value: input } };
    await expect(planOf(templateOf({ outputs }))).rejects.toThrow('Evaluating the template takes more than');
  });

  it('keeps keys of JavaScript ordinary', async () => {
    expect(
      JSON.stringify(await valueOfExpression("[createObject('__proto__', createObject('polluted', true()))]")),
    ).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    await expect(valueOfExpression("[createObject('a', 1).constructor]")).rejects.toThrow(
      "property 'constructor' doesn't exist",
    );
    await expect(
      planOf(
        templateOf({
          variables: JSON.parse('{"__proto__": {"x": 1}}'),
          outputs: { o: { type: 'object', value: "[variables('__proto__')]" } },
        }),
      ),
    ).resolves.toBeDefined();
  });
});
