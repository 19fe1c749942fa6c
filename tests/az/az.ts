import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLazuliCommand } from '../kit/lazuli-process.ts';

export interface AzResult {
  readonly status: number | null;
  readonly output: string;
  readonly error: string;
  /** Standard output as JSON; undefined where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on whatever the command line printed
  readonly json: any;
}

export interface AzSession {
  readonly url: string;
  readonly gatewayUrl: string;
  readonly folder: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Runs `az`, whatever comes of it. */
  az(...args: string[]): Promise<AzResult>;
  /** Runs `az` and gives what it printed. @throws {Error} with standard error, when it failed. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on whatever the command line printed
  ok(...args: string[]): Promise<any>;
  stop(): Promise<void>;
}

/** Starts Lazuli as users do, and an `az` with a configuration of its own that trusts it. */
export async function startAzSession(): Promise<AzSession> {
  const folder = await mkdtemp(join(tmpdir(), 'lazuli-az-'));
  const data = join(folder, 'data');
  const server = runLazuliCommand(
    ['start', '--port', '0', '--no-tls', '--management-port', '0', '--service-bus-port', '0', '--access-log', 'off'],
    { LAZULI_DATA: data },
  );
  const output = await server.until(/Client secret\s+\S+/);
  const printed = (pattern: RegExp) => pattern.exec(output)?.[1] ?? '';
  const configuration = join(folder, 'azure');
  await mkdir(configuration);
  const environment = {
    ...process.env,
    AZURE_CONFIG_DIR: configuration,
    AZURE_CORE_COLLECT_TELEMETRY: '0',
    REQUESTS_CA_BUNDLE: join(data, 'tls', 'authority.crt'),
  };
  const az = (...args: string[]) => run(args, environment);
  return {
    url: printed(/Management\s+(https:\S+)/),
    gatewayUrl: printed(/HTTP\s+(http:\S+)/),
    folder,
    subscriptionId: printed(/Subscription\s+(\S+)/),
    tenantId: printed(/Tenant\s+(\S+)/),
    clientId: printed(/Client id\s+(\S+)/),
    clientSecret: printed(/Client secret\s+(\S+)/),
    az,
    async ok(...args) {
      const result = await az(...args);
      if (result.status !== 0)
        throw new Error(
          `az ${args.join(' ')} ended with ${result.status}:\n${result.error}\n${server.output().slice(-2000)}`,
        );
      return result.json;
    },
    async stop() {
      await server.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<AzResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('az', args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let error = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      error += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output, error, json: parsed(output) }));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
