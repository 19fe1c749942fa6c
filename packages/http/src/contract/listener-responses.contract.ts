import { describe, expect, test } from 'vitest';
import type { InboundRequest, ResponseOutcome } from '../listener.ts';
import { ManualBody } from './bodies.ts';
import { answer, head, listening, type MakeListener } from './listening.ts';
import { standsStill } from './waiting.ts';

const get = (target = '/') => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;

/** Response heads and the life of the connection around them. */
export function describeResponses(make: MakeListener): void {
  describe('responses', () => {
    const start = listening(make);

    test('headers keep their order, spelling and repetition', async () => {
      const { client } = await start((request) => {
        void request.respond(head(200, 'x-B', '1', 'Set-Cookie', 'a=1', 'X-b', '\xfc', 'set-cookie', 'b=2'), null);
      });
      const text = await client().send(get()).until('\r\n\r\n');
      expect(text).toMatch(
        /^HTTP\/1\.1 200 OK\r\nx-B: 1\r\nSet-Cookie: a=1\r\nX-b: \xfc\r\nset-cookie: b=2\r\nContent-Length: 0\r\n/,
      );
    });

    test('status and reason are the given ones; a Date of the backend stays', async () => {
      const { client } = await start((request) => {
        const { headers } = head(0, 'Date', 'Thu, 01 Jan 1970 00:00:00 GMT');
        void request.respond({ status: 299, reason: 'Quite Fine', headers }, null);
      });
      const text = await client().send(get()).until('\r\n\r\n');
      expect(text).toMatch(/^HTTP\/1\.1 299 Quite Fine\r\n/);
      expect(text.match(/Date: .*/g)).toEqual(['Date: Thu, 01 Jan 1970 00:00:00 GMT']);
    });

    test('framing headers of the caller are replaced', async () => {
      const { client } = await start((request) => {
        const headers = ['Content-Length', '99', 'Transfer-Encoding', 'gzip', 'Connection', 'x', 'Keep-Alive', 'y'];
        void request.respond(head(200, ...headers), Buffer.from('abc'));
      });
      const text = await client().send(get()).until('abc');
      expect(text.match(/content-length: .*/gi)).toEqual(['Content-Length: 3']);
      expect(text).not.toMatch(/Transfer-Encoding|99|Connection: x|Keep-Alive: y/);
    });

    const splitting: readonly (readonly [string, string[]])[] = [
      ['CR LF in a value', ['X-A', '1\r\nX-Injected: 1']],
      ['LF in a value', ['X-A', '1\nX-Injected: 1']],
      ['CR in a value', ['X-A', '1\rX-Injected: 1']],
      ['NUL in a value', ['X-A', '1\x00']],
      ['CR LF in a name', ['X-A\r\nX-Injected', '1']],
      ['a value beyond Latin-1', ['X-A', '\u010d\u010aX-Injected: 1']],
    ];
    for (const [what, headers] of splitting) {
      test(`${what} is a 500, not a split response`, async () => {
        const { client } = await start((request) => void request.respond(head(200, ...headers), Buffer.from('abc')));
        const text = await client().send(get()).until('}');
        expect(text).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
        expect(text).not.toMatch(/X-Injected/);
      });
    }

    test('CR LF in the reason is a 500', async () => {
      const { client } = await start((request) => {
        void request.respond({ status: 200, reason: 'OK\r\nX-Injected: 1', headers: head(0).headers }, null);
      });
      const text = await client().send(get()).until('}');
      expect(text).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/);
      expect(text).not.toMatch(/X-Injected/);
    });

    test('a head that cannot be sent lets go of its body', async () => {
      const body = new ManualBody(null);
      const { client } = await start((request) => void request.respond(head(200, 'X-A', '\n'), body));
      await client().send(get()).until('HTTP/1.1 500');
      await body.whenAborted();
    });

    for (const status of [204, 304]) {
      test(`${status} has no body and keeps the connection`, async () => {
        const { client } = await start((request) => {
          if (request.target === '/') void request.respond(head(status, 'ETag', '"a"'), Buffer.from('not sent'));
          else answer(request);
        });
        const text = await client().send(get()).send(get('/next')).until('>');
        expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*?\\r\\n\\r\\nHTTP/1\\.1 200 OK`));
        expect(text).not.toContain('not sent');
      });
    }

    test('HEAD keeps the Content-Length of the backend, has no body and keeps the connection', async () => {
      const { client } = await start((request) => {
        if (request.method === 'HEAD') void request.respond(head(200, 'content-length', '1234'), null);
        else answer(request);
      });
      const text = await client().send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n').send(get('/next')).until('>');
      expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 1234\r\n/);
      expect(text).toMatch(/\r\n\r\nHTTP\/1\.1 200 OK[\s\S]*<GET \/next>$/);
    });

    test('HEAD lets go of a body it does not send', async () => {
      const body = new ManualBody(7);
      const { client } = await start((request) => void request.respond(head(200), body));
      const text = await client().send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n').until('\r\n\r\n');
      expect(body.aborted).not.toBeNull();
      expect(body.sink).toBeNull();
      expect(text).not.toMatch(/Transfer-Encoding/);
    });

    test('pipelined requests are answered in order', async () => {
      const waiting: InboundRequest[] = [];
      const { client } = await start((request) => {
        waiting.push(request);
        if (waiting.length === 3) for (const each of [...waiting].reverse()) answer(each);
      });
      const text = await client()
        .send(get('/1') + get('/2') + get('/3'))
        .until('>', 3);
      expect(text.match(/<GET \/\d>/g)).toEqual(['<GET /1>', '<GET /2>', '<GET /3>']);
    });

    test('a flood of pipelined requests is taken in bit by bit', async () => {
      const waiting: InboundRequest[] = [];
      let answering = false;
      const { client, requests } = await start((request) => {
        if (answering) answer(request);
        else waiting.push(request);
      });
      const flood = 20_000;
      const connection = client().send(get().repeat(flood));
      await standsStill(() => requests.length);
      expect(requests.length).toBeLessThan(flood / 2);
      answering = true;
      for (const request of waiting) answer(request);
      await connection.when(() => requests.length === flood, 'all requests');
    });

    for (const [what, length, sent] of [
      ['longer', 3, 'abcHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
      ['shorter', 10, 'abc'],
    ] as const) {
      test(`a source ${what} than it announced breaks the response`, async () => {
        const body = new ManualBody(length, (started) => started.push(sent).end());
        const outcomes: ResponseOutcome[] = [];
        const { client } = await start((request) => {
          void request.respond(head(200), body).then((outcome) => outcomes.push(outcome));
        });
        const text = await client().send(get()).closed();
        expect(text.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(1);
        expect(outcomes).toMatchObject([{ complete: false }]);
      });
    }

    test('an answer before a small body was read keeps the connection and its framing', async () => {
      const { client, requests } = await start(answer);
      const body = get('/smuggled');
      const text = await client()
        .send(`POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
        .send(get('/2'))
        .until('<GET /2>');
      expect(text.match(/<.*?>/g)).toEqual(['<POST /1>', '<GET /2>']);
      expect(requests.map((request) => request.target)).toEqual(['/1', '/2']);
    });

    test('an answer before a large body was read closes; the client gets the answer, not a reset', async () => {
      const { client, requests } = await start(answer);
      const connection = client().send('POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n');
      connection.send('x'.repeat(300_000));
      const text = await connection.closed();
      expect(text).toMatch(/Connection: close/i);
      expect(text).toContain('<POST /1>');
      expect(requests).toHaveLength(1);
    });

    test('an unread chunked body is not swallowed without end', async () => {
      const { client } = await start(answer);
      const connection = client().send('POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      const push = () => {
        while (connection.socket.write(chunk));
      };
      connection.socket.on('drain', push);
      push();
      expect(await connection.closed()).toContain('<POST /1>');
    });

    test('the outcome tells whether the client took the whole response', async () => {
      const outcomes: ResponseOutcome[] = [];
      const { client } = await start((request) => {
        void request.respond(head(200), Buffer.from('hello')).then((outcome) => outcomes.push(outcome));
        void request.respond(head(200), Buffer.from('again')).then((outcome) => outcomes.push(outcome));
      });
      const text = await client().send(get()).until('hello');
      await client().send(get()).until('hello');
      expect(text).not.toContain('again');
      expect(outcomes.filter((outcome) => outcome.complete)).toEqual([
        { complete: true, bytesSent: 5 },
        { complete: true, bytesSent: 5 },
      ]);
      expect(outcomes.filter((outcome) => !outcome.complete)).toEqual([
        { complete: false, bytesSent: 0 },
        { complete: false, bytesSent: 0 },
      ]);
    });

    test('a handler that throws is a 500', async () => {
      const { client } = await start(() => {
        throw new Error('secret');
      });
      const text = await client().send(get()).until('}');
      expect(text).toContain('{ "statusCode": 500, "message": "Internal server error" }');
      expect(text).not.toContain('secret');
    });
  });
}
