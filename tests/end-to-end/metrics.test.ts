import { FolderInMemory } from '@lazuli/resources';
import { type RunningServer, startServer } from '@lazuli/server';
import { afterEach, expect, it } from 'vitest';
import { send } from '../kit/client.ts';

let server: RunningServer | null = null;
afterEach(() => server?.stop(0));

it('metrics of policies can be read by Prometheus', async () => {
  const policy = `<policies><inbound>
    <emit-metric name="Orders" namespace="shop" value="@(2 + 1)"><dimension name="API ID" /><dimension name="Color" value="red" /></emit-metric>
    <return-response />
  </inbound></policies>`;
  server = await startServer({
    folder: new FolderInMemory({
      'policy.xml': policy,
      'apis/api/apiInformation.json': JSON.stringify({
        properties: { displayName: 'Api', path: 'api', protocols: ['http'], subscriptionRequired: false },
      }),
      'apis/api/operations/get/operationInformation.json': JSON.stringify({
        properties: { displayName: 'Get', method: 'GET', urlTemplate: '/' },
      }),
    }),
    host: '127.0.0.1',
    port: 0,
    metricsPort: 0,
    tls: null,
    dataFolder: null,
    secretsFile: null,
    accessLog: 'off',
    logLevel: 'error',
    watch: false,
    allowUnsupported: false,
  });
  const portOf = (name: string) =>
    Number(new URL(server?.addresses.find((address) => address.name === name)?.url ?? '').port);
  for (let i = 0; i < 2; i++)
    expect((await send(portOf('HTTP'), { method: 'GET', target: '/api/', headers: {} })).status).toBe(200);
  const { status, body } = await send(portOf('Metrics'), { method: 'GET', target: '/metrics', headers: {} });
  expect(status).toBe(200);
  expect(body).toContain('shop_orders_sum{api_id="api",color="red"} 6\n');
  expect(body).toContain('shop_orders_count{api_id="api",color="red"} 2\n');
});
