/** What `validate-content` changes in a schema when it runs. */
export interface SchemaChanges {
  /** Overrides `additionalProperties` of every object schema that lists properties; null: as the schema says. */
  readonly additionalProperties: boolean | null;
}

const deepest = 200;

/**
 * A copy of a schema that the validator can take: keywords that no object of JSON Schema may redefine are left out
 * (`$id`, `$schema`, so that every reference stays within the API), and the changes are made.
 */
export function adaptSchema(schema: Readonly<Record<string, unknown>>, changes: SchemaChanges) {
  return adaptObject(schema, changes, 0);
}

function adapt(value: unknown, changes: SchemaChanges, depth: number): unknown {
  if (depth > deepest) return true;
  if (Array.isArray(value)) return value.map((item) => adapt(item, changes, depth + 1));
  return isObject(value) ? adaptObject(value, changes, depth) : value;
}

function adaptObject(schema: Readonly<Record<string, unknown>>, changes: SchemaChanges, depth: number) {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (ignored.has(name) || (name === '$id' && typeof value === 'string')) continue;
    define(
      copy,
      name,
      literal.has(name) ? value : map.has(name) ? adaptMap(value, changes, depth) : adapt(value, changes, depth + 1),
    );
  }
  const { additionalProperties } = changes;
  if (additionalProperties !== null && isObject(schema.properties)) {
    copy.additionalProperties = additionalProperties;
    if (additionalProperties) delete copy.unevaluatedProperties;
  }
  return copy;
}

/** Names to schemas: the names are not keywords. */
function adaptMap(value: unknown, changes: SchemaChanges, depth: number): unknown {
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(value)) define(copy, name, adapt(schema, changes, depth + 1));
  return copy;
}

const ignored = new Set(['$schema', '$anchor', '$dynamicAnchor', 'id']);
const literal = new Set(['enum', 'const', 'example', 'examples', 'default', 'required']);
const map = new Set(['properties', 'patternProperties', 'schemas', '$defs', 'definitions', 'dependentSchemas']);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `__proto__` is a name like any other. */
const define = (target: object, name: string, value: unknown) =>
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
