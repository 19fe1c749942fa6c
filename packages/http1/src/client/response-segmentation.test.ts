import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ResponseReader } from './response-reader.ts';

const limits = { headerBytes: 4096, headerCount: 50 };

interface Outcome {
  readonly status: number;
  readonly fields: readonly string[];
  readonly content: string;
  readonly trailers: readonly string[];
  readonly isAccepted: boolean;
  /** Bytes behind the end. */
  readonly surplus: number;
}

/** Reads a response that arrives in the given pieces, as a connection does. */
function read(bytes: Buffer, cuts: readonly number[], method: string): Outcome {
  const reader = new ResponseReader(limits);
  reader.begin(method);
  let content = '';
  let surplus = 0;
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  // The buffer is shared and larger than what was read: stale bytes behind must not matter.
  const shared = Buffer.alloc(bytes.length + 64, '\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n');
  let from = 0;
  for (const end of ends) {
    const size = bytes.copy(shared, 0, from, end);
    from = end;
    let at = 0;
    while (at < size && reader.problem === null && reader.state !== 'complete') {
      if (reader.state === 'content') content += reader.readContent(shared, at, size)?.toString('latin1') ?? '';
      else reader.readHead(shared, at, size);
      at = reader.at;
    }
    surplus += reader.state === 'complete' ? size - at : 0;
  }
  // The backend closes: what is not complete now is a failure, as what was refused at its first wrong byte.
  reader.end();
  if (reader.state !== 'complete' || reader.problem !== null) return nothing;
  const { status, flat } = reader.head;
  return { isAccepted: true, status, fields: flat, content, trailers: reader.trailers, surplus };
}

const nothing: Outcome = { isAccepted: false, status: 0, fields: [], content: '', trailers: [], surplus: 0 };

const name = fc.constantFrom('X-A', 'Server', 'content-type', 'Keep-Alive', 'Connection', 'Set-Cookie');
const value = fc.stringMatching(/^[ -~\u00a0-\u00ff]{0,20}$/).map((text) => text.trim());
const text = fc.stringMatching(/^[\s\S]{0,40}$/).map((part) => Buffer.from(part, 'latin1').toString('latin1'));
const lines = fc
  .array(fc.tuple(name, value), { maxLength: 6 })
  .map((fields) => fields.map(([key, one]) => `${key}: ${one}\r\n`).join(''));
const chunks = fc.array(text, { maxLength: 5 }).map((parts) => parts.filter((part) => part !== ''));
const valid = fc.oneof(
  fc
    .tuple(lines, text)
    .map(([fields, body]) => `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`),
  fc
    .tuple(lines, chunks, fc.boolean())
    .map(
      ([fields, parts, trailers]) =>
        `HTTP/1.1 203 Fine\r\n${fields}Transfer-Encoding: chunked\r\n\r\n` +
        `${parts.map((part) => `${part.length.toString(16)};x=y\r\n${part}\r\n`).join('')}0\r\n${trailers ? 'X-Sum: 1\r\n' : ''}\r\n`,
    ),
  fc.tuple(lines, text).map(([fields, body]) => `HTTP/1.0 200\r\n${fields}\r\n${body}`),
  fc.tuple(lines).map(([fields]) => `HTTP/1.1 103 Hints\r\nLink: a\r\n\r\nHTTP/1.1 204 No Content\r\n${fields}\r\n`),
);
const damage = fc.record({
  at: fc.nat(),
  with: fc.constantFrom('', '\r', '\n', '\0', ' ', ':', 'A', '\r\n', '0', ';'),
});

test('the outcome depends on the bytes of a response, never on where they were cut', () => {
  fc.assert(
    fc.property(
      valid,
      fc.array(damage, { maxLength: 2 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.constantFrom('GET', 'HEAD'),
      (response, damages, cuts, method) => {
        let damaged = response;
        for (const one of damages) {
          const at = one.at % (damaged.length + 1);
          damaged = damaged.slice(0, at) + one.with + damaged.slice(at + 1);
        }
        const bytes = Buffer.from(damaged, 'latin1');
        const whole = read(bytes, [], method);
        expect(read(bytes, cuts, method)).toEqual(whole);
        expect(read(bytes, Array.from(bytes.keys()), method)).toEqual(whole);
      },
    ),
    { numRuns: 1500 },
  );
});

test('undamaged responses are read completely', () => {
  fc.assert(
    fc.property(valid, (response) => {
      const outcome = read(Buffer.from(response, 'latin1'), [], 'GET');
      expect(outcome.isAccepted).toBe(true);
      expect(outcome.surplus).toBe(0);
    }),
  );
});

test('two framings, or one in two readings, are never accepted, whatever else the response holds', () => {
  const ambiguous = fc.constantFrom(
    'Content-Length: 5\r\nContent-Length: 5\r\n',
    'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
    'Transfer-Encoding: chunked\r\nContent-Length: 0\r\n',
    'Transfer-Encoding: gzip, chunked\r\n',
    'Transfer-Encoding: chunked, chunked\r\n',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n',
    'Transfer-Encoding: identity\r\n',
    'Transfer-Encoding:\r\n',
    'Content-Length: 0x5\r\n',
    'Content-Length: 5,5\r\n',
    'Content-Length: 99999999999999999999\r\n',
    'Content-Length : 5\r\n',
    'X-A: 1\r\n Content-Length: 5\r\n',
  );
  fc.assert(
    fc.property(
      lines,
      ambiguous,
      lines,
      text,
      fc.array(fc.nat(), { maxLength: 5 }),
      (before, bad, after, body, cuts) => {
        const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${before}${bad}${after}\r\n${body}`, 'latin1');
        expect(read(bytes, cuts, 'GET').isAccepted).toBe(false);
      },
    ),
  );
});

test('random bytes never make the reader fail or stand still', () => {
  const until = performance.now() + 1500;
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        'HTTP/1.1 ',
        '200 OK',
        '\r\n',
        '\r\n\r\n',
        'Content-Length: ',
        'Transfer-Encoding: chunked\r\n',
        '5',
        '0\r\n',
      ),
      fc.constantFrom('\0', '\n', '\r', ':', ';', '\x80', '\xff', 'HTTP/1.1 100 \r\n\r\n', '5\r\nhello\r\n'),
      text,
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(), { maxLength: 8 }), fc.boolean(), (parts, cuts, starts) => {
      const bytes = Buffer.from((starts ? 'HTTP/1.1 200 OK\r\n' : '') + parts.join(''), 'latin1');
      expect(read(bytes, cuts, 'GET')).toEqual(read(bytes, [], 'GET'));
      fc.pre(performance.now() < until);
    }),
    { numRuns: 20_000, interruptAfterTimeLimit: 1500, markInterruptAsFailure: false },
  );
});
