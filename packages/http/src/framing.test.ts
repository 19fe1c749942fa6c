import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContentLength, readFraming, responseHasBody } from './framing.ts';

describe('parseContentLength', () => {
  test('reads what it is given, and nothing else', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (length) => {
        expect(parseContentLength(String(length))).toBe(length);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const length = parseContentLength(text);
        if (length !== undefined) expect(text).toMatch(/^[0-9]{1,16}$/);
      }),
    );
  });

  test.each(['', ' 5', '5 ', '+5', '-5', '0x5', '5,5', '5.0', '1e3', '٥', '9007199254740993', '1'.repeat(40)])(
    'refuses %j',
    (text) => {
      expect(parseContentLength(text)).toBeUndefined();
    },
  );
});

describe('readFraming', () => {
  test.each<[readonly string[], string, unknown]>([
    [[], '1.1', { length: null, chunked: false }],
    [['content-LENGTH', '5'], '1.0', { length: 5, chunked: false }],
    [['Transfer-Encoding', 'CHUNKED'], '1.1', { length: null, chunked: true }],
    [['X-Content-Length', '5', 'Transfer-Encodings', 'x'], '1.1', { length: null, chunked: false }],
    [['Content-Length', '5', 'Content-Length', '5'], '1.1', 'more than one Content-Length'],
    [['Content-Length', '5', 'Transfer-Encoding', 'chunked'], '1.1', 'both Content-Length and Transfer-Encoding'],
    [['Transfer-Encoding', 'chunked', 'Content-Length', '0'], '1.1', 'both Content-Length and Transfer-Encoding'],
    [['Transfer-Encoding', 'chunked '], '1.1', "a Transfer-Encoding other than exactly 'chunked'"],
    [['Transfer-Encoding', 'chun\u212aed'], '1.1', "a Transfer-Encoding other than exactly 'chunked'"],
    [['Transfer-Encoding', ''], '1.1', "a Transfer-Encoding other than exactly 'chunked'"],
    [['Transfer-Encoding', 'chunked'], '1.0', 'a Transfer-Encoding on HTTP/1.0'],
  ])('%j on %s', (flat, version, expected) => {
    expect(readFraming(flat, version)).toEqual(expected);
  });
});

test('responses without a body', () => {
  expect([200, 404, 205].map((status) => responseHasBody('GET', status))).toEqual([true, true, true]);
  expect([100, 204, 304].map((status) => responseHasBody('GET', status))).toEqual([false, false, false]);
  expect(responseHasBody('HEAD', 200)).toBe(false);
});
