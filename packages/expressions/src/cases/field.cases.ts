import { jwtValue, responseValue } from '../surface/context/values.ts';
import { because, type Case } from './case.ts';
import { bodyView, headersView } from './context.ts';

const response = (body: string, statusCode = 200) =>
  responseValue({
    statusCode,
    statusReason: 'OK',
    headers: headersView([['X-Total', '3']]),
    body: bodyView(body, null),
  });
const jwt = jwtValue({ header: '{"alg":"RS256"}', payload: '{"sub":"ada","email":["a@b.example"]}', text: 'a.b.c' });

const tokenState = { variables: { tokenstate: response('{"active":false}') } };
const profile = { body: '{"profile":{"firstname":"Ada","lastname":"Lovelace"}}' };

/** Idioms of published policies. */
export const cases: readonly Case[] = [
  ...because('the pages "send-request" and "return-response": an IResponse in a variable', [
    ['@((bool)((IResponse)context.Variables["tokenstate"]).Body.As<JObject>()["active"] == false)', true, tokenState],
    ['@(((IResponse)context.Variables["r"]).StatusCode >= 500)', true, { variables: { r: response('', 503) } }],
    [
      '@(context.Variables["r"] == null || ((IResponse)context.Variables["r"]).StatusCode >= 500)',
      true,
      { variables: { r: null } },
    ],
    ['@(((IResponse)context.Variables["r"]).Body.As<string>())', 'text', { variables: { r: response('text') } }],
    [
      '@(((IResponse)context.Variables["r"]).Headers.GetValueOrDefault("x-total", "0"))',
      '3',
      { variables: { r: response('') } },
    ],
    ['@(context.Variables.GetValueOrDefault<IResponse>("r").StatusCode)', 200, { variables: { r: response('') } }],
    ['@(context.Variables["r"] as IResponse == null)', true, { variables: { r: 'x' } }],
  ]),
  ...because('the page "validate-jwt": output-token-variable-name holds a Jwt', [
    ['@(((Jwt)context.Variables["jwt"]).Subject)', 'ada', { variables: { jwt } }],
    [
      '@{ var jwt = (Jwt)context.Variables["jwt"]; return jwt.Claims.ContainsKey("email") ? jwt.Claims["email"][0] : ""; }',
      'a@b.example',
      { variables: { jwt } },
    ],
    [
      '@(((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("azp", "unknown"))',
      'unknown',
      { variables: { jwt } },
    ],
  ]),
  ...because('published policies that read and rewrite bodies', [
    [
      '@{ JObject inBody = context.Request.Body.As<JObject>(); JObject transformed = new JObject(); transformed["firstname"] = inBody["profile"]["firstname"]; return transformed.ToString(Newtonsoft.Json.Formatting.None); }',
      '{"firstname":"Ada"}',
      profile,
    ],
    [
      '@(context.Request.Body.As<JObject>(preserveContent: true)["profile"]?["lastname"]?.ToString() == "Lovelace")',
      true,
      profile,
    ],
    [
      '@("{ \\"name\\": \\"" + context.Request.Body.As<JObject>()["profile"]["firstname"] + "\\" }")',
      '{ "name": "Ada" }',
      profile,
    ],
    [
      '@{ var body = context.Request.Body.As<JObject>(true); foreach (var key in new [] { "profile", "none" }) { body.Property(key)?.Remove(); } return body.ToString(); }',
      '{}',
      profile,
    ],
    [
      '@{ var list = context.Request.Body.As<JArray>(); foreach (JObject item in list) { item["m"] = (int)item["n"] * 2; } return list.ToString(Formatting.None); }',
      '[{"n":1,"m":2}]',
      { body: '[{"n":1}]' },
    ],
    [
      '@{ var list = context.Request.Body.As<JArray>(); foreach (var item in list.Children<JObject>()) { item.Property("n").Remove(); } return list.ToString(Formatting.None); }',
      '[{}]',
      { body: '[{"n":1}]' },
    ],
    [
      '@(context.Request.Body.As<JObject>()["a"].FirstOrDefault(t => (string)t["k"] == "y")?["v"])',
      '2',
      { body: '{"a":[{"k":"x","v":1},{"k":"y","v":2}]}' },
    ],
    ['@(context.Request.Body.As<JObject>()["d"] == 1)', { refused: "Operator '==' cannot be applied" }, profile],
    ['@(context.Request.Body.As<JObject>()["none"]?.Value<int>() ?? 7)', 7, profile],
    [
      '@(context.Request.Body.As<XElement>().Descendants("b").FirstOrDefault()?.Attribute("x")?.Value)',
      '1',
      { body: "<a><b x='1'/></a>" },
    ],
  ]),
];
