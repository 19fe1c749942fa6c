import type { AmqpClock, Connection } from '@lazuli/amqp';
import { ServiceBusError, toServiceBusError } from '../errors.ts';
import type { Client, WatchedLink } from './client.ts';
import type { FrontLimits } from './front-options.ts';

/** How often connections are looked at. */
const everyMs = 15_000;
/** Links that are looked at before the event loop gets its turn. */
const linksTogether = 2000;

/**
 * Ends what is idle ("AMQP errors in Azure Service Bus"): links after ten minutes, connections without links after five, and after
 * one where there never was any. Ends too what rests on something that is gone: a claim that has ended or was withdrawn, an entity, a
 * namespace that another process serves now. Returns what stops it.
 */
export function lookAfter(clients: ReadonlyMap<Connection, Client>, clock: AmqpClock, limits: FrontLimits): () => void {
  let cancel = clock.after(everyMs, look);
  function look(): void {
    cancel = clock.after(everyMs, look);
    lookAt([...clients.values()], 0, clock.now(), limits);
  }
  return () => cancel();
}

function lookAt(clients: readonly Client[], from: number, now: number, limits: FrontLimits): void {
  let links = 0;
  for (let index = from; index < clients.length; index++) {
    const client = clients[index]!;
    if (links > linksTogether) {
      setImmediate(lookAt, clients, index, now, limits);
      return;
    }
    links += client.links.size + 1;
    lookAtLinks(client, now, limits);
    lookAtConnection(client, now, limits);
  }
}

function lookAtLinks(client: Client, now: number, limits: FrontLimits): void {
  for (const link of [...client.links]) {
    const gone = whatIsGone(client, link);
    if (gone !== undefined) link.close(gone);
    else if (now - link.usedAt >= limits.linkIdleMs)
      link.close({
        condition: 'amqp:link:detach-forced',
        description: `The link is force detached by the broker: it was idle for ${limits.linkIdleMs} ms.`,
      });
  }
}

function whatIsGone(client: Client, link: WatchedLink): ServiceBusError | undefined {
  const { needs } = link;
  if (needs !== undefined && !client.allows(needs.right, needs.path))
    return client.unauthorized(needs.right, needs.path);
  try {
    link.check?.();
    return undefined;
  } catch (error) {
    return toServiceBusError(error);
  }
}

function lookAtConnection(client: Client, now: number, limits: FrontLimits): void {
  const { connection, hadLink, namespace, options } = client;
  if (options.namespaces(connection.hostName ?? '')?.served !== namespace.served) {
    connection.close(new ServiceBusError('NotOwner').info);
    return;
  }
  const since = connection.linklessSince;
  const most = hadLink ? limits.connectionIdleMs : limits.firstLinkMs;
  if (since === undefined || now - since < most) return;
  connection.close({
    condition: 'amqp:connection:forced',
    description: `The connection was inactive for more than the allowed ${most} milliseconds and is closed by the service.`,
  });
}
