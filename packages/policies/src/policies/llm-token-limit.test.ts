import { brotliCompressSync, gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { MemoryCounters } from '../counters/memory-counters.ts';
import { tokenizerFor } from '../llm/tokenizer.ts';
import { FakeClock, type FakeResponse, problemsOf, runPolicy } from '../testing/index.ts';

// The tables of the tokenizers take longer to load than a test should.
beforeAll(async () => {
  await Promise.all([tokenizerFor('gpt-4o'), tokenizerFor('gpt-4')]);
}, 30_000);

const chat = (content: string, more = {}) =>
  JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more });
/** 'hi' as a message: 1 for its text, 1 for the role, 3 for the message, 3 for the reply. */
const promptOfHi = 8;

const answer = (total: number): FakeResponse => ({
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({
    choices: [{ message: { content: 'x' } }],
    usage: { prompt_tokens: 2, completion_tokens: total - 2, total_tokens: total },
  }),
});

/** One gateway: counters and clock are shared by its calls. */
function world(attributes: string, name = 'llm-token-limit') {
  const clock = new FakeClock(Date.UTC(2026, 0, 2, 3, 18, 6));
  const counters = new MemoryCounters({ now: () => clock.now() });
  return {
    clock,
    call: (response: FakeResponse = answer(10), body: string | undefined = chat('hi')) =>
      runPolicy(
        { inbound: `<${name} counter-key="k" ${attributes} />` },
        {
          clock,
          ports: { counters },
          request: { method: 'POST', body, headers: { 'Content-Type': 'application/json' } },
          backend: () => response,
        },
      ),
  };
}

test.each(['llm-token-limit', 'azure-openai-token-limit'])(
  '%s: usage counts, the next call is refused',
  async (name) => {
    const { call, clock } = world('tokens-per-minute="15" estimate-prompt-tokens="false"', name);
    expect([(await call()).status, (await call()).status]).toEqual([200, 200]);
    clock.time += 19_000;
    const refused = await call();
    expect([refused.status, refused.body, refused.headers['retry-after'], refused.backendRequests.length]).toEqual([
      429,
      '{ "statusCode": 429, "message": "Token limit is exceeded. Try again in 41 seconds." }',
      '41',
      0,
    ]);
    expect(refused.exchange.lastError).toMatchObject({ source: name, reason: 'TokenLimitExceeded' });
    clock.time += 41_000;
    expect((await call()).status).toBe(200);
  },
);

test('an estimate is taken before the backend is asked, the rest after it', async () => {
  const { call } = world(
    'tokens-per-minute="30" estimate-prompt-tokens="true" remaining-tokens-header-name="X-Left" tokens-consumed-header-name="X-Used" remaining-tokens-variable-name="left" tokens-consumed-variable-name="used"',
  );
  const first = await call(answer(20));
  expect([first.headers['x-left'], first.headers['x-used']]).toEqual(['10', '20']);
  expect(['left', 'used'].map((name) => first.exchange.variables.get(name))).toEqual([10, 20]);
  expect((await call(answer(8))).headers['x-left']).toBe(String(10 - promptOfHi));
  const refused = await call();
  expect([refused.status, refused.headers['x-left'], refused.backendRequests.length]).toEqual([429, '0', 0]);
});

test('a request that can never fit is refused without a time', async () => {
  const { call } = world('tokens-per-minute="5" estimate-prompt-tokens="true"');
  const run = await call();
  expect([run.body, run.headers['retry-after']]).toEqual([
    '{ "statusCode": 429, "message": "Token limit is exceeded." }',
    undefined,
  ]);
});

test('a quota ends with its period', async () => {
  const { call, clock } = world(
    'token-quota="10" token-quota-period="Hourly" estimate-prompt-tokens="false" remaining-quota-tokens-header-name="X-Left" retry-after-variable-name="wait"',
  );
  expect((await call()).headers['x-left']).toBe('0');
  const refused = await call();
  expect([
    refused.status,
    refused.body,
    refused.headers['retry-after'],
    refused.exchange.variables.get('wait'),
  ]).toEqual([
    403,
    '{ "statusCode": 403, "message": "Token quota is exceeded. Try again in 41 minutes and 54 seconds." }',
    '2514',
    2514,
  ]);
  expect(refused.exchange.lastError?.reason).toBe('TokenQuotaExceeded');
  clock.time += 2_514_000;
  expect((await call()).status).toBe(200);
});

test.each([
  ['Daily', '20 hours, 41 minutes and 54 seconds'],
  ['Weekly', '2 days, 20 hours, 41 minutes and 54 seconds'],
  ['Monthly', '29 days, 20 hours, 41 minutes and 54 seconds'],
  ['Yearly', '363 days, 20 hours, 41 minutes and 54 seconds'],
])('%s', async (period, time) => {
  const { call } = world(`token-quota="1" token-quota-period="${period}" estimate-prompt-tokens="false"`);
  await call();
  expect((await call()).exchange.lastError?.message).toBe(`Token quota is exceeded. Try again in ${time}.`);
});

test('an indefinite quota is over for good', async () => {
  const { call } = world('token-quota="1" estimate-prompt-tokens="false"');
  await call();
  expect((await call()).exchange.lastError?.message).toBe('Token quota is exceeded.');
});

test('an error of the backend uses nothing', async () => {
  const { call } = world('token-quota="20" estimate-prompt-tokens="true" remaining-quota-tokens-header-name="X-Left"');
  const error = { status: 500, headers: { 'Content-Type': 'application/json' }, body: '{}' };
  for (let i = 0; i < 5; i++) expect((await call(error)).headers['x-left']).toBe('20');
});

const events = (...bodies: unknown[]): FakeResponse => ({
  headers: { 'Content-Type': 'text/event-stream; charset=utf-8' },
  body: [...bodies.map((body) => `data: ${JSON.stringify(body)}`), 'data: [DONE]', ''].join('\n\n'),
});
const delta = (content: string) => ({ choices: [{ delta: { content } }] });
const left = async (call: ReturnType<typeof world>['call']) => (await call(answer(0))).headers['x-left'];

test('a stream is counted while it flows, its prompt always', async () => {
  const { call } = world(
    'tokens-per-minute="100" estimate-prompt-tokens="false" remaining-tokens-header-name="X-Left"',
  );
  const run = await call(events(delta('one '), delta('two'), delta(' three')), chat('hi', { stream: true }));
  expect([run.status, run.headers['x-left']]).toEqual([200, String(100 - promptOfHi)]);
  expect(run.body).toContain('data: [DONE]');
  expect(await left(call)).toBe(String(100 - promptOfHi - 3));
});

test('the usage of a stream beats the count', async () => {
  const { call } = world(
    'tokens-per-minute="100" estimate-prompt-tokens="false" remaining-tokens-header-name="X-Left"',
  );
  await call(
    events(delta('one two'), { choices: [], usage: { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50 } }),
  );
  expect(await left(call)).toBe('50');
});

test("Anthropic's and the responses' streams", async () => {
  const { call } = world(
    'tokens-per-minute="100" estimate-prompt-tokens="false" remaining-tokens-header-name="X-Left"',
  );
  await call(
    events(
      { type: 'message_start', message: { usage: { input_tokens: 20, output_tokens: 1 } } },
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'abc' } },
      { type: 'message_delta', usage: { output_tokens: 10 } },
    ),
  );
  expect(await left(call)).toBe('70');
  await call(
    events({
      type: 'response.completed',
      response: { usage: { input_tokens: 5, output_tokens: 5, total_tokens: 10 } },
    }),
  );
  expect(await left(call)).toBe('60');
});

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
] as const)('an answer in %s', async (coding, compress) => {
  const { call } = world(
    'tokens-per-minute="100" estimate-prompt-tokens="false" remaining-tokens-header-name="X-Left"',
  );
  const { headers, body = '' } = answer(40);
  const packed = compress(body);
  const run = await call({ headers: { ...headers, 'Content-Encoding': coding }, body: packed });
  expect([run.headers['x-left'], run.headers['content-encoding']]).toEqual(['60', coding]);
});

test('an answer without usage is counted', async () => {
  const { call } = world(
    'tokens-per-minute="100" estimate-prompt-tokens="false" remaining-tokens-header-name="X-Left"',
  );
  const body = JSON.stringify({ choices: [{ message: { content: 'one two three' } }] });
  const run = await call({ headers: { 'Content-Type': 'application/json' }, body });
  expect(run.headers['x-left']).toBe(String(100 - promptOfHi - 3));
});

test('ignore-prompt counts what the model wrote', async () => {
  const { call } = world(
    'tokens-per-minute="100" estimate-prompt-tokens="true" ignore-prompt="true" remaining-tokens-header-name="X-Left"',
  );
  expect((await call(answer(12))).headers['x-left']).toBe('90');
});

test('a body that is no request for a model goes through', async () => {
  const { call } = world('tokens-per-minute="100" estimate-prompt-tokens="true"');
  for (const body of ['', 'not JSON', '[]', '{"messages":5}', '"x"']) {
    const run = await call({ body: 'ok', headers: { 'Content-Type': 'text/plain' } }, body);
    expect([run.status, run.body, run.backendRequest?.body]).toEqual([200, 'ok', body]);
  }
});

test('a body that is larger than policies may read flows through and is guessed', async () => {
  const clock = new FakeClock();
  const body = chat('x'.repeat(4_000));
  const run = await runPolicy(
    {
      inbound:
        '<llm-token-limit counter-key="k" tokens-per-minute="100000" estimate-prompt-tokens="true" remaining-tokens-variable-name="left" />',
    },
    { clock, policyBodyBytes: 1_000, request: { method: 'POST', body } },
  );
  expect([run.status, run.backendRequest?.body]).toEqual([200, body]);
  expect(Number(run.exchange.variables.get('left'))).toBeLessThan(100_000);
});

test.each([
  ['', 2],
  ['tokens-per-minute="1"', 1],
  ['estimate-prompt-tokens="true"', 1],
  ['tokens-per-minute="1" estimate-prompt-tokens="true" token-quota-period="Fortnightly"', 1],
])('%s is refused', (attributes, count) => {
  expect(problemsOf({ inbound: `<llm-token-limit counter-key="k" ${attributes} />` })).toHaveLength(count);
});

test("the toolkit's misspelling is taken with a warning", () => {
  const policy = '<llm-token-limit counter-key="k" tokens-per-minute="1" estimate-prompt-token="true" />';
  expect(problemsOf({ inbound: policy })).toEqual([expect.stringMatching(/is called 'estimate-prompt-tokens'/)]);
});
