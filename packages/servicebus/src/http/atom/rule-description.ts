import type { EntityProperties } from '../../contract.ts';
import { ServiceBusError } from '../../errors.ts';
import { instance } from './namespaces.ts';
import { readTypedValues, writeTypedValues } from './typed-values.ts';
import { childOf, type XmlElement } from './xml-reader.ts';
import { element, type Xml } from './xml-writer.ts';

/** Conditions of a correlation filter in the order of the contract, each with its name in Resource Manager. */
const conditions = [
  ['CorrelationId', 'correlationId'],
  ['MessageId', 'messageId'],
  ['To', 'to'],
  ['ReplyTo', 'replyTo'],
  ['Label', 'label'],
  ['SessionId', 'sessionId'],
  ['ReplyToSessionId', 'replyToSessionId'],
  ['ContentType', 'contentType'],
] as const;

/**
 * `<RuleDescription>` as properties of Resource Manager: `filterType`, `sqlFilter` or `correlationFilter`, `action`. A rule without a filter
 * lets everything through.
 * @throws {ServiceBusError} `BadRequest`
 */
export function readRuleDescription(rule: XmlElement): EntityProperties {
  const filter = childOf(rule, 'Filter');
  const action = childOf(rule, 'Action');
  return { ...(filter === undefined ? { filterType: 'TrueFilter' } : readFilter(filter)), ...readAction(action) };
}

function readFilter(filter: XmlElement): EntityProperties {
  const type = typeOf(filter) ?? (childOf(filter, 'SqlExpression') === undefined ? 'CorrelationFilter' : 'SqlFilter');
  switch (type) {
    case 'TrueFilter':
    case 'FalseFilter':
      return { filterType: type };
    case 'SqlFilter':
      return { filterType: type, sqlFilter: readSql(filter) };
    case 'CorrelationFilter':
      return { filterType: type, correlationFilter: readCorrelation(filter) };
    default:
      throw refuse(
        `A filter must be a SqlFilter, CorrelationFilter, TrueFilter or FalseFilter, not '${type.slice(0, 100)}'.`,
      );
  }
}

function readAction(action: XmlElement | undefined): EntityProperties {
  if (action === undefined) return {};
  const type = typeOf(action) ?? (childOf(action, 'SqlExpression') === undefined ? 'EmptyRuleAction' : 'SqlRuleAction');
  if (type === 'EmptyRuleAction') return {};
  if (type !== 'SqlRuleAction')
    throw refuse(`An action must be a SqlRuleAction or EmptyRuleAction, not '${type.slice(0, 100)}'.`);
  return { action: readSql(action) };
}

function readSql(parent: XmlElement): EntityProperties {
  const sqlExpression = childOf(parent, 'SqlExpression')?.text;
  if (sqlExpression === undefined) throw refuse(`'${parent.name}' has no 'SqlExpression'.`);
  const parameters = childOf(parent, 'Parameters');
  const values = parameters === undefined ? {} : readTypedValues(parameters);
  return { sqlExpression, ...(Object.keys(values).length === 0 ? {} : { parameters: values }) };
}

function readCorrelation(filter: XmlElement): EntityProperties {
  const read: Record<string, unknown> = {};
  for (const [name, arm] of conditions) {
    const text = childOf(filter, name)?.text;
    if (text !== undefined && text !== '') read[arm] = text;
  }
  const properties = childOf(filter, 'Properties');
  const values = properties === undefined ? {} : readTypedValues(properties);
  return Object.keys(values).length === 0 ? read : { ...read, properties: values };
}

/** Content of `<RuleDescription>`, in the order of the contract. */
export function writeRuleDescription(name: string, properties: EntityProperties, createdAt: string): Xml[] {
  return [
    writeFilter(properties),
    writeAction(properties.action),
    element('CreatedAt', createdAt),
    element('Name', name),
  ];
}

function writeFilter({ filterType, sqlFilter, correlationFilter }: EntityProperties): Xml {
  if (filterType === 'CorrelationFilter') {
    const pieces: (Xml | undefined)[] = conditions.map(([name, arm]) => {
      const text = memberOf(correlationFilter, arm);
      return typeof text === 'string' ? element(name, text) : undefined;
    });
    return element('Filter', [...pieces, writeTypedValues('Properties', memberOf(correlationFilter, 'properties'))], {
      'i:type': 'CorrelationFilter',
    });
  }
  if (filterType === 'FalseFilter') return writeSql('Filter', filterType, { sqlExpression: '1=0' });
  if (filterType === 'TrueFilter') return writeSql('Filter', filterType, { sqlExpression: '1=1' });
  return writeSql('Filter', 'SqlFilter', sqlFilter);
}

function writeAction(action: unknown): Xml {
  const expression = memberOf(action, 'sqlExpression');
  if (typeof expression !== 'string' || expression === '')
    return element('Action', [], { 'i:type': 'EmptyRuleAction' });
  return writeSql('Action', 'SqlRuleAction', action);
}

function writeSql(name: string, type: string, sql: unknown): Xml {
  const expression = memberOf(sql, 'sqlExpression');
  return element(
    name,
    [
      element('SqlExpression', typeof expression === 'string' ? expression : '1=1'),
      element('CompatibilityLevel', 20),
      writeTypedValues('Parameters', memberOf(sql, 'parameters')),
    ],
    { 'i:type': type },
  );
}

function typeOf(element: XmlElement): string | undefined {
  const type = element.attributes.find(({ name, namespace }) => name === 'type' && namespace === instance)?.value;
  return type?.slice(type.indexOf(':') + 1);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function refuse(reason: string): ServiceBusError {
  return new ServiceBusError('BadRequest', { reason });
}
