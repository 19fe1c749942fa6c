import { readFile } from 'node:fs/promises';
import { normaliseRule } from '@lazuli/resources';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntityDirectory, EntityRecord } from '../contract.ts';
import { applyEmulatorConfiguration, readEmulatorConfiguration } from './emulator-configuration.ts';
import { shownRule } from './rule-properties.ts';

const problemsOf = (text: string) =>
  readEmulatorConfiguration(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
const inNamespace = (rest: string) => `{"UserConfig": {"Namespaces": [{"Name": "n", ${rest}}]}}`;

describe("the emulator's Config.json", () => {
  it('is read, the example too', async () => {
    const { namespaces, problems } = readEmulatorConfiguration(
      await readFile('examples/service-bus/Config.json', 'utf8'),
    );
    expect(problems).toEqual([]);
    expect(namespaces[0]?.name).toBe('sbemulatorns');
    expect(namespaces[0]?.entities.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'queue orders',
      'queue baskets',
      'topic events',
      'subscription events/Subscriptions/audit',
      'subscription events/Subscriptions/large-orders',
    ]);
    expect(namespaces[0]?.entities[0]?.properties).toMatchObject({ maxDeliveryCount: 3, lockDuration: 'PT1M' });
    expect(namespaces[0]?.entities[4]?.properties.defaultRule).toEqual({
      name: 'large',
      properties: { filterType: 'SqlFilter', sqlFilter: { sqlExpression: 'total > 100' } },
    });
  });

  it('has rules of both kinds, the first in place of the default one', () => {
    const text = inNamespace(`"Topics": [{"Name": "t", "Subscriptions": [{"Name": "s", "Rules": [
      {"Name": "a", "Properties": {"FilterType": "Correlation", "CorrelationFilter": {"ContentType": "x", "Properties": {"Colour": "red"}}}},
      {"Name": "b", "Properties": {"FilterType": "Sql", "SqlFilter": {"SqlExpression": "1=1"}, "Action": {"SqlExpression": "SET a = 1"}}}]}]}]`);
    const { namespaces, problems } = readEmulatorConfiguration(text);
    expect(problems).toEqual([]);
    expect(namespaces[0]?.entities.slice(1)).toMatchObject([
      {
        kind: 'subscription',
        properties: {
          defaultRule: {
            name: 'a',
            properties: {
              filterType: 'CorrelationFilter',
              correlationFilter: { contentType: 'x', properties: { Colour: 'red' } },
            },
          },
        },
      },
      { kind: 'rule', path: 't/Subscriptions/s/Rules/b', properties: { action: { sqlExpression: 'SET a = 1' } } },
    ]);
  });

  it.each<[string, RegExp]>([
    ['', /1:1 This is not JSON/],
    ['{"UserConfig": }', /1:16 This is not JSON/],
    ['[]', /1:1 the file must be an object/],
    ['{"UserConfig": {"Namespaces": []}}', /has no namespace/],
    ['{"UserConfig": {"Namespaces": {}}}', /must be an array/],
    [inNamespace('\n"Queue": []'), /2:1 a namespace has no member 'Queue'/],
    [inNamespace('"Queues": [{"Properties": {}}]'), /'Name' is missing/],
    [inNamespace('"Queues": [{"Name": "q", "name": "p"}]'), /is there twice/],
    [inNamespace('"Queues": [{"Name": "q"}],\n"Topics": [{"Name": "Q"}]'), /2:12 'Q' is there twice/],
    [
      inNamespace(
        '"Topics": [{"Name": "t", "Subscriptions": [{"Name": "s", "Rules": [{"Name": "r", "Properties": {"FilterType": "Magic"}}]}]}]',
      ),
      /must be Sql or Correlation/,
    ],
    [`{"UserConfig": "${'x'.repeat(8 * 1024 * 1024)}"}`, /longer than/],
  ])('%.40s … is refused', (text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  it.each(['[', '{"a":', '{"UserConfig":{"Namespaces":['])('%s over and over is refused', (text) => {
    expect(problemsOf(text.repeat(200_000))).not.toEqual([]);
  });

  it('is read in time that grows with its length', () => {
    const queues = Array.from({ length: 50_000 }, (_, n) => `{"Name": "q${n}"}`).join(',\n');
    const { namespaces, problems } = readEmulatorConfiguration(inNamespace(`"Queues": [${queues}]`));
    expect(problems).toEqual([]);
    expect(namespaces[0]?.entities.at(-1)).toMatchObject({ path: 'q49999', line: 50_000, column: 1 });
  });

  it('is applied as far as it differs, and nothing is deleted', async () => {
    const entities = new Map<string, EntityRecord['properties']>();
    const written: string[] = [];
    const directory: Pick<EntityDirectory, 'get' | 'put'> = {
      async get(path) {
        const properties = entities.get(path);
        return properties && { kind: 'queue', path, name: path, properties, createdAt: '', updatedAt: '' };
      },
      async put(path, kind, { defaultRule, ...properties }, mode) {
        written.push(`${mode} ${path}`);
        const shown = kind === 'rule' ? shownRule(normaliseRule(properties).properties) : properties;
        entities.set(path, { ...entities.get(path), ...shown });
        const rule: unknown = defaultRule;
        if (typeof rule === 'object' && rule !== null)
          entities.set(
            `${path}/Rules/${Reflect.get(rule, 'name')}`,
            shownRule(normaliseRule(Reflect.get(rule, 'properties')).properties),
          );
        return { kind, path, name: path, properties, createdAt: '', updatedAt: '' };
      },
    };
    const apply = async (filter: string, count: number) => {
      const text =
        inNamespace(`"Queues": [{"Name": "q", "Properties": {"MaxDeliveryCount": ${count}, "ForwardTo": "t"}}],
        "Topics": [{"Name": "t", "Subscriptions": [{"Name": "s", "Rules": [
          {"Name": "a", "Properties": {"FilterType": "Sql", "SqlFilter": {"SqlExpression": "${filter}"}}},
          {"Name": "b", "Properties": {"FilterType": "Correlation", "CorrelationFilter": {"Label": "${filter}"}}}]}]}]`);
      const { namespaces, problems } = readEmulatorConfiguration(text);
      expect(problems).toEqual([]);
      written.length = 0;
      const [namespace] = namespaces;
      if (namespace) await applyEmulatorConfiguration(directory as EntityDirectory, namespace, 'Config.json');
      return [...written];
    };
    expect(await apply('x = 1', 3)).toEqual([
      'create q',
      'create t',
      'create t/Subscriptions/s',
      'create t/Subscriptions/s/Rules/b',
      'update q',
    ]);
    expect(await apply('x = 1', 3)).toEqual([]);
    expect(await apply('x = 2', 4)).toEqual([
      'update q',
      'update t/Subscriptions/s/Rules/a',
      'update t/Subscriptions/s/Rules/b',
    ]);
  });

  it('whatever the bytes, there is an answer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        readEmulatorConfiguration(text);
      }),
      { numRuns: 300 },
    );
  });
});
