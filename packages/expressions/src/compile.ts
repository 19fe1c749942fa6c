import type { ContextHost } from './context-host.ts';

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

/**
 * Compiles `@(expression)` or `@{ statements }`: `text` starts at the `@` and ends at the closing bracket.
 * @throws {ExpressionCompileError} with every problem found.
 */
export function compileExpression(_text: string, _options: CompileOptions): CompiledExpression {
  throw new ExpressionCompileError([{ message: 'not built', code: 'EXPR0000', offset: 0, length: 0 }]);
}
