/** What a report adds up: requests of one service by API, operation, product, subscription and user. Null: there was none. */
export interface ReportKey {
  readonly apiId: string | null;
  readonly operationId: string | null;
  readonly productId: string | null;
  readonly subscriptionId: string | null;
  readonly userId: string | null;
}

/** Sums of the requests with one key in one period. Times are milliseconds. */
export interface ReportCounts {
  success: number;
  blocked: number;
  failed: number;
  other: number;
  /** Bytes of responses. */
  bandwidth: number;
  cacheHits: number;
  cacheMisses: number;
  apiTime: TimeSums;
  serviceTime: TimeSums;
}

export interface TimeSums {
  count: number;
  sum: number;
  min: number;
  max: number;
}

export interface ReportRow extends ReportKey {
  /** Milliseconds since 1970 at which the period begins. */
  readonly start: number;
  readonly periodMs: number;
  readonly counts: Readonly<ReportCounts>;
}

/** One request, for `byRequest`. */
export interface RequestRecord extends ReportKey {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly method: string;
  readonly url: string;
  readonly ipAddress: string;
  readonly backendResponseCode: number | null;
  readonly responseCode: number;
  readonly responseSize: number;
  readonly cache: 'hit' | 'miss' | 'none';
  readonly apiTime: number;
  readonly serviceTime: number | null;
  readonly requestId: string;
}

/** The history of requests that reports are made of. `serviceId` is an ARM id. */
export interface ReportSource {
  rows(serviceId: string): Iterable<ReportRow>;
  /** Oldest first. */
  requests(serviceId: string): Iterable<RequestRecord>;
}

export function emptyCounts(): ReportCounts {
  return {
    success: 0,
    blocked: 0,
    failed: 0,
    other: 0,
    bandwidth: 0,
    cacheHits: 0,
    cacheMisses: 0,
    apiTime: emptyTimes(),
    serviceTime: emptyTimes(),
  };
}

export function emptyTimes(): TimeSums {
  return { count: 0, sum: 0, min: 0, max: 0 };
}

/** Called for every request. */
export function addTime(times: TimeSums, milliseconds: number): void {
  if (times.count === 0 || milliseconds < times.min) times.min = milliseconds;
  if (times.count === 0 || milliseconds > times.max) times.max = milliseconds;
  times.count++;
  times.sum += milliseconds;
}

export function addCounts(to: ReportCounts, from: Readonly<ReportCounts>): void {
  to.success += from.success;
  to.blocked += from.blocked;
  to.failed += from.failed;
  to.other += from.other;
  to.bandwidth += from.bandwidth;
  to.cacheHits += from.cacheHits;
  to.cacheMisses += from.cacheMisses;
  addTimes(to.apiTime, from.apiTime);
  addTimes(to.serviceTime, from.serviceTime);
}

function addTimes(to: TimeSums, from: Readonly<TimeSums>): void {
  if (from.count === 0) return;
  to.min = to.count === 0 ? from.min : Math.min(to.min, from.min);
  to.max = to.count === 0 ? from.max : Math.max(to.max, from.max);
  to.count += from.count;
  to.sum += from.sum;
}
