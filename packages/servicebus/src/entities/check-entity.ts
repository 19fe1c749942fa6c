import {
  type EntityProblem,
  entityNameProblem,
  filterQuotaOf,
  normaliseEntity,
  normaliseRule,
  type ServiceBusLimits,
} from '@lazuli/resources';
import type { CompiledRule, EntityProperties, EntityRecord, RuleDefinition } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { readEntityPath } from './entity-ids.ts';
import { ruleDefinition } from './rule-properties.ts';
import type { StoredEntities, StoredEntity } from './stored-entities.ts';

type Kind = EntityRecord['kind'];

/** Whether something can be made or changed, in view of what is there; its parent must be. @throws {ServiceBusError} */
export function checkEntity(
  entities: StoredEntities,
  limits: ServiceBusLimits,
  asked: {
    readonly path: string;
    readonly kind: Kind;
    readonly mode: 'create' | 'update';
    readonly existing: StoredEntity | undefined;
  },
): void {
  const { path, kind, mode, existing } = asked;
  if (mode === 'create' && existing !== undefined)
    throw new ServiceBusError('EntityAlreadyExists', { entity: existing.path });
  if (mode === 'update') {
    if (existing?.kind !== kind) throw new ServiceBusError('EntityNotFound', { entity: path });
    return;
  }
  const parts = readEntityPath(path);
  const { entity, subscription, rule } = parts;
  const isOfKind = parts.kind === (kind === 'queue' || kind === 'topic' ? 'entity' : kind);
  const name = kind === 'rule' ? (rule ?? '') : kind === 'subscription' ? (subscription ?? '') : path;
  const problem = isOfKind ? entityNameProblem(kind, name) : `'${path.slice(0, 300)}' is no path of a ${kind}.`;
  if (problem !== undefined) throw badRequest([{ property: 'name', message: problem }]);
  if (kind === 'subscription' || kind === 'rule') requireEntity(entities, entity, 'topic');
  if (kind === 'rule') requireEntity(entities, `${entity}/Subscriptions/${subscription}`, 'subscription');
  checkQuota(entities, limits, kind, entity);
}

/** @throws {ServiceBusError} `EntityNotFound` */
export function requireEntity(entities: StoredEntities, path: string, kind: Kind): StoredEntity {
  const entity = entities.get(path);
  if (entity?.kind !== kind) throw new ServiceBusError('EntityNotFound', { entity: path });
  return entity;
}

/** The properties of a queue, topic or subscription whole. @throws {ServiceBusError} `BadRequest` with everything that is wrong */
export function wholeEntity(
  entities: StoredEntities,
  asked: {
    readonly path: string;
    readonly kind: Exclude<Kind, 'rule'>;
    readonly given: EntityProperties;
    readonly existing: EntityProperties | undefined;
  },
): EntityProperties {
  const { path, kind, existing } = asked;
  const { authorizationRules: _rules, defaultRule: _first, ...given } = asked.given;
  const { properties, problems } = normaliseEntity(kind, given, existing === undefined ? {} : { existing });
  const all: EntityProblem[] = [...problems];
  for (const name of ['forwardTo', 'forwardDeadLetteredMessagesTo']) {
    const target = properties[name];
    if (typeof target !== 'string') continue;
    const to = entities.get(target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, ''));
    if (to === undefined || (to.kind !== 'queue' && to.kind !== 'topic'))
      all.push({ property: name, message: `'${name}' names '${target.slice(0, 300)}', which is no queue or topic.` });
    else if (to.path.toLowerCase() === path.toLowerCase())
      all.push({ property: name, message: `'${name}' of '${path}' cannot be the entity itself.` });
  }
  if (all.length > 0) throw badRequest(all);
  return properties;
}

/** The properties of a rule as they are stored. @throws {ServiceBusError} `BadRequest`, `QuotaExceeded` */
export function wholeRule(
  entities: StoredEntities,
  asked: { readonly path: string; readonly given: EntityProperties; readonly existing: StoredEntity | undefined },
  limits: ServiceBusLimits,
  compileRule: (rule: RuleDefinition) => CompiledRule,
): EntityProperties {
  const { properties, problems } = normaliseRule(asked.given);
  if (problems.length > 0) throw badRequest(problems);
  const { entity: topic, rule: name = '' } = readEntityPath(asked.path);
  compileRule(ruleDefinition(name, properties, new Date(0).toISOString()));
  checkFilterQuota(entities, limits, topic, { existing: asked.existing, quota: filterQuotaOf(name, properties) });
  return properties;
}

function checkQuota(entities: StoredEntities, limits: ServiceBusLimits, kind: Kind, topic: string): void {
  if (kind === 'rule') return;
  const [count, most, what] =
    kind === 'subscription'
      ? [entities.countBelow(topic, kind), limits.subscriptions, `subscriptions of the topic '${topic}'`]
      : [entities.countBelow('', 'queue') + entities.countBelow('', 'topic'), limits.entities, 'queues and topics'];
  if (count >= most) throw quotaExceeded(most, what);
}

function checkFilterQuota(
  entities: StoredEntities,
  limits: ServiceBusLimits,
  topic: string,
  rule: { readonly quota: ReturnType<typeof filterQuotaOf>; readonly existing: StoredEntity | undefined },
): void {
  const { quota, existing } = rule;
  if (quota === undefined) return;
  const most = limits[quota];
  let rules = 0;
  const subscriptions = entities.below(topic, 'subscription');
  for (const { path } of subscriptions) rules += entities.countBelow(path, 'rule');
  // Mostly there are so few of all kinds that none has to be looked at.
  if (rules < most) return;
  let same = 0;
  for (const { path } of subscriptions)
    for (const other of entities.below(path, 'rule'))
      if (other !== existing && filterQuotaOf(other.name, other.properties) === quota) same++;
  if (same >= most)
    throw quotaExceeded(most, `${quota === 'sqlFilters' ? 'SQL' : 'correlation'} filters of the topic '${topic}'`);
}

function quotaExceeded(most: number, what: string): ServiceBusError {
  return new ServiceBusError('QuotaExceeded', {
    reason: `SubCode=40301. The maximum of ${most} ${what} is reached.`,
  });
}

function badRequest(problems: readonly EntityProblem[]): ServiceBusError {
  return new ServiceBusError('BadRequest', {
    reason: `SubCode=40000. ${problems.map(({ message }) => message).join(' ')}`,
  });
}
