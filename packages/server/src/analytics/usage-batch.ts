import type { ReportCounts, ReportKey, ReportRow, RequestRecord } from '@lazuli/management';
import { historyTiers } from './request-history.ts';

/** What a self-hosted gateway has counted since the batch before. */
export interface UsageBatch {
  /** Unique: a batch that arrives twice counts once. */
  readonly id: string;
  readonly rows: readonly ReportRow[];
  /** The newest ones only. */
  readonly requests: readonly RequestRecord[];
}

const oldestMs = 62 * 86_400_000;
const aheadMs = 3_600_000;
const itemsAtMost = 10_000;

/** Null: it is no batch. Rows of periods that there cannot be are left out. */
export function readUsageBatch(sent: Readonly<Record<string, unknown>> | null, now: number): UsageBatch | null {
  if (!sent || typeof sent.id !== 'string' || !/^[\w-]{1,64}$/.test(sent.id)) return null;
  const { id, rows, requests } = sent;
  if (!Array.isArray(rows) || !Array.isArray(requests)) return null;
  if (rows.length > itemsAtMost || requests.length > itemsAtMost) return null;
  const isPossible = (at: unknown) => typeof at === 'number' && at > now - oldestMs && at < now + aheadMs;
  return {
    id,
    rows: rows.filter(isRow).filter(({ start }) => isPossible(start)),
    requests: requests.filter(isRequest).filter(({ timestamp }) => isPossible(timestamp)),
  };
}

function isRow(value: unknown): value is ReportRow {
  if (!isObject(value) || !isKey(value) || !isCounts(value.counts)) return false;
  const { start, periodMs } = value;
  return (
    typeof start === 'number' &&
    typeof periodMs === 'number' &&
    historyTiers.some((tier) => tier.periodMs === periodMs) &&
    start % periodMs === 0
  );
}

export function isKey(value: unknown): value is ReportKey {
  const names = ['apiId', 'operationId', 'productId', 'subscriptionId', 'userId'];
  const isName = (name: unknown) => name === null || (typeof name === 'string' && name.length <= 512);
  return isObject(value) && names.every((name) => isName(value[name]));
}

export function isCounts(value: unknown): value is ReportCounts {
  if (!isObject(value)) return false;
  const numbers = ['success', 'blocked', 'failed', 'other', 'bandwidth', 'cacheHits', 'cacheMisses'];
  return numbers.every((name) => isCount(value[name])) && isTimes(value.apiTime) && isTimes(value.serviceTime);
}

export function isRequest(value: unknown): value is RequestRecord {
  if (!isObject(value) || !isKey(value)) return false;
  const texts = ['method', 'url', 'ipAddress', 'cache', 'requestId'];
  const numbers = ['timestamp', 'responseCode', 'responseSize', 'apiTime'];
  const isText = (text: unknown) => typeof text === 'string' && text.length <= 2048;
  const isNumberOrNull = (number: unknown) => number === null || isCount(number);
  return (
    texts.every((name) => isText(value[name])) &&
    numbers.every((name) => isCount(value[name])) &&
    isNumberOrNull(value.backendResponseCode) &&
    isNumberOrNull(value.serviceTime)
  );
}

function isTimes(value: unknown): boolean {
  return isObject(value) && ['count', 'sum', 'min', 'max'].every((name) => isCount(value[name]));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
