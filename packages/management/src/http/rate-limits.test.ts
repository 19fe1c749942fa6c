import { describe, expect, it } from 'vitest';
import { RateLimits } from './rate-limits.ts';

describe('rate limits', () => {
  it('count reads, writes and deletes of each principal apart, by the hour', () => {
    let now = 0;
    const limits = new RateLimits({ reads: 2, writes: 1, deletes: 1 }, () => now);
    expect(limits.take('a', 'GET')).toEqual({ 'x-ms-ratelimit-remaining-subscription-reads': '1' });
    limits.take('a', 'HEAD');
    now = 600_000;
    expect(() => limits.take('a', 'GET')).toThrow(
      expect.objectContaining({ status: 429, headers: expect.objectContaining({ 'Retry-After': '3000' }) }),
    );
    expect(limits.take('a', 'PUT')).toEqual({ 'x-ms-ratelimit-remaining-subscription-writes': '0' });
    expect(limits.take('a', 'DELETE')).toEqual({ 'x-ms-ratelimit-remaining-subscription-deletes': '0' });
    limits.take('b', 'GET');
    now = 3_600_000;
    limits.take('a', 'GET');
  });
});
