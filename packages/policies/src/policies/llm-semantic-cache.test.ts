import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryCache } from '../cache/memory-cache.ts';
import { FakeClock, type FakeServer, problemsOf, runPolicy } from '../testing/index.ts';

/** Where texts stand: the same direction means the same. */
const meanings: Readonly<Record<string, readonly number[]>> = { hello: [1, 0, 0], hi: [1, 0.1, 0], bye: [0, 0, 1] };

let calls: { readonly url: string; readonly body: string; readonly authorization: string | undefined }[];
let clock: FakeClock;
let cache: MemoryCache;
let answers: number;
beforeEach(() => {
  calls = [];
  clock = new FakeClock();
  cache = new MemoryCache({ maxBytes: 1_000_000, now: () => clock.now() });
  answers = 0;
});

const backend: FakeServer = (request) => {
  const body = JSON.parse(request.body);
  if ('input' in body) {
    calls.push({ url: request.url, body: request.body, authorization: request.headers.get('Authorization') });
    const word = Object.keys(meanings).find((one) => String(body.input).endsWith(` ${one}`));
    return word === undefined
      ? { status: 500 }
      : {
          body: JSON.stringify({ data: [{ embedding: meanings[word] }] }),
          headers: { 'Content-Type': 'application/json' },
        };
  }
  answers++;
  return { body: `{"answer":${answers}}`, headers: { 'Content-Type': 'application/json' } };
};

async function ask(
  content: string,
  init: {
    attributes?: string;
    inside?: string;
    more?: object;
    outbound?: string;
    system?: string;
    duration?: number;
  } = {},
) {
  const { attributes = '', inside = '', more = {}, outbound = '', system, duration = 60 } = init;
  const messages = [...(system ? [{ role: 'system', content: system }] : []), { role: 'user', content }];
  const run = await runPolicy(
    {
      inbound: `<llm-semantic-cache-lookup score-threshold="0.05" embeddings-backend-id="embeddings" embeddings-backend-auth="system-assigned" ${attributes}>${inside}</llm-semantic-cache-lookup>`,
      outbound: `${outbound}<llm-semantic-cache-store duration="${duration}" />`,
    },
    {
      clock,
      backend,
      backends: ['embeddings'],
      ports: { cache },
      request: {
        method: 'POST',
        url: 'https://gateway.example/orders/chat/completions',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4o', messages, ...more }),
      },
    },
  );
  return run.body;
}

describe('the semantic cache', () => {
  it('answers a prompt that means the same, and no other', async () => {
    expect(await ask('hello')).toBe('{"answer":1}');
    expect(await ask('hi')).toBe('{"answer":1}');
    expect(await ask('bye')).toBe('{"answer":2}');
    expect(calls[0]).toEqual({
      url: expect.stringContaining('?api-version='),
      body: '{"input":"user: hello"}',
      authorization: 'Bearer token-for-https://cognitiveservices.azure.com',
    });
  });

  it('forgets when the time is over', async () => {
    await ask('hello');
    clock.time += 61_000;
    expect(await ask('hello')).toBe('{"answer":2}');
  });

  it('goes on in outbound behind the store', async () => {
    const outbound = '<set-header name="x-before"><value>1</value></set-header>';
    await ask('hello', { outbound });
    expect(await ask('hello', { outbound })).toBe('{"answer":1}');
  });

  it('keeps models, streams and vary-by values apart', async () => {
    await ask('hello');
    expect(await ask('hello', { more: { model: 'other' } })).toBe('{"answer":2}');
    expect(await ask('hello', { more: { stream: true } })).toBe('{"answer":3}');
    const inside = '<vary-by>@(context.Request.Headers.GetValueOrDefault("x", "none"))</vary-by>';
    expect(await ask('hello', { inside })).toBe('{"answer":4}');
    expect(await ask('hello', { inside })).toBe('{"answer":4}');
  });

  it('can leave system messages out of the comparison', async () => {
    const attributes = 'ignore-system-messages="true"';
    await ask('hello', { attributes, system: 'one' });
    expect(calls[0]?.body).toBe('{"input":"user: hello"}');
    await ask('hello', { system: 'one' });
    expect(calls[1]?.body).toBe('{"input":"system: one\\nuser: hello"}');
  });

  it('is not used for long conversations', async () => {
    const attributes = 'max-message-count="1"';
    await ask('hello', { attributes, system: 'one' });
    expect(calls).toEqual([]);
    expect(await ask('hello', { attributes, system: 'one' })).toBe('{"answer":2}');
  });

  it('never fails a request', async () => {
    expect(await ask('something that has no embedding')).toBe('{"answer":1}');
    const run = await runPolicy(
      { inbound: '<llm-semantic-cache-lookup score-threshold="0.1" embeddings-backend-id="embeddings" />' },
      { backends: ['embeddings'], request: { method: 'POST', body: 'no JSON' } },
    );
    expect(run.status).toBe(200);
  });

  it('sends no identity with header', async () => {
    await ask('hello', { attributes: '' });
    await runPolicy(
      {
        inbound:
          '<azure-openai-semantic-cache-lookup score-threshold="0.1" embeddings-backend-id="embeddings" embeddings-backend-auth="header" />',
      },
      { backend, backends: ['embeddings'], request: { method: 'POST', body: '{"prompt":"say hi"}' } },
    );
    expect(calls[1]?.authorization).toBeUndefined();
  });

  it('refuses what cannot be', () => {
    const lookup = (attributes: string) =>
      problemsOf({ inbound: `<llm-semantic-cache-lookup ${attributes} />` }, { backends: ['e'] });
    expect(lookup('score-threshold="0.1" embeddings-backend-id="e"')).toEqual([]);
    expect(lookup('score-threshold="2" embeddings-backend-id="e"')).toHaveLength(1);
    expect(lookup('score-threshold="0.1" embeddings-backend-id="none"')).toEqual([
      expect.stringContaining("Backend with id 'none' could not be found."),
    ]);
    expect(lookup('embeddings-backend-id="e"')).toHaveLength(1);
    expect(problemsOf({ outbound: '<llm-semantic-cache-store />' })).toHaveLength(1);
  });
});
