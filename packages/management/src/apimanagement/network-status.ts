import { getServers } from 'node:dns';
import type { JsonValue } from '@lazuli/store';
import type { HandlerContext, ResourceType } from '../contract.ts';
import { serviceType } from './api-management-type.ts';
import { longIdentifier } from './names.ts';

/**
 * What the service depends on and whether it can be reached. Azure names its databases, queues and storage; Lazuli has one
 * dependency, its store, which has just answered when this is asked.
 */
export const networkStatus: readonly ResourceType[] = [
  {
    type: `${serviceType}/networkstatus`,
    name: longIdentifier,
    get: false,
    handlers: {
      LIST: async (context) => {
        const location = String(context.parent?.body.location ?? 'local');
        return { status: 200, body: [{ location, networkStatus: await statusOf(context) }] };
      },
    },
  },
  {
    type: `${serviceType}/locations/networkstatus`,
    name: longIdentifier,
    parent: 'none',
    get: false,
    handlers: { LIST: async (context) => ({ status: 200, body: await statusOf(context) }) },
  },
];

const startedAt = new Date().toISOString();

async function statusOf({ now, reader }: HandlerContext): Promise<{ readonly [name: string]: JsonValue }> {
  const error = await reader.sequence().then(
    () => '',
    (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
  );
  return {
    dnsServers: getServers(),
    connectivityStatus: [
      {
        name: 'store',
        resourceType: 'Store',
        status: error === '' ? 'success' : 'failure',
        error,
        lastUpdated: new Date(now).toISOString(),
        lastStatusChange: startedAt,
        isOptional: false,
      },
    ],
  };
}
