import { typeNameOf } from '@lazuli/expressions';
import { describe, expect, it } from 'vitest';
import type { CachePort } from '../ports/ports.ts';
import { problemsOf, runPolicy } from '../testing/index.ts';

const store = (value: string) => `<cache-store-value key="k" value="${value}" duration="60" />`;
const lookup = '<cache-lookup-value key="k" variable-name="v" />';

describe('cache-store-value and cache-lookup-value', () => {
  it.each([
    ['a literal', 'text', 'System.String'],
    ['an int', '@(42)', 'System.Int32'],
    ['a double', '@(0.5)', 'System.Double'],
    ['a date', '@(new DateTime(2020, 1, 2))', 'System.DateTime'],
    ['JSON', `@(JObject.Parse("{'a':1}"))`, 'Newtonsoft.Json.Linq.JObject'],
  ])('%s keeps its type', async (_, value, type) => {
    const { exchange } = await runPolicy({ inbound: store(value) + lookup });
    expect(exchange.lastError).toBeNull();
    expect(typeNameOf(exchange.variables.get('v'))).toBe(type);
  });

  it('null is a value', async () => {
    const { exchange } = await runPolicy({ inbound: store('@(null)') + lookup.replace('v"', 'v" default-value="d"') });
    expect(exchange.variables.get('v')).toBeNull();
  });

  it('what is changed afterwards is not what is cached', async () => {
    const { exchange } = await runPolicy({
      inbound: `<set-variable name="o" value="@(JObject.Parse("{}"))" />
        ${store('@((JObject)context.Variables["o"])')}
        <set-variable name="x" value="@{ ((JObject)context.Variables["o"]).Add("a", 1); return 1; }" />
        ${lookup}
        <set-variable name="x" value="@{ ((JObject)context.Variables["v"]).Add("b", 1); return 1; }" />
        <cache-lookup-value key="k" variable-name="again" />`,
    });
    expect(exchange.lastError).toBeNull();
    expect(String(exchange.variables.get('again'))).not.toContain('1');
  });

  it('a value of the gateway itself cannot be cached', async () => {
    const { exchange } = await runPolicy({ inbound: store('@(context.Request)') });
    expect(exchange.lastError?.message).toContain("'Microsoft.Azure.ApiManagement.IRequest' cannot be cached");
  });

  it('a miss takes the default value', async () => {
    const { exchange } = await runPolicy({
      inbound: '<cache-lookup-value key="k" variable-name="v" default-value="@(7)" />',
    });
    expect(exchange.variables.get('v')).toBe(7);
  });

  it('a miss without a default sets nothing', async () => {
    const { exchange } = await runPolicy({ inbound: lookup });
    expect(exchange.variables.has('v')).toBe(false);
    const kept = await runPolicy({ inbound: lookup }, { variables: { v: 'before' } });
    expect(kept.exchange.variables.get('v')).toBe('before');
  });

  it('waits for a cache that answers later', async () => {
    const cache: CachePort = {
      get: async () => ({ kind: 'value', value: 'late' }),
      set: async () => undefined,
      remove: async () => true,
    };
    const { exchange } = await runPolicy({ inbound: store('x') + lookup }, { ports: { cache } });
    expect(exchange.variables.get('v')).toBe('late');
  });

  it('a response under the same key is not a value', async () => {
    const { exchange } = await runPolicy({ inbound: lookup.replace('key="k"', 'key="@("k")"') });
    expect(exchange.variables.has('v')).toBe(false);
  });

  it('refuses what is missing', () => {
    expect(problemsOf({ inbound: '<cache-store-value key="k" value="v" />' })).toHaveLength(1);
    expect(problemsOf({ inbound: '<cache-lookup-value key="k" />' })).toHaveLength(1);
    expect(
      problemsOf({ inbound: '<cache-lookup-value key="k" variable-name="v" caching-type="none" />' }),
    ).toHaveLength(1);
  });
});

describe('cache-remove-value', () => {
  const broken: CachePort = { get: () => undefined, set: () => undefined, remove: async () => false };

  it('removes', async () => {
    const { exchange } = await runPolicy({ inbound: `${store('x')}<cache-remove-value key="k" />${lookup}` });
    expect(exchange.variables.has('v')).toBe(false);
  });

  it('one that is not there is no error', async () => {
    const { status } = await runPolicy({
      inbound: '<cache-remove-value key="k" fail-on-cache-removal-error="true" />',
    });
    expect(status).toBe(200);
  });

  it('fails only when told to', async () => {
    const ports = { cache: broken };
    expect((await runPolicy({ inbound: '<cache-remove-value key="k" />' }, { ports })).status).toBe(200);
    const failed = await runPolicy(
      { inbound: '<cache-remove-value key="k" fail-on-cache-removal-error="true" />' },
      { ports },
    );
    expect([failed.status, failed.exchange.lastError?.reason]).toEqual([500, 'CacheRemovalFailed']);
  });
});
