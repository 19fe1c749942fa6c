import { block, data, flag, frame, frameTypes, get, open, pseudo, request } from '../kit/http2-wire.ts';
import { dropped, end, type Http2Case, ok, protocol, stream } from './http2-case.ts';

const { headers } = frameTypes;

const withField = (name: string, value: string) => get(1, request([name, value]));
const withPseudo = (...fields: readonly (readonly [string, string])[]) => get(1, block(...fields));
const post = (length: string) => open(1, block(...pseudo('POST'), ['content-length', length]));

/** Messages in HTTP/2 (RFC 9113 sections 8 and 9). */
export const messageCases: readonly Http2Case[] = [
  ok('8.1 HEAD', [get(1, block(...pseudo('HEAD')))]),
  ok('8.1 trailers', [open(1), data(1, 'hello', 0), frame(headers, end, 1, block(['x-sum', '1']))]),
  stream(
    '8.1 trailers without END_STREAM',
    [open(1), data(1, 'hello', 0), frame(headers, flag.endHeaders, 1, block(['x-sum', '1'])), data(1, 'x')],
    protocol,
    'STREAM_CLOSED',
  ),
  stream(
    '8.1 a pseudo-header in trailers',
    [open(1), data(1, 'hello', 0), frame(headers, end, 1, block([':method', 'GET']))],
    protocol,
  ),
  // node:http2 makes an error of the connection of it.
  stream('8.1.1 a length that is not that of the body', [post('3'), data(1, 'hello')], protocol, 'INTERNAL_ERROR'),
  stream('8.1.1 a length of two DATA that do not add up', [post('9'), data(1, 'hel', 0), data(1, 'lo')], protocol),
  stream(
    '8.1.1 two lengths that differ',
    [open(1, block(...pseudo('POST'), ['content-length', '5'], ['content-length', '6'])), data(1, 'hello')],
    protocol,
  ),
  stream('8.1.1 a signed length', [post('+5'), data(1, 'hello')], protocol),
  ok('8.1.1 a length that is right', [post('5'), data(1, 'hello')]),
  stream('8.2 a name in upper case', [withField('X-Upper', '1')], protocol),
  dropped('8.2.1 a name with a space', [withField('x y', '1')]),
  dropped('8.2.1 a name with a colon', [withField('x:y', '1')]),
  dropped('8.2.1 an empty name', [withField('', '1')]),
  dropped('8.2.1 a name with a line break', [withField('x\r\ny', '1')]),
  dropped('8.2.1 a value with CR LF', [withField('x', '1\r\nevil: 2')]),
  dropped('8.2.1 a value with LF', [withField('x', '1\nevil: 2')]),
  dropped('8.2.1 a value with NUL', [withField('x', '1\x002')]),
  stream('8.2.2 Connection', [withField('connection', 'keep-alive')], protocol),
  stream('8.2.2 Keep-Alive', [withField('keep-alive', 'timeout=5')], protocol),
  stream('8.2.2 Proxy-Connection', [withField('proxy-connection', 'keep-alive')], protocol),
  stream(
    '8.2.2 Transfer-Encoding (H2.TE)',
    [open(1, block(...pseudo('POST'), ['transfer-encoding', 'chunked'])), data(1, '0\r\n\r\n')],
    protocol,
  ),
  stream('8.2.2 Upgrade', [withField('upgrade', 'websocket')], protocol),
  stream('8.2.2 TE other than trailers', [withField('te', 'trailers, deflate')], protocol),
  ok('8.2.2 TE: trailers', [withField('te', 'trailers')]),
  stream('8.3 an unknown pseudo-header', [withPseudo(...pseudo('GET'), [':test', 'x'])], protocol),
  stream('8.3 a pseudo-header of responses', [withPseudo(...pseudo('GET'), [':status', '200'])], protocol),
  stream(
    '8.3 a pseudo-header behind a field',
    [withPseudo([':method', 'GET'], [':scheme', 'http'], ['x', '1'], [':path', '/a'], [':authority', 'a'])],
    protocol,
  ),
  stream('8.3.1 an empty :path', [withPseudo(...pseudo('GET', ''))], protocol),
  stream('8.3.1 no :method', [withPseudo([':scheme', 'http'], [':path', '/a'], [':authority', 'a'])], protocol),
  stream('8.3.1 no :scheme', [withPseudo([':method', 'GET'], [':path', '/a'], [':authority', 'a'])], protocol),
  stream('8.3.1 no :path', [withPseudo([':method', 'GET'], [':scheme', 'http'], [':authority', 'a'])], protocol),
  stream('8.3.1 two :method', [withPseudo(...pseudo('GET'), [':method', 'GET'])], protocol),
  stream('8.3.1 two :scheme', [withPseudo(...pseudo('GET'), [':scheme', 'http'])], protocol),
  stream('8.3.1 two :path', [withPseudo(...pseudo('GET'), [':path', '/b'])], protocol),
  stream('8.3.1 two :authority', [withPseudo(...pseudo('GET'), [':authority', 'b'])], protocol),
  stream('8.3.1 no authority at all', [withPseudo([':method', 'GET'], [':scheme', 'http'], [':path', '/a'])], protocol),
  stream('8.3.1 :authority and Host that differ', [withField('host', 'b')], protocol),
  stream(
    '8.3.1 :authority with user information',
    [withPseudo([':method', 'GET'], [':scheme', 'http'], [':path', '/a'], [':authority', 'u@a'])],
    protocol,
  ),
  stream(
    '8.3.1 a method with a space (request splitting)',
    [withPseudo(...pseudo('GET /evil HTTP/1.1\r\nx:'))],
    protocol,
  ),
  stream('8.3.1 a path with a space', [withPseudo(...pseudo('GET', '/a HTTP/1.1'))], protocol),
  stream(
    '8.3.1 a path with CR LF (H2.CL and splitting)',
    [withPseudo(...pseudo('GET', '/a HTTP/1.1\r\nHost: b\r\n\r\n'))],
    protocol,
  ),
  stream('8.3.1 a path without a slash', [withPseudo(...pseudo('GET', 'a'))], protocol),
  stream('8.3.1 a path with a fragment', [withPseudo(...pseudo('GET', '/a#b'))], protocol),
  stream('8.5 CONNECT', [withPseudo([':method', 'CONNECT'], [':authority', 'a:443'])], protocol),
  stream('9.1 TRACE', [withPseudo(...pseudo('TRACE'))], protocol),
  stream('8.1 two Hosts', [get(1, request(['host', 'a'], ['host', 'a']))], protocol),
];
