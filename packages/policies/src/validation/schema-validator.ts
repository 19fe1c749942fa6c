import { boundedTest } from '@lazuli/expressions';
import type { Api } from '@lazuli/resources';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { adaptSchema, type SchemaChanges } from './adapt-schema.ts';
import { uniqueItems } from './unique-items.ts';

/** Null when the value fits, else the first thing that is wrong with it. */
export type SchemaValidator = (value: unknown) => ErrorObject | null;

/** The schema cannot be used: a reference into nothing, a keyword with a wrong value. */
export class UnusableSchema extends Error {}

/**
 * Compiles a JSON Schema (2020-12) of an API, whose references lead into {@link Api.schemas}. Compiled once for each
 * schema, for as long as the API's snapshot lives. Patterns are matched as .NET does, under a budget.
 * @throws {UnusableSchema}
 */
export function schemaValidator(schema: unknown, schemas: Api['schemas'], changes: SchemaChanges): SchemaValidator {
  const key = `${changes.additionalProperties ?? 'as is'}`;
  if (typeof schema !== 'object' || schema === null) return compile(schema, schemas, changes);
  const forSchemas = known.get(schemas) ?? new WeakMap<object, Map<string, SchemaValidator | UnusableSchema>>();
  known.set(schemas, forSchemas);
  const variants = forSchemas.get(schema) ?? new Map<string, SchemaValidator | UnusableSchema>();
  forSchemas.set(schema, variants);
  let validator = variants.get(key);
  if (!validator) {
    validator = compileOrNot(schema, schemas, changes);
    variants.set(key, validator);
  }
  if (validator instanceof UnusableSchema) throw validator;
  return validator;
}

const known = new WeakMap<object, WeakMap<object, Map<string, SchemaValidator | UnusableSchema>>>();

function compileOrNot(schema: unknown, schemas: Api['schemas'], changes: SchemaChanges) {
  try {
    return compile(schema, schemas, changes);
  } catch (error) {
    if (error instanceof UnusableSchema) return error;
    throw error;
  }
}

function compile(schema: unknown, schemas: Api['schemas'], changes: SchemaChanges): SchemaValidator {
  const ajv = new Ajv2020({
    strict: false,
    verbose: true,
    ownProperties: true,
    validateSchema: false,
    logger: false,
    code: { regExp: Object.assign((pattern: string) => ({ test: boundedTest(pattern) }), { code: 'boundedTest' }) },
  });
  addFormats.default(ajv);
  ajv.removeKeyword('uniqueItems').addKeyword(uniqueItems);
  const root = adaptSchema({ allOf: [schema ?? true], schemas: Object.fromEntries(schemas) }, changes);
  try {
    const validate = ajv.compile(root);
    return (value) => (validate(value) ? null : (validate.errors?.at(-1) ?? null));
  } catch (error) {
    throw new UnusableSchema(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
