import { describe, expect, it } from 'vitest';
import { type FakeResponse, problemsOf, type RunPolicyInit, runPolicy } from '../testing/index.ts';

/** Answers one after another; the last one repeats. */
function answers(...list: FakeResponse[]) {
  let at = 0;
  return () => list[Math.min(at++, list.length - 1)] ?? {};
}

const down = { status: 503 };
const up = { status: 200, body: 'up' };
const isDown = 'condition="@(context.Response.StatusCode == 503)"';

const run = (attributes: string, init: RunPolicyInit = {}, forward = '<forward-request />') =>
  runPolicy({ backend: `<retry ${attributes}>${forward}</retry>` }, init);

describe('retry', () => {
  it('runs again until the condition is false', async () => {
    const { status, backendRequests, exchange } = await run(`${isDown} count="5" interval="2"`, {
      backend: answers(down, down, up),
    });
    expect([status, backendRequests.length, exchange.ports.clock.slept]).toEqual([200, 3, [2000, 2000]]);
  });

  it('runs once when the condition is false at once', async () => {
    const { backendRequests } = await run(`${isDown} count="5" interval="2"`, { backend: answers(up) });
    expect(backendRequests).toHaveLength(1);
  });

  it('gives up after count retries, with the last answer', async () => {
    const { status, backendRequests } = await run(`${isDown} count="2" interval="0"`, { backend: answers(down) });
    expect([status, backendRequests.length]).toEqual([503, 3]);
  });

  it.each([
    ['interval="10"', [10, 10, 10, 10]],
    ['interval="10" delta="5"', [10, 15, 20, 25]],
    ['interval="10" max-interval="4"', [4, 4, 4, 4]],
    ['interval="1" delta="10" max-interval="45"', [11, 21, 41, 45]],
    ['interval="10" first-fast-retry="true"', [10, 10, 10]],
    ['interval="10" delta="5" first-fast-retry="true"', [15, 20, 25]],
  ])('waits with %s: %s seconds', async (attributes, seconds) => {
    const { exchange } = await run(`condition="true" count="4" ${attributes}`, { backend: answers(down) });
    // The fake clock's random number is 0.5: a factor of 1.
    expect(exchange.ports.clock.slept).toEqual(seconds.map((s) => s * 1000));
  });

  it('may be empty: a warning says that nothing runs', async () => {
    const init = { backend: '<retry condition="false" count="1" interval="1" /><forward-request />' };
    expect((await runPolicy(init)).backendRequests).toHaveLength(1);
    expect(problemsOf(init)).toEqual([expect.stringMatching(/^Warning in element 'retry' .*nothing to run again/)]);
  });

  it('sends a buffered body again', async () => {
    const { backendRequests } = await run(
      `${isDown} count="1" interval="0"`,
      { backend: answers(down, up), request: { method: 'POST', body: 'content' } },
      '<set-body>@(context.Request.Body.As<string>(true))</set-body><forward-request />',
    );
    expect(backendRequests.map((request) => request.body)).toEqual(['content', 'content']);
  });

  it('does not send a body again that was streamed: the answer that is there stays', async () => {
    const { status, backendRequests, traces } = await run('condition="true" count="3" interval="0"', {
      backend: answers(down, up),
      request: { method: 'POST', body: 'content' },
    });
    expect([status, backendRequests.length]).toEqual([503, 1]);
    expect(traces.some(({ message }) => message.includes('buffer-request-body'))).toBe(true);
  });

  it('reads a body in its condition after each run', async () => {
    const { body, backendRequests } = await run(
      'condition="@(context.Response.Body.As<string>(preserveContent: true) != "ready")" count="9" interval="1"',
      { backend: answers({ body: 'no' }, { body: 'not yet' }, { body: 'ready' }) },
    );
    expect([body, backendRequests.length]).toEqual(['ready', 3]);
  });

  it('an error inside is not retried', async () => {
    const { status, backendRequests } = await run('condition="true" count="3" interval="0"', {
      backend: () => {
        throw new Error('broken');
      },
    });
    expect([status, backendRequests.length]).toEqual([500, 1]);
  });

  it('return-response inside ends everything', async () => {
    const { status } = await run(
      'condition="true" count="3" interval="0"',
      {},
      '<return-response><set-status code="418" /></return-response>',
    );
    expect(status).toBe(418);
  });

  it('stops when the caller is gone', async () => {
    const gone = new AbortController();
    const { response, backendRequests } = await run('condition="true" count="3" interval="1"', {
      signal: gone.signal,
      backend: () => {
        gone.abort();
        return down;
      },
    });
    expect([response, backendRequests.length]).toEqual([null, 1]);
  });

  it('refuses what cannot be', () => {
    const problems = (attributes: string, inner = '<set-status code="200" />') =>
      problemsOf({ outbound: `<retry ${attributes}>${inner}</retry>` });
    expect(problems('condition="true" count="51" interval="1"')).toHaveLength(1);
    expect(problems('condition="true" count="0" interval="1"')).toHaveLength(1);
    expect(problems('condition="true" count="1" interval="-1"')).toHaveLength(1);
    expect(problems('condition="true" count="1" interval="1"', '')).toHaveLength(1);
    expect(problems('count="1" interval="1"')).toHaveLength(1);
    const wait = '<wait><cache-lookup-value key="k" variable-name="v" /></wait>';
    expect(problems('condition="true" count="1" interval="1"', wait)).toEqual([
      expect.stringContaining("Policy 'wait' cannot stand in 'retry'"),
    ]);
  });
});
