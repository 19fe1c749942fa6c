import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLazuliCommand } from '../../kit/lazuli-process.ts';

/** `lazuli start` with a namespace of Service Bus, as a process of its own. */
export interface ServiceBusProcess {
  readonly port: number;
  /** Certificate of the authority that signed the server's, PEM; and the file that it is in. */
  readonly authority: string;
  readonly authorityFile: string;
  readonly pid: number;
  /** Everything that it printed so far. */
  output(): string;
  /** Ends it as an operator does; resolves with the exit status. */
  stop(): Promise<number | null>;
}

/** Entities as `Config.json` of Azure's emulator writes them. */
export interface ConfiguredEntities {
  readonly Queues?: readonly ConfiguredQueue[];
  readonly Topics?: readonly {
    readonly Name: string;
    readonly Properties?: object;
    readonly Subscriptions?: readonly {
      readonly Name: string;
      readonly Properties?: object;
      readonly Rules?: readonly { readonly Name: string; readonly Properties: object }[];
    }[];
  }[];
}

interface ConfiguredQueue {
  readonly Name: string;
  readonly Properties?: object;
}

/** The key that everybody knows, of a namespace for development. */
export const rootKey = { name: 'RootManageSharedAccessKey', key: 'SAS_KEY_VALUE' } as const;

/** Starts on free ports in a folder of its own; resolves when it serves. */
export async function startServiceBus(entities: ConfiguredEntities): Promise<ServiceBusProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'lazuli-service-bus-'));
  const config = join(folder, 'Config.json');
  await writeFile(config, JSON.stringify({ UserConfig: { Namespaces: [{ Name: 'sbemulatorns', ...entities }] } }));
  const ports = ['--port', '0', '--management-port', '0', '--tls-port', '0', '--service-bus-port', '0'];
  const lazuli = runLazuliCommand(['start', '--data', folder, ...ports, '--service-bus-config', config]);
  const printed = await lazuli.until(/Service Bus\s+sb:\S+:\d+/);
  const authorityFile = join(folder, 'tls', 'authority.crt');
  return {
    port: Number(/Service Bus\s+sb:\S+:(\d+)/.exec(printed)?.[1]),
    authority: await readFile(authorityFile, 'utf8'),
    authorityFile,
    pid: lazuli.child.pid ?? 0,
    output: lazuli.output,
    async stop() {
      const status = await lazuli.end();
      await rm(folder, { recursive: true, force: true });
      return status;
    },
  };
}
