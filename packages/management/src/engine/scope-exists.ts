import { armError } from '../errors.ts';
import type { PathScope } from '../ids/arm-id.ts';
import { objectAt, stringAt } from '../json/json.ts';
import { isGuid } from '../schema/formats.ts';
import type { Services } from '../services.ts';

/** @throws {ArmError} `InvalidSubscriptionId`, `SubscriptionNotFound` */
export function requireSubscription(
  services: Pick<Services, 'subscription'>,
  subscriptionId: string | undefined,
): void {
  if (subscriptionId === undefined) return;
  if (!isGuid(subscriptionId)) throw armError('InvalidSubscriptionId', { subscription: subscriptionId });
  if (subscriptionId.toLowerCase() !== services.subscription.subscriptionId)
    throw armError('SubscriptionNotFound', { subscription: subscriptionId });
}

/**
 * The resource group of a path must exist; while it is being deleted nothing is written into it.
 * @throws {ArmError} `ResourceGroupNotFound`, `ResourceGroupBeingDeleted`
 */
export async function requireResourceGroup(services: Services, scope: PathScope, isWrite: boolean): Promise<void> {
  const { subscriptionId, resourceGroup } = scope;
  if (subscriptionId === undefined || resourceGroup === undefined) return;
  const record = await services.store.get(`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`);
  if (record === undefined) throw armError('ResourceGroupNotFound', { name: resourceGroup });
  if (isWrite && stringAt(objectAt(record.body, 'properties'), 'provisioningState') === 'Deleting')
    throw armError('ResourceGroupBeingDeleted', { name: resourceGroup });
}
