import type { JsonValue } from '@lazuli/store';
import { defined, isJsonObject } from '../json/json.ts';

/** `stored` is OpenAPI 3.0 with the keywords that it has no word for: what reads it knows them. */
export type OlderDialect = 'openapi30' | 'swagger2' | 'stored';

/**
 * A JSON Schema 2020-12, as schemas are kept, in the words of OpenAPI 3.0 or Swagger 2: null among the types is `nullable`,
 * exclusive bounds are booleans, `const` is an enumeration of one; references lead to the place of schemas in the document.
 */
export function olderSchema(schema: JsonValue, dialect: OlderDialect): JsonValue {
  if (Array.isArray(schema)) return schema.map((one) => olderSchema(one, dialect));
  if (!isJsonObject(schema)) return schema === true ? {} : schema === false ? { not: {} } : schema;
  const nullable = dialect === 'swagger2' ? 'x-nullable' : 'nullable';
  const inner = withoutNull(schema.anyOf);
  if (inner && Object.keys(schema).length === 1) {
    const older = olderSchema(inner, dialect);
    if (isJsonObject(older) && '$ref' in older) return { allOf: [{ $ref: String(older.$ref) }], [nullable]: true };
    return isJsonObject(older) ? { ...defined(older), [nullable]: true } : older;
  }
  const result: Record<string, JsonValue> = {};
  let alternatives: JsonValue[] | undefined;
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue;
    if (key === '$ref') result.$ref = reference(String(value), dialect);
    else if (key === 'type' && Array.isArray(value)) {
      const types = value.filter((one) => one !== 'null');
      if (types.length < value.length) result[nullable] = true;
      if (types.length === 1 && types[0] !== undefined) result.type = types[0];
      else if (types.length > 1) alternatives = types.map((type) => ({ type }));
    } else if (key === 'const') result.enum = [value];
    else if (key === 'examples' && Array.isArray(value)) result.example = value[0] ?? null;
    else if (key === 'exclusiveMinimum' && typeof value === 'number')
      Object.assign(result, { minimum: value, exclusiveMinimum: true });
    else if (key === 'exclusiveMaximum' && typeof value === 'number')
      Object.assign(result, { maximum: value, exclusiveMaximum: true });
    else if (key === 'prefixItems' && dialect !== 'stored' && schema.items === undefined) result.items = {};
    else if (newer.has(key) && dialect !== 'stored') continue;
    else if (verbatim.has(key)) result[key] = value;
    else if (typeof value === 'boolean') result[key] = value;
    else if (byName.has(key) && isJsonObject(value))
      result[key] = Object.fromEntries(
        Object.entries(value).map(([name, one]): [string, JsonValue] => [name, olderSchema(one ?? {}, dialect)]),
      );
    else result[key] = key.startsWith('x-') ? value : nested.has(key) ? olderSchema(value, dialect) : value;
  }
  if (alternatives !== undefined && result.anyOf === undefined) result.anyOf = alternatives;
  else if (alternatives !== undefined)
    result.allOf = [...(Array.isArray(result.allOf) ? result.allOf : []), { anyOf: alternatives }];
  if (isJsonObject(result.discriminator)) result.discriminator = discriminator(result.discriminator, dialect);
  return result;
}

const verbatim = new Set(['enum', 'default', 'example', 'required', 'discriminator', 'xml', 'externalDocs']);
const byName = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs']);
const nested = new Set([
  'items',
  'additionalProperties',
  'not',
  'allOf',
  'anyOf',
  'oneOf',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'prefixItems',
  'contentSchema',
]);
/** What the older dialects have no word for. */
const newer = new Set([
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'patternProperties',
  'dependentSchemas',
  'dependentRequired',
  'prefixItems',
  '$defs',
  '$comment',
  'contentSchema',
]);

function withoutNull(anyOf: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return undefined;
  const [first, second] = anyOf;
  return isJsonObject(second) && second.type === 'null' ? first : undefined;
}

function reference(pointer: string, dialect: OlderDialect): string {
  const place = dialect === 'swagger2' ? '#/definitions/' : '#/components/schemas/';
  return pointer.replace(/^#\/(components\/schemas|definitions|schemas)\//, place);
}

function discriminator(value: { readonly [name: string]: JsonValue | undefined }, dialect: OlderDialect): JsonValue {
  if (dialect === 'swagger2') return String(value.propertyName ?? '');
  const mapping = isJsonObject(value.mapping) ? value.mapping : undefined;
  return {
    ...defined(value),
    ...(mapping
      ? {
          mapping: Object.fromEntries(
            Object.entries(mapping).map(([name, target]) => [name, reference(String(target), dialect)]),
          ),
        }
      : {}),
  };
}
