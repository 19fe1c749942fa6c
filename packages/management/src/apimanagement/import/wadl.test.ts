import { expect, test } from 'vitest';
import { endpoints, files, fixture, importOf, messages, serving, written } from './import-test-kit.ts';

test('every method of every resource is an operation', async () => {
  const imported = await importOf('wadl-xml', fixture('library.wadl'));
  expect(imported.problems).toEqual([]);
  expect(imported.properties).toEqual({
    displayName: 'Library',
    serviceUrl: 'https://library.example/api',
    type: 'http',
  });
  expect(endpoints(imported)).toEqual([
    'GET /books?title={title}',
    'POST /books',
    'DELETE /books/{isbn}',
    'POST /books/{isbn}',
  ]);
  const all = written(imported);
  expect([...all.keys()].filter((path) => path.startsWith('operations'))).toEqual([
    'operations/findbooks',
    'operations/addbook',
    'operations/delete-books-isbn',
    'operations/lend',
  ]);
  expect(all.get('operations/findbooks')).toMatchObject({
    displayName: 'Find books',
    description: 'Looks through the catalogue.',
    templateParameters: [{ name: 'title', type: 'string', required: true }],
    request: {
      queryParameters: [{ name: 'limit', type: 'integer', defaultValue: '10' }],
      headers: [{ name: 'X-Trace' }],
    },
    responses: [
      { statusCode: 200, representations: [{ contentType: 'application/xml' }, { contentType: 'application/json' }] },
      { statusCode: 400 },
      { statusCode: 404 },
    ],
  });
  expect(all.get('operations/lend')).toMatchObject({
    templateParameters: [{ name: 'isbn', type: 'integer', required: true }],
    request: {
      representations: [
        { contentType: 'application/x-www-form-urlencoded', formParameters: [{ name: 'reader', required: true }] },
      ],
    },
  });
  const [[, schema] = []] = [...all].filter(([path]) => path.startsWith('schemas'));
  expect(schema).toMatchObject({
    contentType: 'application/vnd.ms-azure-apim.wadl.grammars+xml',
    document: { value: expect.stringContaining('name="book"') },
  });
});

test('from a link', async () => {
  await serving(files({ '/library.wadl': fixture('library.wadl') }), async (url) => {
    expect(endpoints(await importOf('wadl-link-json', `${url}/library.wadl`))).toHaveLength(4);
    expect(messages(await importOf('wadl-link-json', `${url}/none`))).toEqual([
      `Cannot read the specification at '${url}/none': the answer is 404 Not Found.`,
    ]);
  });
});

test.each([
  ['<application/>', /root element is 'application' of ''.*Line 1, position 2\./],
  ['<application xmlns="http://wadl.dev.java.net/2009/02"><resources>', /^Parsing error\(s\): Unclosed tag/],
  [
    '<application xmlns="http://wadl.dev.java.net/2009/02"><resources><resource path="a"><method href="#b"/></resource></resources></application>',
    /'#b' leads to no method.*Line 1, position 86/,
  ],
])('%s', async (text, message) => {
  expect(messages(await importOf('wadl-xml', text))).toEqual([expect.stringMatching(message)]);
});
