import { parseTimeSpan } from '@lazuli/resources';
import type { EntityDefinition, EntityProperties, EntityStatus, RuleDefinition } from '../contract.ts';
import { parentPathOf, readEntityPath } from './entity-ids.ts';
import { ruleDefinition } from './rule-properties.ts';
import type { StoredEntity } from './stored-entities.ts';

/** An entity that is not written again keeps its definition, so that the broker sees at once that it is the same. */
const known = new WeakMap<StoredEntity, EntityDefinition>();
const knownRules = new WeakMap<StoredEntity, RuleDefinition>();

/** What the broker is to serve, of what is stored. A subscription without its topic is left out. */
export function definitionsOf(entities: Iterable<StoredEntity>): EntityDefinition[] {
  const rules = new Map<string, RuleDefinition[]>();
  const topics = new Set<string>();
  const others: StoredEntity[] = [];
  for (const entity of entities) {
    if (entity.kind !== 'rule') {
      others.push(entity);
      if (entity.kind === 'topic') topics.add(entity.path.toLowerCase());
      continue;
    }
    const parent = parentPathOf(entity.path).toLowerCase();
    const definition = ruleOf(entity);
    const siblings = rules.get(parent);
    if (siblings === undefined) rules.set(parent, [definition]);
    else siblings.push(definition);
  }
  const found: EntityDefinition[] = [];
  for (const entity of others) {
    if (entity.kind === 'subscription') {
      const { entity: topicPath } = readEntityPath(entity.path);
      if (!topics.has(topicPath.toLowerCase())) continue;
    }
    const own = rules.get(entity.path.toLowerCase()) ?? [];
    let definition = known.get(entity);
    if (definition === undefined || !hasRules(definition, own)) {
      definition = definitionOf(entity, own);
      known.set(entity, definition);
    }
    found.push(definition);
  }
  return found;
}

function ruleOf(entity: StoredEntity): RuleDefinition {
  const definition = knownRules.get(entity) ?? ruleDefinition(entity.name, entity.properties, entity.createdAt);
  knownRules.set(entity, definition);
  return definition;
}

function hasRules(definition: EntityDefinition, rules: readonly RuleDefinition[]): boolean {
  if (definition.kind !== 'subscription') return true;
  return definition.rules.length === rules.length && definition.rules.every((rule, index) => rule === rules[index]);
}

function definitionOf(
  { kind, id, path, properties }: StoredEntity,
  rules: readonly RuleDefinition[],
): EntityDefinition {
  if (kind === 'queue') return { kind, path, ...holderOf(id, properties), ...entryOf(properties) };
  if (kind === 'topic')
    return {
      kind,
      id,
      path,
      ...entryOf(properties),
      defaultTimeToLiveMs: durationOf(properties, 'defaultMessageTimeToLive'),
      autoDeleteOnIdleMs: durationOf(properties, 'autoDeleteOnIdle'),
      status: statusOf(properties),
    };
  const { entity: topicPath, subscription: name = '' } = readEntityPath(path);
  return {
    kind: 'subscription',
    topicPath,
    name,
    ...holderOf(id, properties),
    deadLetteringOnFilterEvaluationExceptions: properties.deadLetteringOnFilterEvaluationExceptions !== false,
    rules,
  };
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
