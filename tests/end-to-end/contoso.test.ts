import { createHmac, randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContosoBackend } from '../../examples/contoso-backend/service.ts';
import { type ClientRequest, type ClientResponse, send, valuesOf } from '../kit/client.ts';
import { type LazuliProcess, startLazuli } from '../kit/lazuli-process.ts';
import { closeServer, listen } from '../kit/upstream.ts';

const shopKey = randomBytes(16).toString('hex');
const partnerKey = randomBytes(16).toString('hex');
const tokenKey = randomBytes(32);
const services = createContosoBackend();
let servicesPort: number;
let scratch: string;
let lazuli: LazuliProcess;
let port: number;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lazuli-contoso-'));
  servicesPort = await listen(services);
  const folder = join(scratch, 'contoso');
  await cp('examples/contoso', folder, { recursive: true });
  for (const file of await filesOf(folder)) {
    const text = await readFile(file, 'utf8');
    if (text.includes(':8090')) await writeFile(file, text.replaceAll(':8090', `:${servicesPort}`));
  }
  const secrets = join(scratch, 'secrets.json');
  const other = () => randomBytes(16).toString('hex');
  await writeFile(
    secrets,
    JSON.stringify({
      namedValues: { 'token-signing-key': tokenKey.toString('base64') },
      subscriptions: {
        'contoso-shop': { primaryKey: shopKey, secondaryKey: other() },
        fabrikam: { primaryKey: partnerKey, secondaryKey: other() },
        operations: { primaryKey: other(), secondaryKey: other() },
      },
    }),
  );
  lazuli = await startLazuli(folder, [
    '--no-tls',
    '--access-log',
    'off',
    '--secrets',
    secrets,
    '--data',
    join(scratch, 'data'),
  ]);
  port = Number(new URL(lazuli.http).port);
});
afterAll(async () => {
  expect(await lazuli.end()).toBe(0);
  await closeServer(services);
  await rm(scratch, { recursive: true, force: true });
});

const call = (request: Partial<ClientRequest> & { readonly target: string }): Promise<ClientResponse> =>
  send(port, { method: 'GET', ...request });
const header = ({ rawHeaders }: ClientResponse, name: string) => valuesOf(rawHeaders, name).join(',');
const shop = { 'Ocp-Apim-Subscription-Key': shopKey };

describe('Contoso', () => {
  it('uses every policy that the gateway’s main job needs', async () => {
    const used = new Set<string>();
    for (const file of await filesOf('examples/contoso'))
      if (file.endsWith('policy.xml'))
        for (const [, name] of (await readFile(file, 'utf8')).matchAll(/<([a-z-]+)[\s/>]/g)) used.add(name ?? '');
    const needed = [
      'base',
      'include-fragment',
      'choose',
      'set-variable',
      'set-header',
      'set-query-parameter',
      'set-body',
      'set-method',
      'set-status',
      'rewrite-uri',
      'set-backend-service',
      'forward-request',
      'return-response',
      'mock-response',
      'cors',
      'validate-jwt',
      'rate-limit',
      'rate-limit-by-key',
      'check-header',
      'ip-filter',
      'cache-lookup',
      'cache-store',
    ];
    expect(needed.filter((name) => !used.has(name))).toEqual([]);
  });

  it('adds up an order, names who placed it, and answers where it is', async () => {
    const order = await call({
      method: 'POST',
      target: '/orders/v2',
      headers: { ...shop, 'Content-Type': 'application/json', 'x-correlation-id': 'my-order-0001' },
      body: '{"lines":[{"sku":"lamp-01","quantity":3,"price":64.9},{"sku":"desk-02","quantity":2,"price":500}]}',
    });
    expect(order.status).toBe(201);
    expect(JSON.parse(order.body)).toMatchObject({ total: 1194.7, placedBy: 'Contoso shop', review: 'large-order' });
    expect(header(order, 'location')).toBe(`/orders/v2/${JSON.parse(order.body).id}`);
    expect(header(order, 'x-correlation-id')).toBe('my-order-0001');
    expect(header(order, 'x-powered-by')).toBe('');
  });

  it('refuses an order without lines and one that is no JSON', async () => {
    const headers = { ...shop, 'Content-Type': 'application/json' };
    expect((await call({ method: 'POST', target: '/orders/v2', headers, body: '{"lines":[]}' })).status).toBe(422);
    expect((await call({ method: 'POST', target: '/orders/v2', headers: shop, body: 'x' })).status).toBe(415);
  });

  it('serves the first version beside the second', async () => {
    const old = await call({ target: '/orders/v1/order/1001', headers: shop });
    expect(JSON.parse(old.body)).toEqual({ id: '1001', status: 'SHIPPED', total: 129.8 });
    expect(header(old, 'link')).toBe('</orders/v2/1001>; rel="successor-version"');
    const cancelled = await call({ method: 'POST', target: '/orders/v2/1002/cancel', headers: shop });
    expect(cancelled.status).toBe(204);
    expect(JSON.parse((await call({ target: '/orders/v2/1002', headers: shop })).body).status).toBe('cancelled');
  });

  it('lets the starter product call 20 times a minute and a partner on', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 21; i++) statuses.push((await call({ target: '/orders/v2?limit=1', headers: shop })).status);
    expect(statuses.at(-1)).toBe(429);
    const partner = await call({ target: '/orders/v2?limit=1', headers: { 'Ocp-Apim-Subscription-Key': partnerKey } });
    expect(partner.status).toBe(200);
    expect(header(partner, 'x-calls-remaining')).toMatch(/^2\d\d$/);
  });

  it('masks personal data unless the token allows to see it', async () => {
    const customer = async (scope: string) =>
      call({ target: '/customers/c-2', headers: { 'x-api-key': partnerKey, Authorization: `Bearer ${token(scope)}` } });
    expect(JSON.parse((await customer('customers.read')).body).email).toBe('m***@contoso.example');
    expect(JSON.parse((await customer('customers.read.all')).body).email).toBe('miriam.graham@contoso.example');
    const refused = await customer('orders.read');
    expect([refused.status, refused.body]).toEqual([
      401,
      '{ "statusCode": 401, "message": "A valid token of Contoso\'s login is needed." }',
    ]);
  });

  it('mocks what is not built, in a revision of its own', async () => {
    const headers = { 'x-api-key': partnerKey, Authorization: `Bearer ${token('customers.read')}` };
    expect(JSON.parse((await call({ target: '/customers;rev=2/c-1/points', headers })).body)).toEqual({
      points: 120,
      level: 'silver',
    });
    expect((await call({ target: '/customers/c-1/points', headers })).status).toBe(404);
  });

  it('caches stock, by version and unit', async () => {
    const first = await call({ target: '/inventory/stock/lamp-01' });
    const second = await call({ target: '/inventory/stock/lamp-01' });
    expect(second.body).toBe(first.body);
    expect(header(second, 'age')).not.toBe('');
    const dated = await call({ target: '/inventory/stock/lamp-01?unit=box', headers: { 'Api-Version': '2026-10' } });
    expect(JSON.parse(dated.body)).toMatchObject({ sku: 'lamp-01', unit: 'box' });
    expect((await call({ target: '/inventory/stock/lamp-01', headers: { 'Api-Version': '1999-01' } })).status).toBe(
      404,
    );
  });

  it('takes recounts only from warehouses', async () => {
    const recount = (headers: Record<string, string>) =>
      call({ method: 'POST', target: '/inventory/stock/desk-02/recount', headers });
    expect((await recount({ 'x-warehouse': 'North' })).status).toBe(202);
    expect((await recount({})).status).toBe(403);
  });

  it('answers a preflight of the shop and no other', async () => {
    const preflight = (origin: string) =>
      call({
        method: 'OPTIONS',
        target: '/orders/v2',
        headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
      });
    expect(header(await preflight('https://shop.contoso.example'), 'access-control-allow-origin')).toBe(
      'https://shop.contoso.example',
    );
    expect(header(await preflight('https://evil.example'), 'access-control-allow-origin')).toBe('');
  });

  it('takes a warehouse that fails out of service and shows it on the health page', async () => {
    await send(servicesPort, { method: 'POST', target: '/warehouses/north/close' });
    const statuses: number[] = [];
    for (let i = 0; i < 24; i++)
      statuses.push(
        (
          await call({
            target: `/inventory/stock/desk-02?unit=box&n=${i}`,
            headers: { 'Cache-Control': 'no-cache', Authorization: 'none' },
          })
        ).status,
      );
    expect(statuses.filter((status) => status === 503)).toHaveLength(3);
    expect(statuses.slice(-8)).toEqual(Array(8).fill(200));
    const health = JSON.parse((await call({ target: '/internal-status-0123456789abcdef' })).body);
    const north = health.backends.find(({ name }: { name: string }) => name === 'warehouse-north');
    expect(north).toMatchObject({ available: false, circuits: [{ state: 'open' }] });
    expect(JSON.stringify(health)).not.toContain(shopKey);
  });
});

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function token(scope: string): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://login.contoso.example/',
    aud: 'contoso-customers',
    scope,
    exp: Math.floor(Date.now() / 1000) + 600,
  };
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', tokenKey).update(content).digest('base64url')}`;
}
