import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiFiles, writeFolder } from '../kit/api-folder.ts';
import { type LazuliProcess, lazuli, startLazuli } from '../kit/lazuli-process.ts';

let scratch: string;
let server: LazuliProcess;
const ports = { main: 0, secure: 0 };

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lazuli-beside-'));
  await writeFolder(join(scratch, 'apis'), apiFiles('echo', null, {}));
  server = await startLazuli(join(scratch, 'apis'), [
    ...[
      '--data',
      join(scratch, 'data'),
      '--metrics-port',
      '0',
      '--service-bus-port',
      '0',
      '--service-bus-tls-port',
      '0',
    ],
    ...['--service-bus-config', 'examples/service-bus/Config.json'],
  ]);
  const [main = 0, secure = 0] = [...server.output().matchAll(/Service Bus\s+sb:\S+:(\d+)/g)].map(([, port]) =>
    Number(port),
  );
  Object.assign(ports, { main, secure });
}, 60_000);
afterAll(async () => {
  await server.end();
  await rm(scratch, { recursive: true, force: true });
});

const keys = 'SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE';

it('is served beside a folder, on a port for TLS too, and counted for Prometheus', async () => {
  const over = (connectionString: string, ...args: string[]) =>
    lazuli(['servicebus', ...args, '--data', join(scratch, 'data'), '--connection-string', connectionString]);
  const secure = `Endpoint=sb://localhost:${ports.secure};${keys}`;
  expect(await over(secure, 'send', 'orders', 'a lamp')).toMatchObject({ status: 0 });
  const plain = `Endpoint=sb://localhost:${ports.main};${keys};UseDevelopmentEmulator=true`;
  const metrics = /Metrics\s+(http:\S+)/.exec(server.output())?.[1] ?? '';
  const counted = async () => (await fetch(metrics)).text();
  expect(await counted()).toMatch(
    /^lazuli_servicebus_messages\{namespace="sbemulatorns",entity="orders",state="active"\} 1$/m,
  );
  expect((await over(plain, 'receive', 'orders')).output).toContain('a lamp');
  const text = await counted();
  expect(text).toMatch(/^lazuli_servicebus_sent_total\{namespace="sbemulatorns"\} 1$/m);
  expect(text).toMatch(/^lazuli_servicebus_completed_total\{namespace="sbemulatorns"\} 1$/m);
  expect(text).toMatch(/^# TYPE lazuli_servicebus_commit_latency_seconds gauge$/m);
}, 60_000);
