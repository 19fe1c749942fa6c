import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parametersOf, parseRewriteTemplate, renderPath, renderQuery } from './rewrite-template.ts';

const render = (template: string, values: Record<string, string> = {}) => {
  const parsed = parseRewriteTemplate(template);
  const query = renderQuery(parsed, (name) => values[name]);
  return (
    renderPath(
      parsed,
      (name) => values[name],
      (name) => name === 'rest',
    ) + (query === '' ? '' : `?${query}`)
  );
};

test.each([
  ['/orders', '/orders'],
  ['orders', '/orders'],
  ['', '/'],
  ['/v2/{id}', '/v2/a%20b%3F'],
  ['/v2/{slash}', '/v2/a%2Fb'],
  ['/files/{*rest}', '/files/x/y%20z'],
  ['/o?id={id}&x=1', '/o?id=a%20b%3F&x=1'],
  ['/o?id={missing}&x=1', '/o?x=1'],
  ['/{missing}/x', '//x'],
  ['/a b/é#', '/a%20b/%C3%A9%23'],
  ['/%41%zz', '/%41%25zz'],
  ['/a\r\nb', '/a%0D%0Ab'],
  ['/{/}', '/%7B/%7D'],
  ["/odata('{id}')", "/odata('a%20b%3F')"],
])('%s gives %s', (template, expected) => {
  expect(render(template, { id: 'a b?', slash: 'a/b', rest: 'x/y z' })).toBe(expected);
});

test('names of the placeholders', () => {
  expect(parametersOf(parseRewriteTemplate('/{a}/{*b}?c={c}&d={c}'))).toEqual(['a', 'b', 'c', 'c']);
});

test('whatever the template and the values, the result fits a request line', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (template, value) => {
      const target = render(`${template}{id}?q={id}`, { id: value });
      expect(target).toMatch(/^\/[\x21-\x7e]*$/);
      expect(target).not.toContain('#');
    }),
  );
});
