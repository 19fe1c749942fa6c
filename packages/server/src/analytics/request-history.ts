import type { AccessRecord } from '@lazuli/gateway';
import {
  addCounts,
  addTime,
  emptyCounts,
  type ReportCounts,
  type ReportKey,
  type ReportRow,
  type RequestRecord,
} from '@lazuli/management';
import { RecentRequests } from './recent-requests.ts';

/** Periods by their length, the shortest first, and how long each is kept before it goes into the next. */
export const historyTiers: readonly { readonly periodMs: number; readonly keepMs: number }[] = [
  { periodMs: 60_000, keepMs: 2 * 3_600_000 },
  { periodMs: 15 * 60_000, keepMs: 2 * 86_400_000 },
  { periodMs: 3_600_000, keepMs: 62 * 86_400_000 },
];

const rowsOfPeriodAtMost = 2000;
const rowsAtMost = 300_000;

/** The sums of one period, as they are kept on disk too. */
export interface Period {
  readonly start: number;
  readonly periodMs: number;
  readonly rows: Map<string, Row>;
  isDirty: boolean;
}

export interface Row {
  readonly key: ReportKey;
  readonly counts: ReportCounts;
}

/** The history of one service's requests: sums by period, and the newest requests themselves. Bounded in every direction. */
export class RequestHistory {
  /** By tier and start. */
  readonly #periods = new Map<string, Period>();
  readonly #requests = new RecentRequests();
  /** What the last request counted for: the next one is often the same. */
  #last: { readonly period: Period; readonly row: Row } | null = null;
  #rows = 0;
  #hasNewRequests = false;

  /** Takes a finished request into account; `at`: milliseconds since 1970. */
  add(record: AccessRecord, at: number): void {
    count(this.#rowOf(record, at).counts, record);
    this.#requests.add(record, at);
    this.#hasNewRequests = true;
  }

  *rows(): Generator<ReportRow> {
    for (const { start, periodMs, rows } of this.#periods.values())
      for (const { key, counts } of rows.values()) yield { start, periodMs, ...key, counts };
  }

  requests(): readonly RequestRecord[] {
    return this.#requests.all();
  }

  /** Puts old periods into longer ones and forgets the oldest; gives those that are gone. */
  rollUp(now: number): readonly Period[] {
    const gone: Period[] = [];
    for (const [index, { periodMs, keepMs }] of historyTiers.entries()) {
      const next = historyTiers[index + 1];
      for (const period of [...this.#periods.values()]) {
        if (period.periodMs !== periodMs || period.start + periodMs > now - keepMs) continue;
        if (next) this.#merge(period, next.periodMs);
        this.#remove(period);
        gone.push(period);
      }
    }
    const oldest = [...this.#periods.values()].sort((a, b) => a.start - b.start);
    for (const period of oldest) {
      if (this.#rows <= rowsAtMost) break;
      this.#remove(period);
      gone.push(period);
    }
    return gone;
  }

  /** Periods that changed since the last call. */
  takeDirty(): readonly Period[] {
    const dirty = [...this.#periods.values()].filter(({ isDirty }) => isDirty);
    for (const period of dirty) period.isDirty = false;
    return dirty;
  }

  /** The newest requests, when there are new ones since the last call. */
  takeNewRequests(): readonly RequestRecord[] | null {
    if (!this.#hasNewRequests) return null;
    this.#hasNewRequests = false;
    return this.requests();
  }

  /** What an earlier process kept. */
  restore(
    periods: Iterable<Pick<Period, 'start' | 'periodMs'> & { readonly rows: Iterable<Row> }>,
    requests: readonly RequestRecord[],
  ): void {
    for (const { start, periodMs, rows } of periods) {
      const period = this.#period(start, periodMs);
      for (const { key, counts } of rows) addCounts(this.#row(period, key).counts, counts);
      period.isDirty = false;
    }
    this.#requests.restore(requests);
  }

  /** Adds what was counted elsewhere. */
  merge(rows: Iterable<ReportRow>, requests: readonly RequestRecord[]): void {
    for (const { start, periodMs, counts, ...key } of rows)
      addCounts(this.#row(this.#period(start, periodMs), key).counts, counts);
    for (const request of requests) this.#requests.addFinished(request);
    if (requests.length > 0) this.#hasNewRequests = true;
  }

  #rowOf(record: AccessRecord, at: number): Row {
    const { periodMs } = historyTiers[0] as (typeof historyTiers)[number];
    const start = at - (at % periodMs);
    if (this.#last?.period.start === start && isOf(record, this.#last.row.key)) {
      this.#last.period.isDirty = true;
      return this.#last.row;
    }
    const period = this.#period(start, periodMs);
    const row = this.#row(period, keyOf(record));
    this.#last = { period, row };
    return row;
  }

  #period(start: number, periodMs: number): Period {
    const name = `${periodMs}/${start}`;
    let period = this.#periods.get(name);
    if (!period) {
      period = { start, periodMs, rows: new Map(), isDirty: true };
      this.#periods.set(name, period);
    }
    period.isDirty = true;
    return period;
  }

  #row({ rows }: Period, key: ReportKey): Row {
    const { apiId, operationId, productId, subscriptionId, userId } = key;
    const name = `${apiId}\n${operationId}\n${productId}\n${subscriptionId}\n${userId}`;
    const known = rows.get(name);
    if (known) return known;
    // Too many different ones: the rest of the period counts for nobody in particular.
    if (rows.size >= rowsOfPeriodAtMost && name !== nobodyName) return this.#row({ rows } as Period, nobody);
    const row = { key, counts: emptyCounts() };
    rows.set(name, row);
    this.#rows++;
    return row;
  }

  #merge(period: Period, periodMs: number): void {
    const target = this.#period(Math.floor(period.start / periodMs) * periodMs, periodMs);
    for (const { key, counts } of period.rows.values()) addCounts(this.#row(target, key).counts, counts);
  }

  #remove({ start, periodMs, rows }: Period): void {
    this.#last = null;
    if (this.#periods.delete(`${periodMs}/${start}`)) this.#rows -= rows.size;
  }
}

const nobody: ReportKey = { apiId: null, operationId: null, productId: null, subscriptionId: null, userId: null };
const nobodyName = 'null\nnull\nnull\nnull\nnull';

function isOf(record: AccessRecord, key: ReportKey): boolean {
  return (
    record.apiId === key.apiId &&
    record.operationId === key.operationId &&
    record.apimSubscriptionId === key.subscriptionId &&
    record.productId === key.productId &&
    record.userId === key.userId
  );
}

function keyOf(record: AccessRecord): ReportKey {
  const { apiId, operationId, productId, userId, apimSubscriptionId } = record;
  return { apiId, operationId, productId, subscriptionId: apimSubscriptionId, userId };
}

/** In the classes of the SDK's page "reports". */
function count(counts: ReportCounts, { responseCode: code, ...record }: AccessRecord): void {
  if (code > 0 && (code <= 301 || code === 304 || code === 307)) counts.success++;
  else if (code === 401 || code === 403 || code === 429) counts.blocked++;
  else if (code === 400 || (code >= 500 && code <= 600)) counts.failed++;
  else counts.other++;
  counts.bandwidth += record.responseSize;
  if (record.cache === 'hit') counts.cacheHits++;
  else if (record.backendTime !== null) counts.cacheMisses++;
  addTime(counts.apiTime, record.totalTime);
  if (record.backendTime !== null) addTime(counts.serviceTime, record.backendTime);
}
