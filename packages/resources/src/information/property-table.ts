import { isObject, nameOfType } from '../documents/document.ts';
import { suggestion } from '../documents/nearest-name.ts';
import type { Cursor } from './cursor.ts';
import type { PropertyType } from './property-types.ts';

/** One property of an information file. */
export interface Property<out T> {
  readonly type: PropertyType<unknown>;
  readonly required: boolean;
  /** What an absent property means; undefined when it is required. */
  readonly fallback: T | undefined;
  /** One sentence for the reference. */
  readonly description: string;
}

/** The properties of an information file or of an object inside it, by their names on the wire. */
export type PropertyTable = Readonly<Record<string, Property<unknown>>>;

/** What reading a table gives. */
export type ValuesOf<Table extends PropertyTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Property<infer T> ? T : never;
};

export function required<T>(type: PropertyType<T>, description: string): Property<T> {
  return { type, required: true, fallback: undefined, description };
}

export function optional<T>(type: PropertyType<T>, description: string): Property<T | null>;
export function optional<T>(type: PropertyType<T>, description: string, fallback: NoInfer<T>): Property<T>;
export function optional(
  type: PropertyType<unknown>,
  description: string,
  fallback: unknown = null,
): Property<unknown> {
  return { type, required: false, fallback, description };
}

/**
 * Reads an object by its table and reports every problem. A property that is absent or null takes its fallback, a wrong
 * one too (after its problem is reported). Null only when the value is no object or a required property is missing.
 * `accepted` names properties that may stand there and are not read.
 */
export function readProperties<Table extends PropertyTable>(
  table: Table,
  value: unknown,
  at: Cursor,
  accepted: ReadonlySet<string> = noNames,
): ValuesOf<Table> | null {
  if (!isObject(value)) {
    at.problem('WrongType', { what: at.what, actual: nameOfType(value), expected: 'an object' });
    return null;
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(table, name) || accepted.has(name)) continue;
    at.child(name).problem(
      'UnknownProperty',
      { property: name, suggestion: suggestion(name, Object.keys(table)) },
      'key',
    );
  }
  const result: Record<string, unknown> = {};
  let complete = true;
  for (const [name, property] of Object.entries(table)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined || given === null) {
      if (property.required) {
        at.problem('MissingProperty', { property: name, expected: property.type.expected });
        complete = false;
      } else result[name] = property.fallback;
      continue;
    }
    const read = property.type.read(given, at.child(name));
    if (read === undefined && property.required) complete = false;
    result[name] = read === undefined ? property.fallback : read;
  }
  // The loop has set every name of the table to what its property type gives.
  return complete ? (result as ValuesOf<Table>) : null;
}

const noNames: ReadonlySet<string> = new Set();

/** An object inside an information file, with a table of its own. */
export function object<Table extends PropertyTable>(
  table: Table,
): PropertyType<ValuesOf<Table>> & { readonly table: Table } {
  return {
    expected: 'an object',
    table,
    read: (value, at) => readProperties(table, value, at) ?? undefined,
  };
}
