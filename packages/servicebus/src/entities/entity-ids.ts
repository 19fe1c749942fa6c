import type { EntityRecord } from '../contract.ts';

type Kind = EntityRecord['kind'];

/** Types of Resource Manager. */
export const resourceTypes = {
  namespace: 'Microsoft.ServiceBus/namespaces',
  queue: 'Microsoft.ServiceBus/namespaces/queues',
  topic: 'Microsoft.ServiceBus/namespaces/topics',
  subscription: 'Microsoft.ServiceBus/namespaces/topics/subscriptions',
  rule: 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules',
  namespaceKeys: 'Microsoft.ServiceBus/namespaces/authorizationRules',
  queueKeys: 'Microsoft.ServiceBus/namespaces/queues/authorizationRules',
  topicKeys: 'Microsoft.ServiceBus/namespaces/topics/authorizationRules',
} as const;

/** Slashes in names of queues and topics are tildes in Resource Manager. */
const toSegment = (name: string): string => name.replaceAll('/', '~');
const fromSegment = (segment: string): string => segment.replaceAll('~', '/');

const subscriptionPath = /^(.+)\/Subscriptions\/([^/]+)$/i;
const rulePath = /^(.+)\/Subscriptions\/([^/]+)\/Rules\/([^/]+)$/i;

export interface PathParts {
  readonly kind: 'entity' | 'subscription' | 'rule';
  /** Queue or topic. */
  readonly entity: string;
  readonly subscription?: string;
  readonly rule?: string;
}

/** `t/Subscriptions/s/Rules/r` */
export function readEntityPath(path: string): PathParts {
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  const rule = rulePath.exec(trimmed);
  if (rule !== null) return { kind: 'rule', entity: rule[1] ?? '', subscription: rule[2] ?? '', rule: rule[3] ?? '' };
  const subscription = subscriptionPath.exec(trimmed);
  if (subscription !== null)
    return { kind: 'subscription', entity: subscription[1] ?? '', subscription: subscription[2] ?? '' };
  return { kind: 'entity', entity: trimmed };
}

/** Path of what an entity lies in; empty: the namespace. */
export function parentPathOf(path: string): string {
  const { kind, entity, subscription } = readEntityPath(path);
  return kind === 'entity' ? '' : kind === 'subscription' ? entity : `${entity}/Subscriptions/${subscription}`;
}

/** The id under which an entity of that kind is stored. */
export function resourceIdOf(namespaceId: string, kind: Kind, path: string): string {
  const { entity, subscription, rule } = readEntityPath(path);
  const name = toSegment(entity);
  if (kind === 'queue') return `${namespaceId}/queues/${name}`;
  const topic = `${namespaceId}/topics/${name}`;
  if (kind === 'topic') return topic;
  const own = `${topic}/subscriptions/${subscription ?? ''}`;
  return kind === 'subscription' ? own : `${own}/rules/${rule ?? ''}`;
}

/** Kind and path of what is stored under an id; undefined where it is no entity of the namespace. */
export function entityOfId(
  namespaceId: string,
  id: string,
): { readonly kind: Kind; readonly path: string } | undefined {
  if (!id.toLowerCase().startsWith(`${namespaceId.toLowerCase()}/`)) return undefined;
  const [collection = '', name = '', second = '', child = '', third = '', last = '', ...rest] = id
    .slice(namespaceId.length + 1)
    .split('/');
  if (rest.length > 0 || name === '') return undefined;
  const path = fromSegment(name);
  if (collection.toLowerCase() === 'queues' && second === '') return { kind: 'queue', path };
  if (collection.toLowerCase() !== 'topics') return undefined;
  if (second === '') return { kind: 'topic', path };
  if (second.toLowerCase() !== 'subscriptions' || child === '') return undefined;
  const subscription = `${path}/Subscriptions/${child}`;
  if (third === '') return { kind: 'subscription', path: subscription };
  if (third.toLowerCase() !== 'rules' || last === '') return undefined;
  return { kind: 'rule', path: `${subscription}/Rules/${last}` };
}

/** Path of the entity that authorization rules of that id are of (empty: the namespace), and their name. */
export function keysOfId(
  namespaceId: string,
  id: string,
): { readonly path: string; readonly name: string } | undefined {
  if (!id.toLowerCase().startsWith(`${namespaceId.toLowerCase()}/`)) return undefined;
  const segments = id.slice(namespaceId.length + 1).split('/');
  const [first = '', second = '', third = '', fourth = ''] = segments;
  if (segments.length === 2 && first.toLowerCase() === 'authorizationrules') return { path: '', name: second };
  const isEntity = first.toLowerCase() === 'queues' || first.toLowerCase() === 'topics';
  if (segments.length === 4 && isEntity && third.toLowerCase() === 'authorizationrules')
    return { path: fromSegment(second), name: fourth };
  return undefined;
}

export function keysIdOf(namespaceId: string, kind: 'queue' | 'topic', path: string, name: string): string {
  return `${resourceIdOf(namespaceId, kind, path)}/authorizationRules/${name}`;
}
