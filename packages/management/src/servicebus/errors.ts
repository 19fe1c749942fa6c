import type { BodyProblem } from '../contract.ts';
import { ArmError } from '../errors.ts';

/** Problems of a body as the gateway of Service Bus words them: all in one message, and one detail for each. */
export function validationError(problems: readonly BodyProblem[]): ArmError {
  return new ArmError({
    status: 400,
    code: 'BadRequest',
    message: `SubCode=40000. ${problems.map(({ message }) => message).join(' ')}`,
    target: problems[0]?.target,
    details: problems.map(({ target, message, code }) => ({ code: code ?? 'BadRequest', target, message })),
  });
}

export function conflict(message: string): ArmError {
  return new ArmError({ status: 409, code: 'Conflict', message: `SubCode=40900. Conflict. ${message}` });
}

export function quotaExceeded(most: number, what: string): ArmError {
  return new ArmError({
    status: 403,
    code: 'QuotaExceeded',
    message: `SubCode=40301. The maximum of ${most} ${what} is reached.`,
  });
}
