import { PolicyError } from '../policy-error.ts';

/** A server answered, but not as it should. */
export const errorStatus = (status: number): PolicyError =>
  new PolicyError('ErrorStatusCode', `The server answered with the status code ${status}.`, {
    status: 500,
    message: 'Internal server error',
    activityId: true,
  });

/** What `ignore-error` is about: no connection, no answer in time or one too large, no token, an answer that is an error. */
const requestErrors: ReadonlySet<string> = new Set([
  'Timeout',
  'BackendConnectionFailure',
  'ResponseBodyTooLarge',
  'IdentityTokenUnavailable',
  'ErrorStatusCode',
]);

export const isRequestError = (error: unknown): error is PolicyError =>
  error instanceof PolicyError && requestErrors.has(error.reason);
