import { describe, expect, test } from 'vitest';
import { answer, echo, listening, type MakeListener } from './listening.ts';
import { until } from './waiting.ts';

/** Every limit has an answer of its own. */
export function describeLimits(make: MakeListener): void {
  describe('limits', () => {
    const start = listening(make);
    const limits = { headerBytes: 2048, headerCount: 20, urlBytes: 512 };

    test('a URL of the permitted length passes, one byte more is 414', async () => {
      const { client } = await start(answer, { limits });
      const fits = `/${'a'.repeat(limits.urlBytes - 1)}`;
      expect(await client().send(`GET ${fits} HTTP/1.1\r\nHost: a\r\n\r\n`).until('>')).toContain(`<GET ${fits}>`);
      const text = await client().send(`GET ${fits}a HTTP/1.1\r\nHost: a\r\n\r\n`).closed();
      expect(text).toMatch(/^HTTP\/1\.1 414 /);
      expect(text).toContain('{ "statusCode": 414, "message": "The request URL is longer than 512 bytes." }');
    });

    test('a URL far beyond every buffer is 414', async () => {
      const { client } = await start(answer, { limits });
      expect(
        await client()
          .send(`GET /${'a'.repeat(60_000)}`)
          .closed(),
      ).toMatch(/^HTTP\/1\.1 414 /);
    });

    test('a header field that is too large is 431', async () => {
      const { client, refusals } = await start(answer, { limits });
      const text = await client()
        .send(`GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'a'.repeat(2048)}\r\n\r\n`)
        .closed();
      expect(text).toMatch(/^HTTP\/1\.1 431 /);
      expect(refusals).toMatchObject([{ status: 431 }]);
    });

    test('header fields that never end are 431', async () => {
      const { client } = await start(answer, { limits });
      const connection = client().send('GET / HTTP/1.1\r\nHost: a\r\n');
      for (let i = 0; i < 1000; i++) connection.send(`X-${i}: ${'a'.repeat(20)}\r\n`);
      expect(await connection.closed()).toMatch(/^HTTP\/1\.1 431 /);
    });

    test('the permitted number of header fields passes, one more is 431', async () => {
      const { client } = await start(answer, { limits });
      const fields = (count: number) => Array.from({ length: count }, (_, i) => `X-${i}: 1\r\n`).join('');
      await client()
        .send(`GET / HTTP/1.1\r\nHost: a\r\n${fields(limits.headerCount - 1)}\r\n`)
        .until('HTTP/1.1 200');
      const text = await client()
        .send(`GET / HTTP/1.1\r\nHost: a\r\n${fields(limits.headerCount)}\r\n`)
        .closed();
      expect(text).toMatch(/^HTTP\/1\.1 431 /);
    });

    test('chunk extensions without end are 413', async () => {
      const { client } = await start((request) => request.body?.start({ data() {}, end() {}, error() {} }));
      const connection = client().send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
      expect(await connection.send(`1;${'a'.repeat(20_000)}`).closed()).toMatch(/^HTTP\/1\.1 413 /);
    });

    test('a head that does not arrive in time is 408', async () => {
      const { client, refusals } = await start(answer, { limits: { headTimeoutMs: 100 } });
      const text = await client().send('GET / HTTP/1.1\r\nHost: a\r\n').closed();
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(refusals).toMatchObject([{ status: 408 }]);
    });

    test('a body that does not arrive in time is 408, and its reader learns of it', async () => {
      const errors: Error[] = [];
      const { client } = await start(
        (request) => request.body?.start({ data() {}, end() {}, error: (error) => errors.push(error) }),
        { limits: { requestTimeoutMs: 100, headTimeoutMs: 100 } },
      );
      const text = await client().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc').closed();
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(errors).toHaveLength(1);
    });

    test('a body that does not arrive in time while the response is on its way breaks the connection', async () => {
      const { client } = await start(echo, { limits: { requestTimeoutMs: 100, headTimeoutMs: 100 } });
      const text = await client().send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc').closed();
      expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
      expect(text.endsWith('abc')).toBe(true);
    });

    test('a connection without a request is closed', async () => {
      const { client } = await start(answer, { limits: { headTimeoutMs: 100 } });
      expect(await client().closed()).toBe('');
    });

    test('a kept connection without another request is closed', async () => {
      const { client } = await start(answer, { limits: { idleTimeoutMs: 100 } });
      const connection = client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      expect((await connection.closed()).match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    });

    test('a connection too many is 503, and there is room again when one has gone', async () => {
      const { client, listener, refusals } = await start(answer, { limits: { connections: 2 } });
      const [first] = [client(), client()];
      for (const each of [first]) await each?.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until('>');
      await until(() => listener.connections === 2);
      expect(await client().closed()).toMatch(/^HTTP\/1\.1 503 .*\{ "statusCode": 503, /s);
      expect(refusals).toMatchObject([{ status: 503 }]);
      first?.destroy();
      await until(() => listener.connections === 1);
      await client().send('GET / HTTP/1.1\r\nHost: a\r\n\r\n').until('HTTP/1.1 200');
    });
  });
}
