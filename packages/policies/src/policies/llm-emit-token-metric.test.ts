import { beforeAll, expect, test } from 'vitest';
import { tokenizerFor } from '../llm/tokenizer.ts';
import { type FakeResponse, problemsOf, runPolicy } from '../testing/index.ts';

beforeAll(async () => {
  await tokenizerFor('gpt-4o');
}, 30_000);

const json: FakeResponse = {
  headers: { 'Content-Type': 'application/json' },
  body: '{"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}',
};

const emitted = async (policy: string, response = json, body = '{"model":"gpt-4o","prompt":"hi"}') =>
  (await runPolicy({ inbound: policy }, { request: { method: 'POST', body }, backend: () => response })).exchange.ports
    .emitted;

test.each(['llm-emit-token-metric', 'azure-openai-emit-token-metric'])('%s', async (name) => {
  const dimensions = [
    ['API ID', 'orders-api'],
    ['Team', 'x'],
  ];
  expect(
    await emitted(`<${name} namespace="llm"><dimension name="API ID" /><dimension name="Team" value="x" /></${name}>`),
  ).toEqual([
    { namespace: 'llm', name: 'Total Tokens', value: 10, dimensions },
    { namespace: 'llm', name: 'Prompt Tokens', value: 7, dimensions },
    { namespace: 'llm', name: 'Completion Tokens', value: 3, dimensions },
  ]);
});

const values = (metrics: Awaited<ReturnType<typeof emitted>>) => metrics.map(({ name, value }) => [name, value]);

test('value-type, name and ignore-prompt', async () => {
  expect(values(await emitted('<llm-emit-token-metric value-type="prompt-tokens" name="in" />'))).toEqual([['in', 7]]);
  expect(values(await emitted('<llm-emit-token-metric name="my" />'))[0]).toEqual(['my Total Tokens', 10]);
  expect(values(await emitted('<llm-emit-token-metric ignore-prompt="true" />'))).toEqual([
    ['Total Tokens', 3],
    ['Completion Tokens', 3],
  ]);
});

test('a stream without usage is counted', async () => {
  const stream = {
    headers: { 'Content-Type': 'text/event-stream' },
    body: 'data: {"choices":[{"text":"one two"}]}\r\n\r\ndata: {"choices":[{"text":" three"}]}\r\n\r\ndata: [DONE]',
  };
  expect(values(await emitted('<llm-emit-token-metric />', stream))).toEqual([
    ['Total Tokens', 4],
    ['Prompt Tokens', 1],
    ['Completion Tokens', 3],
  ]);
});

test('an error and what is no answer of a model emit nothing', async () => {
  expect(await emitted('<llm-emit-token-metric />', { ...json, status: 429 })).toEqual([]);
  expect(await emitted('<llm-emit-token-metric />', { body: 'x' })).toEqual([]);
  expect(await emitted('<llm-emit-token-metric />', { ...json, body: 'broken' })).toEqual([]);
});

test('with a token limit the tokens are counted once for both', async () => {
  const metrics = await emitted(
    '<llm-token-limit counter-key="k" tokens-per-minute="100" estimate-prompt-tokens="true" tokens-consumed-variable-name="u" /><llm-emit-token-metric />',
  );
  expect(values(metrics)[0]).toEqual(['Total Tokens', 10]);
});

test('dimensions are checked', () => {
  expect(problemsOf({ inbound: '<llm-emit-token-metric><dimension name="X" /></llm-emit-token-metric>' })).toHaveLength(
    1,
  );
});
