import { parseTimeSpan } from '@lazuli/resources';
import type { EntityDefinition, EntityProperties, EntityStatus, RuleDefinition } from '../contract.ts';
import { readEntityPath } from './entity-ids.ts';
import { ruleDefinition } from './rule-properties.ts';
import type { StoredEntity } from './stored-entities.ts';

/** What the broker is to serve, of what is stored. A subscription without its topic is left out. */
export function definitionsOf(entities: Iterable<StoredEntity>): EntityDefinition[] {
  const rules = new Map<string, RuleDefinition[]>();
  const others: StoredEntity[] = [];
  for (const entity of entities) {
    if (entity.kind !== 'rule') {
      others.push(entity);
      continue;
    }
    const parent = entity.path.slice(0, entity.path.lastIndexOf('/Rules/')).toLowerCase();
    const definition = ruleDefinition(entity.name, entity.properties, entity.createdAt);
    const siblings = rules.get(parent);
    if (siblings === undefined) rules.set(parent, [definition]);
    else siblings.push(definition);
  }
  const topics = new Set(others.filter(({ kind }) => kind === 'topic').map(({ path }) => path.toLowerCase()));
  const found: EntityDefinition[] = [];
  for (const { kind, id, path, properties } of others) {
    if (kind === 'queue') found.push({ kind, path, ...holderOf(id, properties), ...entryOf(properties) });
    else if (kind === 'topic')
      found.push({
        kind,
        id,
        path,
        ...entryOf(properties),
        defaultTimeToLiveMs: durationOf(properties, 'defaultMessageTimeToLive'),
        autoDeleteOnIdleMs: durationOf(properties, 'autoDeleteOnIdle'),
        status: statusOf(properties),
      });
    else {
      const { entity: topicPath, subscription: name = '' } = readEntityPath(path);
      if (!topics.has(topicPath.toLowerCase())) continue;
      found.push({
        kind: 'subscription',
        topicPath,
        name,
        ...holderOf(id, properties),
        deadLetteringOnFilterEvaluationExceptions: properties.deadLetteringOnFilterEvaluationExceptions !== false,
        rules: rules.get(path.toLowerCase()) ?? [],
      });
    }
  }
  return found;
}

function holderOf(id: string, properties: EntityProperties) {
  return {
    id,
    lockDurationMs: durationOf(properties, 'lockDuration'),
    requiresSession: properties.requiresSession === true,
    defaultTimeToLiveMs: durationOf(properties, 'defaultMessageTimeToLive'),
    deadLetteringOnMessageExpiration: properties.deadLetteringOnMessageExpiration === true,
    maxDeliveryCount: Number(properties.maxDeliveryCount),
    autoDeleteOnIdleMs: durationOf(properties, 'autoDeleteOnIdle'),
    forwardTo: textOf(properties, 'forwardTo'),
    forwardDeadLetteredMessagesTo: textOf(properties, 'forwardDeadLetteredMessagesTo'),
    status: statusOf(properties),
  };
}

function entryOf(properties: EntityProperties) {
  return {
    maxSizeBytes: Number(properties.maxSizeInMegabytes) * 1024 * 1024,
    maxMessageBytes: Number(properties.maxMessageSizeInKilobytes) * 1024,
    requiresDuplicateDetection: properties.requiresDuplicateDetection === true,
    duplicateDetectionHistoryMs: durationOf(properties, 'duplicateDetectionHistoryTimeWindow'),
    enablePartitioning: properties.enablePartitioning === true,
  };
}

function durationOf(properties: EntityProperties, name: string): number {
  return parseTimeSpan(String(properties[name])) ?? Number.POSITIVE_INFINITY;
}

/** Names of entities, or whole URLs of them as some clients write. */
function textOf(properties: EntityProperties, name: string): string | undefined {
  const text = properties[name];
  if (typeof text !== 'string' || text === '') return undefined;
  return text.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, '').replace(/^\/+|\/+$/g, '');
}

function statusOf({ status }: EntityProperties): EntityStatus {
  return status === 'Disabled' || status === 'SendDisabled' || status === 'ReceiveDisabled' ? status : 'Active';
}
