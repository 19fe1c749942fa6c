import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import type { PolicyElement } from '../document/element.ts';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';
import type { ElementSchema } from '../schema/definition.ts';
import { isToken } from './header-rules.ts';

/** `set-method`, as a policy and in `send-request`. */
export const setMethodElement: ElementSchema = { attributes: {}, text: { required: true, expression: true } };

export function validateSetMethod(element: PolicyElement, compiler: PolicyCompiler): void {
  if (element.text?.kind === 'literal' && !isToken(element.text.text.trim()))
    compiler.report(element, methodProblem(element.text.text.trim()), element.text.at);
}

/** Compiles a `set-method` element. A result that is no HTTP token is an ExpressionValueEvaluationFailure. */
export function compileSetMethod(element: PolicyElement, compiler: PolicyCompiler): (exchange: Exchange) => string {
  const text = compiler.text(element);
  return (exchange) => {
    const method = text.get(exchange)?.trim() ?? '';
    if (!isToken(method)) throw evaluationFailure(methodProblem(method));
    return method;
  };
}

const methodProblem = (method: string): string => `'${method.slice(0, 40)}' is not an HTTP method.`;
