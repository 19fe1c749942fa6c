import { expect, test } from 'vitest';
import type { PolicyElement } from './element.ts';
import { type ReadOptions, readPolicyText } from './reader.ts';

const options: ReadOptions = { file: 'policy.xml', format: 'rawxml', kind: 'policies', namedValues: new Map() };

function read(text: string, over: Partial<ReadOptions> & { values?: Record<string, string> } = {}) {
  const namedValues = new Map(Object.entries(over.values ?? {}));
  return readPolicyText(text, { ...options, namedValues, ...over });
}

/** The first child of `<policies>` in `text`. */
function element(text: string, over: Parameters<typeof read>[1] = {}): PolicyElement {
  const { root, problems } = read(`<policies>${text}</policies>`, over);
  expect(problems).toEqual([]);
  const first = root?.children[0];
  if (!first) throw new TypeError('There is no element.');
  return first;
}

const attribute = (of: PolicyElement, name: string) => of.attributes.find((one) => one.name === name)?.value;
const messages = (text: string, over: Parameters<typeof read>[1] = {}) =>
  read(text, over).problems.map((problem) => problem.message);

test('rule 1: an attribute is an expression when it starts with @( or @{, up to the balancing bracket', () => {
  const one = element('<x a=" @(Foo(1, (2))) " b="a@(b)" c="@name" d="@{ return 1; }"/>');
  expect(attribute(one, 'a')).toMatchObject({ kind: 'expression', text: '@(Foo(1, (2)))' });
  expect(attribute(one, 'b')).toMatchObject({ kind: 'literal', text: 'a@(b)' });
  expect(attribute(one, 'c')).toMatchObject({ kind: 'literal', text: '@name' });
  expect(attribute(one, 'd')).toMatchObject({ kind: 'expression', text: '@{ return 1; }' });
});

test.each([
  ['strings with brackets and escapes', '@("a)\\")" + x)'],
  ['verbatim strings', '@(@"c:\\" + @"a""b)")'],
  ['interpolated strings with nested holes', '@($"a{{)}} {(x ? $"{y:0.0)}" : ")")} b")'],
  ['interpolated verbatim strings', '@($@"a""{x["k"]}\n)")'],
  ['character literals', "@('(' + '\\'' + ')')"],
  ['comments', '@{ // don\'t ) }\n /* } " */ return 1; }'],
  ['generics and comparisons', '@(context.Request.Body.As<JObject>(true) != null && 1 < 2 && a["b"] > 3)'],
  ['a hole that calls something with a string', '@($"{Get("}")}")'],
])('rules 1 and 2: %s', (_, expression) => {
  expect(attribute(element(`<x a="${expression}" b="1" />`), 'a')).toMatchObject({
    kind: 'expression',
    text: expression,
  });
  expect(element(`<x> ${expression}\n</x>`).text).toMatchObject({ kind: 'expression', text: expression });
});

test('rule 2: an expression keeps its lines', () => {
  const text = '@{\n  var a = "x";\n  return a;\n}';
  expect(attribute(element(`<x a="${text}"/>`), 'a')?.text).toBe(text);
});

test('rule 3: single quotes around an expression', () => {
  expect(attribute(element(`<x a='@("it" + '"')'/>`), 'a')).toMatchObject({
    kind: 'expression',
    text: `@("it" + '"')`,
  });
});

test('rule 4: entities inside expressions are decoded, and places still point into the file', () => {
  const value = attribute(element('<x a="@(a[&quot;b&quot;] &lt; 1 &amp;&amp; c)"/>'), 'a');
  expect(value?.text).toBe('@(a["b"] < 1 && c)');
  expect(value?.locate(value.text.indexOf('c)'))).toEqual({
    line: 1,
    column: 11 + '<x a="@(a[&quot;b&quot;] &lt; 1 &amp;&amp; '.length,
  });
});

test('rule 5: CDATA around an expression is the expression, nothing in it is decoded', () => {
  expect(element('<set-body><![CDATA[ @{ return "&amp;"; } ]]></set-body>').text).toMatchObject({
    kind: 'expression',
    text: '@{ return "&amp;"; }',
  });
  expect(element('<value><![CDATA[<a>&amp;</a>]]></value>').text).toMatchObject({
    kind: 'literal',
    text: '<a>&amp;</a>',
  });
});

test('rule 6: odd comments', () => {
  const { root, problems } = read('<policies><!--> text <--><!-- a -- b --><a/><!----><b/></policies>');
  expect(problems).toEqual([]);
  expect(root?.children.map((child) => child.name)).toEqual(['a', 'b']);
});

test('rule 7: named values are replaced in the text: attributes, text, code, whole expressions', () => {
  const values = { name: 'X-Key', key: '"secret"', whole: '@(1 + 1)', 'a.b_c-1': 'dotted' };
  const one = element('<x a="{{name}}" b="@(f({{key}}))" c="{{whole}}">-{{a.b_c-1}}-</x>', { values });
  expect(one.attributes.map((each) => [each.value.kind, each.value.text])).toEqual([
    ['literal', 'X-Key'],
    ['expression', '@(f("secret"))'],
    ['expression', '@(1 + 1)'],
  ]);
  expect(one.text?.text).toBe('-dotted-');
});

test('rule 7: places are those of the file, before the replacement', () => {
  const text = '<policies>\n  <x a="{{long}}" b="{{long}} c" />\n</policies>';
  const one = read(text, { values: { long: 'v'.repeat(500) } }).root?.children[0];
  expect(one?.attributes.map((each) => each.at)).toEqual([
    { line: 2, column: 6 },
    { line: 2, column: 19 },
  ]);
  const value = one?.attributes[1]?.value;
  expect(value?.locate(501)).toEqual({ line: 2, column: 31 });
  expect(value?.locate(3)).toEqual({ line: 2, column: 22 });
  expect(value?.written).toBe('{{long}} c');
  expect(value?.namedValueIn(0, 3)).toBe('long');
  expect(value?.namedValueIn(501, 1)).toBeNull();
});

test('rule 7: an ampersand out of a named value is no entity, markup is markup', () => {
  const one = element('<x a="{{url}}">{{url}}{{more}}</x>', { values: { url: 'https://h/?a=1&b=2', more: '<y/>' } });
  expect(attribute(one, 'a')?.text).toBe('https://h/?a=1&b=2');
  expect([one.text?.text, one.children.map((child) => child.name)]).toEqual(['https://h/?a=1&b=2', ['y']]);
});

test('rule 8: double braces that are no named value survive', () => {
  const one = element('<set-body template="liquid">{{context.Variables["x"]}} {{body.a}} {{ body.b }}</set-body>');
  expect(one.text?.text).toBe('{{context.Variables["x"]}} {{body.a}} {{ body.b }}');
  expect(attribute(element('<x a="@($"{{id}} {x}")" />'), 'a')?.text).toBe('@($"{{id}} {x}")');
  expect(messages('<policies><!-- {{gone}} --></policies>')).toEqual([]);
});

test('rule 8: an unknown name anywhere else is an error with the nearest name', () => {
  expect(messages('<policies>\n<x a="{{api-kee}}"/></policies>', { values: { 'api-key': '1' } })).toEqual([
    "Error in element 'named-value' on line 2, column 7: Cannot find a named value 'api-kee'. Did you mean '{{api-key}}'?",
  ]);
});

test('rule 9: the content of set-body is kept as it stands', () => {
  const xml = '<soap:Envelope xmlns:soap="u"><!-- c --><a b="1"/>&amp;</soap:Envelope>';
  const body = element(`<set-body>${xml}</set-body>`);
  expect([body.children, body.text?.text, body.inner.text]).toEqual([[], xml, xml]);
  expect(element('<set-body>\n{ "a": {"b": 1} }</set-body>').text?.text).toBe('\n{ "a": {"b": 1} }');
  expect(element('<set-body template="liquid">{% if a < 1 %}&lt;{% endif %} &c</set-body>').text?.text).toBe(
    '{% if a < 1 %}<{% endif %} &c',
  );
  expect(element('<set-body />').text).toBeNull();
});

test('rule 9: other elements give their inner text verbatim too', () => {
  const style = '<xsl:stylesheet version="1.0"><xsl:template match="a &gt; b"/></xsl:stylesheet>';
  expect(element(`<xsl-transform>${style}</xsl-transform>`).inner.text).toBe(style);
});

test('text: entities decoded, line ends made LF, comments dropped', () => {
  expect(element('<value>a&#xA;&#65;<!-- c -->\r\nb</value>').text?.text).toBe('a\nA\nb');
});

test('a line break in a literal attribute is a space', () => {
  expect(attribute(element('<x a="1\r\n2\t3"/>'), 'a')?.text).toBe('1 2 3');
});

test('a byte order mark takes no column, CR LF is one line end', () => {
  const { root } = read('\uFEFF<policies>\r\n\t<x />\r\n\t<y />\r\n</policies>');
  expect([root?.at, ...(root?.children.map((child) => child.at) ?? [])]).toEqual([
    { line: 1, column: 2 },
    { line: 2, column: 3 },
    { line: 3, column: 3 },
  ]);
});

test('a declaration and processing instructions are passed over', () => {
  expect(read('<?xml version="1.0" encoding="utf-8"?>\n<policies><?x y?></policies>').problems).toEqual([]);
});

test('format xml: escaped expressions are the same as raw ones', () => {
  const one = element('<x a="@(a[&quot;b&quot;] &amp;&amp; 1 &lt; 2)&#xA;">@{&#xA;return a &lt; b;&#xA;}</x>', {
    format: 'xml',
  });
  expect(attribute(one, 'a')).toMatchObject({ kind: 'expression', text: '@(a["b"] && 1 < 2)' });
  expect(one.text).toMatchObject({ kind: 'expression', text: '@{\nreturn a < b;\n}' });
});

test('format xml: a raw quote ends the attribute', () => {
  expect(messages('<policies><x a="@(b["c"])"/></policies>', { format: 'xml' })).toEqual([
    "Error in element 'x' on line 1, column 20: The expression does not end: ']' is missing for the '[' that stands here.",
  ]);
});

test('the limits of documents and fragments', () => {
  const filled = (kind: string, length: number) => `<${kind}>${' '.repeat(length)}</${kind}>`;
  expect(messages(filled('policies', 256 * 1024))).toEqual([
    "Error in element 'policies' on line 1, column 1: The policy document has more than 256 KiB, the most that is allowed.",
  ]);
  expect(messages(filled('policies', 256 * 1024 - 21))).toEqual([]);
  expect(messages(filled('fragment', 500 * 1024), { kind: 'fragment' })).toEqual([]);
  expect(messages(filled('fragment', 512 * 1024), { kind: 'fragment' })[0]).toContain('more than 512 KiB');
  expect(messages('é'.repeat(200 * 1024))[0]).toContain('more than 256 KiB');
  expect(messages('x'.repeat(10 * 1024 * 1024))[0]).toContain('more than 256 KiB');
});

test('named values cannot blow a document up', () => {
  const text = `<policies>${'{{v}}'.repeat(1000)}</policies>`;
  expect(messages(text, { values: { v: 'v'.repeat(4096) } })[0]).toContain('named values in place');
});

test.each([
  ['a hundred thousand open elements', '<a>'.repeat(80_000)],
  ['a hundred thousand brackets', `<policies><x a="@${'('.repeat(200_000)}"/></policies>`],
  ['a hundred thousand strings in strings', `<policies><x a="@(${'$"{'.repeat(60_000)}"/></policies>`],
  ['comments that do not end', `<policies><set-body>${'<!--'.repeat(60_000)}`],
  ['CDATA that does not end', `<policies><set-body>${'<![CDATA['.repeat(25_000)}`],
  ['ampersands', `<policies><x a="@(${'&'.repeat(200_000)}"/></policies>`],
  ['ampersands in text', `<policies>${'&'.repeat(200_000)}</policies>`],
  ['attributes', `<policies ${Array.from({ length: 25_000 }, (_, i) => `a${i}=""`).join(' ')}/>`],
  ['quotes', `<policies><x a="@(${'"" '.repeat(60_000)}`],
  ['end tags', '</a>'.repeat(60_000)],
  ['tags that are none', '<'.repeat(200_000)],
  ['unknown named values', `<policies>${'{{a}}'.repeat(50_000)}</policies>`],
  ['unknown named values in comments', `<policies>${'<!--{{a}}-->'.repeat(20_000)}</policies>`],
])('hostile: %s', (_, text) => {
  const started = performance.now();
  const { problems } = read(text);
  expect(problems.length).toBeLessThan(60);
  expect(performance.now() - started).toBeLessThan(5000);
});

test.each([
  ['NUL', 'a\u0000b', "'.', hexadecimal value 0x00, is an invalid character. Line 1, position 12."],
  ['a lone surrogate', 'a\uD800b', "'\uFFFD', hexadecimal value 0xD800, is an invalid character. Line 1, position 12."],
  [
    'half a pair at the end',
    'a\uDC00',
    "'\uFFFD', hexadecimal value 0xDC00, is an invalid character. Line 1, position 12.",
  ],
])('hostile: %s', (_, text, message) => {
  expect(messages(`<policies>${text}</policies>`)).toEqual([message]);
});

test('what a named value holds never shows in a message', () => {
  const values = { secret: 'hunter2 "x" <y' };
  for (const text of [
    '<x a={{secret}}/>',
    '<x a="1"{{secret}}/>',
    '<x {{secret}}/>',
    '<x a="@({{secret}})"/>',
    '{{secret}}<z',
  ])
    expect(JSON.stringify(read(`<policies>${text}</policies>`, { values }).problems)).not.toContain('hunter2');
});
