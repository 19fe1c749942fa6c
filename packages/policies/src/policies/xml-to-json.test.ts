import { expect, test } from 'vitest';
import { runPolicy } from '../testing/index.ts';

const convert = (attributes: string, xml: string, accept?: string, contentType = 'text/xml') =>
  runPolicy(
    { outbound: `<xml-to-json ${attributes} />` },
    {
      request: { headers: accept === undefined ? {} : { Accept: accept } },
      backend: () => ({ body: xml, headers: { 'Content-Type': contentType } }),
    },
  );
const always = 'apply="always" consider-accept-header="false"';

test.each([
  ['elements', '<a><b>1</b><c/></a>', '{"a":{"b":"1","c":""}}'],
  ['repeated elements', '<a><b>1</b><c>x</c><b>2</b></a>', '{"a":{"b":["1","2"],"c":"x"}}'],
  ['attributes', '<a x="1"><b/></a>', '{"a":{"@x":"1","b":""}}'],
  ['text beside attributes', '<a x="1">t</a>', '{"a":{"@x":"1","#text":"t"}}'],
  ['text beside elements', '<a>t<b/>u</a>', '{"a":{"#text":["t","u"],"b":""}}'],
  ['CDATA', '<a><![CDATA[<x>]]></a>', '{"a":{"#cdata-section":"<x>"}}'],
  ['white space', '<a>\n  <b> 1 </b>\n</a>', '{"a":{"b":" 1 "}}'],
  [
    'prefixes',
    '<?xml version="1.0"?><s:E xmlns="u:a" xmlns:s="u:s"><s:B/></s:E>',
    '{"version":"1.0","s$E":{"@xmlns":"u:a","@xmlns$s":"u:s","s$B":""}}',
  ],
  ['comments and instructions', '<?p x?><a><!--c--></a>', '{"?p":"x","a":{"#comment":"c"}}'],
])('direct: %s', async (_, xml, expected) => {
  const run = await convert(`kind="direct" ${always}`, xml);
  expect([run.body, run.headers['content-type']]).toEqual([expected, 'application/json']);
});

test.each([
  ['attributes', '<a x="1">t</a>', '{"a":{"x":"1","#text":"t"}}'],
  ['prefixes', '<?xml version="1.0"?><s:E xmlns:s="u"><s:B>1</s:B><!--c--></s:E>', '{"E":{"B":"1"}}'],
  ['CDATA', '<a>1<![CDATA[2]]></a>', '{"a":"12"}'],
  ['nil', '<a><b xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/></a>', '{"a":{"b":null}}'],
])('javascript-friendly: %s', async (_, xml, expected) => {
  expect((await convert(`kind="javascript-friendly" ${always}`, xml)).body).toBe(expected);
});

test.each([
  ['always-array-child-elements="true"', '<a x="1"><b>1</b></a>', '{"a":{"@x":"1","b":["1"]}}'],
  ['empty-values="as-null"', '<a><b/><c>1</c></a>', '{"a":{"b":null,"c":"1"}}'],
  ['trim-values="true"', '<a x=" 1 "> t </a>', '{"a":{"@x":"1","#text":"t"}}'],
  ['preserve-whitespace-nodes="true"', '<a> <b/></a>', '{"a":{"#text":" ","b":""}}'],
])('%s', async (attribute, xml, expected) => {
  expect((await convert(`kind="direct" ${always} ${attribute}`, xml)).body).toBe(expected);
});

test('converts only XML, and only for a caller that asks for JSON', async () => {
  const policy = 'kind="direct" apply="content-type-xml"';
  expect((await convert(policy, '<a/>', 'application/json')).body).toBe('{"a":""}');
  expect((await convert(policy, '<a/>', 'text/html, application/hal+json;q=0.5')).body).toBe('{"a":""}');
  expect((await convert(policy, '<a/>', '*/*')).body).toBe('<a/>');
  expect((await convert(policy, '<a/>', 'application/json;q=0')).body).toBe('<a/>');
  expect((await convert(policy, '<a/>', 'application/json', 'text/plain')).body).toBe('<a/>');
});

test.each(['<a>', 'text', '<a/><b/>', '<a>&x;</a>', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', '<a>'.repeat(100_000)])(
  'a body that is not XML is an error (%#)',
  async (xml) => {
    const run = await convert(`kind="direct" ${always}`, xml);
    expect([run.status, run.exchange.lastError?.reason]).toEqual([500, 'TransformationFailure']);
    expect(run.exchange.lastError?.message).toMatch(
      /^The message body is not valid XML\. .* Line \d+, position \d+\.$/,
    );
  },
);
