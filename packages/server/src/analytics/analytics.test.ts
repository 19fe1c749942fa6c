import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessRecord } from '@lazuli/gateway';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Analytics } from './analytics.ts';
import { RequestHistory } from './request-history.ts';
import { readUsageBatch } from './usage-batch.ts';

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lazuli-analytics-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

const open = () => new Analytics({ dataFolder: scratch, logger: pino({ level: 'silent' }), now: Date.now });
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
const total = (analytics: Analytics) => [...analytics.rows('/s')].reduce((sum, { counts }) => sum + counts.success, 0);

test('counts are there at once and after a restart', async () => {
  const first = open();
  const count = first.recorderOf('/s');
  for (let i = 0; i < 3; i++) count(record);
  expect(total(first)).toBe(3);
  await first.close();
  const second = open();
  second.recorderOf('/S')(record);
  await second.flush();
  expect(total(second)).toBe(4);
  expect(second.requests('/s')).toHaveLength(4);
  await second.close();
  expect([...second.rows('/other')]).toEqual([]);
});

test('files that are broken cost no more than what is in them', async () => {
  const first = open();
  first.recorderOf('/s')(record);
  await first.close();
  const [service = ''] = await readdir(join(scratch, 'analytics'));
  const folder = join(scratch, 'analytics', service);
  for (const [name, content] of [
    ['60000-0.json', '[{"key":{}}]'],
    ['60000-60000.json', '{'],
    ['requests.json', '[null, 1, {"timestamp": "x"}]'],
    ['other.txt', 'x'],
  ] as const)
    await writeFile(join(folder, name), content);
  const second = open();
  second.recorderOf('/s');
  await second.flush();
  expect(total(second)).toBe(1);
  expect(second.requests('/s')).toEqual([]);
  await second.close();
});

test('what a self-hosted gateway has counted is added once', async () => {
  const now = Date.now();
  const remote = new RequestHistory();
  remote.add(record, now);
  const sent: unknown = JSON.parse(
    JSON.stringify({ id: 'one', rows: [...remote.rows()], requests: remote.requests() }),
  );
  const batch = readUsageBatch(Object(sent), now);
  const analytics = open();
  for (let i = 0; i < 2; i++) if (batch) analytics.merge('/s', batch);
  expect(total(analytics)).toBe(1);
  expect(analytics.requests('/s')).toMatchObject([{ url: '/x', apiId: 'orders' }]);
  await analytics.close();
});

test('counts that there cannot be are left out, and what is no batch is refused', () => {
  const now = Date.now();
  const remote = new RequestHistory();
  remote.add(record, now);
  const [row] = remote.rows();
  const rows = [row, { ...row, start: 0 }, { ...row, start: 1 }, { ...row, periodMs: 1 }, { ...row, counts: {} }, null];
  const read = readUsageBatch({ id: 'x', rows, requests: [{}, null] }, now);
  expect([read?.rows.length, read?.requests.length]).toEqual([1, 0]);
  for (const wrong of [null, {}, { id: '', rows: [], requests: [] }, { id: 'x', rows: {}, requests: [] }])
    expect(readUsageBatch(wrong, now)).toBeNull();
});
