import type { TemplateError } from '../errors.ts';
import type { Bindings } from '../evaluate/bindings.ts';
import type { ExpressionScope } from '../evaluate/expression-scope.ts';
import type { JsonValue } from '../json/values.ts';
import type { Expression } from '../language/ast.ts';

/** One function of the template language. */
export interface TemplateFunction {
  readonly min: number;
  readonly max: number;
  /** The arguments are expressions: a function decides itself which of them it evaluates. */
  evaluate(call: FunctionCall): JsonValue;
}

export interface FunctionCall {
  readonly name: string;
  readonly args: readonly Expression[];
  readonly scope: ExpressionScope;
  readonly bindings: Bindings;
  /** The value of argument `index`. */
  value(index: number): JsonValue;
  values(): JsonValue[];
  /** Argument `index` as the function that `lambda(...)` declares. */
  lambda(index: number): Lambda;
  /** The error "Unable to evaluate template language function ...". */
  error(reason: string): TemplateError;
}

export interface Lambda {
  /** How many variables it declares. */
  readonly parameters: number;
  apply(...values: JsonValue[]): JsonValue;
}

/** A function all of whose arguments are evaluated first. */
export function eager(
  min: number,
  max: number,
  apply: (args: JsonValue[], call: FunctionCall) => JsonValue,
): TemplateFunction {
  return { min, max, evaluate: (call) => apply(call.values(), call) };
}

/** A function that evaluates its arguments itself. */
export function lazy(min: number, max: number, evaluate: (call: FunctionCall) => JsonValue): TemplateFunction {
  return { min, max, evaluate };
}

/** A group of functions by name, as its file lists them. */
export type FunctionGroup = Readonly<Record<string, TemplateFunction>>;
