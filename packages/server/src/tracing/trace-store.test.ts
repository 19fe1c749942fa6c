import { expect, test } from 'vitest';
import { type Trace, TraceStore } from './trace-store.ts';

const traceOf = (traceId: string, bytes = 10): Trace => ({
  traceId,
  bytes,
  document: () => ({
    serviceName: 's',
    traceId,
    traceEntries: { inbound: [], backend: [], outbound: [], 'on-error': [] },
  }),
});

test('traces are found by gateway and id, or by their place, until they are too old', () => {
  let now = 0;
  const store = new TraceStore(() => now);
  store.put('/G', traceOf('T'), 'place');
  expect([store.get('/g', 't')?.traceId, store.at('place')?.traceId]).toEqual(['T', 'T']);
  expect([store.get('/other', 't'), store.at('elsewhere')]).toEqual([null, null]);
  now = 3_600_000;
  expect([store.get('/g', 't'), store.at('place')]).toEqual([null, null]);
});

test('the oldest go when there are too many, or they are too large together', () => {
  const store = new TraceStore(() => 0, { traces: 3, bytes: 100, ageMs: 1000 });
  for (const id of ['a', 'b', 'c', 'd']) store.put('/g', traceOf(id), id);
  expect(['a', 'b', 'c', 'd'].map((id) => store.get('/g', id) !== null)).toEqual([false, true, true, true]);
  expect(store.at('a')).toBeNull();
  store.put('/g', traceOf('large', 90), null);
  expect(['b', 'c', 'd', 'large'].map((id) => store.get('/g', id) !== null)).toEqual([false, false, true, true]);
});
