import type { ServiceModel } from '@lazuli/resources';
import { describe, expect, it } from 'vitest';
import { api, backend, operation, policy, product, serviceModel } from '../testing/model.ts';
import { buildSnapshot } from './snapshot.ts';

const options = { allowUnsupported: false };
const inbound = (text: string) => `<policies><inbound><base />${text}</inbound></policies>`;
const header = (value: string) => `<set-header name="X" exists-action="override"><value>${value}</value></set-header>`;
const build = (parts: Partial<ServiceModel>) => buildSnapshot(serviceModel(parts), options);

describe('a snapshot', () => {
  it('puts the pipeline of an operation together once, for each product', () => {
    const one = operation('GET /x', { policy: policy(inbound(header('operation'))) });
    const p = product('p', ['a'], { policy: policy(inbound(header('product'))) });
    const a = api('a', { operations: [one], policy: policy(inbound(header('api'))) });
    const { snapshot } = build({ apis: [a], products: [p], policy: policy(inbound(header('global'))) });
    const scopes = (of: ReturnType<typeof snapshot.pipeline>) => of.sections.inbound.map(({ info }) => info.scope);
    expect(scopes(snapshot.pipeline(a, one, p))).toEqual(['global', 'product', 'api', 'operation']);
    expect(scopes(snapshot.pipeline(a, one, null))).toEqual(['global', 'api', 'operation']);
    expect(scopes(snapshot.pipeline(a, null, null))).toEqual(['global', 'api']);
    expect(scopes(snapshot.pipeline(null, null, null))).toEqual(['global']);
    expect(snapshot.pipeline(a, one, p)).toBe(snapshot.pipeline(a, one, p));
  });

  it('says file, line and column of every problem', () => {
    const { diagnostics } = build({
      apis: [
        api('a', {
          operations: [
            operation('GET /{a}{b}', {
              policy: policy('<policies>\n  <inbound>\n    <nothing />\n  </inbound>\n</policies>', 'a/x.xml'),
            }),
          ],
        }),
      ],
      policyFragments: [
        { name: 'f', description: null, document: policy('<fragment>\n<set-header /></fragment>', 'f.xml') },
      ],
    });
    expect(diagnostics.map(({ severity, file, line, column }) => [severity, file, line, column])).toEqual(
      expect.arrayContaining([
        ['error', 'apis/a', 0, 0],
        ['error', 'a/x.xml', 3, 6],
        ['error', 'f.xml', 2, 2],
      ]),
    );
  });

  it('compiles again only what changed or refers to what changed', () => {
    const plain = policy(inbound(header('1')), 'plain.xml');
    const valued = policy(inbound(header('{{v}}')), 'valued.xml');
    const chosen = policy(inbound('<set-backend-service backend-id="b" />'), 'chosen.xml');
    const model = (value: string, backends: string[]) =>
      serviceModel({
        apis: [api('p', { policy: plain }), api('v', { policy: valued }), api('c', { policy: chosen })],
        namedValues: [{ name: 'v', displayName: 'v', value, secret: false, tags: [] }],
        backends: backends.map((name) => backend(name, { url: 'http://b.example' })),
      });
    const first = buildSnapshot(model('1', ['b']), options).snapshot;
    const changed = (next: ServiceModel) => {
      const { snapshot } = buildSnapshot(next, options, first);
      return [plain, valued, chosen]
        .filter((document) => snapshot.documents.get(document) !== first.documents.get(document))
        .map(({ file }) => file);
    };
    expect(changed(model('1', ['b']))).toEqual([]);
    expect(changed(model('2', ['b']))).toEqual(['valued.xml']);
    expect(changed(model('1', ['b', 'c']))).toEqual(['valued.xml', 'chosen.xml']);
  });

  it('runs nothing for a document that did not compile', () => {
    const a = api('a', {
      operations: [operation('GET /x')],
      policy: policy('<policies><inbound><nothing /></inbound></policies>'),
    });
    const { snapshot } = build({ apis: [a] });
    expect(() => snapshot.pipeline(a, a.operations[0] ?? null, null)).toThrow(
      "The policy document 'policy.xml' did not compile: nothing may run without it.",
    );
  });

  it('builds 10,000 APIs in seconds', () => {
    const apis = Array.from({ length: 10_000 }, (_, i) =>
      api(`api-${i}`, {
        serviceUrl: 'https://b.example',
        operations: [operation('GET /x'), operation('GET /x/{id}')],
        policy: policy(inbound(header(String(i))), `apis/${i}/policy.xml`),
      }),
    );
    const started = performance.now();
    const { snapshot, diagnostics } = build({ apis });
    const first = performance.now() - started;
    const again = performance.now();
    buildSnapshot(serviceModel({ apis: [...apis, api('new')] }), options, snapshot);
    const second = performance.now() - again;
    expect(diagnostics).toEqual([]);
    expect(first).toBeLessThan(10_000);
    expect(second).toBeLessThan(2_000);
  });
});
