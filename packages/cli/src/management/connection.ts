import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultDataFolder } from '@lazuli/server';
import type { Command } from 'commander';
import { ArmClient } from './arm-client.ts';
import { findCredentials } from './credentials-file.ts';

/** How a command reaches one service of a management plane. */
export interface ConnectionOptions {
  readonly url: string;
  readonly ca?: string;
  readonly data: string;
  readonly subscription?: string;
  readonly resourceGroup: string;
  readonly service: string;
}

export interface Connection extends Disposable {
  readonly client: ArmClient;
  readonly subscriptionId: string;
  readonly groupId: string;
  readonly serviceId: string;
}

/** Version of API Management that the commands speak. */
export const apiVersion = '2024-05-01';
export const groupVersion = '2021-04-01';

/** Adds the options of `ConnectionOptions`. */
export function withConnectionOptions(command: Command): Command {
  return command
    .requiredOption('--service <name>', 'the API Management service')
    .requiredOption('--resource-group <name>', 'its resource group')
    .option('--subscription <id>', 'its subscription (default: the first)', process.env.AZURE_SUBSCRIPTION_ID)
    .option('--url <url>', 'the management plane', process.env.LAZULI_MANAGEMENT_URL || 'https://localhost:8444')
    .option('--ca <file>', "PEM file of the authority that signed its certificate (default: the data folder's)")
    .option('--data <folder>', 'the data folder, for the authority and saved credentials', defaultDataFolder());
}

export async function connect(options: ConnectionOptions): Promise<Connection> {
  const client = new ArmClient({
    url: options.url.replace(/\/+$/, ''),
    ca: await authorityOf(options),
    ...(await findCredentials(options.data)),
  });
  try {
    const subscriptionId = options.subscription || (await firstSubscription(client));
    const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${options.resourceGroup}`;
    return {
      client,
      subscriptionId,
      groupId,
      serviceId: `${groupId}/providers/Microsoft.ApiManagement/service/${options.service}`,
      [Symbol.dispose]: () => client[Symbol.dispose](),
    };
  } catch (error) {
    client[Symbol.dispose]();
    throw error;
  }
}

/** PEM of the authority to trust; undefined where the data folder has none: then those count that Node trusts. */
async function authorityOf({ ca, data }: ConnectionOptions): Promise<string | undefined> {
  if (ca !== undefined) return readFile(ca, 'utf8');
  try {
    return await readFile(join(data, 'tls', 'authority.crt'), 'utf8');
  } catch {
    return undefined;
  }
}

async function firstSubscription(client: ArmClient): Promise<string> {
  const [first] = await client.list('/subscriptions?api-version=2022-12-01');
  if (typeof first?.subscriptionId === 'string') return first.subscriptionId;
  throw new Error('The credentials may see no subscription: give --subscription.');
}
