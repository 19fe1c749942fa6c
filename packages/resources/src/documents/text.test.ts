import { expect, test } from 'vitest';
import { decodeText } from './text.ts';

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

test('drops a byte order mark', () => {
  expect(decodeText('a', bytes([0xef, 0xbb, 0xbf], '{}'))).toEqual({ text: '{}', diagnostics: [] });
});

test('refuses bytes that are not UTF-8, with their place', () => {
  const { text, diagnostics } = decodeText('a', bytes('ab\ncd', [0xff], 'e'));
  expect(text).toBeNull();
  expect(diagnostics).toMatchObject([{ code: 'InvalidEncoding', line: 2, column: 3 }]);
});

test('refuses UTF-16', () => {
  expect(decodeText('a', Buffer.from('\ufeff{}', 'utf16le')).diagnostics).toMatchObject([{ code: 'InvalidEncoding' }]);
});

test('refuses NUL characters, with their place', () => {
  expect(decodeText('a', bytes('a\n\0')).diagnostics).toMatchObject([{ code: 'NulCharacter', line: 2, column: 1 }]);
});
