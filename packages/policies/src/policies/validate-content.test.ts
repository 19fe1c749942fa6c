import { gzipSync } from 'node:zlib';
import type { Operation } from '@lazuli/resources';
import { expect, test } from 'vitest';
import { apiOf, operationOf, problemsOf, runPolicy } from '../testing/index.ts';

const order = {
  type: 'object',
  required: ['id', 'name'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer', minimum: 1 },
    name: { type: 'string', maxLength: 5, pattern: '^[a-z]+$' },
    kind: { enum: ['a', 'b'] },
    mail: { type: 'string', format: 'email' },
    tags: { type: 'array', items: { type: 'string' }, uniqueItems: true, maxItems: 2 },
    next: { $ref: '#/schemas/Order' },
    either: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
  },
};
const api = apiOf({ schemas: new Map<string, unknown>([['Order', order]]) });
const json = { contentType: 'application/json', examples: [], schema: { $ref: '#/schemas/Order' } };
const operation = operationOf({
  request: {
    queryParameters: [],
    headers: [],
    representations: [json, { ...json, contentType: 'application/xml', schema: null }],
  },
  responses: [{ statusCode: 200, description: null, headers: [], representations: [json] }],
});

const attributes =
  'unspecified-content-type-action="prevent" max-size="1000" size-exceeded-action="prevent" errors-variable-name="errors"';
const policy = (
  content = '<content type="application/json" validate-as="json" action="prevent" />',
  own = attributes,
) => `<validate-content ${own}>${content}</validate-content>`;

const send = (
  body: string | Uint8Array,
  init: { inbound?: string; headers?: Record<string, string>; operation?: Operation } = {},
) =>
  runPolicy(
    { inbound: init.inbound ?? policy() },
    {
      match: { api, operation: init.operation ?? operation },
      request: {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json; charset=utf-8', ...init.headers },
      },
    },
  );

test('what fits goes on, unchanged', async () => {
  const body = '{"id": 1, "name": "ab", "next": {"id":2,"name":"x"}}';
  const run = await send(body);
  expect([run.status, run.backendRequest?.body, run.exchange.variables.has('errors')]).toEqual([200, body, false]);
});

test("the message is Azure's, with line and position", async () => {
  const run = await send('{"id":1,"name":null}');
  expect([run.status, run.body]).toEqual([
    400,
    '{ "statusCode": 400, "message": "Body of the request does not conform to the definition which is associated with the content type application/json. Invalid type. Expected String but got Null. Line: 1, Position: 19" }',
  ]);
  expect(run.exchange.lastError).toMatchObject({ source: 'validate-content', reason: 'ValidationFailed' });
  expect(String((run.exchange.variables.get('errors') as { toJson(indented: boolean): string }).toJson(false))).toBe(
    JSON.stringify([
      {
        Name: 'application/json',
        Type: 'RequestBody',
        ValidationRule: 'IncorrectMessage',
        Details: run.exchange.lastError?.message,
        Action: 'prevent',
      },
    ]),
  );
});

test.each([
  ['{"id":1}', 'Required properties are missing from object: name. Line: 1, Position: 1'],
  ['{}', 'Required properties are missing from object: id, name. Line: 1, Position: 1'],
  ['{\n "id": 0,\n "name": "a"}', 'Integer 0 is less than minimum value of 1. Line: 2, Position: 8'],
  ['{"id":1.5,"name":"a"}', 'Invalid type. Expected Integer but got Number. Line: 1, Position: 9'],
  ['{"id":1,"name":"abcdef"}', "String 'abcdef' exceeds maximum length of 5. Line: 1, Position: 23"],
  ['{"id":1,"name":"A"}', "String 'A' does not match regex pattern '^[a-z]+$'. Line: 1, Position: 18"],
  ['{"id":1,"name":"a","kind":"c"}', 'Value "c" is not defined in enum. Line: 1, Position: 29'],
  ['{"id":1,"name":"a","mail":"x"}', "String 'x' does not validate against format 'email'. Line: 1, Position: 29"],
  ['{"id":1,"name":"a","tags":["b","b"]}', 'Non-unique array item at index 1. Line: 1, Position: 27'],
  ['{"id":1,"name":"a","tags":["b",1]}', 'Invalid type. Expected String but got Integer. Line: 1, Position: 32'],
  ['{"id":1,"name":"a","tags":["b","c","d"]}', 'Array item count 3 exceeds maximum count of 2. Line: 1, Position: 27'],
  [
    '{"id":1,"name":"a","x":1}',
    "Property 'x' has not been defined and the schema does not allow additional properties. Line: 1, Position: 23",
  ],
  [
    '{"id":1,"name":"a","next":{"id":1,"name":2}}',
    'Invalid type. Expected String but got Integer. Line: 1, Position: 42',
  ],
  ['{"id":1,"name":"a","either":true}', "JSON is valid against no schemas from 'oneOf'. Line: 1, Position: 32"],
  ['{"__proto__":{"id":1,"name":"a"}}', 'Required properties are missing from object: id, name. Line: 1, Position: 1'],
  ['[]', 'Invalid type. Expected Object but got Array. Line: 1, Position: 1'],
  ['{"id":1,', 'Expected a property name in double quotes. Line: 1, Position: 8'],
  ['nonsense', "Unexpected character 'n'. Line: 1, Position: 0"],
  ['['.repeat(900), "The reader's MaxDepth of 64 has been exceeded. Line: 1, Position: 64"],
])('%s', async (body, problem) => {
  const run = await send(body);
  expect(run.exchange.lastError?.message).toBe(
    `Body of the request does not conform to the definition which is associated with the content type application/json. ${problem}`,
  );
});

test('detect only logs, ignore does nothing', async () => {
  const detect = await send('{}', { inbound: policy('<content validate-as="json" action="detect" />') });
  expect([detect.status, detect.backendRequest?.body, detect.exchange.variables.has('errors')]).toEqual([
    200,
    '{}',
    true,
  ]);
  const ignore = await send('{}', { inbound: policy('<content validate-as="json" action="ignore" />') });
  expect([ignore.status, ignore.exchange.variables.has('errors')]).toEqual([200, false]);
});

test('a body that is too large', async () => {
  const run = await send(`"${'x'.repeat(2000)}"`);
  expect(run.exchange.lastError?.message).toBe("Request's body exceeds the configured limit of 1000 bytes.");
  const announced = await send(gzipSync(`"${'x'.repeat(2000)}"`), { headers: { 'Content-Encoding': 'gzip' } });
  expect(announced.status).toBe(400);
});

test('a body that is too large flows on when that is only noted', async () => {
  const body = `"${'x'.repeat(200_000)}"`;
  const run = await send(body, {
    inbound: policy('', attributes.replace('action="prevent" errors', 'action="detect" errors')),
  });
  expect([run.status, run.backendRequest?.body, run.exchange.variables.has('errors')]).toEqual([200, body, true]);
});

test('a compressed body is checked unpacked and sent as it came', async () => {
  const packed = gzipSync('{"id":1,"name":"ab"}');
  const run = await send(packed, { headers: { 'Content-Encoding': 'gzip' } });
  expect([run.status, run.backendRequest?.bytes]).toEqual([200, packed]);
});

test('a content type that is not specified', async () => {
  const run = await send('x', { headers: { 'Content-Type': 'text/plain' } });
  expect(run.body).toBe('{ "statusCode": 400, "message": "Unspecified content type text/plain is not allowed." }');
  expect((await send('', { headers: { 'Content-Type': 'text/plain' } })).status).toBe(200);
});

test('content types are mapped', async () => {
  const map = (inner: string, own = '') =>
    policy(
      `<content-type-map ${own}>${inner}</content-type-map><content type="application/json" validate-as="json" action="prevent" />`,
    );
  const type = { 'Content-Type': 'application/hal+json' };
  const from = await send('{}', {
    inbound: map('<type from="application/hal+json" to="application/json" />'),
    headers: type,
  });
  expect(from.exchange.lastError?.message).toMatch(/Required properties/);
  const when = await send('{}', { inbound: map('<type when="@(1 == 1)" to="application/json" />'), headers: type });
  expect(when.status).toBe(400);
  const any = await send('{}', { inbound: map('', 'any-content-type-value="application/json"'), headers: type });
  expect(any.exchange.lastError?.message).toMatch(/Required properties/);
  const missing = await runPolicy(
    { inbound: map('', 'missing-content-type-value="application/json"') },
    { match: { api, operation }, request: { method: 'POST', body: '{}' } },
  );
  expect(missing.exchange.lastError?.message).toMatch(/Required properties/);
});

test('XML and SOAP must be well-formed', async () => {
  const xml = policy('<content type="application/xml" validate-as="xml" action="prevent" />');
  const headers = { 'Content-Type': 'application/xml' };
  expect((await send('<a><b/></a>', { inbound: xml, headers })).status).toBe(200);
  const broken = await send('<a><b></a>', { inbound: xml, headers });
  expect(broken.exchange.lastError?.message).toMatch(
    /^Body of the request does not conform .* Line: 1, Position: \d+$/,
  );
  const soap = policy('<content type="application/xml" validate-as="soap" action="prevent" />');
  const envelope = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>';
  expect((await send(envelope, { inbound: soap, headers })).status).toBe(200);
  expect((await send('<a/>', { inbound: soap, headers })).status).toBe(400);
});

test('a schema by name, and a reference into it', async () => {
  const byId = policy('<content validate-as="json" action="prevent" schema-id="Order" />');
  expect((await send('{}', { inbound: byId, headers: { 'Content-Type': 'text/x' } })).status).toBe(400);
  const byRef = policy(
    '<content validate-as="json" action="prevent" schema-id="Order" schema-ref="#/properties/name" />',
  );
  expect((await send('"ab"', { inbound: byRef })).status).toBe(200);
  const named = policy('<content validate-as="json" action="prevent" schema-ref="#/components/schemas/Order" />');
  expect((await send('"ab"', { inbound: named })).status).toBe(400);
  const unknown = await send('{}', {
    inbound: policy('<content validate-as="json" action="prevent" schema-id="None" />'),
  });
  expect([unknown.status, unknown.exchange.lastError?.reason]).toEqual([500, 'ResponseValidationFailed']);
  expect(unknown.exchange.lastError?.message).toMatch(/does not contain definition None/);
});

test('additional properties and the case of names can be overridden', async () => {
  const extra = '{"id":1,"name":"a","x":1}';
  const allow = policy('<content validate-as="json" action="prevent" allow-additional-properties="true" />');
  expect((await send(extra, { inbound: allow })).status).toBe(200);
  const open = operationOf({
    request: {
      queryParameters: [],
      headers: [],
      representations: [{ ...json, schema: { type: 'object', properties: { a: {} } } }],
    },
  });
  const forbid = policy('<content validate-as="json" action="prevent" allow-additional-properties="false" />');
  expect((await send('{"b":1}', { operation: open })).status).toBe(200);
  expect((await send('{"b":1}', { operation: open, inbound: forbid })).status).toBe(400);
  const insensitive = policy('<content validate-as="json" action="prevent" case-insensitive-property-names="true" />');
  expect((await send('{"ID":1,"Name":"a"}', { inbound: insensitive })).status).toBe(200);
  const wrong = await send('{"ID":1,"Name":2}', { inbound: insensitive });
  expect(wrong.exchange.lastError?.message).toMatch(/got Integer\. Line: 1, Position: 16$/);
});

test('many items are compared quickly', async () => {
  const many = operationOf({
    request: { queryParameters: [], headers: [], representations: [{ ...json, schema: { uniqueItems: true } }] },
  });
  const inbound = policy(undefined, attributes.replace('1000', '4000000'));
  const items = Array.from({ length: 100_000 }, (_, i) => `{"a":${i},"b":1}`);
  expect((await send(`[${items}]`, { operation: many, inbound })).status).toBe(200);
  const twice = await send(`[${items},{"b":1,"a":5}]`, { operation: many, inbound });
  expect(twice.exchange.lastError?.message).toMatch(/Non-unique array item at index 100000\./);
});

test('a schema that cannot be used', async () => {
  const broken = operationOf({
    request: { queryParameters: [], headers: [], representations: [{ ...json, schema: { $ref: '#/schemas/None' } }] },
  });
  const run = await send('{}', { operation: broken });
  expect([run.status, run.exchange.lastError?.message]).toEqual([
    500,
    "API's schema does not exist or could not be resolved.",
  ]);
});

test('a pattern that would take forever is stopped', async () => {
  const slow = operationOf({
    request: { queryParameters: [], headers: [], representations: [{ ...json, schema: { pattern: '^(a+)+$' } }] },
  });
  const run = await send(`"${'a'.repeat(900)}!"`, { operation: slow });
  expect(run.status).toBe(400);
});

test('a response is checked without telling the caller what is wrong', async () => {
  const run = await runPolicy(
    { outbound: policy() },
    { match: { api, operation }, backend: () => ({ body: '{}', headers: { 'Content-Type': 'application/json' } }) },
  );
  expect([run.status, run.body]).toEqual([
    500,
    '{ "statusCode": 500, "message": "The request could not be processed due to an internal error. Contact the API owner." }',
  ]);
  expect(run.exchange.lastError?.reason).toBe('ResponseValidationFailed');
  expect(run.exchange.lastError?.message).toMatch(/^Body of the response does not conform/);
});

test('what the policy cannot do is refused', () => {
  const schemas = [
    { name: 'json', schemaType: 'json', document: {} },
    { name: 'xml', schemaType: 'xml', value: '' },
  ] as const;
  expect(
    problemsOf(
      { inbound: policy('<content validate-as="xml" action="prevent" schema-id="json" schema-ref="#" />') },
      { schemas },
    ),
  ).toEqual([
    expect.stringContaining('The attribute \'schema-ref\' can be used only with validate-as="json".'),
    expect.stringContaining("The schema 'json' is a JSON schema"),
  ]);
  expect(
    problemsOf({ inbound: policy('<content validate-as="json" action="prevent" schema-id="xml" />') }, { schemas }),
  ).toEqual([expect.stringContaining("The schema 'xml' is an XML schema")]);
  expect(problemsOf({ inbound: policy('', attributes.replace('1000', '5000000')) })).toHaveLength(1);
  expect(problemsOf({ inbound: policy('<content-type-map><type to="a/b" /></content-type-map>') })).toHaveLength(1);
});

test('a schema of the service beats one of the API', async () => {
  const inbound = policy('<content validate-as="json" action="prevent" schema-id="Order" />');
  const init = { match: { api, operation }, request: { method: 'POST', body: '{}' } };
  const schemas = [{ name: 'Order', schemaType: 'json', document: { type: 'array' } }] as const;
  const run = await runPolicy({ inbound }, { ...init, schemas });
  expect(run.exchange.lastError?.message).toMatch(/Expected Array but got Object\. Line: 1, Position: 1$/);
});

test('XML is checked against the schemas of the API, or the one that is named', async () => {
  const xsd = (name: string) =>
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="${name}" type="xs:int"/></xs:schema>`;
  const soapApi = apiOf({ xmlSchemas: new Map([['types', xsd('own')]]) });
  const check = async (attribute: string, body: string) => {
    const run = await runPolicy(
      { inbound: policy(`<content validate-as="xml" action="prevent" ${attribute} />`) },
      {
        match: { api: soapApi, operation },
        request: { method: 'POST', body, headers: { 'Content-Type': 'application/xml' } },
        schemas: [{ name: 'stored', schemaType: 'xml', value: xsd('stored') }],
      },
    );
    return run.exchange.lastError?.message ?? run.status;
  };
  expect(await check('', '<own>1</own>')).toBe(200);
  expect(await check('', '<stored>1</stored>')).toMatch(/The 'stored' element is not declared\. Line: 1, Position: 2$/);
  expect(await check('schema-id="stored"', '<stored>1</stored>')).toBe(200);
  expect(await check('schema-id="stored"', '<stored>a</stored>')).toMatch(/The value 'a' is invalid/);
  expect(await check('schema-id="types"', '<own>1</own>')).toBe(200);
  expect(await check('schema-id="none"', '<own>1</own>')).toMatch(/does not contain definition none/);
});

test('a document that declares entities is refused', async () => {
  const inbound = policy('<content type="application/xml" validate-as="xml" action="prevent" />');
  const headers = { 'Content-Type': 'application/xml' };
  const bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>';
  const file = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>';
  for (const body of [bomb, file]) expect((await send(body, { inbound, headers })).status).toBe(400);
});
