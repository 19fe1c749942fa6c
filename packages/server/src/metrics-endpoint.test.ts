import { request } from 'node:http';
import { MetricSeries } from '@lazuli/policies';
import { afterEach, expect, it } from 'vitest';
import { type MetricsEndpoint, openMetricsEndpoint } from './metrics-endpoint.ts';

let endpoint: MetricsEndpoint | null = null;
afterEach(() => endpoint?.close());

async function get(path: string, init: { method?: string; host?: string } = {}) {
  const metrics = new MetricSeries({ now: () => 0 });
  metrics.emit({ namespace: 'shop', name: 'orders', value: 3, dimensions: [['Color', 'red']] });
  const open = await openMetricsEndpoint(0, () => metrics.read());
  endpoint = open;
  return new Promise<{ status: number; type: string | undefined; body: string }>((resolve, reject) => {
    const { host, port } = open.address;
    const sent = request({ host, port, path, method: init.method, headers: init.host ? { host: init.host } : {} });
    sent.on('error', reject).on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => {
        body += piece;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], body }),
      );
    });
    sent.end();
  });
}

it('gives the metrics as Prometheus reads them', async () => {
  expect(await get('/metrics')).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    body: '# HELP shop_orders orders (shop)\n# TYPE shop_orders summary\nshop_orders_sum{color="red"} 3\nshop_orders_count{color="red"} 1\n',
  });
});

it('listens on loopback only', async () => {
  await get('/metrics');
  expect(endpoint?.address.host).toBe('127.0.0.1');
});

it.each([
  ['another path', '/', {}, 404],
  ['another method', '/metrics', { method: 'POST' }, 405],
  ['another host', '/metrics', { host: 'evil.example' }, 421],
])('refuses %s', async (_, path, init, status) => {
  expect((await get(path, init)).status).toBe(status);
});
