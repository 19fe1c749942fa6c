import { isObject } from '../documents/document.ts';
import type { Parameter } from '../model/service.ts';
import type { SpecificationContext } from './specification-context.ts';
import { SpecificationNode } from './specification-node.ts';

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie' | 'body' | 'formData';

/** A parameter of a specification after its references are resolved. */
export interface SpecificationParameter {
  readonly place: ParameterPlace;
  readonly parameter: Parameter;
  readonly node: SpecificationNode;
}

/** The parameters of an operation: those of its path, replaced by its own where name and place are the same. */
export function readParameters(
  path: SpecificationNode,
  operation: SpecificationNode,
  context: SpecificationContext,
): SpecificationParameter[] {
  const byKey = new Map<string, SpecificationParameter>();
  for (const node of [...path.itemsOf('parameters'), ...operation.itemsOf('parameters')]) {
    const read = readParameter(node, context);
    if (read !== null) byKey.set(`${read.place} ${read.parameter.name}`, read);
  }
  return [...byKey.values()];
}

function readParameter(reference: SpecificationNode, context: SpecificationContext): SpecificationParameter | null {
  const node = context.references.resolve(reference);
  if (node === null) return null;
  if (!isObject(node.value)) {
    node.wrongType('a parameter (an object)');
    return null;
  }
  const name = requiredString(node, 'name', 'the name of the parameter');
  const written = requiredString(node, 'in', 'where the parameter is');
  if (name === null || written === null) return null;
  const places: readonly ParameterPlace[] =
    context.dialect === 'swagger2'
      ? ['path', 'query', 'header', 'body', 'formData']
      : ['path', 'query', 'header', 'cookie'];
  const place = places.find((each) => each === written);
  if (place === undefined) {
    node.at
      .child('in')
      .problem('InvalidValue', { what: node.at.child('in').what, actual: written, expected: places.join(', ') });
    return null;
  }
  return { place, node, parameter: toParameter(name, place === 'path' || node.boolean('required'), node, context) };
}

function requiredString(node: SpecificationNode, key: string, expected: string): string | null {
  const value = node.string(key);
  if (value === null && node.get(key) === null) node.at.problem('MissingProperty', { property: key, expected });
  return value;
}

/** Makes a parameter or header of the model from a node that has a schema (or, in Swagger 2.0, is one). */
export function toParameter(
  name: string,
  required: boolean,
  node: SpecificationNode,
  context: SpecificationContext,
): Parameter {
  const schemaNode = schemaOf(node, context);
  const effective = schemaNode === null ? null : context.references.resolve(schemaNode);
  const type = effective?.get('type')?.value;
  const values = effective?.get('enum')?.value;
  const fallback = effective?.get('default')?.value;
  const description = node.get('description')?.value;
  return {
    name,
    type:
      typeof type === 'string'
        ? type
        : Array.isArray(type)
          ? String(type.find((each) => each !== 'null') ?? 'string')
          : 'string',
    required,
    values: Array.isArray(values) ? values.map(asText) : [],
    defaultValue: fallback === undefined || fallback === null ? null : asText(fallback),
    ...(typeof description === 'string' && description !== '' ? { description } : {}),
    schema: context.schemas.convert(schemaNode),
  };
}

const notSchema = new Set(['name', 'in', 'required', 'description', 'allowEmptyValue', 'collectionFormat']);

function schemaOf(node: SpecificationNode, context: SpecificationContext): SpecificationNode | null {
  const schema = node.get('schema');
  if (schema !== null) return schema;
  const content = node.get('content')?.entries()[0]?.[1].get('schema') ?? null;
  if (content !== null || context.dialect !== 'swagger2' || !isObject(node.value) || !Object.hasOwn(node.value, 'type'))
    return content;
  return new SpecificationNode(
    Object.fromEntries(Object.entries(node.value).filter(([key]) => !notSchema.has(key))),
    node.at,
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
