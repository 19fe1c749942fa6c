import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessRecord } from '@lazuli/gateway';
import { afterEach, describe, expect, it } from 'vitest';
import { accessLine } from './access-line.ts';
import { openAccessLog } from './access-log.ts';
import { openLineLog } from './line-log.ts';

const record: AccessRecord = {
  correlationId: '87aeb87f-192c-424c-84d1-32d5bbfec437',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  isRequestSuccess: true,
  totalTime: 1.25,
  callerIpAddress: '127.0.0.1',
  method: 'GET',
  url: '/orders/1',
  clientProtocol: 'HTTP/1.1',
  responseCode: 200,
  responseSize: 1024,
  cache: 'none',
  apiId: 'orders',
  apiRevision: '1',
  operationId: 'get-order',
  productId: null,
  userId: null,
  apimSubscriptionId: null,
  backendId: null,
  backendUrl: 'http://127.0.0.1:9000/orders/1',
  backendResponseCode: 200,
  backendTime: 1,
  lastErrorSource: null,
  lastErrorSection: null,
  lastErrorReason: null,
  lastErrorMessage: null,
  lastErrorScope: null,
};

describe('a line of the access log', () => {
  it('is the record as JSON, without what is null', () => {
    const line = accessLine(record, Date.UTC(2026, 10, 24, 12, 0, 0, 7));
    const known = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({ level: 'info', time: '2026-11-24T12:00:00.007Z', ...known, msg: 'request' });
  });

  it.each(['"', '\\', '\n', '\u0000', '\u2028', '\ud800', 'é', '\u{1F600}', '"},{"a":"'])(
    'stays one line of valid JSON whatever a caller sends: %j',
    (odd) => {
      const line = accessLine({ ...record, url: `/${odd}`, lastErrorReason: odd, lastErrorMessage: odd }, 0);
      expect(line.trimEnd()).not.toMatch(/[\r\n]/);
      expect(JSON.parse(line)).toMatchObject({ url: `/${odd}`, lastErrorReason: odd, lastErrorMessage: odd });
    },
  );
});

describe('the access log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lazuli-access-log-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes every request from another thread and is complete when it is closed', async () => {
    const path = join(folder, 'access.log');
    const file = openSync(path, 'w');
    const log = openAccessLog({ mode: 'all', now: () => 0, onDropped: () => {}, lines: openLineLog(file) });
    for (let i = 0; i < 1000; i++) log.onComplete?.({ ...record, responseSize: i });
    await log.close();
    closeSync(file);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).responseSize)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  const written = (mode: 'off' | 'sampled', records: readonly AccessRecord[], room = true) => {
    const lines: string[] = [];
    const dropped: number[] = [];
    const log = openAccessLog({
      mode,
      now: () => 0,
      onDropped: (count) => dropped.push(count),
      lines: {
        write: (line) => {
          if (room) lines.push(line);
          return room;
        },
        dropped: 7,
        close: async () => {},
      },
    });
    for (const one of records) log.onComplete?.(one);
    void log.close();
    return { lines, dropped };
  };

  it('keeps one in a hundred and every failure when it samples', () => {
    const many = Array.from({ length: 200 }, () => record);
    expect(written('sampled', [...many, { ...record, responseCode: 502 }]).lines).toHaveLength(3);
  });

  it('says how many lines were dropped', () => {
    expect(written('sampled', [record], false).dropped).toEqual([7]);
  });

  it('makes no records at all when it is off', () => {
    expect(openAccessLog({ mode: 'off', now: () => 0, onDropped: () => {} }).onComplete).toBeNull();
  });
});
