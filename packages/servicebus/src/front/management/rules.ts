import {
  AmqpMap,
  type AmqpValue,
  Described,
  double,
  int,
  long,
  Typed,
  type TypeName,
  timestamp,
  ulong,
  uuid,
} from '@lazuli/amqp';
import type { CorrelationConditions, EntityProperties, RuleDefinition, RuleFilter, SqlValue } from '../../contract.ts';
import { ServiceBusError } from '../../errors.ts';
import { plain, propertiesOf } from '../read-values.ts';
import { type ManagementCall, type ManagementOperation, noContent, ok } from './operation.ts';

/** Descriptors of filters and actions, as the clients know them. */
const descriptor = {
  rule: 0x13700000004n,
  emptyAction: 0x13700000005n,
  sqlAction: 0x13700000006n,
  sqlFilter: 0x1370000006n,
  trueFilter: 0x1370000007n,
  falseFilter: 0x1370000008n,
  correlationFilter: 0x1370000009n,
} as const;
const compatibilityLevel = 20;
const mostRules = 1000;

// Who receives may change what is received: clients' rule managers ask for no more than Listen.

export const enumerateRules: ManagementOperation = {
  right: 'Listen',
  run(call) {
    const { body } = call;
    const skip = Math.max(0, body.optionalNumber('skip') ?? 0);
    const top = Math.min(Math.max(1, body.optionalNumber('top') ?? 100), mostRules);
    const rules = rulesOf(call).slice(skip, skip + top);
    if (rules.length === 0) return noContent;
    return ok(new AmqpMap([['rules', rules.map((rule) => new AmqpMap([['rule-description', described(rule)]]))]]));
  },
};

export const addRule: ManagementOperation = {
  right: 'Listen',
  async run(call) {
    rulesOf(call);
    const { body, client, path } = call;
    const name = body.text('rule-name');
    const description = body.optionalMap('rule-description');
    if (description === undefined)
      throw new ServiceBusError('BadRequest', { reason: "'rule-description' of the request must be a map." });
    await client.namespace.directory.put(`${path}/Rules/${name}`, 'rule', ruleProperties(description), 'create');
    return ok();
  },
};

export const removeRule: ManagementOperation = {
  right: 'Listen',
  async run(call) {
    rulesOf(call);
    await call.client.namespace.directory.delete(`${call.path}/Rules/${call.body.text('rule-name')}`);
    return ok();
  },
};

/** @throws {ServiceBusError} where it is no subscription */
function rulesOf({ source, path }: ManagementCall): readonly RuleDefinition[] {
  const { rules } = source();
  if (rules === undefined)
    throw new ServiceBusError('BadRequest', { reason: `'${path}' is no subscription: it has no rules.` });
  return rules;
}

function described(rule: RuleDefinition): Described {
  const action =
    rule.action === undefined
      ? new Described(ulong(descriptor.emptyAction), [])
      : new Described(ulong(descriptor.sqlAction), [rule.action, int(compatibilityLevel)]);
  return new Described(ulong(descriptor.rule), [
    describedFilter(rule.filter),
    action,
    rule.name,
    timestamp(Date.parse(rule.createdAt)),
  ]);
}

function describedFilter(filter: RuleFilter): Described {
  switch (filter.kind) {
    case 'true':
      return new Described(ulong(descriptor.trueFilter), []);
    case 'false':
      return new Described(ulong(descriptor.falseFilter), []);
    case 'sql':
      return new Described(ulong(descriptor.sqlFilter), [filter.expression, int(compatibilityLevel)]);
    case 'correlation':
      return new Described(ulong(descriptor.correlationFilter), [
        ...correlationFields.map(([name]) => filter[name] ?? null),
        new AmqpMap([...(filter.properties ?? [])].map(([name, value]) => [name, amqpOf(value)])),
      ]);
  }
}

type ConditionName = Exclude<keyof CorrelationConditions, 'properties'>;

/** In the order of the list; the name in a request, and in Resource Manager. */
const correlationFields: readonly (readonly [name: ConditionName, inRequest: string, inResource: string])[] = [
  ['correlationId', 'correlation-id', 'correlationId'],
  ['messageId', 'message-id', 'messageId'],
  ['to', 'to', 'to'],
  ['replyTo', 'reply-to', 'replyTo'],
  ['subject', 'label', 'label'],
  ['sessionId', 'session-id', 'sessionId'],
  ['replyToSessionId', 'reply-to-session-id', 'replyToSessionId'],
  ['contentType', 'content-type', 'contentType'],
];

function amqpOf(value: SqlValue): AmqpValue {
  if (typeof value === 'bigint') return long(value);
  if (typeof value === 'number') return double(value);
  if (value instanceof Date) return timestamp(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value !== 'object' || value === null) return value;
  return value.type === 'guid' ? uuid(Buffer.from(value.text.replaceAll('-', ''), 'hex')) : value.text;
}

/** A rule as the directory takes it. */
function ruleProperties(description: AmqpMap): EntityProperties {
  const action = plain(description.get('sql-rule-action'));
  const expression = action instanceof AmqpMap ? textOf(action, 'expression') : undefined;
  const withAction = expression === undefined ? {} : { action: { sqlExpression: expression, compatibilityLevel } };
  const sql = plain(description.get('sql-filter'));
  if (sql instanceof AmqpMap)
    return {
      filterType: 'SqlFilter',
      sqlFilter: { sqlExpression: textOf(sql, 'expression') ?? '', compatibilityLevel },
      ...withAction,
    };
  const correlation = plain(description.get('correlation-filter'));
  if (correlation instanceof AmqpMap)
    return { filterType: 'CorrelationFilter', correlationFilter: correlationOf(correlation), ...withAction };
  throw new ServiceBusError('BadRequest', {
    reason: "'rule-description' of the request must hold 'sql-filter' or 'correlation-filter'.",
  });
}

function correlationOf(map: AmqpMap): EntityProperties {
  const conditions: Record<string, unknown> = {};
  for (const [, inRequest, inResource] of correlationFields) {
    const value = textOf(map, inRequest);
    if (value !== undefined) conditions[inResource] = value;
  }
  const properties = plain(map.get('properties'));
  if (properties instanceof AmqpMap && properties.size > 0)
    conditions.properties = Object.fromEntries(
      [...(propertiesOf(properties) ?? [])].map(([name, value]) => [name, storedValue(name, value)]),
    );
  return conditions;
}

function textOf(map: AmqpMap, name: string): string | undefined {
  const value = plain(map.get(name));
  return typeof value === 'string' ? value : undefined;
}

const schemaTypes: Partial<Record<TypeName, string>> = {
  ubyte: 'unsignedByte',
  ushort: 'unsignedShort',
  uint: 'unsignedInt',
  ulong: 'unsignedLong',
  byte: 'byte',
  short: 'short',
  int: 'int',
  long: 'long',
  float: 'double',
  double: 'double',
};

/** As the directory keeps values: texts are themselves, all others say their type of XML Schema. @throws {ServiceBusError} */
function storedValue(name: string, given: AmqpValue): unknown {
  const value = plain(given);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return { type: 'boolean', value: String(value) };
  if (Buffer.isBuffer(value)) return { type: 'base64Binary', value: value.toString('base64') };
  if (value instanceof Typed) {
    if (value.type === 'timestamp') return { type: 'dateTime', value: new Date(Number(value.value)).toISOString() };
    if (value.type === 'uuid' && Buffer.isBuffer(value.value))
      return { type: 'guid', value: value.value.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') };
    const type = schemaTypes[value.type];
    if (type !== undefined) return { type, value: schemaNumber(value.value) };
  }
  throw new ServiceBusError('BadRequest', {
    reason: `Property '${name.slice(0, 100)}' of the correlation filter must be a string, a number, a boolean, a time, a uuid or binary.`,
  });
}

function schemaNumber(value: Typed['value']): string {
  return String(value).replace('Infinity', 'INF');
}
