import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileExpression, ExpressionCompileError } from '../compile.ts';
import { NetException } from '../runtime/exceptions.ts';
import { unbox } from '../runtime/values.ts';
import type { Case } from './case.ts';
import { testContext } from './context.ts';

// Every `<area>.cases.ts` beside this file exports `cases`.
for (const file of readdirSync(import.meta.dirname).filter((name) => name.endsWith('.cases.ts'))) {
  const { cases }: { cases: readonly Case[] } = await import(new URL(file, import.meta.url).href);
  describe(file, () => {
    test.each(cases.map((item) => [item.source, item] as const))('%s', (_source, item) => check(item));
  });
}

function check({ source, expected, because, context }: Case): void {
  const outcome = run(source, typeof expected === 'string', context);
  if (typeof expected === 'object' && expected !== null) {
    if ('refused' in expected)
      expect(outcome.refused ?? `compiled to ${String(outcome.value)}`, because).toContain(expected.refused);
    else {
      expect(outcome.thrown?.typeName ?? outcome.refused ?? `gave ${String(outcome.value)}`, because).toBe(
        expected.throws,
      );
      expect(outcome.thrown?.message ?? '', because).toContain(expected.message ?? '');
    }
    return;
  }
  if (outcome.thrown) throw outcome.thrown;
  expect(outcome.refused ?? outcome.value, because).toBe(expected);
}

interface Outcome {
  readonly value?: unknown;
  readonly thrown?: NetException;
  readonly refused?: string;
}

function run(source: string, asText: boolean, context: Case['context']): Outcome {
  try {
    const compiled = compileExpression(source, { target: asText ? 'string' : 'object' });
    return { value: unbox(compiled.evaluate(testContext(context))) };
  } catch (error) {
    if (error instanceof NetException) return { thrown: error };
    if (error instanceof ExpressionCompileError) return { refused: error.problems.map((p) => p.message).join('\n') };
    throw error;
  }
}
