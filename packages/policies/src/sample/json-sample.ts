/** Finds the schema that a `$ref` points to; undefined when there is none. */
export type SchemaLookup = (reference: string) => unknown;

/**
 * Makes a value that fits a JSON Schema (2020-12, draft 4 and OpenAPI 3.0 alike): the same for the same schema. Examples,
 * defaults and enumerations of the schema come first. Cycles end in null, an empty array or a left-out property; depth
 * and number of values are bounded, whatever the schema.
 */
export function sampleOf(schema: unknown, lookup: SchemaLookup): unknown {
  const value = new Sampler(lookup).sample(schema, 0, []);
  return value === undefined ? null : value;
}

const maxDepth = 16;
const maxValues = 2_000;
const maxItems = 10;

type Schema = Readonly<Record<string, unknown>>;

class Sampler {
  readonly #lookup: SchemaLookup;
  #values = 0;

  constructor(lookup: SchemaLookup) {
    this.#lookup = lookup;
  }

  /** Undefined: there is no finite value, or no room for one. */
  sample(given: unknown, depth: number, inside: readonly string[]): unknown {
    if (given === true) return {};
    if (!isSchema(given) || depth > maxDepth || ++this.#values > maxValues) return undefined;
    if (typeof given.$ref === 'string') {
      if (inside.includes(given.$ref)) return undefined;
      return this.sample(this.#lookup(given.$ref), depth + 1, [...inside, given.$ref]);
    }
    const known = statedValue(given);
    if (known) return known.value;
    for (const keyword of ['oneOf', 'anyOf'] as const) {
      const choices = given[keyword];
      if (!Array.isArray(choices)) continue;
      const { [keyword]: _, ...rest } = given;
      for (const choice of choices) {
        const chosen = this.sample({ ...rest, allOf: [...arrayOf(given.allOf), choice] }, depth + 1, inside);
        if (chosen !== undefined && chosen !== null) return chosen;
      }
      return null;
    }
    if (Array.isArray(given.allOf)) return this.#merged(given, given.allOf, depth, inside);
    return this.#byType(given, depth, inside);
  }

  /** Objects are joined; of other values the first one stands. */
  #merged(given: Schema, parts: readonly unknown[], depth: number, inside: readonly string[]): unknown {
    const { allOf: _, ...own } = given;
    const schemas = Object.keys(own).some((key) => constrains.has(key)) ? [...parts, own] : parts;
    const result: Record<string, unknown> = {};
    let other: unknown;
    for (const part of schemas) {
      const value = this.sample(part, depth + 1, inside);
      if (isSchema(value)) for (const [key, item] of Object.entries(value)) define(result, key, item);
      else if (value !== undefined) other ??= value;
    }
    return Object.keys(result).length > 0 || other === undefined ? result : other;
  }

  #byType(schema: Schema, depth: number, inside: readonly string[]): unknown {
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, depth, inside);
      case 'array':
        return this.#array(schema, depth, inside);
      case 'string':
        return sampleString(schema);
      case 'integer':
        return sampleNumber(schema, true);
      case 'number':
        return sampleNumber(schema, false);
      case 'boolean':
        return true;
      default:
        return null;
    }
  }

  #object(schema: Schema, depth: number, inside: readonly string[]): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [name, property] of Object.entries(isSchema(schema.properties) ? schema.properties : {})) {
      const value = this.sample(property, depth + 1, inside);
      if (value !== undefined) define(result, name, value);
    }
    if (Object.keys(result).length === 0 && isSchema(schema.additionalProperties)) {
      const value = this.sample(schema.additionalProperties, depth + 1, inside);
      if (value !== undefined) result.property = value;
    }
    return result;
  }

  #array(schema: Schema, depth: number, inside: readonly string[]): unknown[] {
    const tuple = arrayOf(schema.prefixItems);
    const wanted = Math.min(maxItems, Math.max(tuple.length, numberOf(schema.minItems) ?? 1));
    const most = numberOf(schema.maxItems) ?? wanted;
    const items: unknown[] = [];
    for (let i = 0; i < Math.min(wanted, most); i++) {
      const value = this.sample(tuple[i] ?? schema.items, depth + 1, inside);
      if (value === undefined) break;
      items.push(value);
    }
    return items;
  }
}

const constrains = new Set(['type', 'properties', 'items', 'additionalProperties', 'format', 'prefixItems']);

/** A value that the schema itself names. */
function statedValue(schema: Schema): { readonly value: unknown } | undefined {
  if (schema.example !== undefined) return { value: schema.example };
  const examples = arrayOf(schema.examples);
  if (examples.length > 0) return { value: examples[0] };
  if (schema.const !== undefined) return { value: schema.const };
  if (schema.default !== undefined) return { value: schema.default };
  const members = arrayOf(schema.enum);
  if (members.length > 0) return { value: members[0] };
  return undefined;
}

function typeOf(schema: Schema): string {
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (typeof type === 'string') return type;
  if (isSchema(schema.properties) || isSchema(schema.additionalProperties)) return 'object';
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'array';
  if (schema.format !== undefined || schema.pattern !== undefined || schema.minLength !== undefined) return 'string';
  if (schema.minimum !== undefined || schema.maximum !== undefined) return 'number';
  return 'object';
}

const formats: Readonly<Record<string, string>> = {
  'date-time': '2025-01-01T00:00:00Z',
  date: '2025-01-01',
  time: '00:00:00Z',
  duration: 'P1D',
  uuid: '00000000-0000-0000-0000-000000000000',
  email: 'user@example.com',
  'idn-email': 'user@example.com',
  uri: 'https://example.com',
  url: 'https://example.com',
  'uri-reference': '/example',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  byte: 'c3RyaW5n',
  binary: 'string',
};

function sampleString(schema: Schema): string {
  const format =
    typeof schema.format === 'string' && Object.hasOwn(formats, schema.format) ? formats[schema.format] : undefined;
  if (format !== undefined) return format;
  const least = Math.min(numberOf(schema.minLength) ?? 0, 1_000);
  const most = Math.min(numberOf(schema.maxLength) ?? 1_000, 1_000);
  return 'string'.repeat(Math.ceil(Math.max(least, 6) / 6)).slice(0, Math.max(least, Math.min(6, most)));
}

function sampleNumber(schema: Schema, isWhole: boolean): number {
  const step = numberOf(schema.multipleOf) ?? 1;
  const smallest = isWhole ? 1 : step;
  let least = numberOf(schema.minimum);
  let most = numberOf(schema.maximum);
  // A boolean in draft 4 and OpenAPI 3.0, a bound of its own since draft 6.
  if (schema.exclusiveMinimum === true && least !== undefined) least += smallest;
  if (schema.exclusiveMaximum === true && most !== undefined) most -= smallest;
  const above = numberOf(schema.exclusiveMinimum);
  const below = numberOf(schema.exclusiveMaximum);
  if (above !== undefined) least = Math.max(least ?? above + smallest, above + smallest);
  if (below !== undefined) most = Math.min(most ?? below - smallest, below - smallest);
  const wished = Math.min(Math.max(0, least ?? 0), most ?? Number.POSITIVE_INFINITY);
  const value = step > 0 ? Math.ceil(wished / step) * step : wished;
  const inRange = most !== undefined && value > most ? wished : value;
  return isWhole ? Math.round(inRange) : inRange;
}

/** Also for a property named `__proto__`. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
