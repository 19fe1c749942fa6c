import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultListenerLimits } from './limits.ts';
import { checkRequestHead, isAuthority, sameAuthority } from './request-head.ts';

const check = (method: string, target: string, flat: readonly string[], httpVersion = '1.1') =>
  checkRequestHead({ method, target, httpVersion, scheme: 'http', flat }, defaultListenerLimits);

describe('checkRequestHead', () => {
  test('never throws, and what it lets through is a path on one valid authority', () => {
    const name = fc.constantFrom('Host', 'Content-Length', 'Transfer-Encoding', 'X-A');
    const value = fc.oneof(fc.constantFrom('a', 'a:80', '5', 'chunked', ''), fc.string());
    const target = fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.webPath(), fc.string(), fc.constant('*'));
    fc.assert(
      fc.property(target, fc.array(fc.tuple(name, value)), (text, entries) => {
        const head = check('GET', text, entries.flat());
        if ('status' in head) return;
        expect(head.target.startsWith('/')).toBe(true);
        expect(isAuthority(head.authority)).toBe(true);
        expect(entries.filter(([field]) => field === 'Host')).toHaveLength(1);
      }),
    );
  });

  test('without Host (HTTP/1.0) the authority is that of an absolute target, or empty', () => {
    expect(check('GET', 'http://a:81/b', [], '1.0')).toMatchObject({ authority: 'a:81', target: '/b' });
    expect(check('GET', '/b', [], '1.0')).toMatchObject({ authority: '', target: '/b' });
  });

  test('a hostile target takes no time', () => {
    const limits = { ...defaultListenerLimits, urlBytes: 1e6 };
    const flat = ['Host', 'a'];
    const started = performance.now();
    for (const target of [`http://${'a.'.repeat(100_000)}/`, `http://${'['.repeat(100_000)}`, '?'.repeat(100_000)])
      expect(
        checkRequestHead({ method: 'GET', target, httpVersion: '1.1', scheme: 'http', flat }, limits),
      ).toHaveProperty('status', 400);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test.each(['a', 'a.b-c_d~e:80', '127.0.0.1', '[::1]', '[2001:db8::1]:443'])('%s is an authority', (text) => {
  expect(isAuthority(text)).toBe(true);
});

test.each(['', ':80', 'a:', 'a:123456', 'a b', 'a/b', 'u@a', 'a,b', '[::1', '::1', 'a\n', 'é', 'a%41'])(
  '%j is none',
  (text) => {
    expect(isAuthority(text)).toBe(false);
  },
);

test('the default port of the scheme may be left out', () => {
  expect(sameAuthority('A:80', 'a', 'http')).toBe(true);
  expect(sameAuthority('a:443', 'a', 'https')).toBe(true);
  expect(sameAuthority('a:443', 'a', 'http')).toBe(false);
  expect(sameAuthority('a:80', 'b', 'http')).toBe(false);
});
