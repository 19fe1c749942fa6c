import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixture, importOf } from './import-test-kit.ts';

const documents: readonly (readonly [format: string, file: string, apiType: string])[] = [
  ['wsdl', 'calculator.wsdl', 'soap'],
  ['wsdl', 'orders.wsdl', 'http'],
  ['wsdl', 'weather-rpc.wsdl', 'http'],
  ['wadl-xml', 'library.wadl', ''],
  ['odata', 'northwind.edmx', ''],
  ['grpc', 'route-guide.proto', ''],
];

/** What a document is cut up into, and what may come in its place. */
const pieces = (text: string): string[] => text.split(/(?=[<"=\s{}()>])/);
const strange = fc.constantFrom(
  '',
  '"',
  '<',
  '>',
  '</',
  ' x="y"',
  '&amp;',
  '&x;',
  '<!--',
  ']]>',
  '\0',
  '{',
  '}',
  'é',
  '\uD800',
);

/** An importer gives operations or says what is wrong; it never throws. */
test.each(documents)('%s: %s that is broken anywhere', async (format, file, apiType) => {
  const parts = pieces(fixture(file));
  const place = fc.nat(parts.length - 1);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(place, fc.oneof(strange, place)), { minLength: 1, maxLength: 3 }),
      async (edits) => {
        const edited = [...parts];
        // Another piece of the document, or something that was never there.
        for (const [at, what] of edits) edited[at] = typeof what === 'number' ? (parts[what] ?? '') : what;
        const { operations, problems } = await importOf(format, edited.join(''), { apiType });
        if (problems.length > 0) expect(operations).toEqual([]);
        for (const { message } of problems) expect(message).toMatch(/^(Parsing error\(s\): |'|Cannot read )/);
      },
    ),
    { numRuns: 150 },
  );
});

test.each(documents)('%s: %s that ends anywhere', async (format, file, apiType) => {
  const text = fixture(file);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: text.trimEnd().length - 1 }), async (end) => {
      const { problems } = await importOf(format, text.slice(0, end), { apiType });
      expect(problems.length > 0 || format === 'grpc').toBe(true);
    }),
    { numRuns: 50 },
  );
});

test.each([...'toString constructor __proto__ hasOwnProperty'.split(' ')])('%s is no format', async (format) => {
  expect((await importOf(format, 'x')).problems).toMatchObject([{ target: 'properties.format' }]);
});

test.each(['file:///etc/passwd', 'ftp://host/x', 'data:text/plain,x', 'x', ''])(
  'the link %s is refused',
  async (link) => {
    for (const format of ['openapi-link', 'wsdl-link', 'graphql-link'])
      expect((await importOf(format, link)).problems).toMatchObject([
        { message: expect.stringMatching(/it is not an http or https URL\.$/) },
      ]);
  },
);
