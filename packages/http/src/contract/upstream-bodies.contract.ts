import { HeaderList } from '@lazuli/policies';
import { describe, expect, test } from 'vitest';
import { bodyOfSize, countBody, ManualBody, readBody } from './bodies.ts';
import { failureOf, type MakeUpstream, ok, requestTo, sending } from './sending.ts';
import { standsStill, until } from './waiting.ts';

const megabyte = 1024 * 1024;

/** Bodies stream both ways at the receiver's pace. */
export function describeUpstreamBodies(make: MakeUpstream): void {
  describe('bodies', () => {
    const { client, answering, scripted } = sending(make);

    test('a body of known length is sent as such, whatever the method', async () => {
      const server = await answering(ok);
      const upstream = client();
      for (const method of ['POST', 'DELETE', 'GET', 'QUERY']) {
        const body = new ManualBody(5, (started) => started.push('he').push('llo').end());
        await readBody((await upstream.request(requestTo(server.port, { method, body }))).body);
      }
      const sent = server.connections.map(({ text }) => text).join('');
      expect(sent.match(/content-length: 5\r\n/gi)).toHaveLength(4);
      expect(sent.match(/\r\n\r\nhello/g)).toHaveLength(4);
      expect(sent).not.toMatch(/transfer-encoding/i);
    });

    test('a body of unknown length is chunked, and each piece goes out at once', async () => {
      const server = await answering('');
      const body = new ManualBody(null);
      const response = client().request(requestTo(server.port, { method: 'POST', body }));
      await until(() => body.sink !== null);
      body.push('hello');
      const connection = await server.connection(0);
      await connection.until('hello');
      expect(connection.text).toMatch(/transfer-encoding: chunked\r\n/i);
      expect(connection.text).not.toMatch(/content-length/i);
      body.push('world');
      await connection.until('world');
      body.end();
      await connection.until('\r\n0\r\n\r\n');
      connection.send(ok);
      expect(await readBody((await response).body)).toMatchObject({ text: 'ok' });
    });

    test('a body longer than its length is never sent beyond it', async () => {
      const server = await answering('');
      const body = new ManualBody(3, (started) => started.push('abcGET /smuggled HTTP/1.1\r\n\r\n').end());
      await failureOf(client().request(requestTo(server.port, { method: 'POST', body })));
      expect(server.connections.map(({ text }) => text).join('')).not.toContain('smuggled');
    });

    test('a request body that breaks off breaks the request', async () => {
      const server = await answering('');
      const body = new ManualBody(10);
      const response = client().request(requestTo(server.port, { method: 'POST', body }));
      const failure = failureOf(response);
      await until(() => body.sink !== null);
      body.push('hello');
      const connection = await server.connection(0);
      await connection.until('hello');
      body.sink?.error(new Error('client gone'));
      expect((await failure).failure).toBe('aborted');
      await connection.closed();
    });

    test('a backend that answers before it has the body gets no more of it', async () => {
      const server = await scripted((connection) => {
        connection.onHead(() => connection.send('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno'));
      });
      const body = new ManualBody(10, (started) => started.push('hello'));
      const response = await client().request(requestTo(server.port, { method: 'POST', body }));
      expect(response.status).toBe(413);
      expect(await readBody(response.body)).toMatchObject({ text: 'no' });
      await body.whenAborted();
      await server.connections[0]?.closed();
    });

    test('a backend that does not read stops the source', async () => {
      const server = await scripted((connection) => connection.socket.pause());
      const size = 100 * megabyte;
      const body = bodyOfSize(size, size);
      const response = client().request(requestTo(server.port, { method: 'PUT', body }));
      await until(() => body.sent > 0);
      await standsStill(() => body.sent);
      expect(body.sent).toBeLessThan(20 * megabyte);
      const [connection] = server.connections;
      let received = 0;
      connection?.socket.removeAllListeners('data');
      connection?.socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
      });
      connection?.socket.resume();
      await until(() => received > size);
      connection?.send(ok);
      expect((await response).status).toBe(200);
    });

    test('a response that nobody reads stops the backend; memory stays bounded', async () => {
      const size = 200 * megabyte;
      const chunk = Buffer.alloc(megabyte, 'x');
      let written = 0;
      const server = await scripted((connection) => {
        connection.onHead(() => {
          connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
          const write = () => {
            while (written < size) {
              written += chunk.length;
              if (!connection.socket.write(chunk)) return;
            }
          };
          connection.socket.on('drain', write);
          write();
        });
      });
      const before = process.memoryUsage().rss;
      const response = await client().request(requestTo(server.port));
      await standsStill(() => written);
      expect(written).toBeLessThan(30 * megabyte);
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * megabyte);
      if (response.body) expect(await countBody(response.body)).toBe(size);
    });

    test('reading a response can be paused in the middle', async () => {
      const server = await answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
      const { body } = await client().request(requestTo(server.port));
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
      await until(() => text === 'one');
      body?.pause();
      server.connections[0]?.send('3\r\ntwo\r\n');
      await standsStill(() => text.length);
      const paused = text;
      server.connections[0]?.send('5\r\nthree\r\n0\r\n\r\n');
      await standsStill(() => text.length);
      // One chunk may have been under way.
      expect(['one', 'onetwo']).toContain(paused);
      expect(text).toBe(paused);
      body?.resume();
      await until(() => text === 'onetwothree.');
    });

    test('each event of a quiet stream arrives at once', async () => {
      const server = await answering(
        'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n',
      );
      const { body } = await client().request(requestTo(server.port));
      let text = '';
      body?.start({
        data: (chunk) => {
          text += Buffer.from(chunk).toString();
        },
        end() {},
        error() {},
      });
      for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
        text = '';
        server.connections[0]?.send(`${event.length.toString(16)}\r\n${event}\r\n`);
        await until(() => text === event);
      }
      body?.abort(new Error('enough'));
      await server.connections[0]?.closed();
    });

    test('announced request trailers are sent; those that could change the message are not', async () => {
      const server = await scripted((connection) => {
        void connection.until('\r\n0\r\n').then(() => connection.send(ok));
      });
      const headers = new HeaderList(['Host', 'a', 'Trailer', 'X-Sum']);
      const body = new ManualBody(null, (started) => started.push('hello').end(['X-Sum', '1', 'Host', 'b']));
      const response = await client().request(requestTo(server.port, { method: 'POST', headers, body }));
      expect(response.status).toBe(200);
      const { text } = server.connections[0] ?? { text: '' };
      expect(text).toMatch(/\r\nTrailer: X-Sum\r\n[\s\S]*\r\n0\r\nX-Sum: 1\r\n\r\n$/);
    });

    test('with Expect the body waits for 100 Continue', async () => {
      const server = await scripted((connection) => {
        connection.onHead(() => {
          connection.onHead(() => {});
          connection.send('HTTP/1.1 100 Continue\r\n\r\n');
        });
        void connection.until('hello').then(() => connection.send(ok));
      });
      const body = new ManualBody(5, (started) => started.push('hello').end());
      const request = requestTo(server.port, { method: 'POST', body, continueTimeoutMs: 60_000 });
      expect(await readBody((await client().request(request)).body)).toMatchObject({ text: 'ok' });
      expect(server.connections[0]?.text).toMatch(/\r\nExpect: 100-continue\r\n/);
    });

    test('a backend that never says continue gets the body after the wait', async () => {
      const server = await scripted((connection) => {
        void connection.until('hello').then(() => connection.send(ok));
      });
      const request = requestTo(server.port, { method: 'POST', body: Buffer.from('hello'), continueTimeoutMs: 20 });
      expect((await client().request(request)).status).toBe(200);
    });

    test('a backend that refuses in place of continue never gets the body', async () => {
      const server = await answering('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno');
      const body = new ManualBody(5, (started) => started.push('hello').end());
      const request = requestTo(server.port, { method: 'POST', body, continueTimeoutMs: 60_000 });
      const response = await client().request(request);
      expect(response.status).toBe(401);
      expect(await readBody(response.body)).toMatchObject({ text: 'no' });
      expect(server.connections[0]?.text).not.toContain('hello');
      expect(body.aborted).not.toBeNull();
    });
  });
}
