import {
  computedProperties,
  entityProperties,
  entityStatuses,
  type PropertyRule,
  type ServiceBusKind,
} from './entity-schema.ts';
import { parseTimeSpan } from './time-span.ts';

export type ServiceBusProperties = { readonly [name: string]: unknown };

export interface EntityProblem {
  /** `lockDuration` */
  readonly property: string;
  readonly message: string;
}

/**
 * The properties of a queue, topic or subscription whole: checked, with defaults. With `existing` they are changes of those: what is not
 * named stays, but for what is taken away by not naming it (`forwardTo`, `forwardDeadLetteredMessagesTo`, `userMetadata`). Where they
 * are `replaced`, only what is fixed at the creation stays, as with a PUT of Resource Manager.
 * Names that are not known stay as they are where they are `allowed`, and are problems otherwise.
 */
export function normaliseEntity(
  kind: Exclude<ServiceBusKind, 'rule'>,
  given: ServiceBusProperties,
  options: {
    readonly existing?: ServiceBusProperties;
    readonly replaced?: boolean;
    readonly allowed?: ReadonlySet<string>;
  } = {},
): { readonly properties: ServiceBusProperties; readonly problems: readonly EntityProblem[] } {
  const { existing, replaced = false, allowed } = options;
  const problems: EntityProblem[] = [];
  const properties: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    if (entityProperties[name]?.kinds.includes(kind) || computedProperties.has(name) || allowed?.has(name)) continue;
    problems.push({ property: name, message: `A ${kind} has no property '${name.slice(0, 100)}'.` });
  }
  for (const [name, rule] of Object.entries(entityProperties)) {
    if (!rule.kinds.includes(kind)) continue;
    let value: unknown = given[name] ?? undefined;
    const stays = replaced ? rule.createOnly === true : rule.type !== 'entity' && rule.type !== 'text';
    if (value === undefined && existing !== undefined && stays) value = existing[name];
    if (value === undefined) value = rule.default;
    if (value === undefined || value === '') continue;
    const problem = problemOf(name, rule, value);
    if (problem !== undefined) problems.push({ property: name, message: problem });
    else if (rule.createOnly && existing?.[name] !== undefined && existing[name] !== value)
      problems.push({
        property: name,
        message: `The value for the property '${name}' of an existing ${kind} cannot be changed.`,
      });
    properties[name] = value;
  }
  for (const name of allowed ?? []) if (given[name] !== undefined) properties[name] = given[name];
  return { properties, problems };
}

function problemOf(name: string, rule: PropertyRule, value: unknown): string | undefined {
  const { least = 0, most = Number.POSITIVE_INFINITY } = rule;
  const shown = typeof value === 'string' ? value.slice(0, 100) : JSON.stringify(value);
  switch (rule.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `'${name}' must be true or false, not '${shown}'.`;
    case 'integer':
      if (!Number.isInteger(value)) return `'${name}' must be a whole number, not '${shown}'.`;
      return Number(value) >= least && Number(value) <= most
        ? undefined
        : `The value of '${name}', ${shown}, is out of range: expected ${least} to ${most}.`;
    case 'duration': {
      const time = typeof value === 'string' ? parseTimeSpan(value) : undefined;
      if (time === undefined) return `'${name}' must be an ISO 8601 duration such as PT1M30S, not '${shown}'.`;
      if (time >= least && time <= most) return undefined;
      const range = most === Number.POSITIVE_INFINITY ? 'or more' : `to ${most / 1000} seconds`;
      return `The value of '${name}', ${shown}, is out of range: expected ${least / 1000} seconds ${range}.`;
    }
    case 'status':
      return entityStatuses.some((status) => status === value)
        ? undefined
        : `'${name}' must be one of ${entityStatuses.join(', ')}, not '${shown}'.`;
    case 'text':
    case 'entity':
      if (typeof value !== 'string') return `'${name}' must be a string, not '${shown}'.`;
      return value.length <= most ? undefined : `'${name}' has ${value.length} characters; ${most} are allowed.`;
  }
}
