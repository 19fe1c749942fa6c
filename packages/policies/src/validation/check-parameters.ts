import type { Parameter } from '@lazuli/resources';
import type { Exchange } from '../exchange.ts';
import { parameterProblem } from './parameter-value.ts';
import { UnusableSchema } from './schema-validator.ts';
import type { ValidationAction, ValidationError, ValidationErrors } from './validation-errors.ts';

/** Parameters of one kind: what the specification lists and what the message has. */
export interface ParameterGroup {
  readonly type: 'PathParameter' | 'QueryParameter' | 'RequestHeader' | 'ResponseHeader';
  readonly specified: readonly Parameter[];
  /** By name as it was written. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** Names in lower case that nobody need specify. */
  readonly exempt: ReadonlySet<string>;
}

export interface ParameterActions {
  readonly specified: ValidationAction;
  /** Null: what is not specified is not looked at (path parameters always are specified). */
  readonly unspecified: ValidationAction | null;
  /** Overrides for one name, in lower case. */
  readonly byName: ReadonlyMap<string, ValidationAction>;
}

/** Names are compared without regard to case. */
export function checkParameters(
  exchange: Exchange,
  group: ParameterGroup,
  actions: ParameterActions,
  errors: ValidationErrors,
): void {
  const given = foldNames(group.given);
  for (const parameter of group.specified) {
    const name = parameter.name.toLowerCase();
    const action = actions.byName.get(name) ?? actions.specified;
    if (action === 'ignore') continue;
    const values = given.get(name)?.values;
    const error = values ? wrongValue(exchange, group, parameter, values) : missing(group, parameter);
    if (error) errors.add(action, error);
  }
  const specified = new Set(group.specified.map(({ name }) => name.toLowerCase()));
  for (const [name, { written }] of given) {
    const action = actions.byName.get(name) ?? actions.unspecified;
    if (action === null || specified.has(name) || group.exempt.has(name)) continue;
    errors.add(action, {
      name: written,
      type: group.type,
      rule: 'Unspecified',
      details: `Unspecified ${nouns[group.type]} ${shown(written)} is not allowed.`,
    });
  }
}

const nouns = {
  PathParameter: 'path parameter',
  QueryParameter: 'query parameter',
  RequestHeader: 'header',
  ResponseHeader: 'header',
} as const;

function missing(group: ParameterGroup, { name, required }: Parameter): ValidationError | null {
  if (!required) return null;
  return { name, type: group.type, rule: 'Required', details: `Required ${nouns[group.type]} ${name} is missing.` };
}

function wrongValue(
  exchange: Exchange,
  group: ParameterGroup,
  parameter: Parameter,
  values: readonly string[],
): ValidationError | null {
  const { name } = parameter;
  try {
    const problem = parameterProblem(parameter, values, exchange.match.api.schemas);
    if (problem === null) return null;
    const details = `Value of the ${nouns[group.type]} ${name} does not conform to the definition. ${problem}`;
    return { name, type: group.type, rule: 'IncorrectMessage', details };
  } catch (error) {
    if (!(error instanceof UnusableSchema)) throw error;
    const details = `API's schema does not contain definition of the ${nouns[group.type]} ${name}.`;
    return { name, type: 'ApiSchema', rule: 'MissingDefinition', details };
  }
}

function foldNames(given: ReadonlyMap<string, readonly string[]>) {
  const folded = new Map<string, { readonly written: string; readonly values: string[] }>();
  for (const [written, values] of given) {
    const name = written.toLowerCase();
    const known = folded.get(name);
    if (known) known.values.push(...values);
    else folded.set(name, { written, values: [...values] });
  }
  return folded;
}

/** A name comes from the caller: it goes into messages in part only. */
const shown = (name: string): string => (name.length > 100 ? `${name.slice(0, 100)}...` : name);
