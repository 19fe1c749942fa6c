import type { Diagnostic } from '../diagnostic.ts';
import { isObject, type ParsedDocument } from '../documents/document.ts';
import { Cursor } from './cursor.ts';
import { type PropertyTable, readProperties, type ValuesOf } from './property-table.ts';

/** A kind of information file: the JSON that describes one resource. */
export interface InformationFile<Table extends PropertyTable = PropertyTable> {
  readonly name: string;
  readonly properties: Table;
  /** Properties of Azure's resource that may stand in the file and change nothing here. */
  readonly accepted: readonly string[];
}

/** What ARM puts around `properties`, and what it answers but does not take. */
const envelope = [
  'id',
  'type',
  'name',
  'location',
  'etag',
  'systemData',
  '$schema',
  'apiVersion',
  'comments',
  'dependsOn',
];
const readOnly = ['provisioningState', 'createdDate', 'createdDateTime', 'lastModifiedDateTime', 'lastModifiedDate'];

export interface Information<Table extends PropertyTable> {
  readonly values: ValuesOf<Table>;
  /** At the object that holds the properties. */
  readonly at: Cursor;
}

/**
 * Reads an information file in either of its shapes: `{ "properties": { … } }` as ARM has it, or the properties alone.
 * `inherited` gives properties that the file may leave out.
 */
export function readInformation<Table extends PropertyTable>(
  kind: InformationFile<Table>,
  document: ParsedDocument,
  diagnostics: Diagnostic[],
  inherited: Readonly<Record<string, unknown>> = {},
): Information<Table> | null {
  diagnostics.push(...document.diagnostics);
  if (document.value === undefined) return null;
  const root = new Cursor(document, [], diagnostics);
  const wrapped = holdsEnvelope(kind, document.value);
  const at = wrapped ? root.child('properties') : root;
  const value = isObject(document.value) && wrapped ? document.value.properties : document.value;
  if (wrapped)
    readProperties({}, document.value, root, new Set([...envelope, 'properties', 'tags', 'sku', 'identity']));
  const accepted = new Set([...kind.accepted, ...readOnly, ...envelope]);
  const values = readProperties(kind.properties, isObject(value) ? { ...inherited, ...value } : value, at, accepted);
  return values === null ? null : { values, at };
}

/** The properties as they stand in the file, in either shape. */
export function rawProperties(kind: InformationFile, document: ParsedDocument): Readonly<Record<string, unknown>> {
  if (!isObject(document.value)) return {};
  const inner = document.value.properties;
  return holdsEnvelope(kind, document.value) ? (isObject(inner) ? inner : {}) : document.value;
}

/** A backend has a property called `properties` of its own, so the name alone does not tell. */
function holdsEnvelope(kind: InformationFile, value: unknown): boolean {
  if (!isObject(value) || !Object.hasOwn(value, 'properties')) return false;
  const own = Object.keys(kind.properties).filter(
    (name) => !envelope.includes(name) && name !== 'tags' && name !== 'properties',
  );
  return !own.some((name) => Object.hasOwn(value, name));
}
