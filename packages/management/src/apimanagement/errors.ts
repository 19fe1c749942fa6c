import type { BodyProblem } from '../contract.ts';
import { ArmError } from '../errors.ts';

/** 409 in the words of API Management. */
export function conflict(code: string, message: string): ArmError {
  return new ArmError({ status: 409, code, message });
}

/** Problems of a body as API Management reports them. */
export function validationError(problems: readonly BodyProblem[]): ArmError {
  return new ArmError({
    status: 400,
    code: 'ValidationError',
    message: 'One or more fields contain incorrect values:',
    details: problems.map(({ target, message, code }) => ({
      code: code ?? 'ValidationError',
      target: shortTarget(target),
      message,
    })),
  });
}

/** The service names members without the `properties.` before them. */
function shortTarget(target: string): string {
  return target.replace(/^properties\./, '');
}
