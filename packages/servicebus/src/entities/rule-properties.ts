import { filterKindOf } from '@lazuli/resources';
import type { CorrelationConditions, EntityProperties, RuleDefinition, RuleFilter, SqlValue } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import { compileRule } from '../filters/compile-rule.ts';

/** As fronts show it: a filter that lets everything through, or nothing, is one of its own kind. */
export function shownRule(stored: EntityProperties): EntityProperties {
  const kind = filterKindOf(stored);
  if (kind !== 'true' && kind !== 'false') return stored;
  const { sqlFilter: _sql, ...rest } = stored;
  return { ...rest, filterType: kind === 'true' ? 'TrueFilter' : 'FalseFilter' };
}

export function ruleDefinition(name: string, stored: EntityProperties, createdAt: string): RuleDefinition {
  const action = memberOf(stored.action, 'sqlExpression');
  return { name, filter: filterOf(stored), action: typeof action === 'string' ? action : undefined, createdAt };
}

/** What is wrong with the SQL of a rule that is to be stored, in words; undefined: nothing. */
export function ruleProblem(name: string, properties: EntityProperties): string | undefined {
  try {
    compileRule(ruleDefinition(name, properties, new Date(0).toISOString()));
    return undefined;
  } catch (error) {
    if (error instanceof ServiceBusError) return error.message;
    throw error;
  }
}

function filterOf(stored: EntityProperties): RuleFilter {
  const kind = filterKindOf(stored);
  if (kind === 'true' || kind === 'false') return { kind };
  if (kind === 'correlation') return { kind, ...conditionsOf(stored.correlationFilter) };
  const parameters = valuesOf(memberOf(stored.sqlFilter, 'parameters'));
  const expression = String(memberOf(stored.sqlFilter, 'sqlExpression') ?? '');
  return { kind, expression, ...(parameters === undefined ? {} : { parameters }) };
}

const conditionNames = [
  ['correlationId', 'correlationId'],
  ['messageId', 'messageId'],
  ['to', 'to'],
  ['replyTo', 'replyTo'],
  ['label', 'subject'],
  ['sessionId', 'sessionId'],
  ['replyToSessionId', 'replyToSessionId'],
  ['contentType', 'contentType'],
] as const;

function conditionsOf(filter: unknown): CorrelationConditions {
  const conditions: { -readonly [name in keyof CorrelationConditions]: CorrelationConditions[name] } = {};
  for (const [stored, name] of conditionNames) {
    const value = memberOf(filter, stored);
    if (typeof value === 'string' && value !== '') conditions[name] = value;
  }
  const properties = valuesOf(memberOf(filter, 'properties'));
  if (properties !== undefined) conditions.properties = properties;
  return conditions;
}

/** Values with a type of XML Schema (`{ type, value }`), and plain JSON. */
function valuesOf(values: unknown): ReadonlyMap<string, SqlValue> | undefined {
  if (typeof values !== 'object' || values === null) return undefined;
  const entries = Object.entries(values);
  return entries.length === 0 ? undefined : new Map(entries.map(([name, value]) => [name, sqlValueOf(value)]));
}

function sqlValueOf(value: unknown): SqlValue {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  const type = memberOf(value, 'type');
  const text = String(memberOf(value, 'value') ?? '');
  switch (type) {
    case 'boolean':
      return text === 'true' || text === '1';
    case 'double':
    case 'float':
    case 'decimal':
      return text === 'INF' ? Number.POSITIVE_INFINITY : text === '-INF' ? Number.NEGATIVE_INFINITY : Number(text);
    case 'dateTime':
      return new Date(text);
    case 'guid':
      return { type: 'guid', text: text.toLowerCase() };
    case 'duration':
      return { type: 'timespan', text };
    case 'anyURI':
      return { type: 'uri', text };
    case 'base64Binary':
      return Buffer.from(text, 'base64');
    case undefined:
    case 'string':
    case 'char':
      return text;
    default:
      return /^[+-]?\d+$/.test(text) ? BigInt(text) : text;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
