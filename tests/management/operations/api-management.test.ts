import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { send, valuesOf } from '../../kit/client.ts';
import { type ManagedServer, startApiManagement } from '../api-management-server.ts';
import { expectOutcomes, type NotApplicable, type Outcome, outcomeOf, readTable } from './outcomes.ts';
import { actionBodies, bodies, names } from './samples.ts';

const table = readTable('api-management');

/** Operations on things that there never are: they answer that there is none. */
const notApplicable: NotApplicable = {
  'GET /subscriptions/{subscriptionId}/providers/Microsoft.ApiManagement/locations/{location}/deletedservices/{serviceName}':
    'a deleted service is gone at once',
  'GET /subscriptions/{subscriptionId}/providers/Microsoft.ApiManagement/locations/{location}/operationResults/{operationId}':
    'long work is followed at the addresses that its answer names',
  'GET /subscriptions/{subscriptionId}/providers/Microsoft.ApiManagement/locations/{location}/operationStatuses/{operationId}':
    'long work is followed at the addresses that its answer names',
};

let lazuli: ManagedServer;
let traceId = '';
beforeAll(async () => {
  lazuli = await startApiManagement();
});
afterAll(() => lazuli.stop());

describe('every operation of API Management that the SDK knows', () => {
  it('answers with a status that the SDK accepts, or says that it is not supported', async () => {
    const outcomes: Outcome[] = [];
    const run = async (method: string, path: string, body?: object) => {
      const outcome = await call(method, path, body);
      outcomes.push(outcome);
    };
    const known = new Map(bodies);
    const paths = Object.keys(table);
    const has = (method: string) => (path: string) => table[path]?.[method] !== undefined;
    const others = paths.filter((path) => has('PUT')(path) && !known.has(path) && path !== 'service');
    for (const [path, body] of bodies) await run('PUT', path, body);
    for (const path of others) await run('PUT', path, { properties: {} });
    for (const [path, body] of bodies) await run('PUT', path, body);
    for (const method of ['HEAD', 'GET']) for (const path of paths.filter(has(method))) await run(method, path);
    for (const path of paths.filter(has('PATCH'))) await run('PATCH', path, { properties: {} });
    traceId = await traceOneRequest();
    for (const path of paths.filter(has('POST'))) await run('POST', path, actionBodies[path] ?? {});
    const deletable = paths.filter((path) => has('DELETE')(path) && path !== 'service');
    const order = new Map(bodies.map(([path], index) => [path, index]));
    deletable.sort((a, b) => (order.get(b) ?? -1) - (order.get(a) ?? -1));
    for (const path of deletable) for (const _ of ['there', 'gone']) await run('DELETE', path);
    await run('DELETE', 'service');

    // The service itself was made before the test began.
    expectOutcomes('api-management', outcomes, { notApplicable, servedBefore: ['GET service', 'PUT service'] });
  }, 120_000);
});

/** Makes the managed gateway trace a request to the API `echo`; the id of the trace. */
async function traceOneRequest(): Promise<string> {
  const path = `${lazuli.servicePath}/gateways/managed/listDebugCredentials?api-version=2024-05-01`;
  const { json } = await lazuli.send('POST', path, { body: { apiId: '/apis/echo', purposes: ['tracing'] } });
  const headers = { 'Apim-Debug-Authorization': String(json.token) };
  return vi.waitFor(async () => {
    const answer = await send(lazuli.gatewayPort, { method: 'GET', target: '/echo/x', headers });
    const [id] = valuesOf(answer.rawHeaders, 'Apim-Trace-Id');
    expect(id).toBeDefined();
    return id ?? '';
  });
}

async function call(method: string, template: string, body: object | undefined): Promise<Outcome> {
  const operation = `${method} ${template}`;
  const accepted = table[template]?.[method] ?? [];
  const version = 'api-version=2024-05-01';
  const path = template
    .replace(/^service/, lazuli.servicePath)
    .replace('{gatewayId}/listTrace', 'managed/listTrace')
    .replace('{subscriptionId}', lazuli.server.management.subscriptionId)
    .replace('{resourceGroupName}', lazuli.group)
    .replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? name);
  const text =
    body === undefined
      ? undefined
      : JSON.stringify(body).replace('CERTIFICATE', certificate).replace('SOON', soon).replace('TRACE', traceId);
  const query =
    template.endsWith('/products/{productId}') || template.endsWith('/users/{userId}')
      ? '&deleteSubscriptions=true'
      : '';
  const interval = template.endsWith('/reports/byTime') ? '&interval=PT15M' : '';
  const answer = await lazuli.send(method, `${path}?${version}${method === 'DELETE' ? query : interval}`, {
    ...(text === undefined ? {} : { body: text }),
    headers: ['PATCH', 'DELETE'].includes(method) ? { 'If-Match': '*' } : {},
  });
  return outcomeOf(operation, answer, accepted, notApplicable);
}

const soon = new Date(Date.now() + 86_400_000).toISOString();
const certificate = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-certificate-'));
  const file = join(folder, 'c.pem');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      join(folder, 'k'),
      '-out',
      file,
      '-days',
      '2',
      '-subj',
      '/CN=test',
    ],
    { stdio: 'ignore' },
  );
  const der = readFileSync(file, 'utf8').replace(/-----[^-]+-----|\s/g, '');
  rmSync(folder, { recursive: true });
  return der;
})();
