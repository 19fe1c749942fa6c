import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeadFeed } from './head-feed.ts';
import { RequestHeadReader } from './request-head-reader.ts';

const limits = { headerBytes: 512, headerCount: 8, urlBytes: 64 };

interface Reading {
  readonly state: string;
  readonly fault: string | null;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly flat: readonly string[];
  readonly problem: string | null;
  /** What is behind the head. */
  readonly rest: string;
}

/** Reads a head that arrives in pieces which end at `cuts`. */
function readHead(wire: string, cuts: readonly number[] = []): Reading {
  const reader = new RequestHeadReader(limits);
  const feed = new HeadFeed(reader);
  const bytes = Buffer.from(wire, 'latin1');
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut < at) continue;
    // The next piece overwrites what a shared buffer held.
    const piece = Buffer.from(bytes.subarray(at, cut));
    const read = feed.feed(piece, 0, piece.length);
    piece.fill(0);
    at += read;
    if (reader.state !== 'reading') break;
  }
  feed.finish();
  return {
    state: reader.state,
    fault: reader.fault,
    method: reader.method,
    target: reader.target,
    version: reader.httpVersion,
    flat: reader.flat,
    problem: reader.framingProblem,
    rest: reader.state === 'complete' ? wire.slice(at) : '',
  };
}

const everyByte = (wire: string) => Array.from({ length: wire.length }, (_, i) => i + 1);

describe('a request head', () => {
  test('is read with what follows it left alone', () => {
    const wire = 'POST /a?b HTTP/1.1\r\nHost: x\r\nx-A:  1 \t\r\nX-b:\r\nContent-Length: 3\r\n\r\nabc';
    expect(readHead(wire)).toEqual({
      state: 'complete',
      fault: null,
      method: 'POST',
      target: '/a?b',
      version: '1.1',
      flat: ['Host', 'x', 'x-A', '1', 'X-b', '', 'Content-Length', '3'],
      problem: null,
      rest: 'abc',
    });
  });

  const faults: readonly (readonly [string, string, string])[] = [
    ['HTTP/0.9', 'GET /\r\n', 'version'],
    ['HTTP/2.0', 'GET / HTTP/2.0\r\n', 'version'],
    ['HTTP/1.2', 'GET / HTTP/1.2\r\n', 'version'],
    ['HTTP/1.10', 'GET / HTTP/1.10\r\n', 'malformed'],
    ['a version in lower case', 'GET / http/1.1\r\n', 'malformed'],
    ['a tab behind the method', 'GET\t/ HTTP/1.1\r\n', 'malformed'],
    ['two spaces behind the method', 'GET  / HTTP/1.1\r\n', 'malformed'],
    ['two spaces behind the target', 'GET /  HTTP/1.1\r\n', 'malformed'],
    ['a space behind the version', 'GET / HTTP/1.1 \r\n', 'malformed'],
    ['a bare LF behind the version', 'GET / HTTP/1.1\nHost: a\n\n', 'malformed'],
    ['a bare CR behind the version', 'GET / HTTP/1.1\rHost: a', 'malformed'],
    ['two empty lines in front', '\r\n\r\nGET / HTTP/1.1\r\n', 'malformed'],
    ['a bare LF in front', '\nGET / HTTP/1.1\r\n', 'malformed'],
    ['a space in front', ' GET / HTTP/1.1\r\n', 'malformed'],
    ['a method with a bracket', 'GE(T / HTTP/1.1\r\n', 'malformed'],
    ['a method without end', `${'A'.repeat(33)}`, 'malformed'],
    ['a target with a byte beyond ASCII', 'GET /\xfc HTTP/1.1\r\n', 'malformed'],
    ['a target with a NUL', 'GET /\0 HTTP/1.1\r\n', 'malformed'],
    ['a target with a DEL', 'GET /\x7f HTTP/1.1\r\n', 'malformed'],
    ['a target that is too long', `GET /${'a'.repeat(64)}`, 'targetTooLong'],
    ['a TLS hello', '\x16\x03\x01\x02', 'malformed'],
    ['a space in front of the first field', 'GET / HTTP/1.1\r\n A: 1\r\n', 'malformed'],
    ['a folded field', 'GET / HTTP/1.1\r\nA: 1\r\n 2\r\n', 'malformed'],
    ['a space in front of the colon', 'GET / HTTP/1.1\r\nA : 1\r\n', 'malformed'],
    ['a field without a colon', 'GET / HTTP/1.1\r\nA\r\n', 'malformed'],
    ['a field without a name', 'GET / HTTP/1.1\r\n: 1\r\n', 'malformed'],
    ['a bare CR in a value', 'GET / HTTP/1.1\r\nA: 1\r2\r\n', 'malformed'],
    ['a bare LF behind a value', 'GET / HTTP/1.1\r\nA: 1\nB: 2\r\n', 'malformed'],
    ['a NUL in a value', 'GET / HTTP/1.1\r\nA: 1\0\r\n', 'malformed'],
    ['a DEL in a value', 'GET / HTTP/1.1\r\nA: 1\x7f\r\n', 'malformed'],
    ['CR and something else at the end', 'GET / HTTP/1.1\r\nA: 1\r\n\rX', 'malformed'],
    ['fields that are too large', `GET / HTTP/1.1\r\nA: ${'a'.repeat(512)}`, 'fieldsTooLarge'],
    ['fields that are too many', `GET / HTTP/1.1\r\n${'A: 1\r\n'.repeat(9)}`, 'tooManyFields'],
  ];
  for (const [what, wire, fault] of faults) {
    test(`with ${what} is a fault, however it is cut`, () => {
      expect(readHead(wire)).toMatchObject({ state: 'fault', fault });
      expect(readHead(`${wire}\r\n\r\n`)).toMatchObject({ state: 'fault', fault });
      expect(readHead(`${wire}\r\n\r\n`, everyByte(`${wire}\r\n\r\n`))).toMatchObject({ state: 'fault', fault });
    });
  }

  test('may use each limit to the last byte', () => {
    const target = `/${'a'.repeat(63)}`;
    expect(readHead(`GET ${target} HTTP/1.1\r\n\r\n`)).toMatchObject({ state: 'complete', target });
    const value = 'a'.repeat(512 - 'A: \r\n'.length);
    for (const cuts of [[], everyByte(`GET / HTTP/1.1\r\nA: ${value}\r\n\r\n`)])
      expect(readHead(`GET / HTTP/1.1\r\nA: ${value}\r\n\r\n`, cuts)).toMatchObject({ state: 'complete' });
    expect(readHead(`GET / HTTP/1.1\r\nA: ${value}a\r\n\r\n`)).toMatchObject({ fault: 'fieldsTooLarge' });
    expect(readHead(`GET / HTTP/1.1\r\n${'A: 1\r\n'.repeat(8)}\r\n`)).toMatchObject({ state: 'complete' });
    expect(readHead(`${'A'.repeat(32)} / HTTP/1.1\r\n\r\n`)).toMatchObject({ state: 'complete' });
  });

  test('may stand behind one empty line', () => {
    expect(readHead('\r\nGET / HTTP/1.1\r\n\r\n')).toMatchObject({ state: 'complete', target: '/' });
    expect(readHead('\r\nGET / HTTP/1.1\r\n\r\n', everyByte('\r\n'))).toMatchObject({ state: 'complete' });
  });

  const framing: readonly (readonly [string, string])[] = [
    ['Content-Length: 1\r\nContent-Length: 1', 'more than one Content-Length'],
    ['Content-Length: 1\r\ncontent-length: 2', 'more than one Content-Length'],
    ['Content-Length: 1,1', 'a malformed Content-Length'],
    ['Content-Length: +1', 'a malformed Content-Length'],
    ['Content-Length: 0x1', 'a malformed Content-Length'],
    ['Content-Length: 1e3', 'a malformed Content-Length'],
    ['Content-Length:\t1', 'a malformed Content-Length'],
    ['Content-Length: 9007199254740993', 'a malformed Content-Length'],
    ['Content-Length:', 'a malformed Content-Length'],
    ['Transfer-Encoding: chunked\r\ntransfer-encoding: chunked', 'more than one Transfer-Encoding'],
    ['Transfer-Encoding: gzip', "a Transfer-Encoding other than exactly 'chunked'"],
    ['Transfer-Encoding: \tchunked', "a Transfer-Encoding other than exactly 'chunked'"],
    ['Transfer-Encoding: chunked, chunked', "a Transfer-Encoding other than exactly 'chunked'"],
    ['Transfer-Encoding: chun\xebed', "a Transfer-Encoding other than exactly 'chunked'"],
    ['Transfer-Encoding: chunked\r\nContent-Length: 1', 'both Content-Length and Transfer-Encoding'],
    ['Content-Length: 1\r\nTransfer-Encoding: chunked', 'both Content-Length and Transfer-Encoding'],
  ];
  for (const [fields, problem] of framing) {
    test(`with ${JSON.stringify(fields)} has ${problem}`, () => {
      expect(readHead(`POST / HTTP/1.1\r\n${fields}\r\n\r\n`)).toMatchObject({ state: 'complete', problem });
    });
  }

  test('of HTTP/1.0 has no Transfer-Encoding', () => {
    expect(readHead('POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n')).toMatchObject({
      problem: 'a Transfer-Encoding on HTTP/1.0',
    });
  });

  test('is read the same however it is cut', () => {
    const piece = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('GET / HTTP/1.1\r\n', 'A: 1\r\n', 'Host: a\r\n', '\r\n', 'B:\t2 \r\n') },
      fc.constantFrom('\r', '\n', ' ', ':', '\t', '\0', 'a', `${'b'.repeat(80)}`, 'HTTP/1.0', 'Content-Length: 5\r\n'),
      fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Buffer.from(text).toString('latin1')),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 16 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        fc.boolean(),
        (parts, cuts, isWellBegun) => {
          const wire = (isWellBegun ? 'GET /x HTTP/1.1\r\n' : '') + parts.join('');
          const whole = readHead(wire);
          const sorted = cuts.filter((cut) => cut < wire.length).sort((a, b) => a - b);
          expect(readHead(wire, sorted)).toEqual(whole);
          expect(readHead(wire, everyByte(wire))).toEqual(whole);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
