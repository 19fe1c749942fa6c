import type { ServiceSchema } from '@lazuli/resources';
import { afterAll, describe, expect, it } from 'vitest';
import { UnusableSchema } from '../schema-validator.ts';
import { placeOfElement } from './element-place.ts';
import { SchemaCheckAborted, SchemaChecker } from './schema-checker.ts';
import { xmlSchemaSet } from './schema-set.ts';

const checker = new SchemaChecker();
afterAll(() => checker.close());

const schema = (content: string, attributes = '') =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified" ${attributes}>${content}</xs:schema>`;
const setOf = (...texts: readonly string[]) =>
  xmlSchemaSet(new Map(texts.map((text, index) => [`s${index}`, text])), new Map());
const stored = (texts: Readonly<Record<string, string>>): Map<string, ServiceSchema> =>
  new Map(Object.entries(texts).map(([name, value]) => [name, { name, schemaType: 'xml', value }]));

const withoutPlace = (text: string | null) => text?.replace(/ Line: \d+, Position: \d+$/, '') ?? null;

async function problem(set: ReturnType<typeof setOf> | null, text: string, kind: 'xml' | 'soap' = 'xml') {
  return withoutPlace(await checker.check(set, text, kind));
}

const order = schema(
  `<xs:element name="order"><xs:complexType><xs:sequence>
     <xs:element name="id" type="xs:int"/><xs:element name="note" type="o:Note" minOccurs="0"/>
   </xs:sequence><xs:attribute name="kind" use="required"/></xs:complexType></xs:element>
   <xs:simpleType name="Note"><xs:restriction base="xs:string"><xs:maxLength value="3"/></xs:restriction></xs:simpleType>`,
  'targetNamespace="urn:o" xmlns:o="urn:o"',
);

describe('XML against an XML schema', () => {
  it.each([
    ['<order kind="" xmlns="urn:o"><id>1</id><note>abc</note></order>', null],
    ['<other/>', "The 'other' element is not declared."],
    [
      '<order kind="" xmlns="urn:o"><note/></order>',
      "The element 'order' in namespace 'urn:o' has invalid child element 'note' in namespace 'urn:o'. List of possible elements expected: 'id' in namespace 'urn:o'.",
    ],
    [
      '<order kind="" xmlns="urn:o"/>',
      "The element 'order' in namespace 'urn:o' has incomplete content. List of possible elements expected: 'id' in namespace 'urn:o'.",
    ],
    ['<order xmlns="urn:o"><id>1</id></order>', "The required attribute 'kind' is missing."],
    ['<order kind="" size="1" xmlns="urn:o"><id>1</id></order>', "The 'size' attribute is not declared."],
    [
      '<order kind="" xmlns="urn:o"><id>one</id></order>',
      "The 'urn:o:id' element is invalid - The value 'one' is invalid according to its datatype 'http://www.w3.org/2001/XMLSchema:int'.",
    ],
    [
      '<order kind="" xmlns="urn:o"><id>1</id><note>abcd</note></order>',
      "The 'urn:o:note' element is invalid - [facet 'maxLength'] The value has a length of '4'; this exceeds the allowed maximum length of '3'.",
    ],
  ])('%s', async (text, expected) => {
    expect(await problem(setOf(order), text)).toBe(expected);
  });

  it('checks what stands in the body of a SOAP envelope, but no fault', async () => {
    const soap = (content: string) =>
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><any/></s:Header><s:Body>${content}</s:Body></s:Envelope>`;
    expect(await problem(setOf(order), soap('<order kind="" xmlns="urn:o"><id>1</id></order>'), 'soap')).toBeNull();
    expect(await problem(setOf(order), soap('<order xmlns="urn:o"><id>1</id></order>'), 'soap')).toMatch(/'kind'/);
    expect(await problem(setOf(order), soap('<x/>'), 'soap')).toBe("The 'x' element is not declared.");
    expect(await problem(setOf(order), soap('<s:Fault><faultcode>a</faultcode></s:Fault>'), 'soap')).toBeNull();
    expect(await problem(setOf(order), soap(''), 'soap')).toBeNull();
  });

  it('resolves the types of a WSDL document by namespace, also two schemas of one namespace', async () => {
    const set = setOf(
      `<?xml version="1.0"?><w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:a="urn:a"><w:types>
      ${schema('<xs:import namespace="urn:a" schemaLocation="http://example.com/a.xsd"/><xs:element name="b" type="a:T"/>', 'targetNamespace="urn:b"')}
      ${schema('<xs:complexType name="T"><xs:sequence><xs:element name="x" type="a:S"/></xs:sequence></xs:complexType>', 'targetNamespace="urn:a"')}
      ${schema('<xs:simpleType name="S"><xs:restriction base="xs:int"/></xs:simpleType>', 'targetNamespace="urn:a"')}
      </w:types></w:definitions>`,
    );
    expect(await problem(set, '<b xmlns="urn:b"><x xmlns="urn:a">1</x></b>')).toBeNull();
    expect(await problem(set, '<b xmlns="urn:b"><x xmlns="urn:a">z</x></b>')).toMatch(/'z' is invalid/);
  });

  it('finds other schemas of the service by their ids, and nothing elsewhere', async () => {
    const types = schema('<xs:simpleType name="S"><xs:restriction base="xs:int"/></xs:simpleType>');
    const using = (location: string) =>
      xmlSchemaSet(
        new Map([['main', schema(`<xs:include schemaLocation="${location}"/><xs:element name="a" type="S"/>`)]]),
        stored({ types, broken: '<a' }),
      );
    for (const location of ['/schemas/types', 'types', 'types.xsd', 'https://example.com/x/types.xsd']) {
      expect(await problem(using(location), '<a>1</a>'), location).toBeNull();
      expect(await problem(using(location), '<a>z</a>'), location).toMatch(/invalid/);
    }
    for (const location of ['file:///etc/passwd', 'http://127.0.0.1:1/x.xsd', '/schemas/broken', '../other'])
      await expect(problem(using(location), '<a>1</a>'), location).rejects.toThrow(UnusableSchema);
  });

  it('knows the attributes of the xml namespace', async () => {
    const set = setOf(
      schema(
        '<xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/><xs:element name="a"><xs:complexType><xs:attribute ref="xml:lang"/></xs:complexType></xs:element>',
      ),
    );
    expect(await problem(set, '<a xml:lang="de"/>')).toBeNull();
  });

  it.each([
    ['no XML', 'nothing'],
    ['no schema', '<a/>'],
    ['broken', '<xs:schema'],
    ['a type that does not exist', schema('<xs:element name="a" type="xs:nothing"/>')],
  ])('refuses a schema that cannot be used: %s', async (_, text) => {
    await expect((async () => problem(setOf(text), '<a/>'))()).rejects.toThrow(UnusableSchema);
  });

  it('gives up on a schema that takes too long, and works on', async () => {
    const impatient = new SchemaChecker({ compileMs: 300, checkMs: 300 });
    let content = '<xs:element name="x" minOccurs="0"/>';
    for (let level = 0; level < 6; level++)
      content = `<xs:sequence minOccurs="1" maxOccurs="500">${content}${content}</xs:sequence>`;
    const bomb = setOf(schema(`<xs:element name="a"><xs:complexType>${content}</xs:complexType></xs:element>`));
    await expect(impatient.check(bomb, '<a/>', 'xml')).rejects.toThrow(SchemaCheckAborted);
    await expect(impatient.check(bomb, '<a/>', 'xml')).rejects.toThrow(UnusableSchema);
    const patient = new SchemaChecker();
    expect(await patient.check(setOf(order), '<other/>', 'xml')).toMatch(/not declared\. Line: 1, Position: 2$/);
    await Promise.all([impatient.close(), patient.close()]);
  });

  it('refuses what is not well-formed, or no envelope, in the same words with and without a schema', async () => {
    for (const set of [null, setOf(order)]) {
      expect(await checker.check(set, '<a>\n<b></a>', 'xml')).toBe('Unexpected close tag. Line: 2, Position: 8');
      expect(await problem(set, '', 'xml')).not.toBeNull();
      expect(await problem(set, '<a/>', 'soap')).toBe('The root element is not a SOAP envelope.');
      expect(await problem(set, '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"/>', 'soap')).toBe(
        'The SOAP envelope has no body.',
      );
      expect(await problem(set, '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>')).toMatch(/[Uu]ndefined entity/);
      expect(await problem(set, `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`)).toMatch(/deep/);
    }
    expect(await problem(null, '<a><b/></a>')).toBeNull();
    expect(await problem(null, '<!DOCTYPE a><a/>')).toBeNull();
  });

  it('names the line in a text that is too long to be searched', async () => {
    const text = `<order kind="" xmlns="urn:o">${'\n'.repeat(1_100_000)}<id>x</id></order>`;
    expect(await checker.check(setOf(order), text, 'xml')).toMatch(/Line: 1100001, Position: 1$/);
  });

  it('answers many at once, each its own', async () => {
    const set = setOf(order);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => problem(set, index % 2 === 0 ? `<e${index}/>` : '<other/>')),
    );
    expect(answers[10]).toBe("The 'e10' element is not declared.");
    expect(answers[11]).toBe("The 'other' element is not declared.");
  });
});

describe('placeOfElement', () => {
  const text = '<p:a xmlns:p="urn:p" xmlns="urn:d">\n <p:b/><c/>\n <p:b><d/><d id="2"/></p:b>\n</p:a>';
  it.each([
    ['/p:a', 1, 2, null],
    ['/p:a/p:b[2]', 3, 3, '{urn:p}a'],
    ['/p:a/*[2]', 2, 9, '{urn:p}a'],
    ['/p:a/p:b[2]/*[2]', 3, 12, '{urn:p}b'],
    ['/p:a/p:b[2]/*[2]/@id', 3, 12, '{urn:p}b'],
  ])('%s', (path, line, position, parent) => {
    expect(placeOfElement(text, path)).toEqual({ line, position, parent });
  });

  it('knows no element that is not there', () => {
    expect(placeOfElement(text, '/p:a/p:b[3]')).toBeNull();
  });
});
