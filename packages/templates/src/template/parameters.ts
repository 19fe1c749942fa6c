import { TemplateError } from '../errors.ts';
import { bindingsAt } from '../evaluate/bindings.ts';
import { evaluateJson, located } from '../evaluate/evaluate-json.ts';
import { type ExpressionScope, type ParameterState, section } from '../evaluate/expression-scope.ts';
import { isObject, type JsonObject, type JsonValue, newObject, property } from '../json/values.ts';
import type { TypeSchemas } from '../types/type-schema.ts';
import type { GivenParameter } from './given-parameters.ts';

/** Declares the parameters of a template with the values that were given; throws for what does not fit. */
export function declareParameters(
  template: JsonObject,
  given: ReadonlyMap<string, GivenParameter>,
  scope: ExpressionScope,
  schemas: TypeSchemas,
): void {
  const declared = section(template, 'parameters') ?? newObject();
  const names = new Map(Object.keys(declared).map((name) => [name.toLowerCase(), name]));
  const unknown = [...given.values()].filter(({ name }) => !names.has(name.toLowerCase()));
  if (unknown.length > 0) {
    throw new TemplateError('ParametersUnknown', {
      names: unknown.map(({ name }) => name).join(', '),
      supported: [...names.values()].join(', '),
    });
  }
  for (const name of names.values()) {
    located(scope, declared, name, () => {
      scope.declareParameter(name, parameterState(name, declared, given.get(name.toLowerCase()), scope, schemas));
    });
  }
}

function parameterState(
  name: string,
  declared: JsonObject,
  given: GivenParameter | undefined,
  scope: ExpressionScope,
  schemas: TypeSchemas,
): ParameterState {
  const schema = declared[name];
  const position = scope.positions.at(declared, name);
  if (!isObject(schema)) {
    throw new TemplateError('NotATemplate', {
      what: `The parameter '${name}'`,
      actual: 'no object',
      expected: 'an object',
    });
  }
  schemas.typeOf(schema, 'parameter', name);
  const check = (value: JsonValue): JsonValue => {
    const reason = schemas.problem(value, schema);
    if (reason === undefined) return value;
    throw new TemplateError('ParameterInvalid', { name, reason }, { position });
  };
  if (given && given.value === undefined) return { kind: 'late' };
  if (given?.value !== undefined && schemas.isSecure(schema)) scope.facts.secrets.add(given.value);
  const fallback = property(schema, 'defaultValue');
  // A null where there is a default asks for the default.
  if (given?.value !== undefined && (given.value !== null || fallback === undefined)) {
    return { kind: 'value', value: check(given.value) };
  }
  if (fallback !== undefined) {
    const compute = () =>
      located(scope, declared, name, () => {
        const value = evaluateJson(fallback, scope, bindingsAt('parameter default'));
        if (schemas.isSecure(schema)) scope.facts.secrets.add(value);
        return check(value);
      });
    return { kind: 'default', compute };
  }
  if (property(schemas.resolve(schema), 'nullable') === true) return { kind: 'value', value: null };
  const place = { line: position?.line ?? 0, column: position?.column ?? 0 };
  throw new TemplateError('ParameterValueMissing', { name, ...place }, { position });
}

/** `parameters` of a deployment: type and value of each; a secure one, and one that is not known yet, without its value. */
export function parameterRecord(
  template: JsonObject,
  scope: ExpressionScope,
  schemas: TypeSchemas,
  isLate: (name: string) => boolean,
): JsonObject {
  const record = newObject();
  for (const [name, schema] of Object.entries(section(template, 'parameters') ?? {})) {
    if (!isObject(schema)) continue;
    const entry = newObject();
    entry.type = shownType(schemas.typeOf(schema, 'parameter', name));
    if (!isLate(name)) {
      const value = scope.parameter(name, bindingsAt('resource name'));
      if (!schemas.isSecure(schema)) entry.value = value;
    }
    record[name] = entry;
  }
  return record;
}

const shownTypes: Readonly<Record<string, string>> = { securestring: 'SecureString', secureobject: 'SecureObject' };

/** `String`, `SecureString` ...: how deployments write the type of a parameter or output. */
export function shownType(type: string): string {
  return shownTypes[type] ?? type.charAt(0).toUpperCase() + type.slice(1);
}
