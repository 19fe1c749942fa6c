import { type Family, get, outcome, passed, post, refused, smuggled } from './wire-case.ts';

const second = 'GET /second HTTP/1.1\r\nHost: a\r\n\r\n';
const handshake = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

export const connectionHandling: Family = {
  title: 'Pipelining, connection reuse, upgrades and Expect',
  danger:
    'Whoever loses count of requests and responses gives one client the answer of another, or reads a body as a request.',
  cases: [
    passed('two requests in one write', `${get}\r\n${second}`, 'GET /first 0', 'GET /second 0'),
    passed(
      'a body and a request in one write',
      `${post}Content-Length: 5\r\n\r\nhello${second}`,
      'POST /first 5',
      'GET /second 0',
    ),
    passed(
      'an empty line between requests',
      `${post}Content-Length: 5\r\n\r\nhello\r\n${second}`,
      'POST /first 5',
      'GET /second 0',
    ),
    outcome(
      'what stands behind Connection: close',
      `${get}Connection: close\r\n\r\n${smuggled}`,
      [200],
      ['GET /first 0'],
    ),
    outcome(
      'what stands behind close in a list',
      `${get}Connection: x, CLOSE\r\n\r\n${smuggled}`,
      [200],
      ['GET /first 0'],
    ),
    outcome(
      'what stands behind close and keep-alive',
      `${get}Connection: keep-alive, close\r\n\r\n${smuggled}`,
      [200],
      ['GET /first 0'],
    ),
    outcome(
      'what stands behind an HTTP/1.0 request',
      `GET /first HTTP/1.0\r\nHost: a\r\n\r\n${smuggled}`,
      [200],
      ['GET /first 0'],
    ),
    passed(
      'HTTP/1.0 kept alive',
      `GET /first HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n${second}`,
      'GET /first 0',
      'GET /second 0',
    ),
    passed(
      'HTTP/1.0 kept alive with a body',
      `POST /first HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello${second}`,
      'POST /first 5',
      'GET /second 0',
    ),
    outcome(
      'a request behind one without an operation',
      `BREW /first HTTP/1.1\r\nHost: a\r\n\r\n${second}`,
      [404, 200],
      ['GET /second 0'],
    ),
    outcome(
      'a body of a request that is answered without reading it',
      `BREW /first HTTP/1.1\r\nHost: a\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}${second}`,
      [404, 200],
      ['GET /second 0'],
    ),
    outcome(
      'a chunked body of a request that is answered without reading it',
      `BREW /first HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n${second}`,
      [404, 200],
      ['GET /second 0'],
    ),
    outcome('garbage behind a request', `${get}\r\nGARBAGE\r\n\r\n${smuggled}`, [200, 400], ['GET /first 0']),
    outcome(
      'a refused request between two others',
      `${get}\r\nGET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${smuggled}`,
      [200, 400],
      ['GET /first 0'],
    ),
    outcome(
      'more bytes than the length says',
      `${post}Content-Length: 5\r\n\r\nhelloGARBAGE\r\n\r\n${smuggled}`,
      [200, 400],
      ['POST /first 5'],
    ),
    outcome('OPTIONS * is for no API', `OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n${second}`, [404, 200], ['GET /second 0']),
    passed(
      'an h2c upgrade is a request without one',
      `${get}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n${second}`,
      'GET /first 0',
      'GET /second 0',
    ),
    passed(
      'an h2c upgrade with a body that hides a request',
      `${post}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}${second}`,
      `POST /first ${smuggled.length}`,
      'GET /second 0',
    ),
    passed(
      'an upgrade to TLS',
      `${get}Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n\r\n${second}`,
      'GET /first 0',
      'GET /second 0',
    ),
    passed(
      'Upgrade without Connection',
      `${get}Upgrade: websocket\r\n${handshake}\r\n${second}`,
      'GET /first 0',
      'GET /second 0',
    ),
    outcome(
      'a WebSocket upgrade to an API that has none: nothing behind it is a request',
      `${get}Connection: Upgrade\r\nUpgrade: websocket\r\n${handshake}\r\n${smuggled}`,
      [200],
      ['GET /first 0'],
    ),
    passed(
      'a WebSocket upgrade with a body is no upgrade',
      `${post}Connection: Upgrade\r\nUpgrade: websocket\r\n${handshake}Content-Length: ${smuggled.length}\r\n\r\n${smuggled}${second}`,
      `POST /first ${smuggled.length}`,
      'GET /second 0',
    ),
    outcome(
      'Expect: 100-continue with the body sent along',
      `${post}Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello${second}`,
      [200, 200],
      ['POST /first 5', 'GET /second 0'],
    ),
    outcome(
      '0.CL by Expect: the body is the body, whatever it looks like',
      `${post}Expect: 100-continue\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}${second}`,
      [200, 200],
      [`POST /first ${smuggled.length}`, 'GET /second 0'],
    ),
    outcome(
      'Expect with a chunked body',
      `${post}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n${second}`,
      [200, 200],
      ['POST /first 5', 'GET /second 0'],
    ),
    refused(
      'Expect with something in front',
      `${post}Expect: y 100-continue\r\nContent-Length: 5\r\n\r\nhello${smuggled}`,
      417,
    ),
    refused(
      'Expect with a line break in it',
      `${post}Expect: \r\n 100-continue\r\nContent-Length: 5\r\n\r\nhello${smuggled}`,
    ),
    refused('Expect with a list', `${post}Expect: 100-continue, x\r\nContent-Length: 5\r\n\r\nhello${smuggled}`, 417),
    refused('Expect of something else', `${post}Expect: 200-ok\r\nContent-Length: 5\r\n\r\nhello${smuggled}`, 417),
    refused('an Expect that is empty', `${post}Expect:\r\nContent-Length: 5\r\n\r\nhello${smuggled}`, 417),
    refused(
      'Expect with CL and TE',
      `${post}Expect: 100-continue\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ),
    refused(
      'Expect with an obfuscated length',
      `${post}Expect: 100-continue\r\nContent-Length: +5\r\n\r\nhello${smuggled}`,
    ),
    outcome(
      'Expect on HTTP/1.0 is no question',
      'POST /first HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello',
      [200],
      ['POST /first 5'],
    ),
    outcome(
      'Expect on GET without a body',
      `${get}Expect: 100-continue\r\n\r\n${second}`,
      [200, 200],
      ['GET /first 0', 'GET /second 0'],
    ),
    outcome('an h2 preface with something else behind', 'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n', [505], []),
  ],
};
