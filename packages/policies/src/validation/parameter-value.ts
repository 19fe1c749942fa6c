import { BudgetExceeded } from '@lazuli/expressions';
import type { Api, Parameter } from '@lazuli/resources';
import { schemaErrorText } from './schema-error-text.ts';
import { schemaValidator } from './schema-validator.ts';

const asIs = { additionalProperties: null } as const;

/**
 * What is wrong with the values that were given for a parameter or a header, or null. Text is read as the type that the
 * schema wants: `7` is an integer where an integer is wanted.
 * @throws {UnusableSchema}
 */
export function parameterProblem(
  parameter: Parameter,
  values: readonly string[],
  schemas: Api['schemas'],
): string | null {
  const schema = schemaOf(parameter);
  const types = typesOf(schema, schemas, 0);
  // How an object is written as text is not known here.
  if (types.has('object')) return null;
  if (!types.has('array') && values.length > 1) return 'It cannot have multiple values.';
  const validate = schemaValidator(schema, schemas, asIs);
  const candidates = types.has('array') ? arraysOf(values, itemTypes(schema, schemas)) : [read(values[0] ?? '', types)];
  let problem: string | null = null;
  try {
    for (const candidate of candidates) {
      const error = validate(candidate);
      if (!error) return null;
      problem = schemaErrorText(error);
    }
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error;
    return 'The value is too complex to be validated.';
  }
  return problem;
}

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const made = new WeakMap<Parameter, Schema>();

/** The specification's schema, else one of the parameter's type and values; one object for each parameter, so that it is compiled once. */
function schemaOf(parameter: Parameter): unknown {
  if (parameter.schema !== null && parameter.schema !== undefined) return parameter.schema;
  let schema = made.get(parameter);
  if (!schema) {
    const type = knownTypes.has(parameter.type) ? parameter.type : 'string';
    const choices = parameter.values.map((value) => read(value, new Set([type])));
    schema = { type, ...(choices.length > 0 && type !== 'array' ? { enum: choices } : {}) };
    made.set(parameter, schema);
  }
  return schema;
}

const knownTypes = new Set(['string', 'integer', 'number', 'boolean', 'array', 'object']);

/** The types that a schema allows, also through references and compositions; empty: any. */
function typesOf(schema: unknown, schemas: Api['schemas'], depth: number): ReadonlySet<string> {
  if (!isSchema(schema) || depth > 10) return new Set();
  const types = new Set<string>();
  const add = (more: Iterable<string>) => {
    for (const type of more) types.add(type);
  };
  if (typeof schema.type === 'string') types.add(schema.type);
  if (Array.isArray(schema.type)) add(schema.type.filter((type) => typeof type === 'string'));
  if (typeof schema.$ref === 'string') add(typesOf(referred(schema.$ref, schemas), schemas, depth + 1));
  for (const keyword of ['allOf', 'anyOf', 'oneOf'])
    for (const part of listOf(schema[keyword])) add(typesOf(part, schemas, depth + 1));
  return types;
}

function itemTypes(schema: unknown, schemas: Api['schemas']): ReadonlySet<string> {
  const resolved = isSchema(schema) && typeof schema.$ref === 'string' ? referred(schema.$ref, schemas) : schema;
  return isSchema(resolved) ? typesOf(resolved.items, schemas, 0) : new Set();
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const referred = (reference: string, schemas: Api['schemas']): unknown =>
  schemas.get(
    reference
      .replace(/^#\/schemas\//, '')
      .replaceAll('~1', '/')
      .replaceAll('~0', '~'),
  );

/** Repeated values, or one text with commas. */
function arraysOf(values: readonly string[], types: ReadonlySet<string>): unknown[][] {
  const whole = values.map((value) => read(value, types));
  if (!values.some((value) => value.includes(','))) return [whole];
  return [values.flatMap((value) => value.split(',')).map((value) => read(value.trim(), types)), whole];
}

/** As the first type that the text can be; a string that no other type fits. */
function read(text: string, types: ReadonlySet<string>): unknown {
  const number = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
  if (number !== null && Number.isFinite(number)) {
    if (types.has('integer') && Number.isInteger(number)) return number;
    if (types.has('number')) return number;
    // An integer was wanted: the message then speaks of a number, not of a string.
    if (types.has('integer') && !types.has('string')) return number;
  }
  if (types.has('boolean') && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (types.has('null') && (text === '' || text === 'null') && !types.has('string')) return null;
  return text;
}
