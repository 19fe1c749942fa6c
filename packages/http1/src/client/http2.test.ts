import { constants, createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import {
  failureOf,
  ManualBody,
  originOf,
  readBody,
  requestTo,
  sending,
  standsStill,
  until,
} from '@lazuli/http/contract';
import { HeaderList } from '@lazuli/policies';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttp1Upstream } from './http1-upstream.ts';

describe('HTTP/2 to backends', () => {
  const { client } = sending(createHttp1Upstream);
  const servers: Http2Server[] = [];
  const sessions: ServerHttp2Session[] = [];
  afterEach(() => {
    for (const session of sessions.splice(0)) session.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  test('a backend that allows few streams gets more connections, no refusals', async () => {
    let most = 0;
    let running = 0;
    const request = await start(
      (stream) => {
        most = Math.max(most, ++running);
        setImmediate(() => {
          running--;
          stream.respond({ ':status': 200 });
          stream.end('ok');
        });
      },
      { maxConcurrentStreams: 2 },
    );
    const upstream = client();
    const texts = await Promise.all(
      Array.from({ length: 20 }, async () => (await readBody((await upstream.request(request)).body)).text),
    );
    expect(texts).toEqual(Array.from({ length: 20 }, () => 'ok'));
  });

  test('after GOAWAY the next request gets a new connection; what runs is finished', async () => {
    const held: ServerHttp2Stream[] = [];
    const request = await start((stream, path) => {
      if (path === '/held') held.push(stream);
      else stream.respond({ ':status': 204 }, { endStream: true });
    });
    const upstream = client();
    const running = upstream.request({ ...request, target: '/held' });
    await until(() => held.length === 1);
    sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR);
    expect((await upstream.request(request)).status).toBe(204);
    held[0]?.respond({ ':status': 200 });
    held[0]?.end('done');
    expect((await readBody((await running).body)).text).toBe('done');
  });

  test('a stream that was refused unseen is sent again, once', async () => {
    let count = 0;
    const request = await start((stream) => {
      if (count++ === 0) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else stream.respond({ ':status': 204 }, { endStream: true });
    });
    const body = Buffer.from('x');
    expect((await client().request({ ...request, method: 'POST', body })).status).toBe(204);
    expect(count).toBe(2);
  });

  test('a response that breaks off is an error, not an end', async () => {
    const request = await start((stream, path) => {
      stream.respond({ ':status': 200 });
      stream.write('part', () => {
        if (path === '/session') sessions[0]?.destroy();
        else stream.destroy(new Error('broken'));
      });
    });
    const upstream = client();
    for (const target of ['/stream', '/session']) {
      const failure = failureOf(upstream.request({ ...request, target }).then(({ body }) => readBody(body)));
      expect((await failure).failure).toBe('reset');
    }
  });

  test('a response that nobody reads stops the backend', async () => {
    let written = 0;
    const request = await start((stream) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      stream.respond({ ':status': 200 });
      const write = () => {
        while (!stream.destroyed && written < 100 * 1024 * 1024) {
          written += chunk.length;
          if (!stream.write(chunk)) return;
        }
      };
      stream.on('drain', write);
      write();
    });
    const response = await client().request(request);
    await standsStill(() => written);
    expect(written).toBeLessThan(8 * 1024 * 1024);
    response.body?.abort(new Error('enough'));
  });

  test('an answer before the end of the request stops the rest of it', async () => {
    const request = await start((stream) => {
      stream.respond({ ':status': 413 });
      stream.end('no');
    });
    const body = new ManualBody(null, (started) => started.push('hello'));
    const response = await client().request({ ...request, method: 'POST', body });
    expect(await readBody(response.body)).toMatchObject({ text: 'no' });
    await body.whenAborted();
  });

  test('a body of the wrong length is a failure', async () => {
    const request = await start((stream) => {
      stream.resume();
    });
    const upstream = client();
    for (const text of ['ab', 'abcd']) {
      const body = new ManualBody(3, (started) => started.push(text).end());
      expect((await failureOf(upstream.request({ ...request, method: 'POST', body }))).failure).toBe('protocol');
    }
  });

  test('announced trailers of the request are sent', async () => {
    const seen: unknown[] = [];
    const request = await start((stream) => {
      stream.on('trailers', (trailers) => seen.push(trailers['x-sum']));
      stream.on('end', () => stream.respond({ ':status': 204 }, { endStream: true }));
      stream.resume();
    });
    const body = new ManualBody(null, (started) => started.push('hello').end(['X-Sum', '1', 'Host', 'b']));
    const headers = new HeaderList(['Host', 'a', 'Trailer', 'X-Sum']);
    expect((await client().request({ ...request, method: 'POST', headers, body })).status).toBe(204);
    expect(seen).toEqual(['1']);
  });

  test('requests beyond the limit wait; those beyond the queue fail at once', async () => {
    const held: ServerHttp2Stream[] = [];
    const request = await start((stream) => held.push(stream));
    const upstream = client({ connectionsPerOrigin: 1, queuePerOrigin: 1 });
    const running = [upstream.request(request), upstream.request(request)];
    expect((await failureOf(upstream.request(request))).failure).toBe('limit');
    for (let i = 0; i < 2; i++) {
      await until(() => held.length === i + 1);
      held[i]?.respond({ ':status': 204 }, { endStream: true });
    }
    for (const one of running) expect((await one).status).toBe(204);
  });

  test('an idle connection is closed', async () => {
    const request = await start((stream) => stream.respond({ ':status': 204 }, { endStream: true }));
    await client({ idleTimeoutMs: 50 }).request(request);
    await until(() => sessions[0]?.destroyed === true);
  });

  for (const [what, headers] of [
    ['a line end in a value', ['Host', 'a', 'X-A', '1\r\nX-B: 2']],
    ['two Hosts', ['Host', 'a', 'Host', 'b']],
    ['a name with a space', ['Host', 'a', 'X A', '1']],
  ] as const) {
    test(`${what} is refused before a byte is sent`, async () => {
      const request = await start((stream) => stream.respond({ ':status': 204 }, { endStream: true }));
      const failure = await failureOf(client().request({ ...request, headers: new HeaderList([...headers]) }));
      expect(failure.failure).toBe('protocol');
      expect(sessions).toHaveLength(0);
    });
  }

  async function start(
    handle: (stream: ServerHttp2Stream, path: string) => void,
    settings: { readonly maxConcurrentStreams?: number } = {},
  ) {
    const server = createServer({ settings });
    servers.push(server);
    server.on('session', (session) => sessions.push(session));
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      handle(stream, String(headers[':path']));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    return requestTo(port, { origin: originOf(port), httpVersion: '2' });
  }
});
