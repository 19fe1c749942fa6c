import { HeaderList } from '@lazuli/policies';
import type { ResourceRecord } from '@lazuli/store';
import { describe, expect, it } from 'vitest';
import { checkConditions, readConditions } from './conditions.ts';

const existing = { etag: 'abc' } as ResourceRecord;
const check = (headers: Record<string, string>, record: ResourceRecord | undefined, required = false) => {
  try {
    checkConditions(readConditions(HeaderList.from(Object.entries(headers))), '/x', record, required);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('conditions', () => {
  it.each([
    [{}, existing, 'ok'],
    [{ 'If-Match': '*' }, existing, 'ok'],
    [{ 'If-Match': '*' }, undefined, 'PreconditionFailed'],
    [{ 'If-Match': '"abc"' }, existing, 'ok'],
    [{ 'If-Match': 'abc' }, existing, 'ok'],
    [{ 'If-Match': 'W/"abc"' }, existing, 'ok'],
    [{ 'If-Match': '"x", "abc"' }, existing, 'ok'],
    [{ 'If-Match': '"ABC"' }, existing, 'PreconditionFailed'],
    [{ 'If-None-Match': '*' }, undefined, 'ok'],
    [{ 'If-None-Match': '*' }, existing, 'PreconditionFailed'],
    [{ 'If-None-Match': '"x"' }, existing, 'ok'],
    [{ 'If-Match': '"a' }, existing, 'InvalidETag'],
  ] as const)('%j', (headers, record, expected) => {
    expect(check(headers, record)).toBe(expected);
  });

  it('can be required', () => {
    expect(check({}, existing, true)).toBe('PreconditionRequired');
    expect(check({ 'If-Match': '*' }, existing, true)).toBe('ok');
  });
});
