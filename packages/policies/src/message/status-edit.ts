import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import { reasonPhrase } from '../http/reason-phrase.ts';
import type { ElementSchema } from '../schema/definition.ts';
import { reasonPhraseProblem } from './header-rules.ts';

/** `set-status`, as a policy and in `return-response`. */
export const setStatusElement: ElementSchema = {
  attributes: {
    // A final response cannot have a 1xx status: the client would wait for another one.
    code: { type: 'int', required: true, expression: true, min: 200, max: 999 },
    reason: { type: 'string', expression: true, note: 'optional: the standard phrase of the code stands in' },
  },
};

export interface StatusLine {
  readonly status: number;
  readonly reason: string;
}

export function validateSetStatus(element: PolicyElement, compiler: PolicyCompiler): void {
  const reason = attributeOf(element, 'reason')?.value;
  if (reason?.kind !== 'literal') return;
  const problem = reasonPhraseProblem(reason.text);
  if (problem) compiler.report(element, problem, reason.at);
}

/** Compiles a `set-status` element. A reason with a line break is an ExpressionValueEvaluationFailure. */
export function compileSetStatus(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => StatusLine {
  const code = compiler.int(element, 'code');
  const reason = compiler.string(element, 'reason');
  return (exchange) => {
    const status = code.get(exchange);
    const phrase = reason.get(exchange);
    if (phrase === null) return { status, reason: reasonPhrase(status) };
    const problem = reasonPhraseProblem(phrase);
    if (problem) throw evaluationFailure(problem);
    return { status, reason: phrase };
  };
}
