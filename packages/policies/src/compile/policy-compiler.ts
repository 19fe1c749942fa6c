import type { PolicyElement, PolicyValue, Position } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import type { CompiledStep, Flow, Scope, Section, Step, StepInfo } from '../pipeline/step.ts';
import type { CompileEnvironment } from './environment.ts';

/**
 * A compiled attribute or text: a constant, or an expression that is evaluated for each request.
 * `get` throws `PolicyError` ExpressionValueEvaluationFailure when the expression fails or gives a value of another type.
 */
export interface Value<T> {
  /** The value when it is a literal, else undefined: an expression is evaluated for each request (it may ask for the time). */
  readonly constant: T | undefined;
  get(exchange: Exchange): T;
  /**
   * Buffers the bodies that the expression reads; undefined when they are there. The framework does it before a step runs:
   * only for a value that is read after something else happened in the step (the condition of `retry`).
   */
  prepare(exchange: Exchange): Promise<void> | undefined;
}

/**
 * What a policy's `compile` gets: typed access to its own attributes and children. One compiler serves one policy
 * element; bodies that its expressions read are buffered before its step runs (the framework wraps the step).
 * Problems are reported, never thrown; after a problem, any `Value` will do.
 */
export interface PolicyCompiler {
  readonly scope: Scope;
  readonly section: Section;
  /** Where the policy stands, for trace entries of its own. */
  readonly info: StepInfo;
  readonly environment: CompileEnvironment;

  /** An attribute by name. The default of the schema stands in when it is absent; null when there is none. */
  string(element: PolicyElement, attribute: string): Value<string | null>;
  boolean(element: PolicyElement, attribute: string): Value<boolean>;
  /** Absent without a default: NaN is never given; use {@link has} first. */
  int(element: PolicyElement, attribute: string): Value<number>;
  long(element: PolicyElement, attribute: string): Value<bigint>;
  double(element: PolicyElement, attribute: string): Value<number>;
  /** An `enum` attribute; the value is one of the schema's, also when an expression gives it. */
  choice(element: PolicyElement, attribute: string): Value<string>;
  /** The value as a UNIFORM .NET value; a literal is a string (`set-variable`). */
  object(element: PolicyElement, attribute: string): Value<unknown>;
  /** The text content, trimmed when it is literal; null when there is none. */
  text(element: PolicyElement): Value<string | null>;
  /** Any value as a UNIFORM .NET value; a literal is a string as written. */
  value(value: PolicyValue): Value<unknown>;
  has(element: PolicyElement, attribute: string): boolean;

  /** Child elements of the name. */
  children(element: PolicyElement, name: string): readonly PolicyElement[];
  child(element: PolicyElement, name: string): PolicyElement | undefined;

  /** Compiles the children of `element` as policies. `pathPrefix` (`when[2]`) goes between the own path and theirs. */
  steps(element: PolicyElement, pathPrefix?: string): readonly CompiledStep[];
  /** Runs compiled steps from inside a step. */
  run(steps: readonly CompiledStep[], exchange: Exchange): Flow | Promise<Flow>;
  /** Compiles one child policy by its own definition but as a part of this one (set-body inside send-request is not a step of its own). */
  nested(element: PolicyElement): Step;

  /** Says that the step reads these bodies itself (`find-and-replace`): buffered before it runs. */
  reads(body: 'request' | 'response'): void;
  /**
   * Makes a handler that answers instead of an operation, for the scope this document belongs to: CORS preflights (`cors`),
   * the cross-domain policy file (`cross-domain`).
   */
  onPreflight(handler: (exchange: Exchange) => PreflightAnswer): void;

  /** A problem with this element: `Error in element 'x' on line L, column C: message`. */
  report(element: PolicyElement, message: string, at?: Position): void;
  /** Like {@link report}, but only a warning. */
  warn(element: PolicyElement, message: string, at?: Position): void;
}

/** `answered`: `exchange.response` is the answer. `unmatched`: this policy does not know the origin; ask the next scope. */
export type PreflightAnswer = 'answered' | 'unmatched';
