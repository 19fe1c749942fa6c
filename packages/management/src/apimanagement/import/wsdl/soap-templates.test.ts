import { runPolicy } from '@lazuli/policies/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText } from '../xml/write-xml.ts';
import { readXmlTree } from '../xml/xml-tree.ts';
import { SchemaSet } from '../xsd/schema-set.ts';
import type { ComplexShape } from '../xsd/shape.ts';
import { exampleOf } from './json-schema.ts';
import { requestTemplate } from './request-template.ts';
import { responseTemplate } from './response-template.ts';

/** The shape of a SOAP body that holds one element, of this content. */
function bodyOf(content: string, more = ''): ComplexShape {
  const schema = readXmlTree(
    `<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified"><x:element name="E"><x:complexType>${content}</x:complexType></x:element>${more}</x:schema>`,
  );
  const element = new SchemaSet([schema]).element('{urn:t}E');
  if (!element) throw new Error('The schema has no element E.');
  return { kind: 'complex', name: null, members: [element], attributes: [], text: null, isEncodedArray: false };
}

const sequence = (...elements: string[]) => `<x:sequence>${elements.join('')}</x:sequence>`;
const element = (name: string, more = 'type="x:string"') => `<x:element name="${name}" ${more}/>`;
const escaped = escapeText;

async function toXml(shape: ComplexShape, json: unknown): Promise<string> {
  const run = await runPolicy(
    {
      inbound: `<set-body template="liquid" parse-date="false">${escaped(requestTemplate(shape, '1.1').text)}</set-body>`,
    },
    { request: { method: 'POST', body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } } },
  );
  const body = String(run.backendRequest?.body);
  readXmlTree(body);
  return /<soap:Body>\s*([\s\S]*?)\s*<\/soap:Body>/.exec(body)?.[1]?.replace(/>\s+</g, '><') ?? '';
}

async function toJson(shape: ComplexShape, xml: string): Promise<unknown> {
  return JSON.parse(await toText(shape, xml));
}

async function toText(shape: ComplexShape, xml: string): Promise<string> {
  const run = await runPolicy(
    {
      outbound: `<set-body template="liquid" xsi-nil="null" parse-date="false">${escaped(responseTemplate(shape))}</set-body>`,
    },
    {
      backend: () => ({
        body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><s:Body>${xml}</s:Body></s:Envelope>`,
        headers: { 'Content-Type': 'text/xml' },
      }),
    },
  );
  return String(run.body);
}

test('names that are no identifiers of Liquid, or mean something to it', async () => {
  const names = ['größe', 'a-b', 'c.d', '_x', 'Size', 'First', 'last', 'for', 'constructor', 'empty', 'nil'];
  const shape = bodyOf(sequence(...names.map((name) => element(name))));
  const json = Object.fromEntries(names.map((name) => [`${name[0]?.toLowerCase()}${name.slice(1)}`, `v-${name}`]));
  const inner = names.map((name) => `<ns0:${name}>v-${name}</ns0:${name}>`).join('');
  expect(await toXml(shape, { e: json })).toBe(`<ns0:E>${inner}</ns0:E>`);
  expect(await toJson(shape, `<E>${inner.replaceAll('ns0:', '')}</E>`)).toEqual({ e: json });
});

test('names that differ in their first letter only', async () => {
  const shape = bodyOf(`${sequence(element('Id'))}<x:attribute name="id"/><x:attribute name="ID"/>`);
  expect(await toXml(shape, { e: { id: 1, _id: 2, iD: 3 } })).toBe('<ns0:E id="2" ID="3"><ns0:Id>1</ns0:Id></ns0:E>');
});

test('values cannot break out of the document that they are put into', async () => {
  const shape = bodyOf(`${sequence(element('A'))}<x:attribute name="b" use="required"/>`);
  const evil = `</A>"'<&]]>{{body}}{% if %}\\\n\t`;
  const xml = await toXml(shape, { e: { a: evil, b: evil } });
  expect(readXmlTree(`<r xmlns:ns0="urn:t">${xml}</r>`).nodes).toMatchObject([
    { attributes: [['b', evil.replace(/[\n\t]/g, ' ')]], nodes: [{ nodes: [evil] }] },
  ]);
  expect(await toJson(shape, `<E b="&quot;}"><A>${escaped(evil)}</A></E>`)).toEqual({ e: { a: evil, b: '"}' } });
});

test.each([
  ['x:int', '+007', '7'],
  ['x:int', ' 12 ', '12'],
  ['x:long', '9007199254740993', '9007199254740993'],
  ['x:long', '-9007199254740993', '-9007199254740993'],
  ['x:long', '1, "x": 2', '"1, \\"x\\": 2"'],
  ['x:int', '0x10', '16'],
  ['x:int', 'Infinity', '"Infinity"'],
  ['x:decimal', '-1.50', '-1.5'],
  ['x:decimal', '-0.00', '0'],
  ['x:decimal', '.5', '0.5'],
  ['x:decimal', '5.', '5'],
  ['x:decimal', '1234567.1234567890123', '1234567.1234567890123'],
  ['x:decimal', '0001234567.1234567890123', '1234567.123456789'],
  ['x:decimal', '1234567890123456789.', '1234567890123456800'],
  ['x:boolean', '0', 'false'],
  ['x:boolean', ' true ', 'true'],
  ['x:boolean', '1, "x": 2', 'false'],
  ['x:double', '-INF', '"-INF"'],
  ['x:double', 'NaN', '"NaN"'],
  ['x:double', '1e400', '"1e400"'],
  ['x:float', '1E-2', '0.01'],
  ['x:int', '', 'null'],
  ['x:dateTime', '2020-01-01T00:00:00Z', '"2020-01-01T00:00:00Z"'],
  ['x:base64Binary', 'AAE=', '"AAE="'],
  ['x:anyType', 'x', '"x"'],
])('%s %s', async (type, sent, expected) => {
  const shape = bodyOf(sequence(element('A', `type="${type}"`)));
  const text = await toText(shape, `<E><A>${sent}</A></E>`);
  JSON.parse(text);
  expect(/"a": ([\s\S]*?)\s*\}\s*\}/.exec(text)?.[1]).toBe(expected);
});

test('any text of a backend is JSON in the end', async () => {
  const numbers = bodyOf(sequence(element('A', 'type="x:decimal"')));
  const digits = fc.array(fc.constantFrom(...'0123456789.-+eE xXn,'), { maxLength: 25 }).map((each) => each.join(''));
  await fc.assert(
    fc.asyncProperty(fc.oneof(digits, fc.double().map(String), fc.bigInt().map(String)), async (text) => {
      const { e } = JSON.parse(await toText(numbers, `<E><A>${text}</A></E>`));
      const stripped = text.trim().replaceAll('+', '');
      const value = Number(stripped);
      if (stripped !== '' && Number.isFinite(value)) expect(e.a).toBe(value === 0 ? e.a : value);
    }),
  );
});

test('arrays of simple values, of choices, in arrays', async () => {
  const shape = bodyOf(
    sequence(
      element('S', 'type="x:int" minOccurs="0" maxOccurs="unbounded"'),
      `<x:choice maxOccurs="unbounded">${element('C')}${element('D', 'type="x:boolean"')}</x:choice>`,
      `<x:element name="R" maxOccurs="9"><x:complexType>${sequence(element('Q', 'type="x:string" maxOccurs="unbounded"'))}<x:attribute name="n" type="x:int"/></x:complexType></x:element>`,
    ),
  );
  const json = {
    e: {
      s: [1, 2],
      c: ['x'],
      d: [true, false],
      r: [
        { q: ['a', 'b'], n: 1 },
        { q: ['c'], n: 2 },
      ],
    },
  };
  const xml = await toXml(shape, json);
  expect(xml).toBe(
    '<ns0:E><ns0:S>1</ns0:S><ns0:S>2</ns0:S><ns0:C>x</ns0:C><ns0:D>true</ns0:D><ns0:D>false</ns0:D><ns0:R n="1"><ns0:Q>a</ns0:Q><ns0:Q>b</ns0:Q></ns0:R><ns0:R n="2"><ns0:Q>c</ns0:Q></ns0:R></ns0:E>',
  );
  expect(await toJson(shape, xml.replaceAll('ns0:', ''))).toEqual(json);
  expect(await toJson(shape, '<E/>')).toEqual({ e: { s: [], c: [], d: [], r: [] } });
  expect(await toJson(shape, '<E><R n="1"/></E>')).toEqual({ e: { s: [], c: [], d: [], r: [{ q: [], n: 1 }] } });
});

test('groups, references, restrictions, and types within types', async () => {
  const shape = bodyOf(
    sequence('<x:group ref="t:G"/>', '<x:element ref="t:Other" minOccurs="0"/>', element('T', 'type="t:Short"')) +
      '<x:attributeGroup ref="t:AG"/>',
    `<x:group name="G">${sequence(element('A', 'type="t:Limited"'))}</x:group><x:attributeGroup name="AG"><x:attribute name="k" type="x:int"/></x:attributeGroup>` +
      `<x:element name="Other" type="x:int"/><x:simpleType name="Limited"><x:restriction base="x:string"><x:enumeration value="one"/></x:restriction></x:simpleType>` +
      `<x:complexType name="Long">${sequence(element('P'), element('Q'))}<x:attribute name="z"/></x:complexType>` +
      `<x:complexType name="Short"><x:complexContent><x:restriction base="t:Long">${sequence(element('P'))}</x:restriction></x:complexContent></x:complexType>`,
  );
  expect(exampleOf(shape)).toEqual({ e: { a: 'one', other: 0, t: { p: 'string', z: 'string' }, k: 0 } });
  const json = { e: { a: 'one', other: null, t: { p: 'x', z: null }, k: 5 } };
  expect(await toXml(shape, json)).toBe('<ns0:E k="5"><ns0:A>one</ns0:A><ns0:T><ns0:P>x</ns0:P></ns0:T></ns0:E>');
  expect(await toJson(shape, '<E k="5"><A>one</A><T><P>x</P></T></E>')).toEqual(json);
});
