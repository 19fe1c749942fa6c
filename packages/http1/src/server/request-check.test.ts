import { checkRequestHead, defaultListenerLimits } from '@lazuli/http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadFeed } from '../syntax/head-feed.ts';
import { RequestHeadReader } from '../syntax/request-head-reader.ts';
import { RequestCheck } from './request-check.ts';

test('the short way decides as the long one does', () => {
  const field = fc.constantFrom(
    ...['Host: a', 'Host: b:80', 'Host: ', 'Host: u@a', 'hOST: [::1]', 'Content-Length: 5', 'Content-Length: 05'],
    ...['Content-Length: x', 'content-length: 0', 'Transfer-Encoding: chunked', 'Transfer-Encoding: gzip', 'X-A: 1'],
  );
  const method = fc.constantFrom('GET', 'POST', 'OPTIONS', 'CONNECT', 'TRACE', 'get');
  const target = fc.constantFrom('/', '/a?b', '/a#b', '*', 'a', 'http://a/b', 'http://b:80', 'https://a/', '//a/b');
  const version = fc.constantFrom('1.0', '1.1');
  const reader = new RequestHeadReader(defaultListenerLimits);
  const check = new RequestCheck(defaultListenerLimits, 'http');
  fc.assert(
    fc.property(method, target, version, fc.array(field, { maxLength: 4 }), (verb, path, httpVersion, fields) => {
      reader.begin();
      const wire = Buffer.from(
        `${verb} ${path} HTTP/${httpVersion}\r\n${fields.map((one) => `${one}\r\n`).join('')}\r\n`,
      );
      new HeadFeed(reader).feed(wire, 0, wire.length);
      const wanted = checkRequestHead(
        { method: verb, target: path, httpVersion, scheme: 'http', flat: reader.flat },
        defaultListenerLimits,
      );
      expect(check.check(reader)).toEqual(wanted);
    }),
    { numRuns: 5000 },
  );
});
