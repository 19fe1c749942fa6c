import {
  type CompiledExpression,
  type CompileOptions,
  compileExpression,
  ExpressionCompileError,
  type ExpressionProblem,
} from '@lazuli/expressions';

export type ExpressionResult =
  | { readonly compiled: CompiledExpression }
  | { readonly problems: readonly ExpressionProblem[] };

/** Distinct expressions that are remembered; a service has a few thousand, and a full cache only costs time. */
const mostEntries = 20_000;

const cache = new Map<string, ExpressionResult>();

/** Compiles an expression, once for each distinct text and target: reloading a folder compiles only what changed. */
export function compileOnce(text: string, target: CompileOptions['target']): ExpressionResult {
  const key = `${target}\n${text}`;
  const known = cache.get(key);
  if (known) return known;
  const result = compile(text, target);
  if (cache.size >= mostEntries) {
    const oldest = cache.keys().next();
    if (!oldest.done) cache.delete(oldest.value);
  }
  cache.set(key, result);
  return result;
}

function compile(text: string, target: CompileOptions['target']): ExpressionResult {
  try {
    return { compiled: compileExpression(text, { target }) };
  } catch (error) {
    if (error instanceof ExpressionCompileError) return { problems: error.problems };
    throw error;
  }
}
