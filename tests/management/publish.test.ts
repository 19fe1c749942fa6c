import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { send, valuesOf } from '../kit/client.ts';
import { type LazuliProcess, lazuli, runLazuliCommand } from '../kit/lazuli-process.ts';

let scratch: string;
let data: string;
let server: Omit<LazuliProcess, 'http' | 'https'>;
let gatewayPort: number;
let environment: Record<string, string>;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lazuli-publish-'));
  data = join(scratch, 'data');
  const ports = ['--port', '0', '--no-tls', '--management-port', '0', '--no-service-bus'];
  server = runLazuliCommand(['start', ...ports, '--access-log', 'off'], { LAZULI_DATA: data });
  const output = await server.until(/Client secret\s+\S+/);
  gatewayPort = Number(/HTTP\s+http:\S+:(\d+)/.exec(output)?.[1]);
  environment = {
    LAZULI_DATA: data,
    LAZULI_MANAGEMENT_URL: /Management\s+(https:\S+)/.exec(output)?.[1] ?? '',
    AZURE_TENANT_ID: /Tenant\s+(\S+)/.exec(output)?.[1] ?? '',
    AZURE_CLIENT_ID: /Client id\s+(\S+)/.exec(output)?.[1] ?? '',
    AZURE_CLIENT_SECRET: /Client secret\s+(\S+)/.exec(output)?.[1] ?? '',
  };
}, 120_000);
afterAll(async () => {
  await server.end();
  await rm(scratch, { recursive: true, force: true });
});

const run = (...args: string[]) => lazuli(args, environment);
const on = (service: string) => ['--service', service, '--resource-group', 'apim'];

async function makeFolder(name: string, files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = join(scratch, name);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const answering = (text: string) =>
  `<policies><inbound><return-response><set-status code="200" /><set-body>${text}</set-body></return-response></inbound></policies>`;

/** As Azure/apiops writes it. */
const layoutA = {
  'apis/basic-api/apiInformation.json': {
    properties: { displayName: 'Basic', path: 'basic', protocols: ['http', 'https'], subscriptionRequired: false },
  },
  'apis/basic-api/specification.yaml': [
    'openapi: 3.0.3',
    'info: { title: Basic, version: "1" }',
    'paths:',
    '  /items/{id}:',
    '    get:',
    '      operationId: Get_Item',
    '      parameters:',
    '        - { name: id, in: path, required: true, schema: { type: integer } }',
    '        - { name: kind, in: query, required: true, schema: { type: string, enum: [a, b] } }',
    '      responses:',
    '        "200":',
    '          description: OK',
    '          content: { application/json: { schema: { $ref: "#/components/schemas/Item" }, example: { id: 1 } } }',
    '    put:',
    '      operationId: put-item',
    '      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]',
    '      requestBody: { content: { application/json: { schema: { type: object, properties: { x: { type: string } } } } } }',
    '      responses: { "204": { description: Done } }',
    'components: { schemas: { Item: { type: object, properties: { id: { type: integer } } } } }',
  ].join('\n'),
  'apis/basic-api/policy.xml': answering('basic'),
  'apis/basic-api/operations/put-item/policy.xml': '<policies><inbound><base /></inbound></policies>',
  'apis/basic-api/diagnostics/monitor/diagnosticInformation.json': {
    properties: {
      loggerId:
        '/subscriptions/1/resourceGroups/g/providers/Microsoft.ApiManagement/service/elsewhere/loggers/azuremonitor',
      alwaysLog: 'allErrors',
    },
  },
  'apis/revisioned/apiInformation.json': {
    properties: { displayName: 'Revisioned', path: 'revisioned', apiRevision: '1', subscriptionRequired: false },
  },
  'apis/revisioned/policy.xml': answering('one'),
  'apis/revisioned/operations/only-here/operationInformation.json': {
    properties: { displayName: 'Any', method: 'GET', urlTemplate: '/*', templateParameters: [] },
  },
  'apis/revisioned;rev=2/apiInformation.json': {
    properties: { displayName: 'Revisioned', path: 'revisioned', apiRevision: '2', subscriptionRequired: false },
  },
  'apis/versioned-v1/apiInformation.json': {
    properties: {
      displayName: 'Versioned',
      path: 'versioned',
      apiVersion: 'v1',
      apiVersionSetId: '/apiVersionSets/versionSet1',
    },
  },
  'apis/graph/apiInformation.json': {
    properties: { displayName: 'Graph', path: 'graph', type: 'graphql', serviceUrl: 'https://graph.example' },
  },
  'apis/graph/specification.graphql': 'type Query { hello: String }',
  'apis/wadl-api/apiInformation.json': { properties: { displayName: 'Wadl', path: 'wadl' } },
  'apis/wadl-api/specification.wadl':
    '<application xmlns="http://wadl.dev.java.net/2009/02"><resources base="https://w.example/"><resource path="items"><method name="GET" id="items"><response status="200" /></method></resource></resources></application>',
  'apis/wadl-api/operations/items/policy.xml': '<policies><inbound><base /></inbound></policies>',
  'version sets/versionSet1/versionSetInformation.json': {
    properties: { displayName: 'Versions', versioningScheme: 'Segment' },
  },
  'named values/environment/namedValueInformation.json': { properties: { displayName: 'environment', value: 'test' } },
  'named values/hidden/namedValueInformation.json': { properties: { displayName: 'hidden', secret: true } },
  'policy fragments/fragment/policyFragmentInformation.json': { properties: { description: 'A fragment' } },
  'policy fragments/fragment/policy.xml':
    '<fragment><set-header name="X-Env"><value>{{environment}}</value></set-header></fragment>',
  'policy.xml': '<policies><inbound><include-fragment fragment-id="fragment" /></inbound></policies>',
  'backends/b/backendInformation.json': { properties: { url: 'https://b.example', protocol: 'http' } },
  'loggers/azuremonitor/loggerInformation.json': { properties: { loggerType: 'azureMonitor', isBuffered: true } },
  'products/product1/productInformation.json': { properties: { displayName: 'Product 1', state: 'published' } },
  'products/product1/apis/basic-api/productApiInformation.json': {},
  'products/product1/policy.xml': '<policies><inbound><base /></inbound></policies>',
  'tags/tag1/tagInformation.json': { properties: { displayName: 'tag1' } },
  'tags/tag1/apis/basic-api/tagApiInformation.json': {},
  'tags/tag1/products/product1/tagProductInformation.json': {},
  'groups/partners/groupInformation.json': { properties: { displayName: 'Partners' } },
  'users/ada/userInformation.json': {
    properties: { email: 'ada@example.com', firstName: 'Ada', lastName: 'L', groups: ['partners'] },
  },
  'gateways/edge/gatewayInformation.json': { properties: { locationData: { name: 'Here' } } },
  'gateways/edge/apis/basic-api/gatewayApiInformation.json': {},
  'schemas/person/schemaInformation.json': { properties: { schemaType: 'json', document: { type: 'object' } } },
  'subscriptions/sub/subscriptionInformation.json': {
    properties: {
      displayName: 'Sub',
      scope: '/subscriptions/1/resourceGroups/g/providers/Microsoft.ApiManagement/service/elsewhere/products/product1',
      state: 'active',
    },
  },
};
const secrets = {
  namedValues: { hidden: 'a secret of the folder' },
  subscriptions: { sub: { primaryKey: 'primary-key-of-sub', secondaryKey: 'secondary-key-of-sub' } },
};

describe('lazuli publish', () => {
  it('shows what it would do, then does it as one change that the gateway serves', async () => {
    const folder = await makeFolder('a', layoutA);
    const secretsFile = join(scratch, 'secrets.json');
    await writeFile(secretsFile, JSON.stringify(secrets));
    const refused = await run('publish', folder, ...on('a'), '--secrets', secretsFile);
    expect(refused).toMatchObject({ status: 1, output: expect.stringContaining('Add --yes') });
    const published = await run('publish', folder, ...on('a'), '--secrets', secretsFile, '--yes');
    expect(published.output).toMatch(/^\+ apis\/basic-api\/operations\/get-item$/m);
    expect(published.output).toContain('Published');
    expect(published.status).toBe(0);
    await vi.waitFor(
      async () => {
        const response = await send(gatewayPort, { method: 'GET', target: '/basic/items/1?kind=a' });
        expect(response).toMatchObject({ status: 200, body: 'basic' });
      },
      { timeout: 5000, interval: 20 },
    );
    const again = await run('publish', folder, ...on('a'), '--secrets', secretsFile);
    expect(again.output).toMatch(/0 to create, 0 to change, 0 to delete/);
    // Secrets that the service has need not be given again.
    expect((await run('diff', folder, ...on('a'))).output).toContain('no drift');
  }, 120_000);

  it('changes nothing when anything is refused, and says each thing', async () => {
    const folder = await makeFolder('bad', {
      'tags/new/tagInformation.json': { properties: { displayName: 'new' } },
      'namedValues/none/namedValueInformation.json': { properties: { displayName: 'none', secret: true } },
      'policy.xml': '<policies><inbound><set-body>{{unknown-one}}</set-body></inbound></policies>',
    });
    const { status, output } = await run('publish', folder, ...on('a'));
    expect(status).toBe(1);
    expect(output).toMatch(/namedValues\/none error .*required/);
    expect(output).toMatch(/policies\/policy error .*unknown-one/);
    expect((await run('extract', join(scratch, 'bad-out'), ...on('a'), '--only', 'tags/new')).output).toMatch(
      /has no tags\/new/,
    );
    const broken = await makeFolder('broken', { 'policy.xml': '<policies><inbound><nonsense /></inbound></policies>' });
    const checked = await run('publish', broken, ...on('a'));
    expect(checked.output).toMatch(/policy\.xml:1:\d+ error/);
    expect(checked.status).toBe(1);
  }, 120_000);

  it('predicts with --what-if, tells drift with diff, and deletes with --prune only', async () => {
    const { 'products/product1/policy.xml': _, ...fewer } = layoutA;
    const folder = await makeFolder('changed', {
      ...Object.fromEntries(Object.entries(fewer).filter(([path]) => !path.startsWith('backends/'))),
      'named values/environment/namedValueInformation.json': {
        properties: { displayName: 'environment', value: 'production' },
      },
    });
    const predicted = await run('publish', folder, ...on('a'), '--what-if');
    expect(predicted.output).toContain('properties.value: "test" -> "production"');
    expect(predicted.output).toMatch(/--prune deletes them\): .*backends\/b/);
    expect(predicted.output).not.toContain('Published');
    const drift = await run('diff', folder, ...on('a'), '--json');
    expect(drift.status).toBe(1);
    const { changes } = JSON.parse(drift.output);
    expect(changes.map(({ changeType, path }: Record<string, string>) => `${changeType} ${path}`)).toEqual([
      'Delete backends/b',
      'Modify namedValues/environment',
      'Delete products/product1/policies/policy',
    ]);
    expect((await run('publish', folder, ...on('a'), '--prune')).output).toMatch(
      /0 to create, 1 to change, 2 to delete/,
    );
    expect((await run('diff', folder, ...on('a'))).status).toBe(0);
    const headers = async () => {
      const { rawHeaders } = await send(gatewayPort, { method: 'GET', target: '/basic/items/1?kind=a' });
      return valuesOf(rawHeaders, 'Content-Length');
    };
    expect(await headers()).toEqual(['5']);
  }, 120_000);
});

describe('lazuli publish --prune', () => {
  const api = (more: object = {}) => ({
    properties: { displayName: 'One', path: 'one', subscriptionRequired: false, ...more },
  });

  it('gives the path of an API that goes to one that comes, and makes another revision current', async () => {
    const first = await makeFolder('first', { 'apis/old/apiInformation.json': api() });
    expect((await run('publish', first, ...on('b'), '--yes')).output).toContain('Published');
    const second = await makeFolder('second', {
      'apis/new/apiInformation.json': api(),
      'apis/new/policy.xml': answering('first revision'),
      'apis/new;rev=2/apiInformation.json': api({ apiRevision: '2' }),
    });
    const taken = await run('publish', second, ...on('b'));
    expect(taken).toMatchObject({ status: 1, output: expect.stringContaining("path 'one' is used by the API 'old'") });
    expect((await run('publish', second, ...on('b'), '--prune')).output).toContain('Published');
    const third = await makeFolder('third', {
      'apis/new/apiInformation.json': api({ apiRevision: '2' }),
      'apis/new;rev=1/apiInformation.json': api(),
      'apis/new;rev=1/policy.xml': answering('first revision'),
    });
    const swapped = await run('publish', third, ...on('b'), '--prune');
    expect(swapped.output).toContain('properties.apiRevision: "1" -> "2"');
    expect((await run('diff', third, ...on('b'))).output).toContain('no drift');
  }, 120_000);
});

describe('lazuli extract', () => {
  it('writes a folder that publishes back without a difference, and holds no secret', async () => {
    const folder = join(scratch, 'extracted');
    const { status, output } = await run('extract', folder, ...on('a'));
    expect(output).toMatch(/resources of a in \d+ files/);
    expect(status).toBe(0);
    expect((await run('diff', folder, ...on('a'))).output).toContain('no drift');
    const read = (path: string) => readFile(join(folder, path), 'utf8');
    expect(await read('apis/basic-api/specification.json')).toContain('"operationId": "get-item"');
    expect(JSON.parse(await read('apis/revisioned/operations/only-here/operationInformation.json'))).toMatchObject({
      properties: { method: 'GET', urlTemplate: '/*' },
    });
    expect(await read('apis/graph/specification.graphql')).toBe(layoutA['apis/graph/specification.graphql']);
    expect(JSON.parse(await read('products/product1/apis.json'))).toEqual([{ name: 'basic-api' }]);
    expect(JSON.parse(await read('subscriptions/sub/subscriptionInformation.json')).properties).toEqual({
      allowTracing: false,
      displayName: 'Sub',
      scope: '/products/product1',
      state: 'active',
    });
    expect(JSON.parse(await read('users/ada/userInformation.json')).properties.groups).toEqual(['partners']);
    expect(JSON.parse(await read('apis/basic-api/diagnostics/monitor/diagnosticInformation.json'))).toMatchObject({
      properties: { loggerId: '/loggers/azuremonitor' },
    });
    expect(await read('apis/basic-api/policy.xml')).toBe(layoutA['apis/basic-api/policy.xml']);
    for (const path of [
      'namedValues/hidden/namedValueInformation.json',
      'subscriptions/sub/subscriptionInformation.json',
    ])
      expect(await read(path)).not.toMatch(/a secret|-key-of-sub/);
    // A copy of the service, made from the folder.
    const secretsFile = join(scratch, 'secrets.json');
    expect((await run('publish', folder, ...on('copy'), '--yes', '--secrets', secretsFile)).output).toContain(
      'Published',
    );
    const second = join(scratch, 'extracted-copy');
    await run('extract', second, ...on('copy'));
    expect((await run('diff', second, ...on('a'))).output).toContain('no drift');
  }, 120_000);

  it('writes one API with --only, and takes away what the service no longer has', async () => {
    const folder = join(scratch, 'one');
    await run('extract', folder, ...on('a'), '--only', 'apis/basic-api');
    expect((await stat(join(folder, 'apis/basic-api/specification.json'))).isFile()).toBe(true);
    await expect(stat(join(folder, 'products'))).rejects.toThrow();
    const whole = await makeFolder('whole', {
      'tags/gone/tagInformation.json': { properties: { displayName: 'gone' } },
      'README.md': 'mine',
    });
    expect((await run('extract', whole, ...on('a'))).output).toContain('1 files removed');
    expect(await readFile(join(whole, 'README.md'), 'utf8')).toBe('mine');
  }, 120_000);

  it('takes the example there and back', async () => {
    const secretsFile = join(scratch, 'contoso-secrets.json');
    const key = randomBytes(32).toString('base64');
    await writeFile(secretsFile, JSON.stringify({ namedValues: { 'token-signing-key': key } }));
    const folder = join(scratch, 'contoso');
    await cp('examples/contoso', folder, { recursive: true });
    const published = await run('publish', folder, ...on('contoso'), '--yes', '--secrets', secretsFile);
    expect(published.output).toContain('Published');
    expect((await run('extract', folder, ...on('contoso'))).status).toBe(0);
    expect((await run('diff', folder, ...on('contoso'))).output).toContain('no drift');
    expect((await run('diff', 'examples/contoso', ...on('contoso'))).output).toContain('no drift');
    expect((await run('check', folder, '--secrets', secretsFile)).output).toContain('0 errors');
  }, 120_000);
});

describe('lazuli principal, audit and store', () => {
  it('makes a principal that may do what its role says, beside the running server', async () => {
    const bare = { ...environment, AZURE_CLIENT_ID: '', AZURE_CLIENT_SECRET: '' };
    const none = await lazuli(['diff', 'examples/contoso', ...on('contoso')], bare);
    expect(none.output).toMatch(/lazuli principal create NAME --role Owner --save/);
    expect((await run('principal', 'create', 'x', '--role', 'Emperor')).status).toBe(1);
    const made = await run('principal', 'create', 'reader', '--role', 'Reader', '--save');
    expect(made.output).not.toContain('Client secret');
    expect((await stat(join(data, 'credentials.json'))).mode & 0o777).toBe(0o600);
    const denied = await lazuli(['publish', join(scratch, 'a'), ...on('a')], bare);
    expect(denied).toMatchObject({ status: 1, output: expect.stringContaining('does not have authorization') });
    const extracted = await lazuli(['extract', join(scratch, 'as-reader'), ...on('a')], bare);
    expect(extracted).toMatchObject({ status: 0, output: expect.stringContaining('resources of a') });
    const id = /Client id\s+(\S+)/.exec(made.output)?.[1] ?? '';
    expect((await run('principal', 'list')).output).toContain(id);
    expect((await run('principal', 'delete', id)).status).toBe(0);
    expect((await run('principal', 'delete', id)).status).toBe(1);
  }, 120_000);

  it('verifies and shows who did what', async () => {
    expect((await run('audit', 'verify')).output).toMatch(/^intact \d+ entries/);
    const shown = await run('audit', 'show', '--last', '2000');
    expect(shown.output).toMatch(/Succeeded .*Microsoft\.ApiManagement\/service\/apis\/write .*\/apis\/basic-api$/m);
    const lines = (await run('audit', 'show', '--last', '3', '--json')).output.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).log)).toEqual(['audit', 'audit', 'audit']);
  }, 120_000);

  it('backs up, checks, rotates keys, and restores', async () => {
    const file = join(scratch, 'backup');
    expect((await run('store', 'backup', file)).output).toMatch(/Wrote .* rows/);
    expect((await run('store', 'check')).output).toMatch(/^sound: \d+ resources/);
    expect((await run('store', 'rotate-keys', '--new-key')).output).toMatch(/are protected by the key/);
    const other = `sqlite:${join(scratch, 'other.db')}`;
    await cp(join(data, 'lazuli.db.keys'), join(scratch, 'other.db.keys'));
    expect((await run('store', 'restore', file, '--store', other)).output).toMatch(/Restored/);
    expect((await run('store', 'check', '--store', other)).output).toMatch(/^sound/);
    expect((await run('store', 'restore', file, '--store', other)).status).toBe(1);
  }, 120_000);
});
