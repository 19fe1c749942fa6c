import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedManagement, serveManagement } from './kit.ts';
import { widgetProvider } from './widgets.ts';

let served: ServedManagement;
const failures: unknown[] = [];
beforeAll(async () => {
  const log = { info() {}, error: (facts: object) => failures.push(facts) };
  served = await serveManagement({ providers: [widgetProvider], log });
  const group = `/subscriptions/${served.management.subscriptionId}/resourceGroups/g`;
  await served.send('PUT', `${group}?api-version=2022-09-01`, { body: { location: 'westeurope' } });
  await served.send('PUT', `${group}/providers/Contoso.Widgets/factories/f?api-version=2024-01-01`, {
    body: { location: 'westeurope' },
  });
});
afterAll(() => served.stop());

const word = fc.constantFrom(
  'SUBSCRIPTION',
  'subscriptions',
  'resourceGroups',
  'g',
  'providers',
  'Contoso.Widgets',
  'factories',
  'f',
  'widgets',
  'listKeys',
  'Microsoft.Authorization',
  'locks',
  'roleAssignments',
  'Microsoft.Resources',
  'deployments',
  'operations',
  'tags',
  'default',
  'metadata',
  'endpoints',
  'oauth2',
  'token',
  'v1.0',
  'applications',
  'x;rev=1',
  '%20',
);
const path = fc.oneof(
  fc.array(word, { maxLength: 14 }),
  fc
    .array(word, { maxLength: 6 })
    .map((rest) => ['subscriptions', 'SUBSCRIPTION', 'resourceGroups', 'g', 'providers', ...rest]),
);
const query = fc.record(
  {
    'api-version': fc.constantFrom('2024-01-01', '2022-09-01', '2022-04-01', '2020-05-01', 'x'),
    $filter: fc.oneof(fc.string(), fc.constantFrom("name eq 'x'", 'atScope()', "contains(name,'a')")),
    $top: fc.constantFrom('1', '0', '-1', 'x'),
    $skipToken: fc.oneof(fc.string(), fc.constant('eyJhZnRlciI6IngifQ')),
    $orderby: fc.string(),
  },
  { requiredKeys: ['api-version'] },
);
const body = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.record({
    location: fc.constantFrom('westeurope', 'moon'),
    properties: fc.jsonValue({ maxDepth: 3 }),
    tags: fc.jsonValue({ maxDepth: 2 }),
  }),
  fc.record({
    properties: fc.record({ template: fc.jsonValue({ maxDepth: 4 }), mode: fc.constantFrom('Incremental', 'x') }),
  }),
);

describe('hostile requests', () => {
  it('are answered by an error of the caller’s, never one of ours', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'HEAD', 'PUT', 'PATCH', 'POST'),
        path,
        query,
        body,
        async (method, segments, parameters, json) => {
          const target = segments
            .map((one) => (one === 'SUBSCRIPTION' ? served.management.subscriptionId : one))
            .join('/');
          const text = new URLSearchParams(parameters as Record<string, string>).toString();
          const hasBody = method !== 'GET' && method !== 'HEAD';
          const answer = await served.send(method, `/${target}?${text}`, hasBody ? { body: json } : {});
          expect(
            answer.status,
            `${method} /${target}?${text} ${JSON.stringify(json)} ${JSON.stringify(failures)}`,
          ).toBeLessThan(500);
          if (answer.status >= 400 && method !== 'HEAD') expect(answer.text).toContain('error');
        },
      ),
      { numRuns: 600 },
    );
    expect(failures).toEqual([]);
  });
});
