import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, postgresPrograms, startPostgres } from '@lazuli/store/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lazuli, runLazuliCommand } from '../kit/lazuli-process.ts';
import { untilListening } from './crash/clients.ts';

const programs = postgresPrograms();
const ports = [30_000 + Math.floor(Math.random() * 1000), 31_000 + Math.floor(Math.random() * 1000)] as const;
const connection = (port: number) =>
  `Endpoint=sb://localhost:${port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;`;

describe.runIf(programs !== undefined)('two processes with one PostgreSQL', () => {
  let folder: string;
  let postgres: PostgresServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lazuli-takeover-'));
    const config = { UserConfig: { Namespaces: [{ Name: 'sbemulatorns', Queues: [{ Name: 'q' }] }] } };
    await writeFile(join(folder, 'Config.json'), JSON.stringify(config));
    if (programs !== undefined) postgres = await startPostgres(programs);
  }, 60_000);
  afterAll(async () => {
    await postgres.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (port: number) =>
    runLazuliCommand([
      ...['start', '--data', folder, '--store', postgres.url, '--port', '0', '--management-port', '0', '--no-tls'],
      ...['--service-bus-port', String(port), '--service-bus-config', join(folder, 'Config.json')],
    ]);
  const servicebus = (port: number, ...args: string[]) =>
    lazuli(['servicebus', ...args, '--connection-string', connection(port)]);

  it('the second stands by, and serves within ten seconds of the death of the first, with what was sent', async () => {
    const [first, second] = ports;
    const owner = start(first);
    await owner.until(/Service Bus\s+sb:/);
    expect((await servicebus(first, 'send', 'q', 'kept')).status).toBe(0);
    const standby = start(second);
    try {
      await standby.until(/another process serves the namespace/);
      await standby.until(/Management\s+https:/);
      expect((await servicebus(second, 'list')).output).toContain('cannot be reached');
      await owner.end('SIGKILL');
      const dead = performance.now();
      await untilListening(second, AbortSignal.timeout(20_000));
      expect(performance.now() - dead).toBeLessThan(10_000);
      expect((await servicebus(second, 'receive', 'q')).output).toContain('kept');
    } finally {
      await standby.end('SIGKILL');
    }
  }, 60_000);
});
