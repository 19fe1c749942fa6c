import type { AccessRecord } from '@lazuli/gateway';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { readUsageBatch, type UsageBatch } from '../analytics/usage-batch.ts';
import { UsageReporter } from './usage-reporter.ts';

const record = {
  correlationId: 'c',
  callerIpAddress: '127.0.0.1',
  method: 'GET',
  url: '/x',
  responseCode: 200,
  responseSize: 1,
  totalTime: 1,
  backendTime: null,
  backendResponseCode: null,
  cache: 'none',
  apiId: 'orders',
  operationId: null,
  productId: null,
  userId: null,
  apimSubscriptionId: null,
} as AccessRecord;

test('counts are sent, and sent again under the same id until they arrive', async () => {
  const sent: UsageBatch[] = [];
  let isAway = true;
  const client = {
    async post(path: string, body: object) {
      expect(path).toBe('/usage');
      const batch = readUsageBatch(JSON.parse(JSON.stringify(body)), Date.now());
      if (batch) sent.push(batch);
      if (isAway) throw new Error('away');
    },
  };
  const reporter = new UsageReporter(client, pino({ level: 'silent' }), Date.now);
  reporter.onComplete(record);
  await reporter.send();
  reporter.onComplete(record);
  reporter.onComplete(record);
  await reporter.send();
  isAway = false;
  await reporter.send();
  await reporter.close();
  expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
  const arrived = new Map(sent.map((batch) => [batch.id, batch]));
  const calls = [...arrived.values()].flatMap(({ rows }) => rows.map(({ counts }) => counts.success));
  expect(calls).toEqual([1, 2]);
});
