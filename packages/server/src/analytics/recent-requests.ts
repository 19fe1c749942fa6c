import type { AccessRecord } from '@lazuli/gateway';
import type { RequestRecord } from '@lazuli/management';

export const requestsAtMost = 10_000;
const urlAtMost = 1024;

/** The newest requests, in a ring that is made once: taking one in is two assignments. */
export class RecentRequests {
  readonly #records: (AccessRecord | RequestRecord | null)[] = new Array<AccessRecord | null>(requestsAtMost).fill(
    null,
  );
  readonly #times = new Float64Array(requestsAtMost);
  #count = 0;
  /** Of an earlier process. */
  #restored: readonly RequestRecord[] = [];

  add(record: AccessRecord, at: number): void {
    const place = this.#count++ % requestsAtMost;
    this.#records[place] = record.url.length > urlAtMost ? shortened(record) : record;
    this.#times[place] = at;
  }

  /** One that was served elsewhere. */
  addFinished(request: RequestRecord): void {
    this.#records[this.#count++ % requestsAtMost] = request;
  }

  restore(requests: readonly RequestRecord[]): void {
    this.#restored = requests.slice(-requestsAtMost);
  }

  /** Oldest first. */
  all(): readonly RequestRecord[] {
    const size = Math.min(this.#count, requestsAtMost);
    const older = this.#restored.slice(Math.max(0, this.#restored.length - (requestsAtMost - size)));
    if (size === requestsAtMost) this.#restored = [];
    const found: RequestRecord[] = size === requestsAtMost ? [] : [...older];
    for (let i = this.#count - size; i < this.#count; i++) {
      const record = this.#records[i % requestsAtMost];
      if (record) found.push('requestId' in record ? record : requestOf(record, this.#times[i % requestsAtMost] ?? 0));
    }
    return found;
  }
}

/** A copy that does not hold on to the long text. */
function shortened(record: AccessRecord): AccessRecord {
  const url = Buffer.from(record.url.slice(0, urlAtMost)).toString();
  return { ...record, url, backendUrl: null, lastErrorMessage: null };
}

function requestOf(record: AccessRecord, timestamp: number): RequestRecord {
  const { apiId, operationId, productId, userId, apimSubscriptionId } = record;
  return {
    apiId,
    operationId,
    productId,
    userId,
    subscriptionId: apimSubscriptionId,
    timestamp,
    method: record.method.slice(0, 64),
    url: record.url,
    ipAddress: record.callerIpAddress,
    backendResponseCode: record.backendResponseCode,
    responseCode: record.responseCode,
    responseSize: record.responseSize,
    cache: record.cache,
    apiTime: record.totalTime,
    serviceTime: record.backendTime,
    requestId: record.correlationId,
  };
}
