import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ConfigurationFormatError,
  type GatewayConfiguration,
  readConfiguration,
  writeConfiguration,
} from './gateway-configuration.ts';

const configuration: GatewayConfiguration = {
  gateway: { id: 'edge', region: 'Berlin' },
  service: { name: 'contoso', id: '/subscriptions/s' },
  debugKey: null,
  files: { 'policy.xml': '<policies />' },
};

test('a configuration reads back as it was written, and differs in its entity tag when it differs', () => {
  const written = writeConfiguration(configuration);
  expect(readConfiguration(written.text)).toEqual(configuration);
  expect(written.etag).toMatch(/^"[\w-]{43}"$/);
  expect(writeConfiguration({ ...configuration, files: {} }).etag).not.toBe(written.etag);
});

test('what is no configuration is refused by its type', () => {
  const refused = (text: string) => expect(() => readConfiguration(text)).toThrow(ConfigurationFormatError);
  for (const text of ['', 'null', '[]', '{', '{"format":2}', '{"format":1}']) refused(text);
  refused(JSON.stringify({ format: 1, ...configuration, files: { a: 1 } }));
  refused(JSON.stringify({ format: 1, ...configuration, gateway: {} }));
  fc.assert(
    fc.property(fc.json(), (text) => {
      refused(text);
    }),
  );
});
