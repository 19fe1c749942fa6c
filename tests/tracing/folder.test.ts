import { FolderInMemory } from '@lazuli/resources';
import { type RunningServer, startServer } from '@lazuli/server';
import { afterEach, expect, it } from 'vitest';
import { apiFiles } from '../kit/api-folder.ts';
import { send, valuesOf } from '../kit/client.ts';

let server: RunningServer | null = null;
afterEach(() => server?.stop(0));

async function start(metricsPort: number | null): Promise<RunningServer> {
  server = await startServer({
    folder: new FolderInMemory({
      ...apiFiles('api', null, { get: '<policies><inbound><return-response /></inbound></policies>' }),
      'subscriptions/tester/subscriptionInformation.json': {
        properties: {
          displayName: 'T',
          scope: '/apis',
          allowTracing: true,
          primaryKey: 'the-first-key',
          secondaryKey: 'the-other-key',
        },
      },
    } as Record<string, object | string>),
    host: '127.0.0.1',
    port: 0,
    metricsPort,
    tls: null,
    dataFolder: null,
    secretsFile: null,
    accessLog: 'off',
    logLevel: 'error',
    watch: false,
    allowUnsupported: false,
  });
  return server;
}

const portOf = (name: string) =>
  Number(new URL(server?.addresses.find((address) => address.name === name)?.url ?? '').port);
const headers = { 'Ocp-Apim-Trace': 'true', 'Ocp-Apim-Subscription-Key': 'the-first-key' };

it('a folder is traced by Ocp-Apim-Trace, and the trace is read on the loopback port of metrics', async () => {
  await start(0);
  const answer = await send(portOf('HTTP'), { method: 'GET', target: '/api/get', headers });
  const url = new URL(valuesOf(answer.rawHeaders, 'Ocp-Apim-Trace-Location')[0] ?? '');
  expect(Number(url.port)).toBe(portOf('Metrics'));
  const trace = await send(Number(url.port), { method: 'GET', target: url.pathname });
  expect(JSON.parse(trace.body).traceEntries.inbound.at(-1)).toMatchObject({ source: 'return-response' });
  expect(trace.body).not.toContain('the-first-key');
});

it('without that port the response says why there is no trace', async () => {
  await start(null);
  const answer = await send(portOf('HTTP'), { method: 'GET', target: '/api/get', headers });
  expect(answer.status).toBe(200);
  expect(valuesOf(answer.rawHeaders, 'Ocp-Apim-Trace-Refused')[0]).toContain('--metrics-port');
});
