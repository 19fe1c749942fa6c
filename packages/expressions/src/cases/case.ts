import type { TestContext } from './context.ts';

/** One expression and what .NET makes of it. */
export interface Case {
  readonly source: string;
  /**
   * A string: the value's invariant ToString(). Other values: the value itself. `throws`: the exception's type and the
   * beginning of its message. `refused`: what the compile error must contain.
   */
  readonly expected:
    | string
    | number
    | bigint
    | boolean
    | null
    | { readonly throws: string; readonly message?: string }
    | { readonly refused: string };
  /** Where the expectation comes from. */
  readonly because: string;
  readonly context?: TestContext;
}

/** Cases that rest on the same source. */
export function because(
  reason: string,
  rows: readonly (readonly [source: string, expected: Case['expected'], context?: TestContext])[],
): Case[] {
  return rows.map(([source, expected, context]) => ({
    source,
    expected,
    because: reason,
    ...(context && { context }),
  }));
}
