import { TemplateError } from '../errors.ts';
import {
  isObject,
  type JsonObject,
  type JsonValue,
  property,
  propertyKey,
  sameJson,
  shownText,
  typeName,
} from '../json/values.ts';
import { limits } from '../limits.ts';

/** The types of parameters and outputs; names have no case. */
export const parameterTypes = ['string', 'secureString', 'int', 'bool', 'object', 'secureObject', 'array'] as const;

/** Types that a template declares: of parameters, outputs and `definitions` ("Type definitions in ARM templates"). */
export class TypeSchemas {
  readonly #definitions: JsonObject;

  constructor(definitions: JsonObject) {
    this.#definitions = definitions;
  }

  /** `schema` with its `$ref` followed; what stands beside the `$ref` has precedence. */
  resolve(schema: JsonObject): JsonObject {
    let resolved = schema;
    for (let steps = 0; typeof resolved.$ref === 'string'; steps++) {
      const ref = resolved.$ref;
      if (steps > limits.evaluationDepth)
        throw new TemplateError('TypeReference', { ref, reason: 'it leads to itself' });
      const { $ref: _, ...beside } = resolved;
      resolved = { ...this.#definition(ref), ...beside };
    }
    return resolved;
  }

  /** The lower-case type of `schema`; throws when it is none of `parameterTypes`. */
  typeOf(schema: JsonObject, what: string, name: string): string {
    const type = property(this.resolve(schema), 'type');
    if (typeof type === 'string' && parameterTypes.some((each) => each.toLowerCase() === type.toLowerCase()))
      return type.toLowerCase();
    throw new TemplateError('ParameterTypeInvalid', {
      what,
      name,
      type: typeof type === 'string' ? type : typeName(type ?? null),
      expected: parameterTypes.join(', '),
    });
  }

  /** True when a value of this type, or a part of it, must not be shown. */
  isSecure(schema: JsonObject, depth = 0): boolean {
    if (depth > 20) return false;
    const resolved = this.resolve(schema);
    const type = property(resolved, 'type');
    if (typeof type === 'string' && type.toLowerCase().startsWith('secure')) return true;
    const inner = [property(resolved, 'items'), property(resolved, 'additionalProperties')].filter(isObject);
    for (const group of [property(resolved, 'properties'), property(resolved, 'prefixItems')]) {
      if (typeof group === 'object' && group !== null) inner.push(...Object.values(group).filter(isObject));
    }
    return inner.some((each) => this.isSecure(each, depth + 1));
  }

  /** What is wrong with `value`; undefined when nothing is. */
  problem(value: JsonValue, schema: JsonObject, path = '', depth = 0): string | undefined {
    if (depth > limits.jsonDepth) return 'it is nested too deep';
    const resolved = this.resolve(schema);
    if (value === null && property(resolved, 'nullable') === true) return undefined;
    return (
      typeProblem(value, resolved, path) ??
      boundProblem(value, resolved, path) ??
      allowedProblem(value, resolved, path) ??
      this.#itemsProblem(value, resolved, path, depth) ??
      this.#propertiesProblem(value, resolved, path, depth)
    );
  }

  #definition(ref: string): JsonObject {
    const name = /^#\/definitions\/(.+)$/.exec(ref)?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~');
    if (name === undefined) throw new TemplateError('TypeReference', { ref, reason: "expected '#/definitions/...'" });
    const definition = property(this.#definitions, decode(name)) ?? property(this.#definitions, name);
    if (!isObject(definition)) throw new TemplateError('TypeReference', { ref, reason: 'there is no such definition' });
    return definition;
  }

  #itemsProblem(value: JsonValue, schema: JsonObject, path: string, depth: number): string | undefined {
    if (!Array.isArray(value)) return undefined;
    const prefix = property(schema, 'prefixItems');
    const items = property(schema, 'items');
    const prefixes = Array.isArray(prefix) ? prefix : [];
    for (const [i, item] of value.entries()) {
      const itemSchema = prefixes[i] ?? items;
      if (itemSchema === false) return `${where(path)}it has more than '${prefixes.length}' items`;
      const problem = isObject(itemSchema) ? this.problem(item, itemSchema, `${path}[${i}]`, depth + 1) : undefined;
      if (problem) return problem;
    }
    return undefined;
  }

  #propertiesProblem(value: JsonValue, schema: JsonObject, path: string, depth: number): string | undefined {
    if (!isObject(value)) return undefined;
    const variant = this.#variant(value, schema, path);
    if (typeof variant === 'string') return variant;
    if (variant) return this.problem(value, variant, path, depth + 1);
    const declared = property(schema, 'properties');
    const properties = isObject(declared) ? declared : {};
    for (const [name, inner] of Object.entries(properties)) {
      if (!isObject(inner)) continue;
      const given = property(value, name);
      if (given === undefined) {
        if (property(this.resolve(inner), 'nullable') !== true)
          return `${where(path)}the required property '${name}' is missing`;
        continue;
      }
      const problem = this.problem(given, inner, path === '' ? name : `${path}.${name}`, depth + 1);
      if (problem) return problem;
    }
    const additional = property(schema, 'additionalProperties');
    for (const [name, given] of Object.entries(value)) {
      if (propertyKey(properties, name) !== undefined) continue;
      if (additional === false) return `${where(path)}the property '${name}' is not allowed`;
      const problem = isObject(additional)
        ? this.problem(given, additional, path === '' ? name : `${path}.${name}`, depth + 1)
        : undefined;
      if (problem) return problem;
    }
    return undefined;
  }

  /** The type that the discriminator of a tagged union chooses, or what is wrong with it. */
  #variant(value: JsonObject, schema: JsonObject, path: string): JsonObject | string | undefined {
    const discriminator = property(schema, 'discriminator');
    if (!isObject(discriminator)) return undefined;
    const name = property(discriminator, 'propertyName');
    const mapping = property(discriminator, 'mapping');
    if (typeof name !== 'string' || !isObject(mapping)) return undefined;
    const tag = property(value, name);
    const variant = typeof tag === 'string' ? mapping[tag] : undefined;
    if (isObject(variant)) return variant;
    const expected = Object.keys(mapping).join(',');
    return `${where(path)}the discriminator '${name}' has the value '${shownText(tag)}'; expected one of '${expected}'`;
  }
}

function typeProblem(value: JsonValue, schema: JsonObject, path: string): string | undefined {
  const type = property(schema, 'type');
  if (typeof type !== 'string') return undefined;
  const [fits, expected] = typeTest(type.toLowerCase(), value);
  if (fits) return undefined;
  return `${where(path)}Expected a value of type '${expected}', but received a value of type '${typeName(value)}'`;
}

function typeTest(type: string, value: JsonValue): readonly [boolean, string] {
  switch (type) {
    case 'int':
      return [typeof value === 'number' && Number.isInteger(value), 'Integer'];
    case 'bool':
      return [typeof value === 'boolean', 'Boolean'];
    case 'array':
      return [Array.isArray(value), 'Array'];
    case 'object':
    case 'secureobject':
      return [isObject(value), 'Object'];
    default:
      return [typeof value === 'string', 'String, Uri'];
  }
}

function boundProblem(value: JsonValue, schema: JsonObject, path: string): string | undefined {
  const length = typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
  const bounds = [
    [length, 'minLength', 'Length of the value should be greater than or equal to'],
    [length, 'maxLength', 'Length of the value should be less than or equal to'],
    [typeof value === 'number' ? value : undefined, 'minValue', 'The value should be greater than or equal to'],
    [typeof value === 'number' ? value : undefined, 'maxValue', 'The value should be less than or equal to'],
  ] as const;
  for (const [size, name, text] of bounds) {
    const bound = property(schema, name);
    if (size === undefined || typeof bound !== 'number') continue;
    if (name.startsWith('min') ? size < bound : size > bound) return `${where(path)}${text} '${bound}'`;
  }
  return undefined;
}

/** Strings compare without regard to case; for an array each item must be allowed. */
function allowedProblem(value: JsonValue, schema: JsonObject, path: string): string | undefined {
  const allowed = property(schema, 'allowedValues');
  if (!Array.isArray(allowed)) return undefined;
  const isAllowed = (item: JsonValue) => allowed.some((each) => sameLoosely(each, item));
  if (isAllowed(value) || (Array.isArray(value) && value.every(isAllowed))) return undefined;
  const secure = shownText(property(schema, 'type')).toLowerCase().startsWith('secure');
  const shown = secure ? '' : ` '${typeof value === 'string' ? value : JSON.stringify(value)}'`;
  const list = allowed.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(',');
  return `${where(path)}The value${shown} is not part of the allowed value(s): '${list}'`;
}

function sameLoosely(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  return sameJson(a, b);
}

function where(path: string): string {
  return path === '' ? '' : `At '${path}': `;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
