import { readFileSync } from 'node:fs';
import { defaultListenerLimits, defaultUpstreamLimits } from '@lazuli/http';
import { expect, test } from 'vitest';
import { httpSecurityPage } from './page.ts';

const page = readFileSync(new URL('../../docs/http-security.md', import.meta.url), 'utf8');

test('docs/http-security.md says what the tests check (node tests/http/write-page.ts)', () => {
  expect(page).toBe(httpSecurityPage());
});

test('its limits are those of the code', () => {
  const { urlBytes, headerBytes, headerCount, headTimeoutMs, requestTimeoutMs, idleTimeoutMs, connections } =
    defaultListenerLimits;
  expect(page).toContain(`| request target | ${urlBytes / 1024} KiB |`);
  expect(page).toContain(`| header fields of a request together | ${headerBytes / 1024} KiB |`);
  expect(page).toContain(`| number of header fields | ${headerCount} |`);
  expect(page).toContain(`| time until the head is complete | ${headTimeoutMs / 1000} s |`);
  expect(page).toContain(`| time until the request is complete | ${requestTimeoutMs / 1000} s |`);
  expect(page).toContain(`| connection without a request | ${idleTimeoutMs / 1000} s |`);
  expect(page).toContain(`| connections | ${connections.toLocaleString('en')} |`);
  expect(page).toContain(`response together | ${defaultUpstreamLimits.headerBytes / 1024} KiB |`);
});
