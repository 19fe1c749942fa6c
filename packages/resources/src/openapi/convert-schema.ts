import { isObject } from '../documents/document.ts';
import { referenceOf } from './references.ts';
import { SpecificationNode } from './specification-node.ts';

/** What a specification is written in. */
export type Dialect = 'swagger2' | 'openapi30' | 'openapi31';

/** Gives the new pointer for the `$ref` of a schema, or null when it leads nowhere (already reported). */
export type RewriteReference = (from: SpecificationNode) => string | null;

const single = new Set([
  'items',
  'additionalProperties',
  'additionalItems',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentSchema',
]);
const several = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const byName = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']);
const types = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
/** Keywords that would move the base of references, which are already resolved. */
const dropped = new Set(['$id', '$schema', '$anchor', '$dynamicAnchor']);

/**
 * Turns a schema of OpenAPI or Swagger into JSON Schema 2020-12: `nullable`, boolean `exclusiveMinimum` and `type: file`
 * become what they mean; everything that JSON Schema shares or ignores (`discriminator`, `format`, `xml`) stays.
 */
export function convertSchema(node: SpecificationNode, dialect: Dialect, rewrite: RewriteReference): unknown {
  if (typeof node.value === 'boolean') return node.value;
  if (!isObject(node.value)) {
    node.wrongType('a schema (an object)');
    return true;
  }
  const entries: [string, unknown][] = [];
  const reference = referenceOf(node);
  if (reference !== null) {
    const pointer = rewrite(node);
    if (pointer !== null) entries.push(['$ref', pointer]);
    // Before OpenAPI 3.1 whatever stands beside $ref is ignored.
    if (dialect !== 'openapi31')
      return withNull(Object.fromEntries(entries), node.value.nullable === true && dialect === 'openapi30');
  }
  for (const [key, child] of node.entries()) {
    if (key === '$ref' || dropped.has(key)) continue;
    if (single.has(key)) entries.push([key, convertSingle(child, dialect, rewrite)]);
    else if (several.has(key)) entries.push([key, convertItems(node, key, dialect, rewrite)]);
    else if (byName.has(key))
      entries.push([
        key,
        Object.fromEntries(child.entries().map(([name, schema]) => [name, convertSchema(schema, dialect, rewrite)])),
      ]);
    else {
      check(key, child, dialect);
      entries.push([key, child.value]);
    }
  }
  const schema: Record<string, unknown> = Object.fromEntries(entries);
  rewriteDiscriminator(schema, node, rewrite);
  return dialect === 'openapi31' ? schema : modernise(schema, dialect);
}

function convertSingle(child: SpecificationNode, dialect: Dialect, rewrite: RewriteReference): unknown {
  if (Array.isArray(child.value)) {
    return child.value.map((value: unknown, index) =>
      convertSchema(new SpecificationNode(value, child.at.child(index)), dialect, rewrite),
    );
  }
  return convertSchema(child, dialect, rewrite);
}

function convertItems(node: SpecificationNode, key: string, dialect: Dialect, rewrite: RewriteReference): unknown[] {
  return node.itemsOf(key).map((item) => convertSchema(item, dialect, rewrite));
}

/** Keywords whose value would make every validation fail are reported where they stand. */
function check(key: string, node: SpecificationNode, dialect: Dialect): void {
  const { value } = node;
  if (key === 'type') checkType(node, dialect);
  else if (key === 'required' && !(Array.isArray(value) && value.every((name) => typeof name === 'string'))) {
    node.wrongType('an array of property names');
  } else if (key === 'enum' && !Array.isArray(value)) node.wrongType('an array');
  else if (key === 'pattern' && typeof value !== 'string') node.wrongType('a string');
  else if (
    /^(minLength|maxLength|minItems|maxItems|minProperties|maxProperties)$/.test(key) &&
    !(Number.isInteger(value) && Number(value) >= 0)
  ) {
    node.wrongType('an integer from 0');
  } else if (/^(minimum|maximum|multipleOf)$/.test(key) && typeof value !== 'number') node.wrongType('a number');
}

function checkType(node: SpecificationNode, dialect: Dialect): void {
  const allowed = dialect === 'swagger2' ? [...types, 'file'] : types;
  const given = Array.isArray(node.value) && dialect === 'openapi31' ? node.value : [node.value];
  for (const type of given) {
    if (typeof type !== 'string') node.wrongType('the name of a type');
    else if (!allowed.includes(type))
      node.at.problem('InvalidValue', { what: node.at.what, actual: type, expected: allowed.join(', ') });
  }
}

function rewriteDiscriminator(
  schema: Record<string, unknown>,
  node: SpecificationNode,
  rewrite: RewriteReference,
): void {
  const discriminator = node.get('discriminator');
  if (discriminator === null) return;
  if (typeof discriminator.value === 'string') {
    schema.discriminator = { propertyName: discriminator.value };
    return;
  }
  const mapping = discriminator.entriesOf('mapping').map(([value, target]): [string, unknown] => {
    // A mapping holds a reference or the name of a schema beside this one.
    const written = String(target.value);
    const asReference = /[#/.]/.test(written) ? written : `#/components/schemas/${written}`;
    const from = new SpecificationNode({ $ref: asReference }, target.at);
    return [value, rewrite(from) ?? written];
  });
  const rest = isObject(discriminator.value) ? discriminator.value : {};
  schema.discriminator = mapping.length === 0 ? rest : { ...rest, mapping: Object.fromEntries(mapping) };
}

/** What OpenAPI 3.0 and Swagger 2.0 say differently from JSON Schema 2020-12. */
function modernise(schema: Record<string, unknown>, dialect: Dialect): unknown {
  if (schema.type === 'file') Object.assign(schema, { type: 'string', format: 'binary' });
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue;
    const isExclusive = schema[exclusive] === true && typeof schema[bound] === 'number';
    delete schema[exclusive];
    if (!isExclusive) continue;
    schema[exclusive] = schema[bound];
    delete schema[bound];
  }
  if (Array.isArray(schema.items)) {
    schema.prefixItems = schema.items;
    delete schema.items;
  }
  const keyword = dialect === 'swagger2' ? 'x-nullable' : 'nullable';
  const nullable = schema[keyword] === true;
  delete schema.nullable;
  if (!nullable) return schema;
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  // Without a type the 3.0 text gives nullable no meaning, but the generators that write it mean null.
  return withNull(
    schema,
    ['allOf', 'anyOf', 'oneOf'].some((key) => key in schema),
  );
}

function withNull(schema: Record<string, unknown>, nullable: boolean): unknown {
  return nullable ? { anyOf: [schema, { type: 'null' }] } : schema;
}
