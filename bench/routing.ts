/**
 * What finding API and operation costs with 10, 1,000 and 10,000 APIs of 8 operations each: `node bench/routing.ts`.
 *
 * The same 10 APIs, spread over the service, are asked for in every size, as traffic concentrates on few APIs: what grows
 * then is the algorithm. The second column asks every API in turn, so that the processor's caches hold none of them: what
 * grows there is memory latency. Fails when the first grows by more than 20% from the smallest to the largest.
 */

import { compileRouter, splitTarget } from '@lazuli/gateway';
import { HeaderList } from '@lazuli/policies';
import type { Api, Operation } from '@lazuli/resources';

const sizes = [10, 1_000, 10_000];
const templates = [
  'GET /items',
  'POST /items',
  'GET /items/{id}',
  'PUT /items/{id}',
  'GET /items/{id}/lines',
  'GET /items/{id}/lines/{line}',
  'GET /items/latest',
  'GET /files/*',
];
const lines = ['GET /items', 'GET /items/4711', 'GET /items/latest', 'GET /items/4711/lines/2', 'GET /files/a/b.txt'];
const headers = new HeaderList(['Host', 'gateway.example']);

const results = sizes.map((size) => {
  const started = performance.now();
  const { router } = compileRouter({ apis: Array.from({ length: size }, (_, i) => makeApi(i)), versionSets: [] });
  const compiled = performance.now() - started;
  const few = requests(Array.from({ length: 10 }, (_, i) => Math.floor((i * size) / 10)));
  const every = requests(Array.from({ length: size }, (_, i) => (i * 7919) % size));
  return { size, compiled, few: measure(router, few), every: measure(router, every) };
});

for (const { size, compiled, few, every } of results) {
  const row = [`${size} APIs`, `${few.toFixed(0)} ns (10 hot)`, `${every.toFixed(0)} ns (all in turn)`];
  console.log(`${row.map((cell) => cell.padEnd(22)).join('')}compiled in ${compiled.toFixed(0)} ms`);
}
const growth = (results.at(-1)?.few ?? 0) / (results[0]?.few ?? 1) - 1;
console.log(`growth from ${sizes[0]} to ${sizes.at(-1)} APIs: ${(growth * 100).toFixed(1)}% (limit 20%)`);
process.exitCode = growth > 0.2 ? 1 : 0;

type Router = ReturnType<typeof compileRouter>['router'];
type Request = { readonly method: string; readonly target: ReturnType<typeof splitTarget> };

function requests(indexes: readonly number[]): Request[] {
  return indexes.flatMap((index) =>
    lines.map((line) => {
      const [method = '', path = ''] = line.split(' ');
      return { method, target: splitTarget(`/${pathOf(index)}${path}`) };
    }),
  );
}

/** The best of several rounds: what disturbs a measurement only ever makes it longer. */
function measure(router: Router, list: readonly Request[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round++) {
    const repeats = Math.max(1, Math.ceil(200_000 / list.length));
    const started = process.hrtime.bigint();
    for (let i = 0; i < repeats; i++) {
      for (const { method, target } of list) {
        if (router.match(method, target, headers).kind !== 'operation')
          throw new Error(`${target.path} was not matched`);
      }
    }
    best = Math.min(best, Number(process.hrtime.bigint() - started) / (repeats * list.length));
  }
  return best;
}

function pathOf(index: number): string {
  return `team-${index % 97}/service-${String(index).padStart(5, '0')}`;
}

function makeApi(index: number): Api {
  return {
    name: `api-${index}`,
    revision: '1',
    isCurrent: true,
    isOnline: true,
    displayName: `API ${index}`,
    description: null,
    path: pathOf(index),
    protocols: ['https'],
    type: 'http',
    serviceUrl: null,
    subscriptionRequired: false,
    subscriptionKeyParameterNames: { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' },
    apiVersion: '',
    apiVersionSet: null,
    apiRevisionDescription: null,
    operations: templates.map((template) => makeOperation(template)),
    policy: null,
    diagnostics: [],
    tags: [],
    schemas: new Map(),
    xmlSchemas: new Map(),
  };
}

function makeOperation(text: string): Operation {
  const [method = '', urlTemplate = ''] = text.split(' ');
  return {
    name: text,
    displayName: text,
    description: null,
    method,
    urlTemplate,
    templateParameters: [],
    request: { queryParameters: [], headers: [], representations: [] },
    responses: [],
    policy: null,
  };
}
