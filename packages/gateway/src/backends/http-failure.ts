import { UpstreamError } from '@lazuli/http';
import { PolicyError } from '@lazuli/policies';
import type { BackendOutcome } from './circuit-breaker.ts';

const internalError = { status: 500, message: 'Internal server error', activityId: true } as const;

/** The upstream's failure as `LastError` knows it (page "Error handling"): `Timeout`, `BackendConnectionFailure`, or the client's own going. */
export function toPolicyError(error: unknown, timeoutMs: number): PolicyError {
  if (error instanceof PolicyError) return error;
  if (!(error instanceof UpstreamError))
    return new PolicyError('BackendConnectionFailure', String(error), internalError, { cause: error });
  switch (error.failure) {
    case 'timeout':
      return new PolicyError('Timeout', `The backend did not answer within ${timeoutMs} ms.`, internalError, {
        cause: error,
      });
    case 'aborted':
      return new PolicyError('ClientConnectionFailure', 'The client closed the connection.', internalError, {
        cause: error,
      });
    default:
      return new PolicyError('BackendConnectionFailure', error.message, internalError, { cause: error });
  }
}

/** What the failure is to a circuit breaker; null when the backend is not to blame. */
export function outcomeOf(error: unknown): BackendOutcome | null {
  if (!(error instanceof UpstreamError)) return null;
  if (error.failure === 'timeout') return { kind: 'timeout' };
  if (error.failure === 'aborted' || error.failure === 'limit') return null;
  return { kind: 'connection-failure' };
}

/** All circuits are open. The reason phrase is what retry conditions in the field test for. */
export function unavailable(kind: 'Backend' | 'Backend pool', name: string, retryInMs: number): PolicyError {
  const message = `${kind} '${name}' is temporarily unavailable.`;
  return new PolicyError('BackendUnavailable', message, {
    status: 503,
    reasonPhrase: `${kind} is temporarily unavailable`,
    headers: [['Retry-After', String(Math.max(1, Math.ceil(retryInMs / 1000)))]],
    message: `${kind} is temporarily unavailable.`,
  });
}
