import { HeaderList } from '@lazuli/policies';
import { describe, expect, it } from 'vitest';
import { continueTrace } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const withHeaders = (...flat: string[]) => new HeaderList(flat);

describe('continueTrace', () => {
  it('keeps the trace and its state, and becomes the parent', () => {
    const headers = withHeaders('traceparent', `00-${traceId}-00f067aa0ba902b7-01`, 'tracestate', 'vendor=1');
    expect(continueTrace(headers)).toBe(traceId);
    expect(headers.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    expect(headers.get('tracestate')).toBe('vendor=1');
  });

  it('reads the fields it knows of a later version', () => {
    const headers = withHeaders('traceparent', `01-${traceId}-00f067aa0ba902b7-01-what-comes`);
    expect(continueTrace(headers)).toBe(traceId);
  });

  it.each([
    ['nothing', undefined],
    ['version ff', `ff-${traceId}-00f067aa0ba902b7-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a parent id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`],
    ['more fields in version 00', `00-${traceId}-00f067aa0ba902b7-01-x`],
    ['rubbish', 'x'.repeat(10_000)],
  ])('begins a new trace for %s, without the old state', (_, value) => {
    const headers = withHeaders(...(value === undefined ? [] : ['traceparent', value]), 'tracestate', 'vendor=1');
    const begun = continueTrace(headers);
    expect(begun).toMatch(/^[0-9a-f]{32}$/);
    expect(begun).not.toBe(traceId);
    expect(headers.get('traceparent')).toMatch(new RegExp(`^00-${begun}-[0-9a-f]{16}-00$`));
    expect(headers.has('tracestate')).toBe(false);
  });

  it('adds a step to a hierarchical Request-Id and leaves any other', () => {
    const hierarchical = withHeaders('Request-Id', '|a1b2.1.');
    continueTrace(hierarchical);
    expect(hierarchical.get('request-id')).toMatch(/^\|a1b2\.1\.[0-9a-f]{8}_$/);
    const flat = withHeaders('Request-Id', 'order-7');
    continueTrace(flat);
    expect(flat.get('request-id')).toBe('order-7');
  });
});
