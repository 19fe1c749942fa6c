import { TemplateError } from '../errors.ts';
import type { Positions } from '../json/positions.ts';
import { type JsonObject, type JsonValue, property, propertyKey } from '../json/values.ts';
import type { Expression } from '../language/ast.ts';
import { parseExpression } from '../language/parser.ts';
import { limits } from '../limits.ts';
import type { UserFunction } from '../template/user-functions.ts';
import { type Bindings, bindingsAt } from './bindings.ts';
import { Budget } from './budget.ts';
import { evaluate } from './evaluator.ts';
import type { Facts } from './facts.ts';
import { NeedsRuntimeValue } from './needs-runtime-value.ts';

/** A parameter of the template: its value, or how to get it. */
export type ParameterState =
  | { readonly kind: 'value'; readonly value: JsonValue }
  /** Given by an expression that only the run time can evaluate. */
  | { readonly kind: 'late' }
  | { readonly kind: 'default'; readonly compute: () => JsonValue };

/** Parameters, variables and functions that the expressions of one template see, each evaluated once, when it is used. */
export class ExpressionScope {
  readonly facts: Facts;
  readonly budget: Budget;
  readonly positions: Positions;
  readonly #parameters = new Map<string, ParameterState>();
  readonly #functions: ReadonlyMap<string, UserFunction>;
  readonly #variables = new Map<string, () => JsonValue>();
  readonly #values = new Map<string, JsonValue>();
  readonly #parsed = new Map<string, Expression>();
  /** What is being evaluated now, to name a cycle. */
  readonly #active: string[] = [];

  constructor(facts: Facts, positions: Positions, functions: ReadonlyMap<string, UserFunction>, budget = new Budget()) {
    this.facts = facts;
    this.positions = positions;
    this.budget = budget;
    this.#functions = functions;
  }

  declareParameter(name: string, state: ParameterState): void {
    this.#parameters.set(name.toLowerCase(), state);
  }

  declareVariable(name: string, compute: () => JsonValue): void {
    this.#variables.set(name.toLowerCase(), compute);
  }

  parse(text: string): Expression {
    const known = this.#parsed.get(text);
    if (known) return known;
    const expression = parseExpression(text);
    this.#parsed.set(text, expression);
    return expression;
  }

  parameter(name: string, bindings: Bindings): JsonValue {
    if (bindings.functionParameters) {
      const value = bindings.functionParameters.get(name.toLowerCase());
      if (value === undefined) throw new TemplateError('ParameterNotFound', { name });
      return value;
    }
    const state = this.#parameters.get(name.toLowerCase());
    if (state === undefined) throw new TemplateError('ParameterNotFound', { name });
    if (state.kind === 'value') return state.value;
    if (state.kind === 'late') throw new NeedsRuntimeValue('parameters', undefined);
    return this.#once('parameter', name, state.compute);
  }

  variable(name: string, bindings: Bindings): JsonValue {
    if (bindings.location === 'user function')
      throw this.notHere('variables', 'a user function sees only its parameters');
    const compute = this.#variables.get(name.toLowerCase());
    if (compute === undefined) throw new TemplateError('VariableNotFound', { name });
    return this.#once('variable', name, compute);
  }

  callUserFunction(namespace: string, name: string, args: readonly JsonValue[]): JsonValue {
    const path = `${namespace}.${name}`;
    const definition = this.#functions.get(path.toLowerCase());
    if (definition === undefined) throw new TemplateError('UnknownFunction', { function: path });
    if (args.length !== definition.parameters.length) {
      throw new TemplateError('FunctionArguments', {
        function: path,
        reason: `the function takes exactly '${definition.parameters.length}' argument(s) and '${args.length}' were given`,
      });
    }
    const values = new Map(definition.parameters.map((parameter, i) => [parameter.toLowerCase(), args[i]!]));
    return this.#nested('function', path, () => {
      const bindings = { ...bindingsAt('user function'), functionParameters: values };
      return definition.evaluate(this, bindings);
    });
  }

  notHere(name: string, reason: string): TemplateError {
    return new TemplateError('FunctionNotHere', { function: name, reason: `: ${reason}` });
  }

  notAtScope(name: string): TemplateError {
    return new TemplateError('ScopeNotAllowed', { function: name, scope: this.facts.scope.kind });
  }

  evaluate(text: string, bindings: Bindings): JsonValue {
    return evaluate(this.parse(text), this, bindings);
  }

  #once(what: 'parameter' | 'variable', name: string, compute: () => JsonValue): JsonValue {
    const key = `${what} ${name.toLowerCase()}`;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    if (this.#active.includes(key)) {
      const path = [...this.#active.slice(this.#active.indexOf(key)), key].join(' -> ');
      throw new TemplateError('CircularReference', { what, name, path });
    }
    const value = this.#nested(what, name, compute);
    this.#values.set(key, value);
    return value;
  }

  #nested(what: string, name: string, compute: () => JsonValue): JsonValue {
    if (this.#active.length >= limits.evaluationDepth) {
      throw new TemplateError('EvaluationTooDeep', { limit: limits.evaluationDepth });
    }
    this.#active.push(`${what} ${name.toLowerCase()}`);
    try {
      return compute();
    } finally {
      this.#active.pop();
    }
  }
}

/** Reads a property that must be an object; absent and null count as empty. */
export function section(template: JsonObject, name: string): JsonObject | undefined {
  const key = propertyKey(template, name);
  const value = key === undefined ? undefined : property(template, name);
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) || typeof value !== 'object') {
    throw new TemplateError('NotATemplate', {
      what: `'${name}'`,
      actual: `of type '${Array.isArray(value) ? 'Array' : typeof value}'`,
      expected: 'an object',
    });
  }
  return value;
}
