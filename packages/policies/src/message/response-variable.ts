import { type ResponseView, responseVariable } from '@lazuli/expressions';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange } from '../exchange.ts';

/** The `IResponse` that a policy stored under this name. A variable that holds none is an ExpressionValueEvaluationFailure. */
export function readResponseVariable(exchange: Exchange, name: string): ResponseView {
  const value = exchange.variables.get(name);
  if (holdsResponse(value)) return value[responseVariable];
  const is = value === undefined || value === null ? 'is not set' : 'does not hold a response';
  throw evaluationFailure(`The variable '${name}' ${is}.`);
}

const holdsResponse = (value: unknown): value is { readonly [responseVariable]: ResponseView } =>
  typeof value === 'object' && value !== null && responseVariable in value;
