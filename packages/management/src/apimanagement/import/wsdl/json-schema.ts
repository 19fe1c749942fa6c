import type { JsonValue } from '@lazuli/store';
import type { ComplexShape, Member, Shape, SimpleShape } from '../xsd/shape.ts';
import { jsonMembers, simpleOf } from './json-members.ts';

type Json = { readonly [name: string]: JsonValue };

/** The JSON Schemas of the messages of a service: named types are components of their own. */
export class JsonSchemas {
  // Without a prototype `__proto__` is a name like any other.
  readonly components: Record<string, JsonValue> = Object.create(null);
  readonly #names = new Map<ComplexShape, string>();

  /** Adds a schema under a name that is free, and gives that name. */
  add(name: string, shape: ComplexShape): string {
    const free = this.#free(name);
    this.components[free] = this.#object(shape);
    return free;
  }

  #object(shape: ComplexShape): Json {
    const properties: Record<string, JsonValue> = {};
    const required: string[] = [];
    for (const { kind, name, of } of jsonMembers(shape)) {
      properties[name] = kind === 'element' ? this.#member(of) : simpleSchema(kind === 'attribute' ? of.shape : of);
      if (kind !== 'text' && of.isRequired && !(kind === 'element' && of.isNillable)) required.push(name);
    }
    return { type: 'object', ...(required.length === 0 ? {} : { required }), properties };
  }

  #member(member: Member): JsonValue {
    const schema = this.#schema(member.shape());
    if (member.isArray) return { type: 'array', items: schema };
    return member.isNillable && !('$ref' in schema) ? { ...schema, nullable: true } : schema;
  }

  #schema(shape: Shape): Json {
    const text = simpleOf(shape);
    if (text) return simpleSchema(text);
    if (shape.kind === 'simple') return simpleSchema(shape);
    if (shape.name === null) return this.#object(shape);
    let name = this.#names.get(shape);
    if (name === undefined) {
      name = this.#free(shape.name);
      this.#names.set(shape, name);
      this.components[name] = {};
      this.components[name] = this.#object(shape);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #free(wanted: string): string {
    const base = wanted.replace(/[^\w.-]/g, '_');
    let name = base;
    for (let suffix = 2; Object.hasOwn(this.components, name); suffix++) name = `${base}-${suffix}`;
    return name;
  }
}

function simpleSchema({ type, format, values }: SimpleShape): Json {
  return {
    type: type === 'float' ? 'number' : type,
    ...(format === undefined ? {} : { format }),
    ...(values.length === 0 || type !== 'string' ? {} : { enum: [...values] }),
  };
}

/** An example of an object: the first value of an enumeration, else the name of the type or zero. */
export function exampleOf(shape: ComplexShape): JsonValue {
  return Object.fromEntries(
    jsonMembers(shape).map(({ kind, name, of }): [string, JsonValue] => {
      if (kind !== 'element') return [name, simpleExample(kind === 'attribute' ? of.shape : of)];
      const inner = of.shape();
      const text = simpleOf(inner);
      const value = text ? simpleExample(text) : inner.kind === 'complex' ? exampleOf(inner) : simpleExample(inner);
      return [name, of.isArray ? [value] : value];
    }),
  );
}

function simpleExample({ type, format, values }: SimpleShape): JsonValue {
  if (values[0] !== undefined && type === 'string') return values[0];
  if (type === 'boolean') return true;
  if (type !== 'string') return 0;
  return format === 'date-time' ? '2020-01-01T00:00:00Z' : format === 'date' ? '2020-01-01' : 'string';
}
