import { expect, test } from 'vitest';
import { createMasker, maskHeader } from './masking.ts';
import { TraceBuilder } from './trace-document.ts';

const builder = (secrets: readonly string[] = []) =>
  new TraceBuilder('id', 'contoso', createMasker(secrets), () => Date.parse('2030-01-01T00:00:00Z'));

test('secrets are masked as they are, in URLs, in JSON texts and in base64', () => {
  const secret = 'p&ss"wörd';
  const trace = builder([secret, 'ab', '']);
  const encoded = Buffer.from(secret).toString('base64');
  trace.add('inbound', secret, [
    `x${secret}y`,
    `?k=${encodeURIComponent(secret)}`,
    JSON.stringify({ secret }),
    encoded,
  ]);
  const [entry] = trace.document().traceEntries.inbound;
  expect(entry?.source).toBe('****');
  expect(entry?.data).toEqual(['x****y', '?k=****', '{"secret":"****"}', expect.stringContaining('****')]);
});

test('credentials in headers are masked whatever they are', () => {
  expect(maskHeader('authorization', 'Bearer abc')).toBe('Bearer ****');
  expect(maskHeader('Authorization', 'abc')).toBe('****');
  expect(maskHeader('X-Other', 'abc')).toBe('abc');
});

test('a trace has an end, however much is said', () => {
  const trace = builder();
  for (let i = 0; i < 10_000; i++) trace.add('inbound', 'set-variable', { message: 'x'.repeat(100) });
  const { inbound } = trace.document().traceEntries;
  expect(inbound).toHaveLength(501);
  expect(inbound.at(-1)?.data).toEqual({ message: 'The trace is full: what followed was left out.' });
  const large = builder();
  for (let i = 0; i < 100; i++)
    large.add(
      'backend',
      'x',
      Array.from({ length: 100 }, () => 'y'.repeat(10_000)),
    );
  expect(JSON.stringify(large.document()).length).toBeLessThan(1024 * 1024);
});

test('values that are no JSON are shown by what they are', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const trace = builder();
  for (const value of [cycle, 1n, new Map([['a', 1n]]), new Error('e'), new Uint8Array(3), undefined, Number.NaN])
    trace.add('outbound', 'x', value);
  expect(trace.document().traceEntries.outbound.map(({ data }) => data)).toEqual([
    '[object Object]',
    '1',
    { a: '1' },
    { name: 'Error', message: 'e' },
    expect.anything(),
    'undefined',
    null,
  ]);
});
