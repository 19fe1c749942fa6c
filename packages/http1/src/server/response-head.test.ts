import { HeaderList } from '@lazuli/policies';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadFeed } from '../syntax/head-feed.ts';
import { ResponseHeadReader } from '../syntax/response-head-reader.ts';
import { writeResponseHead, writeUpgradeHead } from './response-head.ts';

const framing = { length: 3, isChunked: false, connectionLines: 'Connection: close\r\n', dateLine: 'Date: now\r\n' };
const head = (...flat: string[]) => ({ status: 200, reason: 'OK', headers: new HeaderList(flat) });

test('the framing is the sender’s, in place of what the headers say', () => {
  const given = head(
    'X-A',
    '1',
    'content-length',
    '9',
    'Transfer-Encoding',
    'gzip',
    'Connection',
    'x',
    'Trailer',
    'X-T',
  );
  expect(writeResponseHead(given, framing)).toBe(
    'HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 3\r\nDate: now\r\nConnection: close\r\n\r\n',
  );
  expect(writeResponseHead(given, { ...framing, length: -1, isChunked: true, connectionLines: '' })).toBe(
    'HTTP/1.1 200 OK\r\nX-A: 1\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\nDate: now\r\n\r\n',
  );
});

test('a Date that is given stays the only one', () => {
  expect(writeResponseHead(head('date', 'then'), framing)).not.toContain('now');
});

test('the head of an upgrade has no framing', () => {
  expect(writeUpgradeHead(head('Content-Length', '9', 'X-A', '1'), 'Date: now\r\n')).toBe(
    'HTTP/1.1 101 OK\r\nX-A: 1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nDate: now\r\n\r\n',
  );
});

test.each([99, 1000, 200.5, Number.NaN])('%s is no status', (status) => {
  expect(writeResponseHead({ ...head(), status }, framing)).toBeNull();
});

test('a phrase that was written once does not let another one pass unchecked', () => {
  expect(writeResponseHead({ ...head(), reason: 'Fine' }, framing)).toContain('200 ');
  expect(writeResponseHead({ ...head(), reason: 'O\r\nX: 1' }, framing)).toBeNull();
});

test('what is written is read back as exactly those fields, whatever they contain; or it is not written', () => {
  const text = fc.oneof(
    fc.stringMatching(/^[A-Za-z-]{1,12}$/),
    fc.string({ maxLength: 8 }),
    fc.constantFrom('1\r\nX: 2', 'a\nb', 'a\rb', '\0', 'Content-Length', 'č', ' ', '\x7f', 'ü'),
  );
  const reader = new ResponseHeadReader({ headerBytes: 10_000, headerCount: 100 });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 5 }), text, (fields, reason) => {
      const written = writeResponseHead({ status: 200, reason, headers: HeaderList.from(fields) }, framing);
      if (written === null) return;
      const wire = Buffer.from(written, 'latin1');
      reader.begin();
      expect(new HeadFeed(reader).feed(wire, 0, wire.length)).toBe(wire.length);
      expect(reader.state).toBe('complete');
      expect(reader.reason).toBe(reason);
      const mine = fields.filter(([name]) => !/^(content-length|connection|trailer|expect|upgrade)$/i.test(name));
      const added = reader.flat.length / 2 - mine.length;
      expect(added).toBe(mine.some(([name]) => name.toLowerCase() === 'date') ? 2 : 3);
      mine.forEach(([name, value], i) => {
        expect(reader.flat[i * 2]).toBe(name);
        expect(reader.flat[i * 2 + 1]).toBe(value.replace(/^[ \t]+|[ \t]+$/g, ''));
      });
    }),
    { numRuns: 3000 },
  );
});
