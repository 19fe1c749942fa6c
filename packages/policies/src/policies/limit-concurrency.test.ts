import { expect, test } from 'vitest';
import { closeExchange, runPipeline } from '../pipeline/run.ts';
import { exchangeFor, pipelineFor, problemsOf, stepPolicy } from '../testing/index.ts';
import { policies } from './index.ts';

/** A policy that waits until it is let go, or fails. */
function gate() {
  const waiting: { resolve(): void; reject(error: Error): void }[] = [];
  const step = stepPolicy(
    'mock-response',
    () => new Promise<undefined>((resolve, reject) => waiting.push({ resolve: () => resolve(undefined), reject })),
  );
  const others = policies.filter((policy) => policy.name !== 'mock-response');
  return { waiting, policies: [...others, step] };
}

function scene(max = 1) {
  const { waiting, policies: all } = gate();
  const text = `<limit-concurrency key="k" max-count="${max}"><mock-response /></limit-concurrency>`;
  const pipeline = pipelineFor({ inbound: text }, { policies: all });
  const first = exchangeFor();
  const exchange = () => exchangeFor({ ports: { counters: first.ports.counters } });
  return { waiting, pipeline, exchange };
}

test('refuses one too many at once, and lets the next one in afterwards', async () => {
  const { waiting, pipeline, exchange } = scene();
  const [a, b, c] = [exchange(), exchange(), exchange()];
  const running = runPipeline(pipeline, a);
  await runPipeline(pipeline, b);
  expect([b.response?.status, b.lastError?.reason]).toEqual([429, 'ConcurrencyLimitExceeded']);
  waiting[0]?.resolve();
  await running;
  expect(a.response?.status).toBe(200);
  const again = runPipeline(pipeline, c);
  waiting[1]?.resolve();
  await again;
  expect(c.response?.status).toBe(200);
});

test('a failure inside frees the slot', async () => {
  const { waiting, pipeline, exchange } = scene();
  const running = runPipeline(pipeline, exchange());
  waiting[0]?.reject(new Error('broken'));
  await running;
  const next = exchange();
  const again = runPipeline(pipeline, next);
  expect(waiting).toHaveLength(2);
  waiting[1]?.resolve();
  await again;
});

test('a closed exchange frees the slot, though the policy inside never ends; and only once', async () => {
  const { waiting, pipeline, exchange } = scene();
  const gone = exchange();
  const running = runPipeline(pipeline, gone);
  closeExchange(gone);
  const [second, third] = [exchange(), exchange()];
  const inside = runPipeline(pipeline, second);
  expect(waiting).toHaveLength(2);
  waiting[0]?.resolve();
  await running;
  await runPipeline(pipeline, third);
  expect(third.response?.status).toBe(429);
  waiting[1]?.resolve();
  await inside;
});

test('a maximum of 0 lets nobody in', async () => {
  const { pipeline, exchange } = scene(0);
  const one = exchange();
  await runPipeline(pipeline, one);
  expect(one.response?.status).toBe(429);
});

test('the maximum is a literal', () => {
  expect(problemsOf({ inbound: '<limit-concurrency key="k" max-count="@(1)" />' })).toHaveLength(1);
});
