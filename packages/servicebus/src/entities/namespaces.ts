import type { ResourceRecord, Store } from '@lazuli/store';
import { newKey } from './authorization-keys.ts';
import { resourceTypes } from './entity-ids.ts';

export interface NamespaceRecord {
  /** ARM id. */
  readonly id: string;
  readonly name: string;
  readonly sku: 'Basic' | 'Standard' | 'Premium';
  readonly capacity: number | undefined;
  readonly disableLocalAuth: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Name of the namespace of the official emulator: what development connection strings speak to. */
export const developmentNamespace = 'sbemulatorns';
export const developmentKeyName = 'RootManageSharedAccessKey';
/** A region, since Resource Manager knows nothing but regions. */
const defaultLocation = 'westeurope';
/** The key in the connection string of the official emulator, known to everybody: good on this machine only. */
export const developmentKey = 'SAS_KEY_VALUE';

export async function readNamespaces(store: Store): Promise<readonly NamespaceRecord[]> {
  const found: NamespaceRecord[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ type: resourceTypes.namespace, ...(after === undefined ? {} : { after }) });
    found.push(...page.items.map(namespaceOf));
    after = page.next;
  } while (after !== undefined);
  return found;
}

function namespaceOf({ id, body, createdAt, updatedAt }: ResourceRecord): NamespaceRecord {
  const sku = memberOf(body.sku, 'name');
  const capacity = memberOf(body.sku, 'capacity');
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    sku: sku === 'Basic' || sku === 'Premium' ? sku : 'Standard',
    capacity: typeof capacity === 'number' ? capacity : undefined,
    disableLocalAuth: memberOf(body.properties, 'disableLocalAuth') === true,
    createdAt,
    updatedAt,
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/**
 * Makes the development namespace in a resource group where there is none of that name. Its key is the well-known one where
 * `hasWellKnownKey` is true, otherwise a new one.
 */
export async function makeDevelopmentNamespace(
  store: Store,
  options: { readonly resourceGroupId: string; readonly name: string; readonly hasWellKnownKey: boolean },
): Promise<void> {
  const id = `${options.resourceGroupId}/providers/Microsoft.ServiceBus/namespaces/${options.name}`;
  if ((await store.get(id)) !== undefined) return;
  const key = options.hasWellKnownKey ? developmentKey : newKey();
  const group = await store.get(options.resourceGroupId);
  await store.change([
    ...(group === undefined
      ? [
          {
            operation: 'put' as const,
            id: options.resourceGroupId,
            type: 'Microsoft.Resources/resourceGroups',
            body: { location: defaultLocation, properties: { provisioningState: 'Succeeded' } },
          },
        ]
      : []),
    {
      operation: 'put',
      id,
      type: resourceTypes.namespace,
      body: {
        location: defaultLocation,
        sku: { name: 'Standard', tier: 'Standard' },
        properties: { provisioningState: 'Succeeded', status: 'Active', zoneRedundant: false, disableLocalAuth: false },
      },
      ifNoneMatch: '*',
    },
    {
      operation: 'put',
      id: `${id}/authorizationRules/${developmentKeyName}`,
      type: resourceTypes.namespaceKeys,
      body: { properties: { rights: ['Listen', 'Manage', 'Send'] } },
      secrets: { 'properties/primaryKey': key, 'properties/secondaryKey': newKey() },
    },
  ]);
}
