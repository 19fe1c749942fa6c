import type { Diagnostic } from '../diagnostic.ts';
import { isObject, nameOfType, type ParsedDocument } from '../documents/document.ts';
import { suggestion } from '../documents/nearest-name.ts';
import type { FileRecord } from '../folder/file-record.ts';
import { Cursor } from '../information/cursor.ts';
import type { ResourceKind } from './layout.ts';

/** Files at the top of the folder that are taken as the secrets file when no other is named, in this order. */
export const defaultSecretsFiles: readonly string[] = ['secrets.local.json', 'secrets.local.yaml', 'secrets.local.yml'];

/** The environment variable that gives the value of a named value: `LAZULI_NAMED_VALUE_` and its name. */
export function namedValueVariable(name: string): string {
  return `LAZULI_NAMED_VALUE_${variablePart(name)}`;
}

/** `LAZULI_SUBSCRIPTION_{NAME}_PRIMARY_KEY` or `…_SECONDARY_KEY`. */
export function subscriptionKeyVariable(name: string, key: 'primaryKey' | 'secondaryKey'): string {
  return `LAZULI_SUBSCRIPTION_${variablePart(name)}_${key === 'primaryKey' ? 'PRIMARY_KEY' : 'SECONDARY_KEY'}`;
}

/** `LAZULI_CERTIFICATE_{NAME}_DATA` or `…_PASSWORD`. */
export function certificateVariable(name: string, part: 'data' | 'password'): string {
  return `LAZULI_CERTIFICATE_${variablePart(name)}_${part.toUpperCase()}`;
}

function variablePart(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

interface Section {
  readonly kind: ResourceKind;
  readonly title: string;
  /** Names of the parts of an entry; null when the entry is the value itself. */
  readonly parts: readonly string[] | null;
}

const sections: ReadonlyMap<string, Section> = new Map([
  ['namedValues', { kind: 'namedValue', title: 'named value', parts: null }],
  ['subscriptions', { kind: 'subscription', title: 'subscription', parts: ['primaryKey', 'secondaryKey'] }],
  ['certificates', { kind: 'certificate', title: 'certificate', parts: ['data', 'password'] }],
]);

export interface Secrets {
  /** By `{section}/{lower-case name}` or `{section}/{lower-case name}/{part}`. */
  readonly values: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a secrets file: `{ "namedValues": { name: value }, "subscriptions": { name: { primaryKey, secondaryKey } }, "certificates": … }`. */
export function readSecrets(record: FileRecord | null, knows: (kind: ResourceKind) => Iterable<string>): Secrets {
  const values = new Map<string, string>();
  if (record === null) return { values, diagnostics: [] };
  const document: ParsedDocument = record.document;
  const diagnostics: Diagnostic[] = [...document.diagnostics];
  if (document.value === undefined || document.value === null) return { values, diagnostics };
  const root = new Cursor(document, [], diagnostics);
  for (const [name, entries] of objectEntries(document.value, root)) {
    const section = sections.get(name);
    if (section === undefined) {
      root
        .child(name)
        .problem('UnknownProperty', { property: name, suggestion: suggestion(name, sections.keys()) }, 'key');
      continue;
    }
    const known = [...knows(section.kind)];
    const lowerCase = new Set(known.map((each) => each.toLowerCase()));
    for (const [resource, entry] of objectEntries(entries, root.child(name))) {
      const at = root.child(name, resource);
      if (!lowerCase.has(resource.toLowerCase())) {
        at.problem(
          'UnusedSecret',
          { kind: section.title, name: resource, suggestion: suggestion(resource, known) },
          'key',
        );
      }
      readEntry(section, `${name}/${resource.toLowerCase()}`, entry, at, values);
    }
  }
  return { values, diagnostics };
}

function readEntry(section: Section, key: string, entry: unknown, at: Cursor, values: Map<string, string>): void {
  if (section.parts === null) {
    if (typeof entry === 'string') values.set(key, entry);
    else at.problem('WrongType', { what: at.what, actual: nameOfType(entry), expected: 'a string' });
    return;
  }
  for (const [part, value] of objectEntries(entry, at)) {
    const place = at.child(part);
    if (!section.parts.includes(part))
      place.problem('UnknownProperty', { property: part, suggestion: suggestion(part, section.parts) }, 'key');
    else if (typeof value === 'string') values.set(`${key}/${part}`, value);
    else place.problem('WrongType', { what: place.what, actual: nameOfType(value), expected: 'a string' });
  }
}

function objectEntries(value: unknown, at: Cursor): [string, unknown][] {
  if (isObject(value)) return Object.entries(value);
  at.problem('WrongType', { what: at.what, actual: nameOfType(value), expected: 'an object' });
  return [];
}
