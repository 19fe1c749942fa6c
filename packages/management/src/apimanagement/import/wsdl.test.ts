import { expect, test } from 'vitest';
import { objectAt, stringAt } from '../../json/json.ts';
import { endpoints, files, fixture, importOf, messages, serving, written } from './import-test-kit.ts';
import { readXmlTree } from './xml/xml-tree.ts';

const soap = (text: string, more = {}) => importOf('wsdl', text, { apiType: 'soap', ...more });
const rest = (text: string, more = {}) => importOf('wsdl', text, { apiType: 'http', ...more });

test('operations, names and documents of SOAP that is passed through', async () => {
  const imported = await soap(fixture('orders.wsdl'));
  expect(imported).toMatchObject({
    properties: { displayName: 'OrderService', serviceUrl: 'https://orders.example', type: 'soap' },
    problems: [],
  });
  expect(endpoints(imported)).toEqual([
    'POST /?soapAction=urn:orders/PlaceOrder',
    'POST /?soapAction=urn:orders/GetStatus',
  ]);
  const all = written(imported);
  expect([...all.keys()].slice(1)).toEqual([
    'operations/placeorder',
    'operations/placeorder/policies/policy',
    'operations/getstatus',
    'operations/getstatus/policies/policy',
  ]);
  expect(all.get('operations/placeorder/policies/policy')?.value).toContain(
    '<rewrite-uri template="/services/orders" copy-unmatched-params="false" />',
  );
  const [[path, schema] = ['']] = all;
  expect(path).toMatch(/^schemas\/[0-9a-f]{24}$/);
  expect(schema).toEqual({
    contentType: 'application/vnd.ms-azure-apim.xsd+xml',
    document: { value: fixture('orders.wsdl') },
  });
  expect(all.get('operations/getstatus')).toMatchObject({
    request: { representations: [{ contentType: 'text/xml', schemaId: path.slice(8), typeName: 'OrderNumber' }] },
  });
});

test('schemas and examples of SOAP to REST', async () => {
  const imported = await rest(fixture('orders.wsdl'));
  expect(endpoints(imported)).toEqual(['POST /PlaceOrder', 'POST /GetStatus']);
  const all = written(imported);
  const [[, schema] = []] = all;
  expect(schema).toMatchObject({
    contentType: 'application/vnd.oai.openapi.components+json',
    document: {
      components: {
        schemas: {
          PlaceOrderRequest: { type: 'object', required: ['placeOrder'] },
          Order: {
            required: ['customer', 'placedAt', 'lines'],
            properties: {
              dueAt: { type: 'string', format: 'date', nullable: true },
              express: { type: 'boolean' },
              lines: { $ref: '#/components/schemas/Lines' },
            },
          },
          Lines: { properties: { line: { type: 'array', items: { $ref: '#/components/schemas/Line' } } } },
          Amount: { properties: { currency: { type: 'string' }, value: { type: 'number' } } },
          GetStatusResult: { properties: { orderStatus: { type: 'string', enum: ['open', 'shipped'] } } },
        },
      },
    },
  });
  expect(all.get('operations/placeorder')).toMatchObject({
    request: {
      representations: [
        {
          contentType: 'application/json',
          typeName: 'PlaceOrderRequest',
          examples: {
            default: { value: { placeOrder: { customer: { name: 'string', id: 0 }, lines: { line: [{}] } } } },
          },
        },
      ],
    },
  });
});

test('the selector names service and endpoint', async () => {
  const text = fixture('calculator.wsdl');
  const selected = (wsdlServiceName?: string, wsdlEndpointName?: string) =>
    soap(text, { wsdlSelector: { wsdlServiceName, wsdlEndpointName } });
  const found = await selected('Calculator', 'CalculatorSoap12');
  expect(written(found).get('operations/add')).toMatchObject({
    request: { representations: [{ contentType: 'application/soap+xml' }] },
  });
  expect(messages(await selected('Abacus'))).toEqual([
    "Parsing error(s): The WSDL document has no service 'Abacus': expected one of Calculator. Line 2, position 2.",
  ]);
  expect(messages(await selected('Calculator', 'Http'))).toEqual([
    expect.stringContaining("no SOAP endpoint 'Http': expected one of CalculatorSoap, CalculatorSoap12. Line 79"),
  ]);
  expect((await importOf('wsdl', text, { apiType: 'graphql' })).problems).toMatchObject([
    { target: 'properties.apiType', message: expect.stringContaining('expected soap or http') },
  ]);
});

test('a service URL with a path of its own stands for that of the WSDL', async () => {
  const policyOf = async (serviceUrl: string) =>
    written(await soap(fixture('calculator.wsdl'), { properties: { serviceUrl } })).get(
      'operations/add/policies/policy',
    )?.value;
  expect(await policyOf('https://other.example')).toContain('template="/calculator.asmx"');
  expect(await policyOf('https://other.example/soap')).toContain('template="/"');
});

test('operations that share an action are one', async () => {
  const text = fixture('calculator.wsdl').replaceAll(
    'http://calculator.example/Divide"',
    'http://calculator.example/Add"',
  );
  const imported = await soap(text);
  expect(endpoints(imported)).toEqual(['POST /?soapAction=http://calculator.example/Add']);
  expect(written(imported).get('operations/add')?.description).toBe(
    'Adds two integers.\nThe SOAP action is also that of the operations Divide.',
  );
});

/** The order service in four documents that refer to each other. */
function inPieces(): Record<string, string> {
  const text = fixture('orders.wsdl');
  const schemas = [...text.matchAll(/<xs:schema[\s\S]*?<\/xs:schema>/g)].map(([schema]) => schema);
  const declared = /<definitions ([^>]*?) targetNamespace/.exec(text)?.[1] ?? '';
  const alone = (schema = '') => schema.replace('<xs:schema', `<xs:schema ${declared.replace(/xmlns="[^"]*"/, '')}`);
  const [, , concrete = ''] = text.split(/(?=<message name="PlaceOrder">|<binding )/);
  const abstract = text.slice(text.indexOf('<message'), text.indexOf('<binding'));
  return {
    '/main.wsdl': `<definitions ${declared.replace(/xmlns:o="[^"]*"/, 'xmlns:o="urn:abstract"')} xmlns:b="urn:main" targetNamespace="urn:main"><import namespace="urn:abstract" location="wsdl/abstract.wsdl"/>${concrete.replace('binding="o:Orders"', 'binding="b:Orders"')}`,
    '/wsdl/abstract.wsdl': `<definitions ${declared} xmlns:a="urn:abstract" targetNamespace="urn:abstract"><import namespace="urn:main" location="../main.wsdl"/><types><xs:schema><xs:import namespace="urn:orders" schemaLocation="../xsd/orders.xsd"/></xs:schema></types>${abstract.replaceAll('message="o:', 'message="a:')}</definitions>`,
    '/xsd/orders.xsd': alone(schemas[1]).replace(
      '<xs:import namespace="urn:orders:types"/>',
      '<xs:import namespace="urn:orders:types" schemaLocation="types.xsd"/><xs:include schemaLocation="orders.xsd"/>',
    ),
    '/xsd/types.xsd': alone(schemas[0]),
  };
}

test('documents that import each other are read as one, which stands alone', async () => {
  await serving(files(inPieces()), async (url) => {
    const json = await importOf('wsdl-link', `${url}/main.wsdl`, { apiType: 'http' });
    expect(json.problems).toEqual([]);
    expect(written(json).get('operations/placeorder/policies/policy')).toEqual(
      written(await rest(fixture('orders.wsdl'))).get('operations/placeorder/policies/policy'),
    );
    const linked = await importOf('wsdl-link', `${url}/main.wsdl`, { apiType: 'soap' });
    expect(linked.problems).toEqual([]);
    const [[, schema] = []] = written(linked);
    const merged = stringAt(objectAt(schema ?? {}, 'document'), 'value') ?? '';
    expect(merged).not.toMatch(/[lL]ocation="(?!https:\/\/orders)/);
    readXmlTree(merged);
    const again = await rest(merged);
    expect(again.problems).toEqual([]);
    expect(endpoints(again)).toEqual(endpoints(json));
  });
  expect(messages(await soap(inPieces()['/main.wsdl'] ?? ''))).toEqual([
    expect.stringMatching(/^'wsdl\/abstract\.wsdl' cannot be resolved: a document that is given inline/),
  ]);
  const { '/xsd/types.xsd': _, ...rest_ } = inPieces();
  await serving(files(rest_), async (url) => {
    expect(messages(await importOf('wsdl-link', `${url}/main.wsdl`))).toEqual([
      `Cannot read '${url}/xsd/types.xsd': the answer is 404 Not Found.`,
    ]);
  });
});

test('a schema without a namespace that is included belongs to the one that includes it', async () => {
  const text = fixture('orders.wsdl').replace(
    '<xs:element name="OrderNumber" type="xs:long"/>',
    '<xs:include schemaLocation="http://HOST/number.xsd"/><xs:element name="OrderNumber" type="o:Number"/>',
  );
  const number = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:simpleType name="Number"><xs:restriction base="Long"/></xs:simpleType><xs:simpleType name="Long"><xs:restriction base="xs:long"/></xs:simpleType></xs:schema>`;
  await serving(files({ '/number.xsd': number }), async (url) => {
    const imported = await rest(text.replace('http://HOST', url));
    expect(imported.problems).toEqual([]);
    expect(JSON.stringify([...written(imported).values()][0])).toContain(
      '"orderNumber":{"type":"integer","format":"int64"}',
    );
  });
});

test('text that is not UTF-8 is read by its encoding', async () => {
  const text = fixture('calculator.wsdl').replace('Sums &amp; more.', 'Größe');
  const latin = Buffer.from(text.replace('utf-8', 'iso-8859-1'), 'latin1');
  const utf16 = Buffer.from(`\uFEFF${text.replace('utf-8', 'utf-16')}`, 'utf16le');
  const wrong = Buffer.from(text, 'latin1');
  const unknown = Buffer.from(text.replace('utf-8', 'ebcdic-x'));
  await serving(files({ '/latin': latin, '/utf16': utf16, '/wrong': wrong, '/unknown': unknown }), async (url) => {
    for (const path of ['latin', 'utf16'])
      expect((await importOf('wsdl-link', `${url}/${path}`)).properties.description).toBe('Größe');
    expect(messages(await importOf('wsdl-link', `${url}/wrong`))[0]).toMatch(/: it is not valid UTF-8\.$/);
    expect(messages(await importOf('wsdl-link', `${url}/unknown`))[0]).toMatch(
      /: its encoding 'ebcdic-x' is not known\.$/,
    );
  });
});

const withType = (type: string) =>
  fixture('orders.wsdl').replace('<xs:complexType name="Lines">', `${type}<xs:complexType name="Lines">`);

test.each([
  [
    'a type that refers to itself',
    fixture('orders.wsdl').replace(
      '<xs:element name="Lines" type="o:Lines"/>',
      '<xs:element name="Lines" type="o:Lines"/><xs:element name="Parent" type="o:Order" minOccurs="0"/>',
    ),
    /The type 'Order' refers to itself: recursive types are not supported by SOAP to REST/,
  ],
  [
    'a type that derives from itself',
    withType(
      '<xs:complexType name="Loop"><xs:complexContent><xs:extension base="o:Loop"/></xs:complexContent></xs:complexType>',
    ).replace('name="OrderNumber" type="xs:long"', 'name="OrderNumber" type="o:Loop"'),
    null,
  ],
  [
    'a group that holds itself',
    withType(
      '<xs:group name="G"><xs:sequence><xs:group ref="o:G"/></xs:sequence></xs:group><xs:complexType name="Loop"><xs:group ref="o:G"/></xs:complexType>',
    ).replace('name="OrderNumber" type="xs:long"', 'name="OrderNumber" type="o:Loop"'),
    /Groups are nested more than 100 deep or in themselves/,
  ],
  [
    'an element that is not declared',
    fixture('orders.wsdl').replace('element="o:PlaceOrder"', 'element="o:Missing"'),
    /The element '\{urn:orders\}Missing' is not declared\. Line \d+/,
  ],
  [
    'a prefix that is not declared',
    fixture('orders.wsdl').replace('type="o:Order"', 'type="q:Order"'),
    /The prefix 'q' of 'q:Order' is not declared\. Line 63, position 8/,
  ],
  ['SOAP encoding', fixture('weather-rpc.wsdl').replaceAll('use="literal"', 'use="encoded"'), /uses SOAP encoding/],
  ['WSDL 2.0', '<description xmlns="http://www.w3.org/ns/wsdl"/>', /WSDL 2\.0 is not supported/],
  [
    'an XML bomb',
    `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${'bcdefghi'
      .split('')
      .map((name, i) => `<!ENTITY ${name} "${`&${'abcdefgh'[i]};`.repeat(10)}">`)
      .join('')}]><a>&i;</a>`,
    /DTD\) is not allowed/,
  ],
  ['an entity that is not declared', '<a>&x;</a>', /entity/i],
  ['deep nesting', '<a>'.repeat(100_000), /nested more than 200 deep/],
  ['many elements', `<a>${'<b/>'.repeat(250_000)}</a>`, /more than 200000 elements/],
  [
    'many namespaces',
    `<a>${'<b xmlns:c="d" e="f">'.repeat(150)}${'<g xmlns:h="i"/>'.repeat(190_000)}`,
    /declares namespaces more than 20000 times/,
  ],
  ['a lone surrogate', '<a>\uD800</a>', /^Parsing error\(s\): /],
])('%s', async (_, text, message) => {
  const started = performance.now();
  const imported = await rest(text);
  if (message === null) expect(imported.problems).toEqual([]);
  else expect(messages(imported)).toEqual([expect.stringMatching(message)]);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('types that share and multiply are refused before they fill the memory', async () => {
  const levels = 30;
  const types = Array.from(
    { length: levels },
    (_, i) =>
      `<xs:complexType name="T${i}"><xs:sequence><xs:element name="A" type="o:T${i + 1}"/><xs:element name="B" type="o:T${i + 1}"/></xs:sequence></xs:complexType>`,
  ).join('');
  const text = withType(`${types}<xs:complexType name="T${levels}"><xs:sequence/></xs:complexType>`).replace(
    'name="OrderNumber" type="xs:long"',
    'name="OrderNumber" type="o:T0"',
  );
  expect(messages(await rest(text))).toEqual([expect.stringMatching(/has more than 3000 elements/)]);
  // As SOAP nothing is made of the types.
  expect((await soap(text)).problems).toEqual([]);
});

test('a large service is imported in time', async () => {
  const operations = Array.from({ length: 300 }, (_, i) => `Op${i}`);
  const each = (write: (name: string) => string) => operations.map(write).join('');
  const text = `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"><wsdl:types><x:schema targetNamespace="urn:t">${each((name) => `<x:element name="${name}"><x:complexType><x:sequence>${Array.from({ length: 20 }, (_, k) => `<x:element name="E${k}" type="x:string"/>`).join('')}</x:sequence></x:complexType></x:element>`)}</x:schema></wsdl:types>${each((name) => `<wsdl:message name="${name}"><wsdl:part name="p" element="t:${name}"/></wsdl:message>`)}<wsdl:portType name="P">${each((name) => `<wsdl:operation name="${name}"><wsdl:input message="t:${name}"/><wsdl:output message="t:${name}"/></wsdl:operation>`)}</wsdl:portType><wsdl:binding name="B" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>${each((name) => `<wsdl:operation name="${name}"><s:operation soapAction="${name}"/><wsdl:input><s:body use="literal"/></wsdl:input><wsdl:output><s:body use="literal"/></wsdl:output></wsdl:operation>`)}</wsdl:binding><wsdl:service name="S"><wsdl:port name="P" binding="t:B"><s:address location="http://s.example/"/></wsdl:port></wsdl:service></wsdl:definitions>`;
  const started = performance.now();
  expect(endpoints(await rest(text))).toHaveLength(300);
  // Measured: 0.3 s.
  expect(performance.now() - started).toBeLessThan(5000);
});
