import { entityPathOf } from './names.ts';

export const namespaceType = 'Microsoft.ServiceBus/namespaces';
export const queueType = `${namespaceType}/queues`;
export const topicType = `${namespaceType}/topics`;
export const subscriptionType = `${topicType}/subscriptions`;
export const ruleType = `${subscriptionType}/rules`;

export interface ServiceBusPlace {
  readonly namespaceId: string;
  readonly namespaceName: string;
  /** As the broker calls it: `sales/orders`, `topic/Subscriptions/name`; of what is below those, theirs. Empty: the namespace. */
  readonly path: string;
  /** Id of the topic, for it and what lies below it. */
  readonly topicId: string | undefined;
}

/** Where in a namespace a resource is, by its ARM id. */
export function placeOf(id: string): ServiceBusPlace {
  const segments = id.split('/');
  const at = segments.findIndex((segment) => segment.toLowerCase() === 'namespaces') + 1;
  const namespaceId = segments.slice(0, at + 1).join('/');
  const [collection = '', name = '', second = '', child = ''] = segments.slice(at + 1);
  const kind = collection.toLowerCase();
  const isEntity = (kind === 'queues' || kind === 'topics') && name !== '';
  const entity = isEntity ? entityPathOf(name) : '';
  const isSubscription = kind === 'topics' && second.toLowerCase() === 'subscriptions' && child !== '';
  return {
    namespaceId,
    namespaceName: segments[at] ?? '',
    path: isSubscription ? `${entity}/Subscriptions/${child}` : entity,
    topicId: isEntity && kind === 'topics' ? `${namespaceId}/topics/${name}` : undefined,
  };
}
