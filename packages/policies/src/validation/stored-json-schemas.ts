import type { ServiceSchema } from '@lazuli/resources';

/**
 * The JSON schemas of a service as {@link schemaValidator} takes them: by name, in the words of JSON Schema 2020-12, their
 * references as `#/schemas/{name}/…`. A reference may lead into the schema itself (`#/definitions/a`), into another one
 * (`/schemas/{name}#/…`, or by its `$id`). Made once for each state of the service.
 */
export function storedJsonSchemas(stored: ReadonlyMap<string, ServiceSchema>): ReadonlyMap<string, unknown> {
  let schemas = known.get(stored);
  if (!schemas) {
    schemas = rewriteAll(stored);
    known.set(stored, schemas);
  }
  return schemas;
}

const known = new WeakMap<ReadonlyMap<string, ServiceSchema>, ReadonlyMap<string, unknown>>();
const deepest = 200;

function rewriteAll(stored: ReadonlyMap<string, ServiceSchema>): ReadonlyMap<string, unknown> {
  const names = new Map<string, string>();
  for (const [name, schema] of stored) {
    if (schema.schemaType !== 'json') continue;
    names.set(`/schemas/${name}`, name);
    const id = identifierOf(schema.document);
    if (id !== null) names.set(id, name);
  }
  const schemas = new Map<string, unknown>();
  for (const [name, schema] of stored)
    if (schema.schemaType === 'json') schemas.set(name, new Rewriting(name, names).schema(schema.document, 0));
  return schemas;
}

function identifierOf(document: unknown): string | null {
  if (!isObject(document)) return null;
  const id = document.$id ?? document.id;
  return typeof id === 'string' && id !== '' ? id.replace(/#.*$/s, '') : null;
}

class Rewriting {
  readonly #name: string;
  readonly #names: ReadonlyMap<string, string>;

  constructor(name: string, names: ReadonlyMap<string, string>) {
    this.#name = name;
    this.#names = names;
  }

  schema(value: unknown, depth: number): unknown {
    if (depth > deepest) return true;
    if (Array.isArray(value)) return value.map((item) => this.schema(item, depth + 1));
    if (!isObject(value)) return value;
    const copy = new Map<string, unknown>();
    for (const [keyword, content] of Object.entries(value)) {
      if (keyword === '$ref' && typeof content === 'string') copy.set(keyword, this.#reference(content));
      else if (literal.has(keyword)) copy.set(keyword, content);
      else if (named.has(keyword)) copy.set(keyword, this.#named(content, depth + 1));
      else copy.set(keyword, this.schema(content, depth + 1));
    }
    modernise(copy);
    return Object.fromEntries(copy);
  }

  #named(value: unknown, depth: number): unknown {
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, content]) => [name, this.schema(content, depth)]));
  }

  #reference(reference: string): string {
    const hash = reference.indexOf('#');
    const document = hash === -1 ? reference : reference.slice(0, hash);
    const pointer = hash === -1 ? '' : reference.slice(hash + 1).replace(/\/$/, '');
    const name = document === '' ? this.#name : this.#names.get(document);
    // A document that is not among the schemas: the reference stays, and the schema cannot be used.
    if (name === undefined || (pointer !== '' && !pointer.startsWith('/'))) return reference;
    return `#/schemas/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}${pointer}`;
  }
}

/** Keywords of drafts 4 to 2019-09 that mean something else today, or nothing. */
function modernise(schema: Map<string, unknown>): void {
  const items = schema.get('items');
  if (Array.isArray(items)) {
    schema.set('prefixItems', items);
    schema.delete('items');
    if (schema.has('additionalItems')) schema.set('items', schema.get('additionalItems'));
  }
  schema.delete('additionalItems');
  for (const [exclusive, inclusive] of bounds) {
    if (typeof schema.get(exclusive) !== 'boolean') continue;
    if (schema.get(exclusive) === true && schema.has(inclusive)) {
      schema.set(exclusive, schema.get(inclusive));
      schema.delete(inclusive);
    } else schema.delete(exclusive);
  }
  const dependencies = schema.get('dependencies');
  if (!isObject(dependencies)) return;
  const entries = Object.entries(dependencies);
  schema.set('dependentRequired', Object.fromEntries(entries.filter(([, value]) => Array.isArray(value))));
  schema.set('dependentSchemas', Object.fromEntries(entries.filter(([, value]) => !Array.isArray(value))));
  schema.delete('dependencies');
}

const bounds = [
  ['exclusiveMinimum', 'minimum'],
  ['exclusiveMaximum', 'maximum'],
] as const;
const literal = new Set(['enum', 'const', 'default', 'example', 'examples', 'required']);
const named = new Set([
  'properties',
  'patternProperties',
  'definitions',
  '$defs',
  'schemas',
  'dependentSchemas',
  'dependencies',
]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
