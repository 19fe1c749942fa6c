import { randomUUID } from 'node:crypto';
import type { Store } from '@lazuli/store';
import { subscriptionType } from './ids/arm-id.ts';
import { stringAt } from './json/json.ts';

const settingsType = 'Lazuli.Management/settings';
const settingsId = `/providers/${settingsType}/default`;

/** What is decided at the first start with a store and stays. */
export interface ManagementSettings {
  /** GUIDs, lower case. */
  readonly tenantId: string;
  readonly subscriptionId: string;
}

/** Reads the settings of the store; makes them where there are none. Ids that are given are taken over. */
export async function openSettings(store: Store, given: Partial<ManagementSettings>): Promise<ManagementSettings> {
  const record = await store.get(settingsId);
  const stored = record === undefined ? {} : record.body;
  const pick = (name: 'tenantId' | 'subscriptionId') =>
    (given[name] ?? stringAt(stored, name) ?? randomUUID()).toLowerCase();
  const settings = { tenantId: pick('tenantId'), subscriptionId: pick('subscriptionId') };
  if (
    stringAt(stored, 'tenantId') === settings.tenantId &&
    stringAt(stored, 'subscriptionId') === settings.subscriptionId
  )
    return settings;
  const subscription = `/subscriptions/${settings.subscriptionId}`;
  const isThere = (await store.get(subscription)) !== undefined;
  await store.change([
    { operation: 'put', id: settingsId, type: settingsType, body: { ...settings } },
    // What tags, locks and assignments of the subscription hang on.
    ...(isThere ? [] : [{ operation: 'put' as const, id: subscription, type: subscriptionType, body: {} }]),
  ]);
  return settings;
}
