import { Binder } from './bind/binder.ts';
import { checkAssignments } from './bind/flow.ts';
import { bindSource } from './bind/target.ts';
import { fullName } from './bind/types.ts';
import { Universe } from './bind/universe.ts';
import type { ContextHost } from './context-host.ts';
import { emitFunction } from './emit/emit.ts';
import { RuntimeTypes } from './emit/runtime-types.ts';
import { surface } from './surface/index.ts';
import { parse } from './syntax/parse.ts';
import { Problems, SyntaxProblem } from './syntax/problems.ts';

export interface ExpressionProblem {
  /** What is wrong and what was expected, e.g. `'string' does not contain a definition for 'Lenght'. Did you mean 'Length'?` */
  readonly message: string;
  /** A stable code: C#'s own where there is one (`CS0103`), else `EXPR...`. */
  readonly code: string;
  /** Offset in the text given to {@link compileExpression}, in UTF-16 units, and the length of what is wrong. */
  readonly offset: number;
  readonly length: number;
}

export class ExpressionCompileError extends Error {
  readonly problems: readonly ExpressionProblem[];
  constructor(problems: readonly ExpressionProblem[]) {
    super(problems[0]?.message ?? 'The expression does not compile.');
    this.problems = problems;
  }
}

export interface CompileOptions {
  /**
   * What the policy wants. `object` keeps the value as it is (UNIFORM). The others are checked at compile time as far as
   * the static type tells (a `bool` expression where an `int` is wanted is an error; `object` is converted when it runs).
   * `string` takes any type and gives its invariant ToString(), null stays null.
   */
  readonly target: 'object' | 'string' | 'bool' | 'int' | 'long' | 'double';
}

export interface CompiledExpression {
  /** The C# static type, full name. */
  readonly type: string;
  /** Bodies that must be buffered before it is evaluated. */
  readonly reads: { readonly requestBody: boolean; readonly responseBody: boolean };
  /** Does it touch `context` at all (a constant can be evaluated once)? */
  readonly isConstant: boolean;
  /**
   * Runs it. `object` gives UNIFORM, `string` string|null, `bool` boolean, `int` and `double` number, `long` bigint.
   * Throws `NetException` or `BudgetExceeded`; both mean ExpressionValueEvaluationFailure.
   */
  evaluate(context: ContextHost): unknown;
}

let types: RuntimeTypes | undefined;

/**
 * Compiles `@(expression)` or `@{ statements }`: `text` starts at the `@` and ends at the closing bracket.
 * @throws {ExpressionCompileError} with every problem found.
 */
export function compileExpression(text: string, options: CompileOptions): CompiledExpression {
  types ??= new RuntimeTypes(new Universe(surface));
  return compileWith(types, text, options);
}

/** {@link compileExpression} over another list of declarations. */
export function compileWith(runtimeTypes: RuntimeTypes, text: string, options: CompileOptions): CompiledExpression {
  const problems = new Problems();
  try {
    const source = parse(text, problems);
    if (!source || problems.any) throw new ExpressionCompileError(problems.list);
    const binder = new Binder(runtimeTypes.universe, problems);
    const bound = bindSource(binder, source, options.target);
    if (!problems.any) checkAssignments(bound.statements, problems);
    if (problems.any) throw new ExpressionCompileError(sorted(problems));
    const emitted = emitFunction(runtimeTypes, bound, options.target);
    return { type: fullName(bound.type), ...emitted };
  } catch (error) {
    if (error instanceof SyntaxProblem) {
      problems.report(error.code, error.message, error.at);
      throw new ExpressionCompileError(problems.list);
    }
    if (error instanceof RangeError) {
      throw new ExpressionCompileError([
        {
          code: 'EXPR0003',
          message: 'The expression is too deeply nested.',
          offset: 0,
          length: Math.max(1, text.length),
        },
      ]);
    }
    throw error;
  }
}

const sorted = (problems: Problems) => problems.list.toSorted((a, b) => a.offset - b.offset);
