import { ServiceBusError } from '../../errors.ts';
import { instance } from './namespaces.ts';
import { childOf, type XmlElement } from './xml-reader.ts';
import { element, type Xml } from './xml-writer.ts';

/** A rule inside of a description: property `authorizationRules` of queues and topics is an array of them. */
export interface DescribedAuthorizationRule {
  readonly keyName: string;
  readonly rights: readonly string[];
  /** Undefined: the service makes one. */
  readonly primaryKey?: string;
  readonly secondaryKey?: string;
  /** ISO 8601. */
  readonly createdTime?: string;
  readonly modifiedTime?: string;
}

const most = 12;
const rights = ['Manage', 'Send', 'Listen'];

/** @throws {ServiceBusError} `BadRequest` */
export function readAuthorizationRules(parent: XmlElement): DescribedAuthorizationRule[] {
  const given = parent.children.filter(({ name }) => name === 'AuthorizationRule');
  if (given.length > most) throw refuse(`There are ${given.length} authorization rules; ${most} are allowed.`);
  const names = new Set<string>();
  return given.map((rule) => {
    const keyName = textIn(rule, 'KeyName');
    if (keyName === undefined) throw refuse("An 'AuthorizationRule' has no 'KeyName'.");
    if (names.has(keyName.toLowerCase())) throw refuse(`There is more than one authorization rule '${keyName}'.`);
    names.add(keyName.toLowerCase());
    const asked = childOf(rule, 'Rights')?.children.map(({ text }) => text.trim()) ?? [];
    const wrong = asked.find((right) => !rights.includes(right));
    if (wrong !== undefined || asked.length === 0)
      throw refuse(
        `The rights of authorization rule '${keyName}' must be some of ${rights.join(', ')}, not '${wrong ?? ''}'.`,
      );
    const primaryKey = textIn(rule, 'PrimaryKey');
    const secondaryKey = textIn(rule, 'SecondaryKey');
    return {
      keyName,
      rights: [...new Set(asked)],
      ...(primaryKey === undefined ? {} : { primaryKey }),
      ...(secondaryKey === undefined ? {} : { secondaryKey }),
    };
  });
}

export function writeAuthorizationRules(value: unknown): Xml {
  const rules = Array.isArray(value) ? value.filter(isRule) : [];
  return element('AuthorizationRules', rules.map(writeRule));
}

function writeRule(rule: DescribedAuthorizationRule): Xml {
  const { createdTime, modifiedTime, primaryKey, secondaryKey } = rule;
  return element(
    'AuthorizationRule',
    [
      element('ClaimType', 'SharedAccessKey'),
      element('ClaimValue', 'None'),
      element(
        'Rights',
        rule.rights.map((right) => element('AccessRights', right)),
      ),
      createdTime === undefined ? undefined : element('CreatedTime', createdTime),
      modifiedTime === undefined ? undefined : element('ModifiedTime', modifiedTime),
      element('KeyName', rule.keyName),
      primaryKey === undefined ? undefined : element('PrimaryKey', primaryKey),
      secondaryKey === undefined ? undefined : element('SecondaryKey', secondaryKey),
    ],
    { 'i:type': 'SharedAccessAuthorizationRule', 'xmlns:i': instance },
  );
}

function isRule(value: unknown): value is DescribedAuthorizationRule {
  return (
    typeof value === 'object' &&
    value !== null &&
    'keyName' in value &&
    'rights' in value &&
    Array.isArray(value.rights)
  );
}

function textIn(rule: XmlElement, name: string): string | undefined {
  const text = childOf(rule, name)?.text.trim();
  return text === '' ? undefined : text;
}

function refuse(reason: string): ServiceBusError {
  return new ServiceBusError('BadRequest', { reason });
}
