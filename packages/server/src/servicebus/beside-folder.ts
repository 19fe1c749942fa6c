import { join } from 'node:path';
import { openSettings } from '@lazuli/management';
import { openStore } from '@lazuli/store';
import type { Logger } from 'pino';
import { managementTls } from '../listeners.ts';
import type { ServerOptions } from '../server-options.ts';
import { openServiceBus, type ServiceBus } from './service-bus.ts';

export type ServiceBusBesideFolder = Pick<ServiceBus, 'addresses' | 'find' | 'metrics' | 'close'>;

/** Service Bus beside a gateway that serves a folder: its entities are in the store of the data folder, its clients sign in with keys. */
export async function openServiceBusBesideFolder(
  options: ServerOptions,
  logger: Logger,
  clock: { now(): number },
): Promise<ServiceBusBesideFolder> {
  const { dataFolder, serviceBus } = options;
  if (dataFolder === null || serviceBus == null) throw new TypeError('Service Bus needs a data folder.');
  const storeUrl = `sqlite:${join(dataFolder, 'lazuli.db')}`;
  const store = await openStore(storeUrl, { now: clock.now });
  try {
    const { subscriptionId } = await openSettings(store, {});
    const bus = await openServiceBus({
      options: serviceBus,
      host: options.host,
      store,
      storeUrl,
      dataFolder,
      subscriptionId,
      tls: await managementTls(options, serviceBus.port),
      tokens: null,
      http: options.http,
      logger,
      now: clock.now,
    });
    return {
      addresses: bus.addresses,
      find: (hostName) => bus.find(hostName),
      metrics: () => bus.metrics(),
      async close(graceMs) {
        await bus.close(graceMs);
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
