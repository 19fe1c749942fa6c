import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PolicyElement } from './element.ts';
import { type ReadOptions, readPolicyText } from './reader.ts';

const options: ReadOptions = {
  file: 'policy.xml',
  format: 'rawxml',
  kind: 'policies',
  namedValues: new Map([
    ['name', 'value'],
    ['quote', '"'],
    ['markup', '<a b="c'],
  ]),
};

/** Pieces that matter to the reader: random text alone would hardly ever reach its corners. */
const piece = fc.constantFrom(
  '<',
  '>',
  '/',
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<?',
  '?>',
  '<!',
  '"',
  "'",
  '=',
  '&',
  '&amp;',
  '&quot;',
  '&#x41;',
  '&#0;',
  ';',
  '@(',
  '@{',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '{{',
  '}}',
  '{{name}}',
  '{{quote}}',
  '{{markup}}',
  '{{gone}}',
  '$"',
  '@"',
  '$@"',
  '\\',
  '//',
  '/*',
  '*/',
  ':',
  '\n',
  '\r\n',
  '\t',
  ' ',
  'a',
  'policies',
  'inbound',
  'set-body',
  'template="liquid"',
  'x="',
  '<policies>',
  '</policies>',
  '<set-body>',
  '</set-body>',
  '<x a="',
  '" />',
  '\uD800',
  '\uFEFF',
  '\u0000',
  'é',
);
const soup = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

test('any text at all gives a tree or problems with places inside it, and never throws', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    soup,
    soup.map((inside) => `<policies>${inside}</policies>`),
  );
  fc.assert(
    fc.property(text, fc.constantFrom('rawxml' as const, 'xml' as const), (document, format) => {
      const { root, problems } = readPolicyText(document, { ...options, format });
      const lines = document.split(/\r\n|\r|\n/);
      expect(root === null ? problems.length : 1).toBeGreaterThan(0);
      for (const { line, column } of problems) {
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      }
      if (root) visit(root, (element) => void [element.at, element.inner.text, element.text?.written]);
    }),
    { numRuns: 3000 },
  );
});

interface Tree {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly Tree[];
}

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter((text) => text !== 'set-body');
const value = fc
  .string({
    unit: fc.constantFrom('a', ' ', '"', "'", '<', '>', '&', '(', ')', '@', '{', '}', 'é', '€', '.', '$', ';'),
  })
  .filter((text) => !/\{\{[a-z.]+\}\}/.test(text) && !/^\s*@[({]/.test(text));
/** C# whose brackets and quotes all stand where the lexer hides or balances them. */
const { expression } = fc.letrec<{ expression: string; code: string }>((tie) => ({
  code: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'x',
      '1 < 2',
      '"a)b"',
      '@"q""]"',
      "'('",
      "'\\''",
      '$"{{ {a} }}"',
      '/* ) */ 1',
      'As<JObject>()',
      'a && b',
      '"\\""',
    ),
    fc.tuple(tie('code'), tie('code')).map(([a, b]) => `(${a} + f[${b}])`),
    tie('code').map((code) => (code.includes('\n') ? code : `$"<{${code}}>"`)),
    tie('code').map((code) => `g(() => { // it's "one"\n return ${code}; })`),
  ),
  expression: fc
    .tuple(fc.boolean(), tie('code'))
    .map(([block, code]) => (block ? `@{ return ${code}; }` : `@(${code})`)),
}));
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    name,
    attributes: fc.dictionary(name, fc.oneof(value, expression), { maxKeys: 3, noNullPrototype: true }),
    content: fc.oneof(
      { depthSize: 'small' },
      value.filter((text) => text.trim() !== ''),
      expression,
      fc.array(tie('tree'), { maxLength: 3 }),
    ),
  }),
}));

test('a rendered tree reads as the same tree, raw and escaped', () => {
  fc.assert(
    fc.property(tree, (original) => {
      for (const format of ['rawxml', 'xml'] as const) {
        const { root, problems } = readPolicyText(render(original, format), { ...options, format });
        expect(problems).toEqual([]);
        expect(root && treeOf(root)).toEqual(original);
      }
    }),
    { numRuns: 500 },
  );
});

const escaped = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;').replace(/\n/g, '&#xA;');
const isExpression = (text: string) => /^@[({]/.test(text);

function render(tree: Tree, format: 'rawxml' | 'xml'): string {
  const written = (text: string) => (format === 'rawxml' && isExpression(text) ? text : escaped(text));
  const attributes = Object.entries(tree.attributes).map(([key, text]) => ` ${key}="${written(text)}"`);
  const content =
    typeof tree.content === 'string'
      ? written(tree.content)
      : tree.content.map((child) => render(child, format)).join('');
  return `<${tree.name}${attributes.join('')}>${content}</${tree.name}>`;
}

function treeOf(element: PolicyElement): Tree {
  const attributes = Object.fromEntries(element.attributes.map((attribute) => [attribute.name, attribute.value.text]));
  return { name: element.name, attributes, content: element.text?.text ?? element.children.map(treeOf) };
}

function visit(element: PolicyElement, look: (element: PolicyElement) => void): void {
  look(element);
  for (const child of element.children) visit(child, look);
}
