import type { LongRunning } from '../contract.ts';
import { withParameter } from '../http/query.ts';
import { parseArmId } from '../ids/arm-id.ts';
import type { Call } from '../services.ts';
import type { LongOperation } from './operation-store.ts';

/** Headers by which a client follows an operation. URLs are absolute, as the resource provider contract asks. */
export function operationHeaders(
  call: Pick<Call, 'baseUrl' | 'query'>,
  operation: LongOperation,
  longRunning: Pick<LongRunning, 'via' | 'retryAfterSeconds'>,
): Record<string, string> {
  const subscription = parseArmId(operation.resourceId)?.subscriptionId;
  const scope = subscription === undefined ? '' : `/subscriptions/${subscription}`;
  const query = withParameter({ ...call.query, entries: [] }, 'api-version', call.query.get('api-version') ?? '');
  const url = (collection: string) =>
    `${call.baseUrl}${scope}/providers/${operation.namespace}/${collection}/${operation.id}?${query}`;
  const via = longRunning.via ?? 'both';
  return {
    ...(via === 'Location' ? {} : { 'Azure-AsyncOperation': url('operationStatuses') }),
    ...(via === 'Azure-AsyncOperation' ? {} : { Location: url('operationResults') }),
    'Retry-After': String(longRunning.retryAfterSeconds ?? 1),
  };
}
