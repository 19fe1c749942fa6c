import { httpImplementations } from '@lazuli/server';
import { afterEach, describe, expect, test } from 'vitest';
import { readResponses } from './kit/message-reader.ts';
import { answerWithName, startRawBackend } from './kit/raw-backend.ts';
import { sendBytes } from './kit/raw-client.ts';
import { startWholeGateway } from './kit/whole-gateway.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function through(http: (typeof httpImplementations)[number], policy = '') {
  const backend = await startRawBackend();
  closers.push(() => backend.close());
  const gateway = await startWholeGateway(http, backend.url, policy);
  closers.push(() => gateway.stop());
  return {
    backend,
    async send(target: string, ...fields: string[]) {
      const lines = [
        'Host: a',
        ...fields,
        ...(fields.some((f) => f.startsWith('Connection')) ? [] : ['Connection: close']),
      ];
      const { text } = await sendBytes(gateway.port, `GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`, {
        endWhen: (received) => readResponses(received).messages.length > 0,
      });
      return { text, seen: backend.take() };
    },
  };
}

const setUser = '<set-header name="X-User" exists-action="override"><value>from-policy</value></set-header>';

describe.each(httpImplementations)('headers on their way over %s', (http) => {
  test.each([
    ['a header that Connection names', ['Connection: close, X-Gone', 'X-Gone: 1'], 'X-Gone'],
    ['it in another spelling', ['Connection: close, x-gone', 'X-Gone: 1'], 'X-Gone'],
    ['it in a second Connection', ['Connection: close', 'Connection: X-Gone', 'X-Gone: 1'], 'X-Gone'],
    ['Keep-Alive', ['Keep-Alive: timeout=5'], 'Keep-Alive'],
    ['Proxy-Authorization', ['Proxy-Authorization: Basic x'], 'Proxy-Authorization'],
    ['Proxy-Connection', ['Proxy-Connection: keep-alive'], 'Proxy-Connection'],
    ['Upgrade', ['Connection: close, Upgrade', 'Upgrade: h2c'], 'Upgrade'],
    ['HTTP2-Settings', ['Connection: close, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQAAP__'], 'HTTP2-Settings'],
    ['TE', ['TE: gzip'], 'TE'],
    ['Expect', ['Expect: 100-continue'], 'Expect'],
  ])('%s does not reach the backend', async (_, fields, name) => {
    const { send } = await through(http);
    const { seen } = await send('/a', ...fields);
    expect(seen.messages).toHaveLength(1);
    expect(seen.messages[0]?.headers.map(([one]) => one)).not.toContain(name.toLowerCase());
  });

  test.each(['Host', 'Content-Length', 'Content-Type', 'Authorization'])(
    'Connection cannot take %s away',
    async (name) => {
      const { send } = await through(http);
      const { seen } = await send('/a', `Connection: close, ${name}`, 'Authorization: x', 'Content-Type: y');
      const names = seen.messages[0]?.headers.map(([one]) => one);
      expect(names).toEqual(expect.arrayContaining(['host', 'authorization', 'content-type']));
    },
  );

  test('Connection cannot take away what a policy sets', async () => {
    const { send } = await through(http, setUser);
    const { seen } = await send('/a', 'Connection: close, X-User', 'X-User: from-client');
    expect(seen.messages[0]?.headers.filter(([name]) => name === 'x-user')).toEqual([['x-user', 'from-policy']]);
  });

  test('what a policy overrides goes in every spelling, but a name with an underscore is another name', async () => {
    const { send } = await through(http, setUser);
    const { seen } = await send('/a', 'x-uSER: 1', 'X-User: 2', 'X_User: 3');
    const users = seen.messages[0]?.headers.filter(([name]) => /^x.user$/.test(name));
    expect(users?.toSorted()).toEqual([
      ['x-user', 'from-policy'],
      ['x_user', '3'],
    ]);
  });

  test('a line break that a policy takes from the query reaches no backend', async () => {
    const value = '@(context.Request.Url.Query.GetValueOrDefault("q", ""))';
    const { send } = await through(
      http,
      `<set-header name="X-Q" exists-action="override"><value>${value.replaceAll('"', '&quot;')}</value></set-header>`,
    );
    const good = await send('/a?q=fine');
    expect(good.seen.messages[0]?.headers).toContainEqual(['x-q', 'fine']);
    for (const breaking of [
      '%0d%0aX-Evil:%201',
      '%0aX-Evil:%201',
      '%0dX-Evil:%201',
      '%0d%0a%0d%0aGET%20/evil%20HTTP/1.1%0d%0aHost:%20a',
      '%00',
      '%c4%8d%c4%8aX-Evil:1',
      '%e5%98%8a%e5%98%8dX-Evil:1',
    ]) {
      const { text, seen } = await send(`/a?q=${breaking}`);
      expect(seen.problems).toEqual([]);
      expect(seen.requests.filter((request) => !request.startsWith('GET /a?'))).toEqual([]);
      expect(seen.messages.flatMap(({ headers }) => headers.filter(([name]) => name === 'x-evil'))).toEqual([]);
      expect(text).toMatch(/^HTTP\/1\.1 [25]00 /);
    }
  });

  test('a line break that a policy takes from the query reaches no client', async () => {
    const value = '@(context.Request.Url.Query.GetValueOrDefault(&quot;q&quot;, &quot;&quot;))';
    const { send } = await through(
      http,
      `<return-response><set-status code="200" reason="OK" /><set-header name="X-Q" exists-action="override"><value>${value}</value></set-header></return-response>`,
    );
    expect((await send('/a?q=fine')).text).toMatch(/\r\nX-Q: fine\r\n/);
    for (const breaking of [
      '%0d%0aSet-Cookie:%20evil=1',
      '%0aSet-Cookie:%20evil=1',
      '%0d%0a%0d%0aHTTP/1.1%20200%20OK',
      '%c4%8d%c4%8aSet-Cookie:1',
    ]) {
      const { text } = await send(`/a?q=${breaking}`);
      const { messages, problem } = readResponses(text);
      expect(problem).toBeNull();
      expect(messages).toHaveLength(1);
      expect(messages[0]?.headers.map(([name]) => name)).not.toContain('set-cookie');
    }
  });

  test('headers of a response that concern its connection stay there', async () => {
    const { backend, send } = await through(http);
    backend.answer = (request) =>
      answerWithName(request).replace(
        '\r\n',
        '\r\nConnection: X-Gone\r\nX-Gone: 1\r\nKeep-Alive: timeout=9\r\nProxy-Authenticate: Basic\r\nX-Stays: 1\r\n',
      );
    const { text } = await send('/a');
    const names = readResponses(text).messages[0]?.headers.map(([name]) => name);
    expect(names).toContain('x-stays');
    for (const gone of ['x-gone', 'keep-alive', 'proxy-authenticate']) expect(names).not.toContain(gone);
  });
});
