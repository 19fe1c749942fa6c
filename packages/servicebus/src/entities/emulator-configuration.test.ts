import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEmulatorConfiguration } from './emulator-configuration.ts';

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

  it('whatever the bytes, there is an answer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        readEmulatorConfiguration(text);
      }),
      { numRuns: 300 },
    );
  });
});
