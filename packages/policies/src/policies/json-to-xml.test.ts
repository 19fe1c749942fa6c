import fc from 'fast-check';
import { expect, test } from 'vitest';
import { problemsOf, runPolicy } from '../testing/index.ts';
import { readXml } from '../xml/xml-tree.ts';

const convert = (attributes: string, json: string, accept?: string, contentType = 'application/json') =>
  runPolicy(
    { outbound: `<json-to-xml ${attributes} />` },
    {
      request: { headers: accept === undefined ? {} : { Accept: accept } },
      backend: () => ({ body: json, headers: { 'Content-Type': contentType } }),
    },
  );
const always = 'apply="always" consider-accept-header="false"';

test.each([
  ['one member is the root', '{"a":{"b":1,"c":true}}', '<a><b>1</b><c>true</c></a>'],
  ['several members', '{"a":1,"b":2}', '<Document><a>1</a><b>2</b></Document>'],
  ['an array', '[1,{"a":2}]', '<Document><Array>1</Array><Array><a>2</a></Array></Document>'],
  ['an array as the only member', '{"a":[1,2]}', '<Document><a>1</a><a>2</a></Document>'],
  ['a value', '7', '<Document>7</Document>'],
  ['arrays repeat their element', '{"r":{"a":[1,[2]]}}', '<r><a>1</a><a><Array>2</Array></a></r>'],
  ['numbers as written', '{"r":{"a":12345678901234567890,"b":1.10}}', '<r><a>12345678901234567890</a><b>1.10</b></r>'],
  ['null', '{"r":{"a":null}}', '<r><a /></r>'],
  ['attributes', '{"r":{"@x":"1","@y":2,"#text":"t"}}', '<r x="1" y="2">t</r>'],
  ['an object below an @ name is an element', '{"r":{"@x":{"a":1}}}', '<r><_x0040_x><a>1</a></_x0040_x></r>'],
  ['CDATA', '{"r":{"#cdata-section":"a]]>b"}}', '<r><![CDATA[a]]]]><![CDATA[>b]]></r>'],
  ['escapes', '{"r":{"@x":"<\\"&","a":"<&>"}}', '<r x="&lt;&quot;&amp;"><a>&lt;&amp;&gt;</a></r>'],
  ['names', '{"r":{"1 a":1,"":2}}', '<r><_x0031__x0020_a>1</_x0031__x0020_a><_>2</_></r>'],
  ['an underscore is no prefix', '{"r":{"first_name":"x"}}', '<r><first_name>x</first_name></r>'],
  ['prefixes', '{"s_E":{"xmlns_s":"u:s","s_B":{"c":1}}}', '<s:E xmlns:s="u:s"><s:B><c>1</c></s:B></s:E>'],
  ['@xmlns', '{"E":{"@xmlns":"u","@xmlns:s":"v","s:B":1}}', '<E xmlns="u" xmlns:s="v"><s:B>1</s:B></E>'],
  [
    'dates',
    '{"r":{"a":"2020-01-02T03:04:05.1200+02:00","b":"2020-01-02"}}',
    '<r><a>2020-01-02T01:04:05.12+00:00</a><b>2020-01-02</b></r>',
  ],
  ['control characters', '{"r":"a\\u0000b"}', '<r>ab</r>'],
])('%s', async (_, json, expected) => {
  const run = await convert(always, json);
  expect([run.body, run.headers['content-type']]).toEqual([expected, 'text/xml']);
});

test("the documentation's example", async () => {
  const json =
    '{"soapenv:Envelope":{"xmlns:soapenv":"http://schemas.xmlsoap.org/soap/envelope/","xmlns:v1":"http://localdomain.com/core/v1","soapenv:Header":{},"soapenv:Body":{"v1:QueryList":{"#attrs":{"queryType":"test"},"v1:QueryItem":{"name":"dummy text"}}}}}';
  const run = await convert(
    `${always} parse-date="false" namespace-separator=":" namespace-prefix="xmlns" attribute-block-name="#attrs"`,
    json,
  );
  expect(run.body).toBe(
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:v1="http://localdomain.com/core/v1"><soapenv:Header /><soapenv:Body><v1:QueryList queryType="test"><v1:QueryItem><name>dummy text</name></v1:QueryItem></v1:QueryList></soapenv:Body></soapenv:Envelope>',
  );
});

test.each([
  ['parse-date="false"', '{"r":"2020-01-02T03:04:05.10Z"}', '<r>2020-01-02T03:04:05.10Z</r>'],
  ['trim-values="true"', '{"r":" a "}', '<r>a</r>'],
  ['null-values="omit"', '{"r":{"a":null,"b":1}}', '<r><b>1</b></r>'],
  ['null-values="omit" empty-values="as-null"', '{"r":{"a":"","b":1}}', '<r><b>1</b></r>'],
  ['null-values="nil"', '{"r":null}', '<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true" />'],
  ['attribute-prefix="$"', '{"r":{"$x":"1"}}', '<r x="1" />'],
  ['namespace-block-name="$ns"', '{"r":{"$ns":{"p":"u"},"p:a":1}}', '<r xmlns:p="u"><p:a>1</p:a></r>'],
  ['invalid-character-replacement="-"', '{"r":{"a b":1,"2":1}}', '<r><a-b>1</a-b><_2>1</_2></r>'],
])('%s', async (attribute, json, expected) => {
  expect((await convert(`${always} ${attribute}`, json)).body).toBe(expected);
});

test('converts only JSON, and only for a caller that asks for XML', async () => {
  const policy = 'apply="content-type-json"';
  expect((await convert(policy, '{"a":1}', 'application/xml')).body).toBe('<a>1</a>');
  expect((await convert(policy, '{"a":1}', 'application/json')).body).toBe('{"a":1}');
  expect((await convert(policy, '{"a":1}', 'text/xml', 'text/plain')).body).toBe('{"a":1}');
});

test('whatever JSON there is, the result is XML', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 5 }), async (json) => {
      const run = await convert(always, json);
      expect(run.status).toBe(200);
      readXml(run.body);
    }),
    { numRuns: 200 },
  );
});

test.each(['{', '{"a":}', 'x', '{"a":1} x', "{'a':1}", '[1,]', '"\u0001"', '"\\u12"', '01', '['.repeat(1_000_000)])(
  'a body that is not JSON is an error (%#)',
  async (json) => {
    const run = await convert(always, json);
    expect([run.status, run.exchange.lastError?.reason]).toEqual([500, 'TransformationFailure']);
  },
);

test('null-values is checked', () => {
  expect(problemsOf({ outbound: `<json-to-xml ${always} null-values="x" />` })).toHaveLength(1);
});
