import type { EntityProperties } from '../../contract.ts';
import { ServiceBusError } from '../../errors.ts';
import { readAuthorizationRules } from './authorization-rules.ts';
import { type DescribedKind, type DescriptionElement, descriptions } from './description-table.ts';
import { readForwardTarget } from './forward-target.ts';
import { readRuleDescription } from './rule-description.ts';
import { childOf, readXml, type XmlElement } from './xml-reader.ts';

export interface DescribedEntity {
  readonly kind: DescribedKind | 'rule';
  /** Of Resource Manager; authorization rules of queues and topics under `authorizationRules`. */
  readonly properties: EntityProperties;
  /** `DefaultRuleDescription` of a subscription: made with it in place of `$Default`. */
  readonly defaultRule?: { readonly name: string; readonly properties: EntityProperties };
}

const roots: ReadonlyMap<string, DescribedEntity['kind']> = new Map([
  ['QueueDescription', 'queue'],
  ['TopicDescription', 'topic'],
  ['SubscriptionDescription', 'subscription'],
  ['RuleDescription', 'rule'],
]);

/**
 * Reads `<entry><content><QueueDescription>…`. Elements count in any order (the service drops those that come out of order), those that
 * nobody knows or nobody sets count for nothing, one that comes twice is refused.
 * @param host For targets of forwarding, which are URLs.
 * @throws {ServiceBusError} `BadRequest`
 */
export function readEntry(bytes: Uint8Array, host: string): DescribedEntity {
  const entry = readXml(bytes);
  const content = entry.name === 'entry' ? childOf(entry, 'content') : undefined;
  const description = content?.children[0];
  const kind = description === undefined ? undefined : roots.get(description.name);
  if (description === undefined || kind === undefined)
    throw refuse(
      `The content must be an Atom entry with a 'content' that holds one of ${[...roots.keys()].join(', ')}.`,
    );
  if (kind === 'rule') return { kind, properties: readRuleDescription(description) };
  const properties: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const child of description.children) {
    if (seen.has(child.name)) throw refuse(`'${description.name}' has more than one '${child.name.slice(0, 100)}'.`);
    seen.add(child.name);
    const known = elementsOf(kind).get(child.name);
    if (known === undefined || known.kind === 'given') continue;
    const value = valueIn(known, child, host);
    if (value !== undefined) properties[known.arm] = value;
  }
  const rules = childOf(description, 'AuthorizationRules');
  if (rules !== undefined && kind !== 'subscription') properties.authorizationRules = readAuthorizationRules(rules);
  const rule = kind === 'subscription' ? childOf(description, 'DefaultRuleDescription') : undefined;
  if (rule === undefined) return { kind, properties };
  const name = childOf(rule, 'Name')?.text.trim() || '$Default';
  return { kind, properties, defaultRule: { name, properties: readRuleDescription(rule) } };
}

const byName: ReadonlyMap<DescribedKind, ReadonlyMap<string, DescriptionElement>> = new Map(
  (['queue', 'topic', 'subscription'] as const).map((kind) => [
    kind,
    new Map(descriptions[kind].elements.map((one) => [one.name, one])),
  ]),
);

function elementsOf(kind: DescribedKind): ReadonlyMap<string, DescriptionElement> {
  return byName.get(kind) ?? new Map();
}

function valueIn(known: Exclude<DescriptionElement, { kind: 'given' }>, child: XmlElement, host: string): unknown {
  const text = child.text.trim();
  switch (known.kind) {
    case 'text':
      return known.arm === 'userMetadata' ? child.text : text === '' ? undefined : text;
    case 'target':
      return text === '' ? undefined : readForwardTarget(known.name, text, host);
    case 'duration':
      return text === '' ? undefined : text;
    case 'whole': {
      if (text === '') return undefined;
      if (!/^\d{1,15}$/.test(text))
        throw refuse(`'${known.name}' must be a whole number, not '${text.slice(0, 100)}'.`);
      return Number(text);
    }
    case 'flag':
      if (text === '') return undefined;
      if (/^(true|1)$/i.test(text)) return true;
      if (/^(false|0)$/i.test(text)) return false;
      throw refuse(`'${known.name}' must be true or false, not '${text.slice(0, 100)}'.`);
  }
}

function refuse(reason: string): ServiceBusError {
  return new ServiceBusError('BadRequest', { reason });
}
