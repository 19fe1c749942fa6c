import { TemplateError } from '../errors.ts';
import type { Bindings } from '../evaluate/bindings.ts';
import { evaluateJson } from '../evaluate/evaluate-json.ts';
import type { ExpressionScope } from '../evaluate/expression-scope.ts';
import { isObject, type JsonObject, type JsonValue, property } from '../json/values.ts';

/** A member of `functions`: "User-defined functions in ARM template". */
export interface UserFunction {
  readonly parameters: readonly string[];
  evaluate(scope: ExpressionScope, bindings: Bindings): JsonValue;
}

/** The functions of a template by lower-case `namespace.name`. */
export function userFunctions(template: JsonObject): Map<string, UserFunction> {
  const functions = new Map<string, UserFunction>();
  for (const group of objects(property(template, 'functions'))) {
    const namespace = property(group, 'namespace');
    if (typeof namespace !== 'string') {
      throw new TemplateError('MissingTemplateProperty', { property: 'namespace', what: "an item of 'functions'" });
    }
    const members = property(group, 'members');
    for (const [name, member] of Object.entries(isObject(members) ? members : {})) {
      if (isObject(member)) functions.set(`${namespace}.${name}`.toLowerCase(), userFunction(member, name));
    }
  }
  return functions;
}

function userFunction(member: JsonObject, name: string): UserFunction {
  const output = property(member, 'output');
  const body = isObject(output) ? property(output, 'value') : undefined;
  if (body === undefined) {
    throw new TemplateError('MissingTemplateProperty', { property: 'output', what: `the function '${name}'` });
  }
  const parameters = objects(property(member, 'parameters')).map((parameter) => {
    const parameterName = property(parameter, 'name');
    if (typeof parameterName === 'string') return parameterName;
    throw new TemplateError('MissingTemplateProperty', {
      property: 'name',
      what: `a parameter of the function '${name}'`,
    });
  });
  return { parameters, evaluate: (scope, bindings) => evaluateJson(body, scope, bindings) };
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
