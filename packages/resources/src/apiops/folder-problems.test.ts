import { expect, test } from 'vitest';
import { FolderInMemory } from '../folder/folder-in-memory.ts';
import { readServiceFolder } from './folder-reader.ts';

const api = (path: string, more: object = {}): object => ({ displayName: path, path, ...more });
const backend = { url: 'https://one.example' };
const product = { displayName: 'P', subscriptionRequired: false };
const file = 'apis/a/apiInformation.json';

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string | object>>;
  /** `file:line:column code`, all of them. */
  readonly problems: readonly string[];
  readonly message?: string | RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'JSON that breaks off',
    files: { [file]: '{\n  "path": "a",\n  "displayName": }\n' },
    problems: [`${file}:3:18 JsonSyntax`],
  },
  {
    name: 'a property of the wrong type',
    files: { [file]: '{\n  "path": "a",\n  "subscriptionRequired": "no"\n}' },
    problems: [`${file}:3:27 WrongType`],
    message: "'subscriptionRequired' is a string; expected true or false.",
  },
  {
    name: 'a word that is not among the allowed ones',
    files: { [file]: '{\n  "path": "a",\n  "protocols": ["https", "ftp"]\n}' },
    problems: [`${file}:3:26 InvalidValue`],
    message: "'protocols[1]' has the value 'ftp'; expected 'http' or 'https' or 'ws' or 'wss'.",
  },
  {
    name: 'a number out of range',
    files: {
      'products/p/productInformation.json': '{ "properties": {\n  "displayName": "P",\n  "subscriptionsLimit": -1 } }',
    },
    problems: ['products/p/productInformation.json:3:25 InvalidValue'],
    message: /integer from 0 to 1000000/,
  },
  {
    name: 'a property that is missing',
    files: { [file]: '{ "properties":\n  { "displayName": "A" } }' },
    problems: [`${file}:2:3 MissingProperty`],
  },
  {
    name: 'an unknown property, with the one that was meant',
    files: { [file]: '{\n  "path": "a",\n  "serviceURI": "https://a.example"\n}' },
    problems: [`${file}:3:3 UnknownProperty`],
    message: "The property 'serviceURI' is not known and not read; did you mean 'serviceUrl'?",
  },
  {
    name: 'a named value without a value',
    files: { 'namedValues/n/namedValueInformation.json': { displayName: 'n', secret: true } },
    problems: ['namedValues/n/namedValueInformation.json:1:1 MissingSecret'],
    message: /LAZULI_NAMED_VALUE_N /,
  },
  {
    name: 'a subscription without keys',
    files: { 'subscriptions/my-team/subscriptionInformation.json': { scope: '/apis' } },
    problems: ['subscriptions/my-team/subscriptionInformation.json:1:1 MissingSubscriptionKeys'],
    message: /LAZULI_SUBSCRIPTION_MY_TEAM_PRIMARY_KEY/,
  },
  {
    name: 'a certificate without data',
    files: { 'certificates/c/certificateInformation.json': {} },
    problems: ['certificates/c/certificateInformation.json:1:1 MissingSecret'],
  },
  {
    name: 'secrets of what does not exist',
    files: { 'secrets.local.yaml': 'namedValues:\n  regiom: west\n' },
    problems: ['secrets.local.yaml:2:3 UnusedSecret'],
  },
  {
    name: 'an unknown version set',
    files: { [file]: '{ "path": "a", "apiVersion": "1",\n  "apiVersionSetId": "/apiVersionSets/gone" }' },
    problems: [`${file}:2:22 UnknownReference`],
    message: "There is no version set 'gone'.",
  },
  {
    name: 'an unknown API and an unknown group of a product',
    files: {
      'products/p/productInformation.json': { displayName: 'P' },
      'products/p/apis.json': '[\n  { "name": "gone" }\n]',
      'products/p/groups/gone/productGroupInformation.json': {},
      'products/p/tags.json': '["gone"]',
    },
    problems: [
      'products/p/apis.json:2:13 UnknownReference',
      'products/p/groups/gone/productGroupInformation.json:1:1 UnknownReference',
      'products/p/tags.json:1:2 UnknownReference',
    ],
  },
  {
    name: 'an unknown API, product and tag behind a tag',
    files: {
      'tags/t/tagInformation.json': { displayName: 'T' },
      'tags/t/apis/gone/tagApiInformation.json': {},
      'tags/t/products/gone/tagProductInformation.json': {},
    },
    problems: [
      'tags/t/apis/gone/tagApiInformation.json:1:1 UnknownReference',
      'tags/t/products/gone/tagProductInformation.json:1:1 UnknownReference',
    ],
  },
  {
    name: 'an unknown tag of an API',
    files: { [file]: api('a'), 'apis/a/tags/gone/tagInformation.json': {} },
    problems: ['apis/a/tags/gone/tagInformation.json:1:1 UnknownReference'],
  },
  {
    name: 'an unknown scope of a subscription',
    files: {
      'secrets.local.json': { subscriptions: { s: { primaryKey: 'k1' }, t: { primaryKey: 'k2' } } },
      'subscriptions/s/subscriptionInformation.json': '{ "scope": "/products/gone" }',
      'subscriptions/t/subscriptionInformation.json': '{ "scope": "/apis/gone" }',
    },
    problems: [
      'subscriptions/s/subscriptionInformation.json:1:12 UnknownReference',
      'subscriptions/t/subscriptionInformation.json:1:12 UnknownReference',
    ],
  },
  {
    name: 'a scope that is none',
    files: {
      'secrets.local.json': { subscriptions: { s: { primaryKey: 'k1' } } },
      'subscriptions/s/subscriptionInformation.json': '{ "scope": "/users/u" }',
    },
    problems: ['subscriptions/s/subscriptionInformation.json:1:12 InvalidReference'],
  },
  {
    name: 'an unknown owner where users are described',
    files: {
      'secrets.local.json': { subscriptions: { s: { primaryKey: 'k1' } } },
      'users/anna/userInformation.json': { email: 'anna@example.com' },
      'subscriptions/s/subscriptionInformation.json': '{ "scope": "/apis", "ownerId": "/users/ana" }',
    },
    problems: ['subscriptions/s/subscriptionInformation.json:1:32 UnknownOwner'],
    message: /did you mean 'anna'\?$/,
  },
  {
    name: 'an unknown group of a user',
    files: { 'users/u/userInformation.json': '{ "email": "u@example.com", "groups": ["gone"] }' },
    problems: ['users/u/userInformation.json:1:40 UnknownReference'],
  },
  {
    name: 'an unknown logger',
    files: { 'diagnostics/d/diagnosticInformation.json': '{ "loggerId": "/loggers/gone" }' },
    problems: ['diagnostics/d/diagnosticInformation.json:1:15 UnknownReference'],
  },
  {
    name: 'an unknown certificate of a backend',
    files: {
      'backends/b/backendInformation.json':
        '{ "url": "https://b.example", "credentials": {\n"certificateIds": ["/certificates/gone"] } }',
    },
    problems: ['backends/b/backendInformation.json:2:20 UnknownReference'],
  },
  {
    name: 'a pool with an unknown member and with a pool inside',
    files: {
      'backends/one/backendInformation.json': backend,
      'backends/pool/backendInformation.json':
        '{ "type": "Pool", "pool": { "services": [\n{ "id": "/backends/one" },\n{ "id": "/backends/gone" },\n{ "id": "/backends/pool" } ] } }',
    },
    problems: [
      'backends/pool/backendInformation.json:3:9 UnknownReference',
      'backends/pool/backendInformation.json:4:9 PoolInPool',
    ],
  },
  {
    name: 'a pool without members',
    files: { 'backends/pool/backendInformation.json': { type: 'Pool' } },
    problems: ['backends/pool/backendInformation.json:1:1 MissingProperty'],
  },
  {
    name: 'a policy of an operation that does not exist',
    files: { [file]: api('a'), 'apis/a/operations/gone/policy.xml': '<policies />' },
    problems: ['apis/a/operations/gone/policy.xml:1:1 UnknownOperation'],
  },
  {
    name: 'a revision without its API',
    files: { 'apis/a;rev=2/apiInformation.json': api('a') },
    problems: ['apis/a;rev=2/apiInformation.json:1:1 RevisionWithoutBase'],
  },
  {
    name: 'a revision whose folder has another number',
    files: { [file]: api('a'), 'apis/a;rev=2/apiInformation.json': '{ "apiRevision": "3" }' },
    problems: ['apis/a;rev=2/apiInformation.json:1:18 RevisionMismatch'],
  },
  {
    name: 'two current revisions',
    files: { [file]: api('a'), 'apis/a;rev=2/apiInformation.json': '{ "isCurrent": true }' },
    problems: ['apis/a;rev=2/apiInformation.json:1:16 SeveralCurrentRevisions'],
  },
  {
    name: 'no current revision',
    files: { [file]: '{ "path": "a", "isCurrent": false }', 'apis/a;rev=2/apiInformation.json': {} },
    problems: [`${file}:1:29 NoCurrentRevision`],
  },
  {
    name: 'one number for two revisions',
    files: { [file]: api('a', { apiRevision: '2' }), 'apis/a;rev=2/apiInformation.json': '{ "apiRevision": "2" }' },
    problems: ['apis/a;rev=2/apiInformation.json:1:18 DuplicateRevision'],
  },
  {
    name: 'a version without a version set',
    files: { [file]: '{ "path": "a", "apiVersion": "1" }' },
    problems: [`${file}:1:30 VersionWithoutSet`],
  },
  {
    name: 'version sets that do not say which parameter',
    files: {
      'versionSets/h/versionSetInformation.json': { displayName: 'H', versioningScheme: 'Header' },
      'versionSets/q/versionSetInformation.json': { displayName: 'Q', versioningScheme: 'Query' },
    },
    problems: [
      'versionSets/h/versionSetInformation.json:1:1 VersionParameterMissing',
      'versionSets/q/versionSetInformation.json:1:1 VersionParameterMissing',
    ],
  },
  {
    name: 'two APIs with one path',
    files: { [file]: api('Same'), 'apis/b/apiInformation.json': '{ "path": "same" }' },
    problems: ['apis/b/apiInformation.json:1:11 DuplicateApiPath'],
  },
  {
    name: 'an API in two open products',
    files: {
      [file]: api('a'),
      'products/p/productInformation.json': product,
      'products/p/apis.json': '["a"]',
      'products/q/productInformation.json': '{ "displayName": "Q", "subscriptionRequired": false }',
      'products/q/apis.json': '["a"]',
    },
    problems: ['products/q/productInformation.json:1:47 SeveralOpenProducts'],
  },
  {
    name: 'two named values of one display name',
    files: {
      'namedValues/a/namedValueInformation.json': { displayName: 'Same', value: '1' },
      'namedValues/b/namedValueInformation.json': '{ "displayName": "same", "value": "2" }',
    },
    problems: ['namedValues/b/namedValueInformation.json:1:18 DuplicateDisplayName'],
  },
  {
    name: 'one key of two subscriptions, in messages that do not show it',
    files: {
      'secrets.local.json': { subscriptions: { s: { primaryKey: 'the-key' }, t: { secondaryKey: 'the-key' } } },
      'subscriptions/s/subscriptionInformation.json': { scope: '/apis' },
      'subscriptions/t/subscriptionInformation.json': { scope: '/apis' },
    },
    problems: ['subscriptions/t/subscriptionInformation.json:1:1 DuplicateSubscriptionKey'],
    message: /^((?!the-key).)*$/,
  },
  {
    name: 'one resource in both layouts',
    files: {
      'named values/n/namedValueInformation.json': { displayName: 'n', value: '1' },
      'namedValues/N/namedValueInformation.json': { displayName: 'n', value: '1' },
    },
    problems: ['namedValues/N/namedValueInformation.json:0:0 DuplicateResource'],
  },
  {
    name: 'a folder without its information file',
    files: { 'apis/a/policy.xml': '<policies />' },
    problems: ['apis/a/apiInformation.json:0:0 MissingInformationFile'],
  },
  {
    name: 'a directory in place of an information file',
    files: { 'apis/a/apiInformation.json/note.txt': 'x' },
    problems: ['apis/a/apiInformation.json:0:0 DirectoryInPlaceOfFile'],
  },
  {
    name: 'a directory in place of a policy',
    files: { 'policy.xml/note.txt': 'x' },
    problems: ['policy.xml:0:0 DirectoryInPlaceOfFile'],
  },
  {
    name: 'an alias of nothing, and one before its anchor',
    files: {
      [file]: api('a'),
      'apis/a/specification.yaml': 'a: *gone\n\nb: *late\nc: &late 1\n',
    },
    problems: ['apis/a/specification.yaml:1:4 YamlSyntax', 'apis/a/specification.yaml:3:4 YamlSyntax'],
    message: "the alias '*gone' has no anchor before it",
  },
  {
    name: 'files that are not supported or not read',
    files: {
      [file]: api('a'),
      'apis/a/specification.wsdl': '<definitions />',
      'apis/a/resolvers/r/resolverInformation.json': {},
      'apis/a/productInformation.json': {},
      'gateways/g/gatewayInformation.json': {},
    },
    problems: [
      'apis/a/productInformation.json:0:0 UnreadFile',
      'apis/a/resolvers/r/resolverInformation.json:0:0 UnsupportedResource',
      'apis/a/specification.wsdl:0:0 UnsupportedSpecification',
      'gateways/g/gatewayInformation.json:0:0 UnsupportedResource',
    ],
  },
  {
    name: 'text that is not UTF-8, and NUL',
    files: {
      'policy.xml': new Uint8Array([0x3c, 0x0a, 0x61, 0xff]),
      'apis/a/policy.xml': '<a>\n \0',
      [file]: api('a'),
    },
    problems: ['apis/a/policy.xml:2:2 NulCharacter', 'policy.xml:2:2 InvalidEncoding'],
  },
];

test.each(cases)('reports $name', async ({ files, problems, message }) => {
  const { diagnostics } = await readServiceFolder(new FolderInMemory(compact(files)));
  expect(diagnostics.map((each) => `${each.file}:${each.line}:${each.column} ${each.code}`)).toEqual(problems);
  if (message !== undefined) expect(diagnostics[0]?.message).toMatch(message);
});

/** Objects in one line, so that they have one place. */
function compact(files: Case['files']): Record<string, string | Uint8Array> {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
    ]),
  );
}

test('secrets come from the environment, then from the secrets file, then from the folder', async () => {
  const files = {
    'namedValues/my-value/namedValueInformation.json': { displayName: 'v', value: 'folder', secret: true },
    'secrets.local.json': { namedValues: { 'My-Value': 'file' } },
  };
  const read = async (environment: Record<string, string>): Promise<string | undefined> =>
    (await readServiceFolder(new FolderInMemory(files), { environment })).model.namedValues[0]?.value;
  expect(await read({ LAZULI_NAMED_VALUE_MY_VALUE: 'environment' })).toBe('environment');
  expect(await read({ LAZULI_NAMED_VALUE_MY_VALUE: '' })).toBe('file');
  const other = {
    file: 'elsewhere.yaml',
    read: async () => new TextEncoder().encode('namedValues: { my-value: given }'),
  };
  const { model } = await readServiceFolder(new FolderInMemory(files), { secrets: other });
  expect(model.namedValues[0]?.value).toBe('given');
});

test('a byte order mark and CRLF change nothing', async () => {
  const text = '\uFEFF{\r\n  "displayName": "T",\r\n  "displayNames": 1\r\n}\r\n';
  const { model, diagnostics } = await readServiceFolder(new FolderInMemory({ 'tags/t/tagInformation.json': text }));
  expect(model.tags).toEqual([{ name: 't', displayName: 'T' }]);
  expect(diagnostics).toMatchObject([{ code: 'UnknownProperty', line: 3, column: 3 }]);
});
