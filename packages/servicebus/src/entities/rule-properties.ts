import type { CorrelationConditions, EntityProperties, RuleDefinition, RuleFilter, SqlValue } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';

/** Values of `filterType`: Resource Manager has two of them; the others are written as the SQL that they stand for. */
const everything = '1=1';
const nothing = '1=0';

/** A rule as it is stored: what Resource Manager shows. @throws {ServiceBusError} `BadRequest` */
export function normaliseRule(given: EntityProperties): EntityProperties {
  const type = given.filterType ?? (given.correlationFilter === undefined ? 'SqlFilter' : 'CorrelationFilter');
  const action = objectOf(given.action, 'action');
  const expression = action === undefined ? undefined : textOf(action.sqlExpression, 'action.sqlExpression');
  const withAction =
    action === undefined || expression === undefined || expression === ''
      ? {}
      : { action: { ...action, sqlExpression: expression, compatibilityLevel: 20 } };
  switch (type) {
    case 'TrueFilter':
      return { filterType: 'SqlFilter', sqlFilter: sql(everything), ...withAction };
    case 'FalseFilter':
      return { filterType: 'SqlFilter', sqlFilter: sql(nothing), ...withAction };
    case 'SqlFilter': {
      const filter = objectOf(given.sqlFilter, 'sqlFilter') ?? {};
      const condition = textOf(filter.sqlExpression, 'sqlFilter.sqlExpression') ?? everything;
      return { filterType: type, sqlFilter: { ...filter, ...sql(condition) }, ...withAction };
    }
    case 'CorrelationFilter': {
      const filter = objectOf(given.correlationFilter, 'correlationFilter') ?? {};
      for (const [name, value] of Object.entries(filter))
        if (name !== 'properties' && name !== 'requiresPreprocessing') textOf(value, `correlationFilter.${name}`);
      objectOf(filter.properties, 'correlationFilter.properties');
      return { filterType: type, correlationFilter: filter, ...withAction };
    }
    default:
      throw refuse(`'filterType' must be SqlFilter or CorrelationFilter, not '${String(type).slice(0, 100)}'.`);
  }
}

/** As fronts show it: a filter that lets everything through, or nothing, is one of its own kind. */
export function shownRule(stored: EntityProperties): EntityProperties {
  const { sqlFilter, ...rest } = stored;
  const expression = memberOf(sqlFilter, 'sqlExpression');
  if (memberOf(sqlFilter, 'parameters') !== undefined) return stored;
  if (expression === everything) return { ...rest, filterType: 'TrueFilter' };
  return expression === nothing ? { ...rest, filterType: 'FalseFilter' } : stored;
}

export function ruleDefinition(name: string, stored: EntityProperties, createdAt: string): RuleDefinition {
  const action = memberOf(stored.action, 'sqlExpression');
  return { name, filter: filterOf(stored), action: typeof action === 'string' ? action : undefined, createdAt };
}

function filterOf(stored: EntityProperties): RuleFilter {
  if (stored.filterType === 'CorrelationFilter')
    return { kind: 'correlation', ...conditionsOf(stored.correlationFilter) };
  const expression = memberOf(stored.sqlFilter, 'sqlExpression');
  const parameters = valuesOf(memberOf(stored.sqlFilter, 'parameters'));
  if (typeof expression !== 'string' || (expression === everything && parameters === undefined))
    return { kind: 'true' };
  if (expression === nothing && parameters === undefined) return { kind: 'false' };
  return { kind: 'sql', expression, ...(parameters === undefined ? {} : { parameters }) };
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

function sql(sqlExpression: string): EntityProperties {
  return { sqlExpression, compatibilityLevel: 20 };
}

function textOf(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw refuse(`'${name}' must be a string.`);
  return value;
}

function objectOf(value: unknown, name: string): EntityProperties | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw refuse(`'${name}' must be an object.`);
  return { ...value };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function refuse(reason: string): ServiceBusError {
  return new ServiceBusError('BadRequest', { reason });
}
