import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootKey, type ServiceBusProcess, startServiceBus } from './kit/service-bus-process.ts';

const run = promisify(execFile);
const interpreter = process.env.LAZULI_TEST_PYTHON ?? '/usr/bin/python3';

/** Python's clients come with Debian's python3-azure and python3-qpid-proton. */
const hasAzure = imports('azure.servicebus', 'python3-azure');
const hasProton = imports('proton', 'python3-qpid-proton');

/** What a receiver has fetched beyond what it was asked for comes back soon. */
const shortLocks = (name: string) => ({ Name: name, Properties: { LockDuration: 'PT5S' } });

let bus: ServiceBusProcess;
beforeAll(async () => {
  if (!hasAzure && !hasProton) return;
  const entities = (transport: string) => [
    { Name: `q-${transport}` },
    { Name: `large-${transport}`, Properties: { MaxMessageSizeInKilobytes: 2048 } },
    { Name: `sessions-${transport}`, Properties: { RequiresSession: true } },
  ];
  const over2 = { Name: 'big', Properties: { FilterType: 'Sql', SqlFilter: { SqlExpression: 'n >= 2' } } };
  const topic = (transport: string) => ({
    Name: `t-${transport}`,
    Subscriptions: [{ Name: 'all' }, { Name: 'big', Rules: [over2] }],
  });
  bus = await startServiceBus({
    Queues: [...entities('amqp'), ...entities('websocket'), shortLocks('plain'), shortLocks('secure')],
    Topics: [topic('amqp'), topic('websocket')],
  });
});
afterAll(async () => {
  if (hasAzure || hasProton) expect(await bus.stop()).toBe(0);
});

describe.runIf(hasAzure)('azure-servicebus of Python', () => {
  it.each(['amqp', 'websocket'])(
    'does all that it can over %s',
    async (transport) => {
      const connectionString = `Endpoint=sb://localhost/;SharedAccessKeyName=${rootKey.name};SharedAccessKey=${rootKey.key}`;
      const lines = await linesOf('azure_servicebus_client.py', [
        connectionString,
        String(bus.port),
        bus.authorityFile,
        transport,
      ]);
      expect(lines).toEqual([
        'ok send, batch, list',
        'ok peek',
        'ok renew',
        'ok complete, abandon, dead-letter, defer',
        'ok dead-letter queue',
        'ok receive and delete',
        'ok schedule, cancel',
        'ok sessions',
        'ok topic and filters',
        'ok a message of 900 kB',
      ]);
    },
    90_000,
  );
});

describe.runIf(hasProton)('Qpid Proton', () => {
  it.each([
    ['amqp', 'plain'],
    ['amqps', 'secure'],
  ])(
    'sends, receives and is refused over %s',
    async (scheme, queue) => {
      const url = `${scheme}://${rootKey.name}:${rootKey.key}@localhost:${bus.port}`;
      const lines = await linesOf('proton_client.py', [url, queue, bus.authorityFile]);
      expect(lines).toEqual(['ok send', 'ok receive, accept, release', 'ok receive settled', 'ok refused']);
    },
    60_000,
  );
});

async function linesOf(script: string, args: readonly string[]): Promise<string[]> {
  const file = fileURLToPath(new URL(`python/${script}`, import.meta.url));
  const { stdout } = await run(interpreter, [file, ...args], { timeout: 80_000 });
  return stdout.trim().split('\n');
}

/** Where a module is missing the tests of it do not run, and say so; where everything must be tested (CI=true) that is an error. */
function imports(module: string, source: string): boolean {
  const what = `The module ${module} of Python cannot be imported by ${interpreter} ('apt-get install ${source}', or LAZULI_TEST_PYTHON=FILE)`;
  try {
    if (existsSync(interpreter)) {
      execFileSync(interpreter, ['-c', `import ${module}`], { stdio: 'ignore' });
      return true;
    }
  } catch {
    // Not there.
  }
  if (process.env.CI === 'true') throw new Error(`${what}.`);
  console.warn(`\n*** NOT TESTED: clients written in Python. ${what}. ***\n`);
  return false;
}
