import { HeaderList } from '@lazuli/policies';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endToEndHeaders, forwardableTrailers, isWrittenBySender } from './hop-by-hop.ts';

const pass = (...flat: string[]) => [...endToEndHeaders(new HeaderList(flat)).flat];

describe('endToEndHeaders', () => {
  test('keeps order, spelling and repetition of what goes on', () => {
    const flat = ['x-B', '1', 'Host', 'a', 'X-b', '2', 'Content-Length', '3', 'Trailer', 'X', 'Expect', '100-continue'];
    expect(pass(...flat)).toEqual(flat);
  });

  test('removes what concerns the connection', () => {
    expect(
      pass(
        ...['Connection', 'close', 'KEEP-ALIVE', '1', 'Proxy-Connection', 'x', 'Transfer-Encoding', 'chunked'],
        ...['Upgrade', 'h2c', 'HTTP2-Settings', 'x', 'Proxy-Authorization', 'x', 'Proxy-Authenticate', 'x', 'X-A', '1'],
      ),
    ).toEqual(['X-A', '1']);
  });

  test('removes what Connection names, over several fields and in any spelling', () => {
    expect(
      pass('X-A', '1', 'connection', 'x-a , X-B,,', 'X-b', '2', 'Connection', 'X-C', 'x-C', '3', 'X-D', '4'),
    ).toEqual(['X-D', '4']);
  });

  test('does not let Connection remove what gives the message its meaning', () => {
    const flat = [
      'Host',
      'a',
      'Content-Length',
      '1',
      'Content-Type',
      'x',
      'Content-Encoding',
      'gzip',
      'Authorization',
      'y',
    ];
    expect(pass('Connection', 'host, content-length, content-type, content-encoding, authorization', ...flat)).toEqual(
      flat,
    );
  });

  test('keeps of TE only the wish for trailers', () => {
    expect(pass('TE', 'gzip;q=0.5, Trailers')).toEqual(['TE', 'trailers']);
    expect(pass('TE', 'gzip')).toEqual([]);
    expect(pass('Connection', 'TE', 'TE', 'trailers')).toEqual(['TE', 'trailers']);
  });

  test('is idempotent, and never makes a header up', () => {
    const name = fc.constantFrom('Connection', 'X-A', 'x-b', 'TE', 'Upgrade', 'Host', 'Keep-Alive', '__proto__');
    const value = fc.constantFrom('x-a', 'X-B, close', 'trailers', '', ',', 'keep-alive', '__proto__');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (entries) => {
        const once = endToEndHeaders(HeaderList.from(entries));
        expect(endToEndHeaders(once).flat).toEqual(once.flat);
        for (const [kept, keptValue] of once.entries()) {
          if (kept !== 'TE') expect(entries).toContainEqual([kept, keptValue]);
        }
      }),
    );
  });
});

test('trailers that could change the message stay behind', () => {
  const flat = [
    'X-Sum',
    '1',
    'Host',
    'a',
    'content-length',
    '1',
    'Transfer-Encoding',
    'x',
    'Set-Cookie',
    'y',
    'grpc-status',
    '0',
  ];
  expect(forwardableTrailers(flat)).toEqual(['X-Sum', '1', 'grpc-status', '0']);
});

test('the sender writes framing and connection headers, whatever their spelling', () => {
  for (const name of [
    'Content-Length',
    'TRANSFER-ENCODING',
    'connection',
    'Keep-Alive',
    'upgrade',
    'Expect',
    'proxy-connection',
  ])
    expect(isWrittenBySender(name)).toBe(true);
  for (const name of ['Content-Type', 'Host', 'Trailer', 'Accept', 'Cookie', 'X-Content-Length'])
    expect(isWrittenBySender(name)).toBe(false);
});
