import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { problemsOf, type RunPolicyInit, runPolicy } from '../testing/index.ts';

const json =
  '{"name":"Ada","n":5,"big":12345678901234567890,"items":[{"a":1},{"a":2}],"on":true,"nothing":null,"when":"2020-01-02T03:04:05Z"}';
const xml =
  '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><List xmlns="u" kind="k"><Item>a</Item><Item>b</Item><Other>c</Other><Nil xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/><One><Part>x</Part></One></List></soap:Body></soap:Envelope>';

async function render(
  template: string,
  body?: string | Uint8Array,
  contentType?: string,
  own = '',
  init: RunPolicyInit = {},
) {
  const headers: Record<string, string> = contentType === undefined ? {} : { 'Content-Type': contentType };
  const run = await runPolicy(
    { inbound: `<set-body template="liquid" ${own}>${template}</set-body>` },
    { ...init, request: { method: 'POST', body, headers, ...init.request } },
  );
  if (run.exchange.lastError) throw new Error(`${run.exchange.lastError.reason}: ${run.exchange.lastError.message}`);
  return run.backendRequest?.body;
}

test.each([
  ['text', 'a {b} c', 'a {b} c'],
  ['a property', '{{body.name}}', 'Ada'],
  ['a property in brackets', '{{body["name"]}}', 'Ada'],
  ['nothing', '[{{body.nothing}}{{body.none.deeper}}]', '[]'],
  ['a boolean', '{{body.on}}', 'true'],
  ['a long number', '{{body.big}}', '12345678901234567890'],
  ['an object', '{{body.items[0]}}', '{"a":1}'],
  ['a loop', '{% for i in body.items %}{{i.a}};{% endfor %}', '1;2;'],
  ['a JSON array', '[{% JSONArrayFor i in body.items %}{{i.a}}{% endJSONArrayFor %}]', '[1,2]'],
  [
    'a JSON array with holes',
    '[{% JSONArrayFor i in body.items %}{% if i.a == 2 %}x{% endif %}{% endJSONArrayFor -%}]',
    '[x]',
  ],
  [
    "the loop's numbers",
    '{% JSONArrayFor i in body.items %}{{forloop.index}}/{{forloop.length}}{% endJSONArrayFor %}',
    '1/2,2/2',
  ],
  ['an empty JSON array', '[{% JSONArrayFor i in body.none %}x{% endJSONArrayFor %}]', '[]'],
  ['conditions', '{% if body.n > 4 and body.name == "Ada" %}y{% else %}n{% endif %}', 'y'],
  ['assign', '{% assign x = body.n | Plus: 1 %}{{x}}', '6'],
  ['size', '{{body.items.size}}{{body.items | Size}}', '22'],
  ['startsWith', '{% if body.name startsWith "A" %}y{% endif %}', 'y'],
  ['Upcase', '{{body.name | Upcase | Append: "!"}}', 'ADA!'],
  ['Default', '{{body.none | Default: "d"}}', 'd'],
  ['Capitalize', '{{"hello bIG WORLD" | Capitalize}}', 'Hello Big WORLD'],
  ['DividedBy', '{{body.n | DividedBy: 2}} {{body.n | DividedBy: 2.5}}', '2 2'],
  ['Join and Map', '{{body.items | Map: "a" | Join: "+"}}', '1+2'],
  ['a date', '{{body.when}}', '01/02/2020 03:04:05'],
  ['a date with a format', '{{body.when | Date: "yyyy-MM-ddTHH:mm:ssZ"}}', '2020-01-02T03:04:05Z'],
  ['a text as a date', '{{"2020-03-01" | Date: "dd.MM.yy"}}', '01.03.20'],
  ['a text that is no date', '{{"soon" | Date: "dd.MM.yy"}}', 'soon'],
  ['now', '{{"now" | Date: "yyyy-MM-dd HH:mm"}}', '2026-01-02 03:04'],
  [
    'nothing of JavaScript',
    '[{{body.constructor}}{{body.__proto__}}{{body.name.constructor}}{{context.constructor}}{{body.items.push}}]',
    '[]',
  ],
])('JSON: %s', async (_, template, expected) => {
  expect(await render(template, json, 'application/json')).toBe(expected);
});

test.each([
  ['the way down', '{{body.envelope.body.List.Other}}', 'c'],
  ['exact names', '{{body.Envelope.Body.List.Other}}', 'c'],
  ['several of one name', '{{body.envelope.body.list.item[1]}}', 'b'],
  ['an attribute', '{{body.envelope.body.list.kind}}{{body.envelope.body.list["@kind"]}}', 'kk'],
  ['nil', '[{{body.envelope.body.list.nil}}]', '[]'],
  ['a loop over several', '{% for i in body.envelope.body.list.item %}{{i}};{% endfor %}', 'a;b;'],
  ['a loop over children', '{% JSONArrayFor i in body.envelope.body.list.one %}"{{i}}"{% endJSONArrayFor %}', '"x"'],
  [
    'children of one name',
    '{% JSONArrayFor i in body.envelope.body.list where "Item" %}"{{i}}"{% endJSONArrayFor %}',
    '"a","b"',
  ],
  ['comparison', '{% if body.envelope.body.list.other == "c" %}y{% endif %}', 'y'],
])('XML: %s', async (_, template, expected) => {
  expect(await render(template, xml, 'text/xml')).toBe(expected);
});

test('attributes of set-body', async () => {
  expect(await render('{{body.when}}', json, 'application/json', 'parse-date="false"')).toBe('2020-01-02T03:04:05Z');
  const nil = '{% if body.envelope.body.list.nil == null %}null{% else %}blank{% endif %}';
  expect(await render(nil, xml, 'text/xml', 'xsi-nil="null"')).toBe('null');
  expect(await render(nil, xml, 'text/xml')).toBe('blank');
});

test('another content type has no body, nor has a request without one', async () => {
  expect(await render('[{{body.name}}]', json, 'text/plain')).toBe('[]');
  expect(await render('[{{body.name}}]')).toBe('[]');
});

test('a compressed body is read', async () => {
  const run = await runPolicy(
    { inbound: '<set-body template="liquid">{{body.name}}</set-body>' },
    {
      request: {
        method: 'POST',
        body: gzipSync(json),
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
      },
    },
  );
  expect([run.backendRequest?.body, run.backendRequest?.headers.has('Content-Encoding')]).toEqual(['Ada', false]);
});

test('context', async () => {
  const template =
    '{{context.Request.Method}} {{context.Request.Url.Path}} {{context.Request.OriginalUrl.Host}} {{context.Request.Headers["x-a"]}} {{context.Request.OriginalUrl.Query.q}} {{context.Api.Name}} {{context.Variables["v"]}} {{context.Request.MatchedParameters["id"]}} {{context.Response.StatusCode}}';
  const rendered = await render(template, 'x', 'text/plain', '', {
    variables: { v: 7 },
    match: { matchedParameters: new Map([['id', '42']]) },
    request: { method: 'POST', body: 'x', url: 'https://gateway.example/orders/42?q=1', headers: { 'X-A': 'h' } },
  });
  expect(rendered).toBe('POST /base/42 gateway.example h 1 Orders 7 42 ');
});

test('variables of .NET types', async () => {
  const run = await runPolicy({
    inbound: `<set-variable name="o" value="@(JObject.Parse("{'a':[1,{'b':true}]}"))" /><set-body template="liquid">{{context.Variables["o"].a[1].b}} {{context.Variables["o"]}}</set-body>`,
  });
  expect(run.backendRequest?.body).toBe('true {"a":[1,{"b":true}]}');
});

test('inside return-response body is empty and context works', async () => {
  const run = await runPolicy(
    {
      inbound:
        '<return-response><set-body template="liquid">[{{body.name}}] {{context.Api.Id}}</set-body></return-response>',
    },
    { request: { method: 'POST', body: json, headers: { 'Content-Type': 'application/json' } } },
  );
  expect(run.body).toBe('[] orders-api');
});

test('the response in outbound', async () => {
  const run = await runPolicy(
    { outbound: '<set-body template="liquid">{{body.name}} {{context.Response.StatusCode}}</set-body>' },
    { backend: () => ({ body: json, headers: { 'Content-Type': 'application/json' } }) },
  );
  expect(run.body).toBe('Ada 200');
});

test.each([
  '{% for x in y %}',
  '{{ body | Nonsense }}',
  "{% include 'secret' %}",
  '{% unknown %}',
  '{{ a',
  '{% JSONArrayFor x %}{% endJSONArrayFor %}',
  '{% JSONArrayFor x in y %}',
])('%s is refused', (template) => {
  expect(problemsOf({ inbound: `<set-body template="liquid">${template}</set-body>` })).toEqual([
    expect.stringMatching(/The Liquid template is not correct: /),
  ]);
});

test('an expression is no template', () => {
  expect(problemsOf({ inbound: '<set-body template="liquid">@("x")</set-body>' })).toHaveLength(1);
});

test.each([
  ['not JSON', '{', 'application/json'],
  ['not XML', '<a>', 'text/xml'],
])('a body that is %s is an error', async (_, body, type) => {
  await expect(render('{{body.a}}', body, type)).rejects.toThrow(/^TransformationFailure: /);
});

test('a template that fails or never ends is an error', async () => {
  await expect(render('{{ 1 | DividedBy: 0 }}')).rejects.toThrow(
    /^ExpressionValueEvaluationFailure: The Liquid template failed/,
  );
  await expect(
    render('{% for i in (1..100000000) %}{% for j in (1..100000000) %}{% endfor %}{% endfor %}'),
  ).rejects.toThrow(/limit exceeded/);
});
