import type { BodyProblem, ResourceProvider } from '../contract.ts';
import { armError } from '../errors.ts';

/** The error that reports all problems of a body, as the provider words it. */
export function validationError(provider: ResourceProvider, problems: readonly BodyProblem[]): Error {
  if (provider.validationError !== undefined) return provider.validationError(problems);
  const [first] = problems;
  const only =
    problems.length === 1
      ? `${first?.target}: ${first?.message}`
      : `${problems.length} members are not valid; see the details.`;
  return armError(
    'InvalidRequestContent',
    { reason: only },
    {
      target: first?.target,
      details: problems.map(({ code = 'InvalidValue', message, target }) => ({ code, message, target })),
    },
  );
}
