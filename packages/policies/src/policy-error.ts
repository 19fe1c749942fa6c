/** An answer to the caller that an error carries with it: status, headers and body are sent unless on-error changes them. */
export interface ErrorAnswer {
  readonly status: number;
  /** Reason phrase; the standard one when absent. */
  readonly reasonPhrase?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** The `message` of the JSON body `{ "statusCode": 429, "message": "..." }`. */
  readonly message: string;
  /** Adds `"activityId"` as Azure's 500 has it. */
  readonly activityId?: boolean;
  /** `exchange.response` is the answer already (`fail-on-error-status-code`): it is not replaced by the JSON body. */
  readonly keepResponse?: boolean;
}

/**
 * The request cannot go on. Becomes `context.LastError` (source, scope, section, path and policy id are those of the
 * step it came from, unless given) and the default response, then the on-error section runs.
 */
export class PolicyError extends Error {
  /** Azure's reason, e.g. `RateLimitExceeded`, `TokenExpired`. */
  readonly reason: string;
  readonly answer: ErrorAnswer;
  /** Overrides the failing policy's name for the built-in steps: `configuration`, `authorization` ... */
  readonly source: string | null;
  constructor(
    reason: string,
    message: string,
    answer: ErrorAnswer,
    options: { source?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'PolicyError';
    this.reason = reason;
    this.answer = answer;
    this.source = options.source ?? null;
  }
}
