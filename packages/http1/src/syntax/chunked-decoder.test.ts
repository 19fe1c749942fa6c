import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { chunkSize, lastChunkWith } from './chunked-encoding.ts';

const limits = { headerBytes: 256, headerCount: 4 };

interface Decoded {
  readonly state: string;
  readonly fault: string | null;
  readonly content: string;
  readonly trailers: readonly string[];
  readonly rest: string;
}

function decode(wire: string, cuts: readonly number[] = []): Decoded {
  const decoder = new ChunkedDecoder(limits);
  const bytes = Buffer.from(wire, 'latin1');
  let content = '';
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut < at) continue;
    const piece = Buffer.from(bytes.subarray(at, cut));
    at += decoder.decode(piece, 0, piece.length, {
      content: (part) => {
        content += part.toString('latin1');
      },
    });
    piece.fill(0);
    if (decoder.state !== 'reading') break;
  }
  decoder.finish();
  return {
    state: decoder.state,
    fault: decoder.fault,
    content,
    trailers: decoder.trailers,
    rest: decoder.state === 'complete' ? wire.slice(at) : '',
  };
}

const everyByte = (wire: string) => Array.from({ length: wire.length }, (_, i) => i + 1);

describe('a chunked body', () => {
  test('is decoded with what follows it left alone', () => {
    expect(decode('5\r\nhello\r\n006;a="b"\r\n world\r\n0\r\n\r\nGET')).toEqual({
      state: 'complete',
      fault: null,
      content: 'hello world',
      trailers: [],
      rest: 'GET',
    });
  });

  test('has trailers', () => {
    const wire = '0\r\nA: 1\r\nb:2\r\n\r\nrest';
    for (const cuts of [[], everyByte(wire)])
      expect(decode(wire, cuts)).toMatchObject({
        state: 'complete',
        trailers: ['A', '1', 'b', '2'],
        rest: 'rest',
      });
  });

  const faults: readonly (readonly [string, string, string])[] = [
    ['no size', '\r\n', 'malformed'],
    ['a size that is no number', 'xyz\r\n', 'malformed'],
    ['a sign', '+5\r\nhello\r\n', 'malformed'],
    ['a minus', '-5\r\nhello\r\n', 'malformed'],
    ['0x', '0x5\r\nhello\r\n', 'malformed'],
    ['an underscore', '1_0\r\n', 'malformed'],
    ['a space in front of the size', ' 5\r\nhello\r\n', 'malformed'],
    ['a space behind the size', '5 \r\nhello\r\n', 'malformed'],
    ['a tab behind the size', '5\t\r\nhello\r\n', 'malformed'],
    ['a size beyond 2^53', '20000000000000\r\n', 'malformed'],
    ['a size beyond 2^64', '10000000000000005\r\n', 'malformed'],
    ['a size with many zeros', `${'0'.repeat(17)}\r\n`, 'malformed'],
    ['LF behind the size', '5\nhello\r\n', 'malformed'],
    ['CR behind the size', '5\rhello\r\n', 'malformed'],
    ['LF in an extension', '5;a\nhello\r\n', 'malformed'],
    ['CR in an extension', '5;a\rb\r\nhello\r\n', 'malformed'],
    ['NUL in an extension', '5;a\0\r\nhello\r\n', 'malformed'],
    ['a chunk longer than its size', '3\r\nhello\r\n', 'malformed'],
    ['a chunk shorter than its size', '5\r\nhel\r\n0\r\n\r\n', 'malformed'],
    ['LF behind a chunk', '5\r\nhello\n0\r\n\r\n', 'malformed'],
    ['CR behind a chunk', '5\r\nhello\r0\r\n\r\n', 'malformed'],
    ['extensions without end', `1;${'a'.repeat(16 * 1024 + 1)}`, 'extensionsTooLarge'],
    ['a folded trailer', '0\r\nA: 1\r\n 2\r\n\r\n', 'malformed'],
    ['a trailer without a colon', '0\r\nA\r\n\r\n', 'malformed'],
    ['LF behind a trailer', '0\r\nA: 1\nB: 2\r\n\r\n', 'malformed'],
    ['LF in place of the last line end', '0\r\n\n', 'malformed'],
    ['CR and something else at the end', '0\r\n\rX', 'malformed'],
    ['too many trailers', `0\r\n${'A: 1\r\n'.repeat(5)}\r\n`, 'trailersTooLarge'],
    ['trailers that are too large', `0\r\nA: ${'a'.repeat(256)}`, 'trailersTooLarge'],
  ];
  for (const [what, wire, fault] of faults) {
    test(`with ${what} is a fault, however it is cut`, () => {
      expect(decode(wire)).toMatchObject({ state: 'fault', fault });
      expect(decode(wire, everyByte(wire))).toMatchObject({ state: 'fault', fault });
    });
  }

  test('extensions count over all chunks', () => {
    const chunk = `1;${'a'.repeat(1023)}\r\nx\r\n`;
    expect(decode(`${chunk.repeat(16)}0\r\n\r\n`)).toMatchObject({ state: 'complete' });
    expect(decode(`${chunk.repeat(17)}0\r\n\r\n`)).toMatchObject({ fault: 'extensionsTooLarge' });
  });

  test('what was encoded is decoded, however it is cut', () => {
    const name = fc.stringMatching(/^[A-Za-z]{1,5}$/);
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })),
        fc.array(fc.tuple(name, fc.stringMatching(/^[a-z0-9]{0,9}$/)), { maxLength: 4 }),
        fc.array(fc.nat(200)),
        (texts, fields, cuts) => {
          const chunks = texts.map((text) => Buffer.from(text).toString('latin1'));
          const body = chunks.map((chunk) => `${chunkSize(chunk.length)}${chunk}\r\n`).join('');
          const wire = `${body}${lastChunkWith(fields.flat())}rest`;
          const wanted = { state: 'complete', content: chunks.join(''), trailers: fields.flat(), rest: 'rest' };
          expect(decode(wire)).toMatchObject(wanted);
          expect(decode(wire, everyByte(wire))).toMatchObject(wanted);
          expect(
            decode(
              wire,
              [...cuts].sort((a, b) => a - b),
            ),
          ).toMatchObject(wanted);
        },
      ),
    );
  });

  test('anything is read the same however it is cut', () => {
    const part = fc.oneof(
      fc.constantFrom('5\r\nhello\r\n', '0\r\n', '\r\n', '1', ';', 'a', '\n', '\r', 'A: 1\r\n', '3\r\n', 'hel', 'F'),
      fc.string({ unit: 'binary', maxLength: 3 }).map((text) => Buffer.from(text).toString('latin1')),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const wire = parts.join('');
        expect(decode(wire, everyByte(wire))).toEqual(decode(wire));
      }),
      { numRuns: 2000 },
    );
  });
});
