import type { EntityRecord, EntityRuntime } from '../../contract.ts';
import type { NamespaceInformation } from '../http-contract.ts';
import { writeAuthorizationRules } from './authorization-rules.ts';
import { descriptions } from './description-table.ts';
import { atom, connect, counts, instance } from './namespaces.ts';
import { writeRuleDescription } from './rule-description.ts';
import { element, type Xml } from './xml-writer.ts';

/** Where answers come from: links are made of it. */
export interface EntryPlace {
  /** With the port. */
  readonly authority: string;
  readonly apiVersion: string;
  runtime(path: string): EntityRuntime | undefined;
}

const inConnect = { xmlns: connect, 'xmlns:i': instance };

/** `<entry>` of an entity: the names of clients are the title, and the path in `id`. */
export function writeEntry(record: EntityRecord, place: EntryPlace, attributes = {}): Xml {
  const { kind, name } = record;
  return wrap(
    record,
    place,
    kind === 'subscription' || kind === 'rule' ? name : record.path,
    descriptionOf(record, place),
    attributes,
  );
}

/** The document of one entry. */
export function writeEntryDocument(record: EntityRecord, place: EntryPlace): string {
  return writeEntry(record, place, { xmlns: atom });
}

/**
 * A page of entries. The second link, where there is one, is to the next page: clients tell it by its place.
 * @param path Of the list, with its query.
 */
export function writeFeed(
  title: string,
  self: string,
  next: string | undefined,
  updated: string,
  entries: readonly Xml[],
): string {
  return element(
    'feed',
    [
      element('title', title, { type: 'text' }),
      element('id', self),
      element('updated', updated),
      element('link', [], { rel: 'self', href: self }),
      next === undefined ? undefined : element('link', [], { rel: 'next', href: next }),
      ...entries,
    ],
    { xmlns: atom },
  );
}

export function writeNamespaceDocument(namespace: NamespaceInformation, authority: string, apiVersion: string): string {
  const name = authority.replace(/:\d+$/, '');
  const { sku, messagingUnits, createdAt, updatedAt } = namespace;
  const self = `https://${authority}/$namespaceinfo?api-version=${apiVersion}`;
  const described = element(
    'NamespaceProperties',
    [
      element('CreatedTime', createdAt),
      element('MessagingSKU', sku),
      messagingUnits === undefined ? undefined : element('MessagingUnits', messagingUnits),
      element('ModifiedTime', updatedAt),
      element('Name', /^[\d.]+$/.test(name) ? name : (name.split('.')[0] ?? name)),
      element('NamespaceType', 'Messaging'),
    ],
    inConnect,
  );
  return element(
    'entry',
    [
      element('id', self),
      element('title', name, { type: 'text' }),
      element('updated', updatedAt),
      element('author', [element('name', name)]),
      element('link', [], { rel: 'self', href: self }),
      element('content', [described], { type: 'application/xml' }),
    ],
    { xmlns: atom },
  );
}

function wrap(record: EntityRecord, place: EntryPlace, title: string, described: Xml, attributes: object): Xml {
  const { createdAt, updatedAt, path, kind } = record;
  const self = `https://${place.authority}/${path}?api-version=${place.apiVersion}`;
  return element(
    'entry',
    [
      element('id', self),
      element('title', title, { type: 'text' }),
      element('published', createdAt),
      element('updated', updatedAt),
      kind === 'queue' || kind === 'topic'
        ? element('author', [element('name', place.authority.split(/[.:]/)[0] ?? '')])
        : undefined,
      element('link', [], { rel: 'self', href: self }),
      element('content', [described], { type: 'application/xml' }),
    ],
    { ...attributes },
  );
}

function descriptionOf(record: EntityRecord, place: EntryPlace): Xml {
  const { kind, properties, createdAt, updatedAt, name, path } = record;
  if (kind === 'rule') return element('RuleDescription', writeRuleDescription(name, properties, createdAt), inConnect);
  const runtime = place.runtime(path) ?? noRuntime;
  const { root, elements } = descriptions[kind];
  const given = givenElements(record, runtime);
  return element(
    root,
    elements.map((known) => {
      if (known.kind === 'given') return given[known.name];
      if (known.name === 'MaxMessageSizeInKilobytes' && place.apiVersion < '2021-05') return undefined;
      const value = properties[known.arm];
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
      if (known.kind === 'target')
        return value === '' ? undefined : element(known.name, `sb://${place.authority}/${value}`);
      return element(known.name, value);
    }),
    inConnect,
  );

  function givenElements({ kind }: EntityRecord, runtime: EntityRuntime): Readonly<Record<string, Xml | undefined>> {
    const accessedAt = runtime.accessedAt > 0 ? new Date(runtime.accessedAt).toISOString() : '0001-01-01T00:00:00Z';
    return {
      SizeInBytes: element('SizeInBytes', runtime.sizeInBytes),
      MessageCount: element('MessageCount', totalOf(runtime)),
      FilteringMessagesBeforePublishing: element('FilteringMessagesBeforePublishing', false),
      IsAnonymousAccessible: element('IsAnonymousAccessible', false),
      AuthorizationRules: writeAuthorizationRules(properties.authorizationRules),
      CreatedAt: element('CreatedAt', createdAt),
      UpdatedAt: element('UpdatedAt', updatedAt),
      AccessedAt: element('AccessedAt', accessedAt),
      SupportOrdering: kind === 'queue' ? element('SupportOrdering', true) : undefined,
      CountDetails: writeCounts(runtime),
      SubscriptionCount: element('SubscriptionCount', runtime.subscriptionCount),
      EntityAvailabilityStatus: element('EntityAvailabilityStatus', 'Available'),
      EnableSubscriptionPartitioning: element('EnableSubscriptionPartitioning', false),
    };
  }
}

/** Clients find the prefix of the counts as the one attribute of the element. */
function writeCounts(runtime: EntityRuntime): Xml {
  return element(
    'CountDetails',
    [
      element('d2p1:ActiveMessageCount', runtime.activeMessageCount),
      element('d2p1:DeadLetterMessageCount', runtime.deadLetterMessageCount),
      element('d2p1:ScheduledMessageCount', runtime.scheduledMessageCount),
      element('d2p1:TransferMessageCount', runtime.transferMessageCount),
      element('d2p1:TransferDeadLetterMessageCount', runtime.transferDeadLetterMessageCount),
    ],
    { 'xmlns:d2p1': counts },
  );
}

function totalOf(runtime: EntityRuntime): number {
  return (
    runtime.activeMessageCount +
    runtime.deadLetterMessageCount +
    runtime.scheduledMessageCount +
    runtime.transferMessageCount +
    runtime.transferDeadLetterMessageCount
  );
}

const noRuntime: EntityRuntime = {
  activeMessageCount: 0,
  deadLetterMessageCount: 0,
  scheduledMessageCount: 0,
  transferMessageCount: 0,
  transferDeadLetterMessageCount: 0,
  sizeInBytes: 0,
  accessedAt: 0,
  subscriptionCount: 0,
};
