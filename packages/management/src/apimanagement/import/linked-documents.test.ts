import { expect, test } from 'vitest';
import { files, serving } from './import-test-kit.ts';
import { LinkedDocuments, LinkProblem } from './linked-documents.ts';

test('a document is fetched once', async () => {
  let requests = 0;
  const serve = files({ '/a': 'text' });
  await serving(
    (request, response) => {
      requests += 1;
      serve(request, response);
    },
    async (url) => {
      const documents = new LinkedDocuments();
      expect([await documents.read(`${url}/a`), await documents.read(`${url}/a`)]).toEqual(['text', 'text']);
      expect(requests).toBe(1);
    },
  );
});

test('documents that do not come are waited for no longer than the deadline', async () => {
  await serving(
    () => {},
    async (url) => {
      await expect(new LinkedDocuments(20).read(`${url}/a`)).rejects.toThrow(LinkProblem);
    },
  );
});

test('there is an end to documents and to their size', async () => {
  await serving(
    (_, response) => response.end('x'),
    async (url) => {
      const documents = new LinkedDocuments();
      for (let i = 0; i < 50; i++) await documents.read(`${url}/${i}`);
      await expect(documents.read(`${url}/50`)).rejects.toThrow('The specification refers to more than 50 documents.');
    },
  );
  const large = 'x'.repeat(7 * 1024 * 1024);
  await serving(
    (request, response) => response.end(request.url === '/huge' ? large + large : large),
    async (url) => {
      const documents = new LinkedDocuments();
      await expect(documents.read(`${url}/huge`)).rejects.toThrow(/it is larger than 8388608 bytes\.$/);
      for (const name of ['a', 'b']) await documents.read(`${url}/${name}`);
      await expect(documents.read(`${url}/c`)).rejects.toThrow(/are larger than 16777216 bytes/);
    },
  );
});

test.each([
  ['a.xsd', 'http://h/b/c.wsdl', 'http://h/b/a.xsd'],
  ['../a.xsd#x', 'http://h/b/c/d', 'http://h/b/a.xsd'],
  ['http://o/a', undefined, 'http://o/a'],
  ['a.xsd', undefined, null],
  ['file:///etc/passwd', 'http://h/b', null],
])('%s from %s', (written, base, expected) => {
  const documents = new LinkedDocuments();
  if (expected === null) expect(() => documents.resolve(written, base)).toThrow(LinkProblem);
  else expect(documents.resolve(written, base)).toBe(expected);
});
