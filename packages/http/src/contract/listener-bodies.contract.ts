import { describe, expect, test } from 'vitest';
import type { ResponseOutcome } from '../listener.ts';
import { bodyOfSize, countBody, ManualBody, readBody } from './bodies.ts';
import { echo, head, listening, type MakeListener } from './listening.ts';
import { standsStill, until } from './waiting.ts';

const megabyte = 1024 * 1024;

/** Bodies stream both ways at the receiver's pace, and nothing is kept that nobody reads. */
export function describeBodies(make: MakeListener): void {
  describe('bodies', () => {
    const start = listening(make);

    test('a request without a body has none', async () => {
      const { client, requests } = await start(echo);
      await client()
        .send('GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n')
        .until('HTTP/1.1 200', 2);
      expect(requests.map((request) => request.body)).toEqual([null, null]);
    });

    test('a body of known length keeps it', async () => {
      const { client, requests } = await start(echo);
      const text = await client().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello').until('hello');
      expect(requests[0]?.body?.length).toBe(5);
      expect(text).toMatch(/\r\nContent-Length: 5\r\n/);
      expect(text).not.toMatch(/Transfer-Encoding/);
    });

    test('a chunked body is passed on as it arrives', async () => {
      const { client } = await start(echo);
      const connection = client().send(
        'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n',
      );
      const text = await connection.until('5\r\nhello\r\n');
      expect(text).toMatch(/\r\nTransfer-Encoding: chunked\r\n/);
      await connection.send('6\r\n world\r\n').until('6\r\n world\r\n');
      await connection.send('0\r\n\r\n').until('0\r\n\r\n');
    });

    test('trailers go through, announced or not; those that could change the message do not', async () => {
      const { client } = await start(echo);
      const text = await client()
        .send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n')
        .send('1\r\nx\r\n0\r\nX-A: 1\r\nX-B: 2\r\nHost: b\r\nAuthorization: c\r\n\r\n')
        .until('\r\n0\r\n');
      expect(text.slice(text.indexOf('\r\n0\r\n'))).toBe('\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n');
    });

    test('a response is chunked on 1.1 and ends with the connection on 1.0', async () => {
      const { client } = await start((request) => {
        void request.respond(head(200), new ManualBody(null, (body) => body.push('abc').end()));
      });
      expect(await client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until('0\r\n\r\n')).toContain(
        '3\r\nabc\r\n0\r\n\r\n',
      );
      const text = await client().send('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n').closed();
      expect(text).toMatch(/\r\n\r\nabc$/);
      expect(text).not.toMatch(/Transfer-Encoding|Content-Length/i);
    });

    test('the head and each event of a quiet stream go out at once', async () => {
      const body = new ManualBody(null);
      const { client } = await start((request) => {
        void request.respond(head(200, 'Content-Type', 'text/event-stream'), body);
      });
      const connection = client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await connection.until('\r\n\r\n');
      body.push('data: 1\n\n');
      await connection.until('data: 1\n\n\r\n');
      body.push('data: 2\n\n');
      await connection.until('data: 2\n\n\r\n');
      body.end();
      await connection.until('0\r\n\r\n');
    });

    test('a source that breaks breaks the response visibly', async () => {
      const body = new ManualBody(null, (started) => started.push('abc'));
      const outcomes: ResponseOutcome[] = [];
      const { client } = await start((request) => {
        void request.respond(head(200), body).then((outcome) => outcomes.push(outcome));
      });
      const connection = client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await connection.until('abc');
      body.sink?.error(new Error('backend gone'));
      expect(await connection.closed()).not.toContain('0\r\n\r\n');
      expect(outcomes).toEqual([{ complete: false, bytesSent: 3 }]);
    });

    test('a client that does not read stops the source; memory stays bounded', async () => {
      const size = 200 * megabyte;
      const body = bodyOfSize(size, size);
      const { client } = await start((request) => void request.respond(head(200), body));
      const connection = client();
      connection.socket.pause();
      const before = process.memoryUsage().rss;
      connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await standsStill(() => body.sent);
      expect(body.sent).toBeLessThan(20 * megabyte);
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * megabyte);
      connection.socket.removeAllListeners('data');
      let received = 0;
      connection.socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      connection.socket.resume();
      await until(() => received > size);
      expect(body.sent).toBe(size);
    });

    test('a client that stops reading for good is given up', async () => {
      const size = 200 * megabyte;
      const body = bodyOfSize(size, size);
      const { client } = await start((request) => void request.respond(head(200), body), {
        limits: { idleTimeoutMs: 200 },
      });
      const connection = client();
      connection.socket.pause();
      connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await body.whenAborted();
      expect(body.sent).toBeLessThan(size);
    });

    test('a handler that does not read stops the client; every byte arrives when it does', async () => {
      const size = 100 * megabyte;
      let read: (() => Promise<number>) | undefined;
      const { client } = await start((request) => {
        const { body } = request;
        if (body) read = () => countBody(body);
      });
      const connection = client().send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
      const chunk = Buffer.alloc(megabyte, 'x');
      let written = 0;
      const write = () => {
        while (written < size) {
          written += chunk.length;
          if (!connection.socket.write(chunk)) return;
        }
      };
      connection.socket.on('drain', write);
      write();
      await standsStill(() => written);
      expect(written).toBeLessThan(30 * megabyte);
      expect(await read?.()).toBe(size);
    });

    test('reading can be paused in the middle', async () => {
      const { client, requests } = await start(() => {});
      const connection = client().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
      await until(() => requests.length === 1);
      const body = requests[0]?.body;
      let text = '';
      body?.start({
        data: (chunk) => {
          text += Buffer.from(chunk).toString();
        },
        end: () => {
          text += '.';
        },
        error() {},
      });
      await until(() => text === 'hello');
      body?.pause();
      connection.send('world');
      await standsStill(() => text.length);
      expect(text).toBe('hello');
      body?.resume();
      await until(() => text === 'helloworld.');
    });

    test('reading the body tells a waiting client to continue', async () => {
      const { client } = await start(echo);
      const connection = client().send(
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n',
      );
      await connection.until('HTTP/1.1 100 Continue\r\n\r\n');
      expect(await connection.send('hi').until('hi')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    });

    test('sendContinue tells it, too, and once', async () => {
      const { client } = await start((request) => {
        request.sendContinue();
        request.sendContinue();
        readBody(request.body).then(({ text }) => request.respond(head(200), Buffer.from(text)));
      });
      const connection = client().send(
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n',
      );
      await connection.until('100 Continue');
      expect((await connection.send('hi').until('hi')).match(/100 Continue/g)).toHaveLength(1);
    });

    test('an answer without reading refuses the body of a waiting client and closes', async () => {
      const { client } = await start((request) => void request.respond(head(401), null));
      const text = await client()
        .send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n')
        .closed();
      expect(text).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
      expect(text).toMatch(/Connection: close/);
    });

    test('a body that breaks off is an error and no end', async () => {
      let outcome = '';
      const { client, requests } = await start((request) => {
        readBody(request.body).then(
          () => (outcome = 'end'),
          () => (outcome = 'error'),
        );
      });
      const connection = client().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
      await until(() => requests.length === 1);
      connection.destroy();
      await until(() => outcome !== '');
      expect(outcome).toBe('error');
      expect(requests[0]?.cancellation.isCancelled).toBe(true);
    });
  });
}
