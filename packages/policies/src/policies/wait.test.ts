import { describe, expect, it } from 'vitest';
import { HeaderList } from '../http/header-list.ts';
import { PolicyError } from '../policy-error.ts';
import type { HttpPort, HttpRequest, HttpResponse } from '../ports/ports.ts';
import { problemsOf, runPolicy } from '../testing/index.ts';

/** Answers when the test says so; an aborted request fails as the real port does. */
function servers() {
  const open = new Map<string, { answer(status: number): void; fail(): void; request: HttpRequest }>();
  const aborted: string[] = [];
  let arrived: () => void = () => undefined;
  const http: HttpPort = {
    send: (request) =>
      new Promise<HttpResponse>((resolve, reject) => {
        const { host } = new URL(request.url);
        const error = new PolicyError('BackendConnectionFailure', `${host} failed`, {
          status: 500,
          message: 'Internal server error',
        });
        let isAnswered = false;
        request.signal?.addEventListener('abort', () => {
          if (!isAnswered) aborted.push(host);
          reject(error);
        });
        open.set(host, {
          request,
          answer: (status) => {
            isAnswered = true;
            resolve({ status, reason: '', headers: new HeaderList(), body: null });
          },
          fail: () => {
            isAnswered = true;
            reject(error);
          },
        });
        arrived();
      }),
  };
  const all = (count: number) =>
    new Promise<void>((resolve) => {
      arrived = () => {
        if (open.size === count) resolve();
      };
    });
  return { http, open, aborted, all };
}

const send = (name: string, attributes = '') =>
  `<send-request response-variable-name="${name}" ${attributes}><set-url>https://${name}/</set-url></send-request>`;

describe('wait', () => {
  it('for all: runs everything at once and waits for the last', async () => {
    const { http, open, all } = servers();
    const both = all(2);
    const running = runPolicy({ inbound: `<wait for="all">${send('a')}${send('b')}</wait>` }, { ports: { http } });
    await both;
    open.get('b')?.answer(200);
    open.get('a')?.answer(200);
    const { status, exchange } = await running;
    expect([status, [...exchange.variables.keys()].sort()]).toEqual([200, ['a', 'b']]);
  });

  it('for any: the first decides, the others are cancelled and leave nothing', async () => {
    const { http, open, aborted, all } = servers();
    const both = all(2);
    const running = runPolicy(
      { inbound: `<wait for="any">${send('a', 'ignore-error="true"')}${send('b')}</wait>` },
      { ports: { http } },
    );
    await both;
    open.get('b')?.answer(200);
    const { exchange, status } = await running;
    expect([status, aborted, [...exchange.variables.keys()]]).toEqual([200, ['a'], ['b']]);
    expect(exchange.signal.aborted).toBe(false);
  });

  it('for any: one that fails does not decide', async () => {
    const { http, open, all } = servers();
    const both = all(2);
    const running = runPolicy({ inbound: `<wait for="any">${send('a')}${send('b')}</wait>` }, { ports: { http } });
    await both;
    open.get('a')?.fail();
    open.get('b')?.answer(200);
    expect((await running).status).toBe(200);
  });

  it('for any: fails when all fail, with the first error', async () => {
    const { http, open, all } = servers();
    const both = all(2);
    const running = runPolicy({ inbound: `<wait for="any">${send('a')}${send('b')}</wait>` }, { ports: { http } });
    await both;
    open.get('b')?.fail();
    open.get('a')?.fail();
    expect((await running).exchange.lastError?.message).toBe('b failed');
  });

  it('for all: an error cancels the others', async () => {
    const { http, open, aborted, all } = servers();
    const both = all(2);
    const running = runPolicy({ inbound: `<wait>${send('a')}${send('b')}</wait>` }, { ports: { http } });
    await both;
    open.get('a')?.fail();
    const { exchange } = await running;
    expect([aborted, exchange.lastError?.source, exchange.lastError?.message]).toEqual([
      ['b'],
      'send-request',
      'a failed',
    ]);
  });

  it('return-response inside a choose ends the pipeline', async () => {
    const { http, aborted, all } = servers();
    const one = all(1);
    const running = runPolicy(
      {
        inbound: `<wait>${send('a')}<choose><when condition="true"><return-response><set-status code="202" /></return-response></when></choose></wait>`,
      },
      { ports: { http } },
    );
    await one;
    expect([(await running).status, aborted]).toEqual([202, ['a']]);
  });

  it('a caller that leaves cancels everything', async () => {
    const { http, aborted, all } = servers();
    const gone = new AbortController();
    const both = all(2);
    const running = runPolicy(
      { inbound: `<wait>${send('a')}${send('b')}</wait>` },
      { ports: { http }, signal: gone.signal },
    );
    await both;
    gone.abort();
    expect([(await running).response, aborted]).toEqual([null, ['a', 'b']]);
  });

  it('takes only some policies', () => {
    expect(problemsOf({ inbound: '<wait><set-status code="200" /></wait>' })).toHaveLength(1);
    expect(problemsOf({ inbound: '<wait for="all" />' })).toHaveLength(1);
    expect(
      problemsOf({ inbound: '<wait for="some"><cache-lookup-value key="k" variable-name="v" /></wait>' }),
    ).toHaveLength(1);
  });
});
