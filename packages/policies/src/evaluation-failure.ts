import { PolicyError } from './policy-error.ts';

/**
 * A value that an expression gave cannot be used: a header with a line break, an address that is none. The same error as
 * an expression that throws, because to the author it is the same defect.
 */
export function evaluationFailure(message: string, cause?: unknown): PolicyError {
  return new PolicyError(
    'ExpressionValueEvaluationFailure',
    message,
    { status: 500, message: 'Internal server error', activityId: true },
    { cause },
  );
}
