import { expect, test } from 'vitest';
import { Heartbeats } from './heartbeats.ts';

const beat = (instanceId: string) => ({ instanceId, configuration: null, status: 'Healthy', isCurrent: false });

test('heartbeats are kept for a day, the newest of each process, and not without bound', () => {
  let now = Date.parse('2030-01-01T00:00:00Z');
  const heartbeats = new Heartbeats(() => now);
  heartbeats.take('/G', beat('one'));
  now += 1000;
  heartbeats.take('/g', beat('one'));
  expect(heartbeats.of('/g')).toMatchObject([{ instanceId: 'one', lastSeen: '2030-01-01T00:00:01.000Z' }]);
  for (let i = 0; i < 1000; i++) heartbeats.take('/g', beat(`many-${i}`));
  expect(heartbeats.of('/g')).toHaveLength(200);
  now += 24 * 3_600_000;
  expect(heartbeats.of('/g')).toEqual([]);
});
