import { describe, expect, it } from 'vitest';
import { redirectOf } from './redirects.ts';

const from = 'https://a.example/x/y?z';

describe('a redirect', () => {
  it.each([
    [301, 'POST', 'GET', false],
    [302, 'POST', 'GET', false],
    [303, 'PUT', 'GET', false],
    [303, 'HEAD', 'HEAD', true],
    [301, 'PUT', 'PUT', true],
    [307, 'POST', 'POST', true],
    [308, 'POST', 'POST', true],
  ])('%i of %s goes on as %s', (status, method, expected, keepsBody) => {
    const redirect = redirectOf(status, '../there?q', method, from);
    expect(redirect).toMatchObject({ method: expected, keepsBody });
    expect(redirect?.url.href).toBe('https://a.example/there?q');
  });

  it.each([
    [200, 'https://b.example/'],
    [304, 'https://b.example/'],
    [302, undefined],
    [302, 'http://a.example/without-tls'],
    [302, 'file:///etc/passwd'],
    [302, 'http://['],
  ])('%i to %s is not followed', (status, location) => {
    expect(redirectOf(status, location, 'GET', from)).toBeNull();
  });
});
