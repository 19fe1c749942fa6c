import type { Exchange } from '../exchange.ts';
import { BodyTooLarge, type MessageBody } from '../http/body.ts';
import type { Flow, Step } from '../pipeline/step.ts';
import { PolicyError } from '../policy-error.ts';

/** Which bodies must be in memory. */
export interface BodyReads {
  requestBody: boolean;
  responseBody: boolean;
}

/**
 * Puts the bodies into memory that are to be read. Gives undefined when they are there already, so that a step that need
 * not wait does not.
 * Fails with `PolicyError`: RequestBodyTooLarge 413, ResponseBodyTooLarge 500, or the connection's error.
 */
export function bufferBodies(reads: BodyReads, exchange: Exchange): Promise<void> | undefined {
  const request = reads.requestBody ? pending(exchange.request.body, exchange, requestError) : undefined;
  const response = reads.responseBody ? pending(exchange.response?.body ?? null, exchange, responseError) : undefined;
  if (request && response) return request.then(() => response);
  return request ?? response;
}

/** Wraps a step so that the bodies it reads are in memory before it runs. */
export function withBodies(step: Step, reads: BodyReads): Step {
  if (!reads.requestBody && !reads.responseBody) return step;
  const known: BodyReads = { ...reads };
  return (exchange): Flow | Promise<Flow> => {
    const waiting = bufferBodies(known, exchange);
    return waiting ? waiting.then(() => step(exchange)) : step(exchange);
  };
}

function pending(
  body: MessageBody | null,
  exchange: Exchange,
  asError: (error: unknown) => unknown,
): Promise<void> | undefined {
  if (!body || body.buffered) return undefined;
  const bytes = body.buffer(exchange.limits.policyBodyBytes);
  if (bytes instanceof Uint8Array) return undefined;
  return bytes.then(
    () => undefined,
    (error: unknown) => {
      throw asError(error);
    },
  );
}

function requestError(error: unknown): unknown {
  if (error instanceof PolicyError) return error;
  if (error instanceof BodyTooLarge)
    return new PolicyError(
      'RequestBodyTooLarge',
      error.message,
      { status: 413, message: 'Request body is too large.' },
      { cause: error },
    );
  return new PolicyError(
    'ClientConnectionFailure',
    'The client closed the connection before its request was complete.',
    { status: 400, message: 'Bad request' },
    { cause: error },
  );
}

function responseError(error: unknown): unknown {
  if (error instanceof PolicyError) return error;
  const [reason, message] =
    error instanceof BodyTooLarge
      ? ['ResponseBodyTooLarge', error.message]
      : ['BackendConnectionFailure', 'The backend closed the connection before its response was complete.'];
  return new PolicyError(
    reason,
    message,
    { status: 500, message: 'Internal server error', activityId: true },
    { cause: error },
  );
}
