import type { BoundSource } from '../bind/target.ts';
import { isReferenceType, special } from '../bind/types.ts';
import type { CompiledExpression, CompileOptions } from '../compile.ts';
import type { ContextHost } from '../context-host.ts';
import { startBudget } from '../runtime/budget.ts';
import { BudgetExceeded, NetException } from '../runtime/exceptions.ts';
import { toPolicyTarget } from '../runtime/policy-target.ts';
import { useTrust } from '../runtime/x509/trust.ts';
import { emitStatement } from './emit-statement.ts';
import { Emitter } from './emitter.ts';
import type { RuntimeTypes } from './runtime-types.ts';

/** Turns the bound expression into a function. */
export function emitFunction(
  types: RuntimeTypes,
  source: BoundSource,
  target: CompileOptions['target'],
): Omit<CompiledExpression, 'type'> {
  const emitter = new Emitter(types);
  const body = emitter.inFunction(() =>
    source.statements.map((statement) => emitStatement(emitter, statement)).join(''),
  );
  const names = emitter.constants.map((_, i) => `$k${i}=$k[${i}]`);
  const header = names.length > 0 ? `const ${names.join(',')};` : '';
  // The text holds generated names, operators and JSON-encoded literals only: see Emitter.
  const make = new Function('$k', `"use strict";${header}return function($c){${body}}`);
  const run: (context: ContextHost) => unknown = make(emitter.constants);
  const { reads } = emitter;
  return {
    reads: {
      requestBody: reads.has('requestBody'),
      responseBody: reads.has('responseBody') || (emitter.responseEscapes && emitter.responseBodyElsewhere),
    },
    isConstant: !reads.has('context') && !reads.has('unfolded') && isImmutable(source),
    evaluate: (context) => evaluate(run, context, target),
  };
}

/** A list that is made once would be shared by everyone who changes it. */
const isImmutable = ({ type }: BoundSource) =>
  special(type) === 'string' || (!isReferenceType(type) && type.kind === 'named');

function evaluate(
  run: (context: ContextHost) => unknown,
  context: ContextHost,
  target: CompileOptions['target'],
): unknown {
  startBudget();
  useTrust(context);
  try {
    return toPolicyTarget(run(context), target);
  } catch (error) {
    if (error instanceof NetException || error instanceof BudgetExceeded) throw error;
    // The stack is full, or a string or an array is longer than can be.
    if (error instanceof RangeError)
      throw new BudgetExceeded('The expression nested too deeply or made too much and was stopped.');
    const message = error instanceof Error ? error.message : String(error);
    throw new NetException('System.ExecutionEngineException', `The expression could not be run: ${message}`);
  }
}
