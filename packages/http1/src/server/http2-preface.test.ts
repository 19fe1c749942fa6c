import { expect, test } from 'vitest';
import { matchHttp2Preface } from './http2-preface.ts';

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

test('every beginning of the preface may become one', () => {
  for (let length = 1; length < preface.length; length++)
    expect(matchHttp2Preface(Buffer.from(preface.slice(0, length)))).toBe('perhaps');
  expect(matchHttp2Preface(Buffer.from(preface))).toBe('yes');
  expect(matchHttp2Preface(Buffer.from(`${preface}\0\0\0`))).toBe('yes');
});

test.each(['G', 'PO', 'PRI *  ', 'PRI * HTTP/1.1', `${preface.slice(0, -1)}x`])('%j is none', (text) => {
  expect(matchHttp2Preface(Buffer.from(text))).toBe('no');
});
