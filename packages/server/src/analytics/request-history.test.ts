import type { AccessRecord } from '@lazuli/gateway';
import { expect, test } from 'vitest';
import { requestsAtMost } from './recent-requests.ts';
import { RequestHistory } from './request-history.ts';

const minute = 60_000;
const noon = Date.parse('2030-01-01T12:00:00Z');

const recordOf = (more: Partial<AccessRecord> = {}): AccessRecord =>
  ({
    correlationId: 'c',
    traceId: 't',
    isRequestSuccess: true,
    totalTime: 5,
    callerIpAddress: '127.0.0.1',
    method: 'GET',
    url: '/x',
    clientProtocol: 'HTTP/1.1',
    responseCode: 200,
    responseSize: 10,
    cache: 'none',
    apiId: 'orders',
    apiRevision: '1',
    operationId: 'get',
    productId: null,
    userId: null,
    apimSubscriptionId: null,
    backendId: null,
    backendUrl: null,
    backendResponseCode: 200,
    backendTime: 3,
    lastErrorSource: null,
    lastErrorSection: null,
    lastErrorReason: null,
    lastErrorMessage: null,
    lastErrorScope: null,
    ...more,
  }) as AccessRecord;

const total = (history: RequestHistory) =>
  [...history.rows()].reduce(
    (sum, { counts: { success, blocked, failed, other } }) => sum + success + blocked + failed + other,
    0,
  );

test('requests are counted by what they were to and how they ended', () => {
  const history = new RequestHistory();
  for (const responseCode of [200, 301, 304, 307, 401, 403, 429, 400, 500, 599, 302, 404, 0])
    history.add(recordOf({ responseCode }), noon);
  history.add(recordOf({ cache: 'hit', backendTime: null, totalTime: 1 }), noon);
  const rows = [...history.rows()];
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ start: noon, periodMs: minute, apiId: 'orders' });
  expect(rows[0]?.counts).toEqual({
    success: 5,
    blocked: 3,
    failed: 3,
    other: 3,
    bandwidth: 140,
    cacheHits: 1,
    cacheMisses: 13,
    apiTime: { count: 14, sum: 66, min: 1, max: 5 },
    serviceTime: { count: 13, sum: 39, min: 3, max: 3 },
  });
});

test('old periods become longer ones without losing a request, and the oldest are forgotten', () => {
  const history = new RequestHistory();
  for (let i = 0; i < 60; i++) history.add(recordOf(), noon + i * minute);
  expect([...history.rows()]).toHaveLength(60);
  history.rollUp(noon + 24 * 60 * minute);
  expect([...history.rows()].map(({ periodMs }) => periodMs / minute)).toEqual([15, 15, 15, 15]);
  history.rollUp(noon + 10 * 24 * 60 * minute);
  expect([...history.rows()].map(({ start, periodMs }) => [start, periodMs / minute])).toEqual([[noon, 60]]);
  expect(total(history)).toBe(60);
  history.rollUp(noon + 70 * 24 * 60 * minute);
  expect([...history.rows()]).toEqual([]);
});

test('however many different ones there are, memory is bounded and every request counts', () => {
  const history = new RequestHistory();
  for (let i = 0; i < 5000; i++) history.add(recordOf({ userId: `user-${i}` }), noon);
  expect([...history.rows()].length).toBeLessThanOrEqual(2001);
  expect(total(history)).toBe(5000);
  for (let i = 0; i < 30_000; i++) history.add(recordOf(), noon);
  history.add(recordOf({ url: `/${'x'.repeat(60_000)}` }), noon);
  expect(history.requests()).toHaveLength(requestsAtMost);
  expect(history.requests().at(-1)?.url).toHaveLength(1024);
});

test('what is restored adds to what came meanwhile', () => {
  const first = new RequestHistory();
  first.add(recordOf(), noon);
  const second = new RequestHistory();
  second.add(recordOf({ url: '/new' }), noon);
  const [period] = first.takeDirty();
  second.restore(period ? [{ ...period, rows: period.rows.values() }] : [], first.requests());
  expect(total(second)).toBe(2);
  expect(second.requests().map(({ url }) => url)).toEqual(['/x', '/new']);
});
