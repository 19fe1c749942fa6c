import { randomBytes } from 'node:crypto';
import { authorizationRuleNameProblem, readAuthorizationRights, serviceBusLimits } from '@lazuli/resources';
import type { Operation } from '@lazuli/store';
import { ServiceBusError } from '../errors.ts';
import { keysIdOf, resourceTypes } from './entity-ids.ts';
import type { StoredKeys } from './stored-entities.ts';

/**
 * What makes these the authorization rules of a queue or topic, instead of those that are there; a key that is not given is kept, or made.
 * @throws {ServiceBusError} `BadRequest`, `QuotaExceeded`
 */
export function authorizationRuleOperations(
  entity: { readonly namespaceId: string; readonly kind: 'queue' | 'topic'; readonly path: string },
  given: readonly unknown[],
  before: readonly StoredKeys[],
): Operation[] {
  const { namespaceId, kind, path } = entity;
  const gone = new Map(before.map((rule) => [rule.name.toLowerCase(), rule]));
  const seen = new Set<string>();
  const operations: Operation[] = [];
  for (const one of given) {
    const rule = readRule(one);
    const key = rule.name.toLowerCase();
    if (seen.has(key))
      throw new ServiceBusError('BadRequest', { reason: `There are two authorization rules '${rule.name}'.` });
    seen.add(key);
    const known = gone.get(key);
    gone.delete(key);
    operations.push({
      operation: 'put',
      id: known?.resourceId ?? keysIdOf(namespaceId, kind, path, rule.name),
      type: kind === 'queue' ? resourceTypes.queueKeys : resourceTypes.topicKeys,
      body: { properties: { rights: rule.rights } },
      secrets: {
        'properties/primaryKey': rule.primaryKey ?? known?.primaryKey ?? newKey(),
        'properties/secondaryKey': rule.secondaryKey ?? known?.secondaryKey ?? newKey(),
      },
    });
  }
  if (seen.size > serviceBusLimits.authorizationRules)
    throw new ServiceBusError('QuotaExceeded', {
      reason: `'${path}' cannot have more than ${serviceBusLimits.authorizationRules} authorization rules.`,
    });
  for (const { resourceId } of gone.values()) operations.push({ operation: 'delete', id: resourceId });
  return operations;
}

/** Members of the properties of an entity that show its authorization rules. */
export function shownAuthorizationRules(rules: readonly StoredKeys[]) {
  return rules.map(({ name, rights, primaryKey, secondaryKey, createdAt, updatedAt }) => ({
    keyName: name,
    rights,
    primaryKey,
    secondaryKey,
    createdTime: createdAt,
    modifiedTime: updatedAt,
  }));
}

/** 256 bits, as Azure's. */
export function newKey(): string {
  return randomBytes(32).toString('base64');
}

function readRule(value: unknown) {
  const given = typeof value === 'object' && value !== null ? value : {};
  const name: unknown = Reflect.get(given, 'keyName');
  const problem = typeof name === 'string' ? authorizationRuleNameProblem(name) : 'An authorization rule has no name.';
  const read = readAuthorizationRights(Reflect.get(given, 'rights'));
  if (typeof name !== 'string' || problem !== undefined || 'problem' in read)
    throw new ServiceBusError('BadRequest', { reason: problem ?? ('problem' in read ? read.problem : '') });
  const key = (member: string) => {
    const found: unknown = Reflect.get(given, member);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  return { name, rights: read.rights, primaryKey: key('primaryKey'), secondaryKey: key('secondaryKey') };
}
