import type { ErrorObject } from 'ajv';

const longest = 200;

/** What is wrong, in the words of Newtonsoft's Json.NET Schema, which API Management's messages quote. */
export function schemaErrorText(error: ErrorObject): string {
  const { data, schema } = error;
  return (texts[error.keyword] ?? fallback)({ error, data, schema, params: error.params });
}

interface Failure {
  readonly error: ErrorObject;
  readonly data: unknown;
  /** The keyword's value. */
  readonly schema: unknown;
  readonly params: Readonly<Record<string, unknown>>;
}

const fallback = ({ error }: Failure): string => `${capital(error.message ?? error.keyword)}.`;

const texts: Readonly<Record<string, (failure: Failure) => string>> = {
  type: ({ data, schema }) => `Invalid type. Expected ${typeNames(schema)} but got ${typeOf(data)}.`,
  required: ({ data, schema, params }) =>
    `Required properties are missing from object: ${missingFrom(data, schema, params.missingProperty)}.`,
  additionalProperties: ({ params }) =>
    `Property '${short(params.additionalProperty)}' has not been defined and the schema does not allow additional properties.`,
  unevaluatedProperties: ({ params }) =>
    `Property '${short(params.unevaluatedProperty)}' has not been successfully evaluated and the schema does not allow unevaluated properties.`,
  enum: ({ data }) => `Value ${json(data)} is not defined in enum.`,
  const: ({ data }) => `Value ${json(data)} does not match const.`,
  maxLength: ({ data, schema }) => `String '${short(data)}' exceeds maximum length of ${short(schema)}.`,
  minLength: ({ data, schema }) => `String '${short(data)}' is less than minimum length of ${short(schema)}.`,
  pattern: ({ data, schema }) => `String '${short(data)}' does not match regex pattern '${short(schema)}'.`,
  format: ({ data, schema }) =>
    `${typeof data === 'number' ? numberType(data) : 'String'} '${short(data)}' does not validate against format '${short(schema)}'.`,
  minimum: ({ data, schema }) => `${numberType(data)} ${short(data)} is less than minimum value of ${short(schema)}.`,
  maximum: ({ data, schema }) => `${numberType(data)} ${short(data)} exceeds maximum value of ${short(schema)}.`,
  exclusiveMinimum: ({ data, schema }) =>
    data === schema
      ? `${numberType(data)} ${short(data)} equals minimum value of ${short(schema)} and exclusive minimum is true.`
      : `${numberType(data)} ${short(data)} is less than minimum value of ${short(schema)}.`,
  exclusiveMaximum: ({ data, schema }) =>
    data === schema
      ? `${numberType(data)} ${short(data)} equals maximum value of ${short(schema)} and exclusive maximum is true.`
      : `${numberType(data)} ${short(data)} exceeds maximum value of ${short(schema)}.`,
  multipleOf: ({ data, schema }) => `${numberType(data)} ${short(data)} is not a multiple of ${short(schema)}.`,
  minItems: ({ data, schema }) => `Array item count ${countOf(data)} is less than minimum count of ${short(schema)}.`,
  maxItems: ({ data, schema }) => `Array item count ${countOf(data)} exceeds maximum count of ${short(schema)}.`,
  uniqueItems: ({ params }) => `Non-unique array item at index ${short(params.i)}.`,
  minProperties: ({ data, schema }) =>
    `Object property count ${countOf(data)} is less than minimum count of ${short(schema)}.`,
  maxProperties: ({ data, schema }) =>
    `Object property count ${countOf(data)} exceeds maximum count of ${short(schema)}.`,
  contains: () => 'No items match contains.',
  anyOf: () => "JSON does not match any schemas from 'anyOf'.",
  oneOf: ({ params }) =>
    Array.isArray(params.passingSchemas)
      ? `JSON is valid against more than one schema from 'oneOf'. Valid schema indexes: ${params.passingSchemas.join(', ')}.`
      : "JSON is valid against no schemas from 'oneOf'.",
  not: () => "JSON is valid against schema from 'not'.",
  if: ({ params }) => `JSON does not match schema from '${short(params.failingKeyword)}'.`,
  dependentRequired: ({ params }) =>
    `Dependencies for property '${short(params.property)}' failed. Missing required keys: ${short(params.missingProperty)}.`,
  'false schema': () => 'Schema always fails validation.',
};

const names: Readonly<Record<string, string>> = {
  string: 'String',
  number: 'Number',
  integer: 'Integer',
  boolean: 'Boolean',
  object: 'Object',
  array: 'Array',
  null: 'Null',
};

/** In the order in which .NET prints the flags of JSchemaType. */
const order = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

function typeNames(schema: unknown): string {
  const types: readonly unknown[] = Array.isArray(schema) ? schema : [schema];
  const known = order.filter((type) => types.includes(type)).map((type) => names[type] ?? type);
  return known.join(', ');
}

function typeOf(data: unknown): string {
  if (data === null) return 'Null';
  if (Array.isArray(data)) return 'Array';
  if (typeof data === 'number') return Number.isInteger(data) ? 'Integer' : 'Number';
  return names[typeof data] ?? 'None';
}

const numberType = (data: unknown): string => (Number.isInteger(data) ? 'Integer' : 'Float');

function missingFrom(data: unknown, required: unknown, first: unknown): string {
  if (!Array.isArray(required) || typeof data !== 'object' || data === null) return short(first);
  return required
    .filter((name) => typeof name === 'string' && !Object.hasOwn(data, name))
    .map((name) => short(name))
    .join(', ');
}

function countOf(data: unknown): number {
  if (Array.isArray(data)) return data.length;
  return typeof data === 'object' && data !== null ? Object.keys(data).length : 0;
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}...` : text);
const short = (value: unknown): string => cut(String(value));

function json(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  return typeof value === 'object' && value !== null ? typeOf(value) : String(value);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
