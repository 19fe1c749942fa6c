import { BudgetExceeded, NetException } from '@lazuli/expressions';
import { evaluationFailure } from '../evaluation-failure.ts';
import type { Exchange, LastError } from '../exchange.ts';
import { BodyTooLarge, MessageBody } from '../http/body.ts';
import { HeaderList } from '../http/header-list.ts';
import { reasonPhrase } from '../http/reason-phrase.ts';
import { PolicyError } from '../policy-error.ts';
import type { StepInfo } from './step.ts';

/** Anything thrown as the error that `context.LastError` shows. What a defect says goes to the log, never to the caller. */
export function asPolicyError(error: unknown): PolicyError {
  if (error instanceof PolicyError) return error;
  if (error instanceof NetException || error instanceof BudgetExceeded)
    return evaluationFailure(`Expression evaluation failed. ${error.message}`, error);
  const [reason, message] =
    error instanceof BodyTooLarge
      ? ['ResponseBodyTooLarge', error.message]
      : ['InternalServerError', 'Internal server error'];
  return new PolicyError(
    reason,
    message,
    { status: 500, message: 'Internal server error', activityId: true },
    { cause: error },
  );
}

/** Sets `lastError` and the response that is sent unless on-error changes it (specification 2.3). */
export function answerError(exchange: Exchange, error: PolicyError, info: StepInfo | null): void {
  exchange.lastError = lastErrorOf(exchange, error, info);
  const { answer } = error;
  if (answer.keepResponse && exchange.response) return;
  exchange.response?.body?.discard();
  const headers = new HeaderList(['Content-Type', 'application/json']);
  for (const [name, value] of answer.headers ?? []) headers.set(name, value);
  exchange.response = {
    status: answer.status,
    reason: answer.reasonPhrase ?? reasonPhrase(answer.status),
    headers,
    body: MessageBody.fromBytes(Buffer.from(errorBody(exchange, error))),
  };
}

/** Azure's spacing, to the byte: `{ "statusCode": 401, "message": "..." }`. */
function errorBody(exchange: Exchange, { answer }: PolicyError): string {
  const activity = answer.activityId ? `, "activityId": ${JSON.stringify(exchange.id)}` : '';
  return `{ "statusCode": ${answer.status}, "message": ${JSON.stringify(answer.message)}${activity} }`;
}

/** The built-in steps (`configuration`, `authorization`) stand in no document: scope, path and policy id are empty. */
function lastErrorOf(exchange: Exchange, error: PolicyError, info: StepInfo | null): LastError {
  return {
    source: error.source ?? info?.source ?? '',
    reason: error.reason,
    message: error.message,
    scope: info?.scope ?? '',
    section: info?.section ?? exchange.section,
    path: info?.path ?? '',
    policyId: info?.policyId ?? '',
    httpErrorCode: error.answer.status,
  };
}
