import { BudgetExceeded } from '@lazuli/expressions';
import type { Api } from '@lazuli/resources';
import type { ErrorObject } from 'ajv';
import { type JsonNode, JsonSyntaxError, jsonValueOf, lineAndPosition, readJson } from '../json/json-tree.ts';
import type { SchemaChanges } from './adapt-schema.ts';
import { renameProperties } from './property-names.ts';
import { schemaErrorText } from './schema-error-text.ts';
import { schemaValidator } from './schema-validator.ts';

export interface JsonRules extends SchemaChanges {
  /** JSON Schema, or null: any JSON will do. */
  readonly schema: unknown;
  readonly schemas: Api['schemas'];
  readonly ignoreCase: boolean;
}

/**
 * What is wrong with a JSON text, with line and position, or null.
 * @throws {UnusableSchema}
 */
export function jsonProblem(text: string, rules: JsonRules): string | null {
  let root: JsonNode;
  try {
    root = readJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return located(`${error.message}.`, text, error.offset);
  }
  if (rules.schema === null || rules.schema === undefined) return null;
  const validate = schemaValidator(rules.schema, rules.schemas, rules);
  const value = jsonValueOf(root);
  const renamed = rules.ignoreCase ? renameProperties(value, rules.schema, rules.schemas) : value;
  try {
    const error = validate(renamed);
    return error && located(schemaErrorText(error), text, offsetOf(root, error, rules.ignoreCase));
  } catch (error) {
    if (!(error instanceof BudgetExceeded || error instanceof RangeError)) throw error;
    return located('The JSON is too complex to be validated.', text, 0);
  }
}

function located(message: string, text: string, offset: number): string {
  const { line, position } = lineAndPosition(text, offset);
  return `${message} Line: ${line}, Position: ${position}`;
}

/** Where the reader stood: behind the value, or behind the name of a property that should not be there. */
function offsetOf(root: JsonNode, error: ErrorObject, ignoreCase: boolean): number {
  let node = root;
  for (const step of pointerSteps(error.instancePath)) {
    const next = childOf(node, step, ignoreCase);
    if (!next) break;
    node = next;
  }
  const unwanted: unknown = error.params.additionalProperty ?? error.params.unevaluatedProperty;
  if (node.kind === 'object' && typeof unwanted === 'string') return node.nameEnds.get(unwanted) ?? node.end;
  return node.end;
}

function childOf(node: JsonNode, step: string, ignoreCase: boolean): JsonNode | undefined {
  if (node.kind === 'array') return node.items[Number(step)];
  if (node.kind !== 'object') return undefined;
  const exact = node.members.get(step);
  if (exact || !ignoreCase) return exact;
  const lower = step.toLowerCase();
  return [...node.members].find(([name]) => name.toLowerCase() === lower)?.[1];
}

/** RFC 6901. */
const pointerSteps = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
