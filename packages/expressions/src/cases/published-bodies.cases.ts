import { responseValue } from '../surface/context/values.ts';
import { because, type Case } from './case.ts';
import { bodyView, headersView, type TestContext } from './context.ts';

const chat: TestContext = {
  body: '{"model":"gpt-4o","stream":true,"max_tokens":100,"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]}',
};
const weather: TestContext = { responseBody: '{"current":{"t":1},"minutely":[1],"hourly":[2],"daily":[3]}' };
const orders: TestContext = {
  responseBody:
    '{"value":[{"id":1,"status":"open","total":10.5,"tags":["a","b"]},{"id":2,"status":"done","total":4},{"id":3,"status":"open","total":1}],"count":3,"@odata.nextLink":"https://backend/orders?skip=3"}',
};
const soap: TestContext = {
  body: '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="urn:orders"><soap:Body><m:GetOrder id="7"><m:Number>42</m:Number><m:Line sku="x">1</m:Line><m:Line sku="y">2</m:Line></m:GetOrder></soap:Body></soap:Envelope>',
};
const form: TestContext = { body: 'grant_type=client_credentials&scope=a+b&client_id=c%26d&scope=e' };

const reply = (body: string, statusCode = 200) =>
  responseValue({
    statusCode,
    statusReason: statusCode === 200 ? 'OK' : 'Error',
    headers: headersView([['Retry-After', '7']]),
    body: body === '' ? null : bodyView(body, null),
  });
const replies: TestContext = {
  get variables() {
    return { one: reply('{"a":1}'), two: reply('{"b":{"c":[1,2]}}'), text: reply('plain'), failed: reply('', 503) };
  },
};
const nothing: TestContext = { body: '{}' };

/** The ways in which published policies read and write JSON, XML and forms. */
export const cases: readonly Case[] = [
  ...because('published policies: fields of a JSON request', [
    [
      '@(context.Request.Body.As<JObject>(true)["stream"] != null && context.Request.Body.As<JObject>(true)["stream"].Type != JTokenType.Null)',
      true,
      chat,
    ],
    [
      '@{ var content = (context.Request.Body?.As<JObject>(true)); string streamValue = content["stream"].ToString(); return streamValue; }',
      'True',
      chat,
    ],
    ['@(context.Request.Body.As<JObject>(preserveContent: true).Value<bool>("stream") ? "s" : "n")', 's', chat],
    ['@((bool?)context.Request.Body.As<JObject>(true)["stream"] ?? false)', true, chat],
    ['@((bool?)context.Request.Body.As<JObject>(true)["none"] ?? false)', false, chat],
    ['@((string)context.Request.Body.As<JObject>(true)["messages"].Last["content"])', 'Hello', chat],
    ['@(context.Request.Body.As<JObject>(true)["messages"].Children().Count())', 2, chat],
    ['@(context.Request.Body.As<JObject>(true).SelectToken("messages[0].role").ToString())', 'system', chat],
    [
      '@((string)context.Request.Body.As<JObject>(true).SelectToken("$.messages[?(@.role == \'user\')].content"))',
      'Hello',
      chat,
    ],
    [
      '@(context.Request.Body.As<JObject>(true).SelectTokens("$..role").Select(r => (string)r).Aggregate((a, b) => a + "," + b))',
      'system,user',
      chat,
    ],
    [
      '@{ var body = context.Request.Body.As<JObject>(true); var user = ((JArray)body["messages"]).FirstOrDefault(m => (string)m["role"] == "user"); return user?["content"]?.ToString() ?? ""; }',
      'Hello',
      chat,
    ],
    [
      '@(((JArray)context.Request.Body.As<JObject>(true)["messages"]).Sum(m => ((string)m["content"]).Length))',
      14,
      chat,
    ],
    [
      '@(context.Request.Body.As<JObject>(true)["messages"].Any(m => m["role"].Value<string>() == "tool"))',
      false,
      chat,
    ],
    [
      '@{ var body = context.Request.Body.As<JObject>(); body["max_tokens"] = Math.Min((int)body["max_tokens"], 50); body.Remove("stream"); body["messages"] = body["messages"][1]; return body.ToString(Formatting.None); }',
      '{"model":"gpt-4o","max_tokens":50,"messages":{"role":"user","content":"Hello"}}',
      chat,
    ],
    [
      '@{ var body = context.Request.Body.As<JObject>(); if (body["temperature"] == null) { body.Add("temperature", 0.2); } body.Property("messages").Remove(); return body.ToString(Newtonsoft.Json.Formatting.None); }',
      '{"model":"gpt-4o","stream":true,"max_tokens":100,"temperature":0.2}',
      chat,
    ],
    [
      '@{ var body = context.Request.Body.As<JObject>(); body.AddFirst(new JProperty("id", 1)); ((JArray)body["messages"]).Insert(0, new JObject(new JProperty("role", "x"))); return (string)body["messages"][0]["role"] + body.Properties().First().Name; }',
      'xid',
      chat,
    ],
    ['@(context.Request.Body?.As<JObject>(true)?["security"]?["end_user_id"] == null)', true, chat],
    ['@(context.Request.Body?.As<JObject>(true)?["x"] == null)', true],
    ['@(context.Request.Body == null ? "none" : context.Request.Body.As<string>(true))', 'none'],
    [
      '@{ try { var body = context.Request.Body.As<JObject>(true); return body["a"].ToString(); } catch (Exception ex) { return ex.GetType().Name; } }',
      'NullReferenceException',
      nothing,
    ],
    [
      '@{ try { var body = context.Request.Body.As<JObject>(true); return "json"; } catch { return "no json"; } }',
      'no json',
      { body: '<a/>' },
    ],
    [
      '@{ JToken token; return context.Request.Body.As<JObject>(true).TryGetValue("MODEL", StringComparison.OrdinalIgnoreCase, out token) ? (string)token : ""; }',
      'gpt-4o',
      chat,
    ],
    [
      '@(context.Request.Body.As<JObject>(true).ContainsKey("model") && !string.IsNullOrWhiteSpace((string)context.Request.Body.As<JObject>(true)["model"]))',
      true,
      chat,
    ],
    [
      '@{ foreach (var p in context.Request.Body.As<JObject>(true).Properties().Where(p => p.Value.Type == JTokenType.Integer)) { return p.Name + "=" + p.Value; } return ""; }',
      'max_tokens=100',
      chat,
    ],
    [
      '@{ foreach (KeyValuePair<string, JToken> pair in context.Request.Body.As<JObject>(true)) { if (pair.Value is JArray) { return pair.Key + ((JArray)pair.Value).Count; } } return ""; }',
      'messages2',
      chat,
    ],
    [
      '@(Regex.Replace(context.Request.Body.As<string>(true), "\\"content\\":\\"[^\\"]*\\"", "\\"content\\":\\"***\\"").Contains("Hello"))',
      false,
      chat,
    ],
    ['@(context.Request.Body.As<string>(preserveContent: true).Length > 1000 ? "long" : "short")', 'short', chat],
    [
      '@(Encoding.UTF8.GetByteCount(context.Request.Body.As<string>(true)) == context.Request.Body.As<byte[]>(true).Length)',
      true,
      chat,
    ],
  ]),
  ...because('the page "set-body" and published policies: responses that are filtered and rebuilt', [
    [
      '@{ var response = context.Response.Body.As<JObject>(); foreach (var key in new [] {"minutely", "hourly", "daily", "flags"}) { response.Property (key)?.Remove (); } return response.ToString(Formatting.None); }',
      '{"current":{"t":1}}',
      weather,
    ],
    [
      '@{ var response = context.Response.Body.As<JObject>(); foreach (var key in new [] {"flags"}) { response.Property (key).Remove (); } return response.ToString(); }',
      { throws: 'System.NullReferenceException' },
      weather,
    ],
    [
      '@{ var body = context.Response.Body.As<JObject>(); foreach (var internalProperty in new string[] { "current", "secret" }) { if (body.ContainsKey(internalProperty)) { body.Remove(internalProperty); } } return body.Count; }',
      3,
      weather,
    ],
    [
      '@{ var response = context.Response.Body.As<JObject>(); return new JObject( new JProperty("datos", response["value"]), new JProperty("total", response["count"]), new JProperty("pagina", context.Request.OriginalUrl.Query.GetValueOrDefault("page", "1")) ).ToString(Formatting.None).Substring(0, 20); }',
      '{"datos":[{"id":1,"s',
      orders,
    ],
    [
      '@{ var response = context.Response.Body.As<JObject>(); response.Add("requestId", context.RequestId.ToString()); response["timestamp"] = context.Timestamp.ToString("o"); return response.Value<string>("requestId") + response["timestamp"]; }',
      '7d9c4bd7-6d0b-4bd5-9d25-5cb5a3f4f0a12024-02-29T12:30:15.0000000Z',
      orders,
    ],
    ['@(context.Response.StatusCode == 200 && context.Product.Name.Equals("Starter"))', true, orders],
    [
      '@(string.Join(",", context.Response.Body.As<JObject>(true)["value"].Where(o => (string)o["status"] == "open").Select(o => o["id"])))',
      '1,3',
      orders,
    ],
    ['@(context.Response.Body.As<JObject>(true)["value"].Sum(o => (decimal)o["total"]).ToString())', '15.5', orders],
    [
      '@(context.Response.Body.As<JObject>(true)["value"].Max(o => (double)o["total"]).ToString(System.Globalization.CultureInfo.InvariantCulture))',
      '10.5',
      orders,
    ],
    [
      '@(JsonConvert.SerializeObject(context.Response.Body.As<JObject>(true)["value"].Select(o => new { id = (int)o["id"], open = (string)o["status"] == "open" }).Where(o => o.open)))',
      '[{"id":1,"open":true},{"id":3,"open":true}]',
      orders,
    ],
    [
      '@{ var result = new JArray(); foreach (var item in (JArray)context.Response.Body.As<JObject>(true)["value"]) { result.Add(new JObject { ["key"] = item["id"], ["value"] = item["status"] }); } return result.ToString(Formatting.None); }',
      '[{"key":1,"value":"open"},{"key":2,"value":"done"},{"key":3,"value":"open"}]',
      orders,
    ],
    [
      '@{ var groups = context.Response.Body.As<JObject>(true)["value"].GroupBy(o => (string)o["status"]).ToDictionary(g => g.Key, g => g.Count()); return JsonConvert.SerializeObject(groups); }',
      '{"open":2,"done":1}',
      orders,
    ],
    [
      '@{ var o = JObject.FromObject(new { items = new[] { 1, 2 }, when = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc), none = (string)null }); return o.ToString(Formatting.None); }',
      '{"items":[1,2],"when":"2024-01-02T03:04:05Z","none":null}',
    ],
    [
      '@{ var body = context.Response.Body.As<string>(preserveContent: true); return body.Replace("https://backend", "https://" + context.Request.OriginalUrl.Host); }',
      '{"n":"https://contoso.azure-api.net/x"}',
      { responseBody: '{"n":"https://backend/x"}' },
    ],
    [
      '@((string)context.Response.Body.As<JObject>(true)["@odata.nextLink"] ?? "")',
      'https://backend/orders?skip=3',
      orders,
    ],
    ['@(((string)context.Response.Body.As<JObject>(true)["@odata.nextLink"]).Split(\'?\')[1])', 'skip=3', orders],
    [
      '@{ var page = new Uri((string)context.Response.Body.As<JObject>(true)["@odata.nextLink"]); return page.Host + page.Query; }',
      'backend?skip=3',
      orders,
    ],
    [
      '@(context.Response.Body.As<JArray>(true).Children<JObject>().Where(o => o["a"] != null).Count())',
      1,
      { responseBody: '[{"a":1},{"b":2}]' },
    ],
    ['@(context.Response.Body.As<JToken>(true) is JArray ? "array" : "object")', 'array', { responseBody: '[1]' }],
    [
      '@{ JToken body = context.Response.Body.As<JToken>(true); switch (body.Type) { case JTokenType.Array: return ((JArray)body).Count; case JTokenType.Object: return ((JObject)body).Count; default: return -1; } }',
      2,
      { responseBody: '{"a":1,"b":2}' },
    ],
    [
      '@{ var merged = new JObject(); merged.Merge(JObject.Parse("{\\"a\\":1,\\"b\\":{\\"c\\":2}}")); merged.Merge(JObject.Parse("{\\"b\\":{\\"d\\":3}}")); return merged.ToString(Formatting.None); }',
      '{"a":1,"b":{"c":2,"d":3}}',
    ],
    ['@(JToken.DeepEquals(JObject.Parse("{\\"a\\":1}"), JObject.Parse("{ \\"a\\" : 1 }")))', true],
    [
      '@{ var o = new JObject(); o["list"] = new JArray("a", "b"); o["nested"] = new JObject(new JProperty("n", null)); o["flag"] = true; o["num"] = 1.5m; return o.ToString(Formatting.None); }',
      '{"list":["a","b"],"nested":{"n":null},"flag":true,"num":1.5}',
    ],
    [
      '@(JsonConvert.SerializeObject(new Dictionary<string, object> { ["a"] = 1, ["b"] = new[] { "x" }, ["c"] = null }, Formatting.Indented).Replace("\\r\\n", "|"))',
      '{|  "a": 1,|  "b": [|    "x"|  ],|  "c": null|}',
    ],
    [
      '@{ var list = JsonConvert.DeserializeObject<List<string>>("[\\"a\\",\\"b\\"]"); return list.Count + list[1]; }',
      '2b',
    ],
    [
      '@{ var map = JsonConvert.DeserializeObject<Dictionary<string, string>>("{\\"a\\":\\"1\\"}"); return map["a"]; }',
      '1',
    ],
    ['@(JArray.Parse("[3,1,2]").OrderBy(t => (int)t).Select(t => t.ToString()).First())', '1'],
    ['@(new JArray(new[] { 1, 2, 3 }.Select(i => new JObject(new JProperty("i", i)))).Count)', 3],
    ['@(((JObject)JToken.Parse("{\\"a\\":{\\"b\\":[{\\"c\\":5}]}}"))["a"]["b"][0]["c"].Value<int>() + 1)', 6],
  ]),
  ...because('the page "send-request": replies that are put together', [
    [
      '@(new JObject(new JProperty("one", ((IResponse)context.Variables["one"]).Body.As<JObject>()), new JProperty("two", ((IResponse)context.Variables["two"]).Body.As<JObject>()["b"])).ToString(Formatting.None))',
      '{"one":{"a":1},"two":{"c":[1,2]}}',
      replies,
    ],
    ['@(((IResponse)context.Variables["text"]).Body.As<string>(preserveContent: true).ToUpper())', 'PLAIN', replies],
    ['@(((IResponse)context.Variables["failed"]).Headers.GetValueOrDefault("Retry-After", "0"))', '7', replies],
    ['@(((IResponse)context.Variables["failed"]).Body?.As<string>() ?? "empty")', 'empty', replies],
    ['@(((IResponse)context.Variables["failed"]).StatusReason)', 'Error', replies],
    [
      '@{ var names = new[] { "one", "two", "failed" }; return names.Count(n => ((IResponse)context.Variables[n]).StatusCode < 300); }',
      2,
      replies,
    ],
    [
      '@{ var merged = new JObject(); foreach (var name in new[] { "one", "two" }) { merged.Merge(((IResponse)context.Variables[name]).Body.As<JObject>()); } return merged.ToString(Formatting.None); }',
      '{"a":1,"b":{"c":[1,2]}}',
      replies,
    ],
  ]),
  ...because('published policies: SOAP and other XML', [
    [
      '@{ var doc = context.Request.Body.As<XElement>(true); return doc.Descendants().First(e => e.Name.LocalName == "Number").Value; }',
      '42',
      soap,
    ],
    [
      '@(context.Request.Body.As<XElement>(preserveContent: true).Descendants().FirstOrDefault(a => a.Name.LocalName == "nothing")?.Value)',
      null,
      soap,
    ],
    [
      '@{ var body = context.Request.Body.As<XElement>(); XNamespace ns = "urn:orders"; return body.Descendants(ns + "Number").First().Value; }',
      '42',
      soap,
    ],
    [
      '@{ var body = context.Request.Body.As<XElement>(); return body.Descendants(XName.Get("Number", "urn:orders")).Single().Value; }',
      '42',
      soap,
    ],
    [
      '@{ XElement doc = context.Request.Body.As<XElement>(preserveContent: true); XElement body = doc.Descendants(doc.Name.Namespace + "Body").FirstOrDefault(); XElement primitive = (XElement) body.FirstNode; return primitive.Name.LocalName + (string)primitive.Attribute("id"); }',
      'GetOrder7',
      soap,
    ],
    [
      '@(context.Request.Body.As<XElement>().Descendants().FirstOrDefault(a => a.Name.LocalName == "Body")?.Elements().FirstOrDefault()?.Name.NamespaceName)',
      'urn:orders',
      soap,
    ],
    [
      '@{ XDocument doc = context.Request.Body.As<XDocument>(); return string.Join(",", doc.Root.Descendants().Where(e => e.Name.LocalName == "Line").Select(e => e.Attribute("sku").Value + "=" + (int)e)); }',
      'x=1,y=2',
      soap,
    ],
    [
      '@{ var doc = XDocument.Parse("<a><b c=\\"1\\">x</b><b c=\\"2\\">y</b></a>"); return doc.Root.Elements("b").Single(e => (int)e.Attribute("c") == 2).Value; }',
      'y',
    ],
    [
      '@(JsonConvert.SerializeObject(context.Request.Body.As<XElement>(true).Descendants().Where(e => e.Name.LocalName == "Line").ToDictionary(e => e.Attribute("sku").Value, e => e.Value)))',
      '{"x":"1","y":"2"}',
      soap,
    ],
    [
      '@{ XNamespace s = "http://schemas.xmlsoap.org/soap/envelope/"; return new XElement(s + "Envelope", new XAttribute(XNamespace.Xmlns + "soap", s), new XElement(s + "Body", new XElement("Get", 5))).ToString(SaveOptions.DisableFormatting); }',
      '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><Get xmlns="">5</Get></soap:Body></soap:Envelope>'.replace(
        ' xmlns=""',
        '',
      ),
    ],
    [
      '@{ var doc = context.Request.Body.As<XElement>(); doc.Descendants().Where(e => e.Name.LocalName == "Line").Remove(); return doc.Descendants().Count(); }',
      3,
      soap,
    ],
    [
      '@{ var doc = context.Request.Body.As<XElement>(); var number = doc.Descendants().First(e => e.Name.LocalName == "Number"); number.Value = "43"; number.SetAttributeValue("x", 1); return number.Attribute("x").Value + number.Value; }',
      '143',
      soap,
    ],
    [
      '@(new XElement("order", new XAttribute("id", 1), new[] { "a", "b" }.Select(x => new XElement("item", x))).ToString(SaveOptions.DisableFormatting))',
      '<order id="1"><item>a</item><item>b</item></order>',
    ],
    [
      '@(context.Request.Body.As<string>(true).Contains("<m:Number>") ? Regex.Match(context.Request.Body.As<string>(true), "<m:Number>(?<n>\\\\d+)</m:Number>").Groups["n"].Value : "")',
      '42',
      soap,
    ],
    ['@(new XText("a < b & c").ToString())', 'a &lt; b &amp; c'],
    ['@(System.Security.SecurityElement.Escape("a < b & c"))', { refused: 'SecurityElement' }],
  ]),
  ...because('published policies: forms', [
    [
      '@(context.Request.Body.AsFormUrlEncodedContent(preserveContent: true)["grant_type"].First())',
      'client_credentials',
      form,
    ],
    ['@(string.Join("|", context.Request.Body.AsFormUrlEncodedContent()["scope"]))', 'a b|e', form],
    [
      '@{ var form = context.Request.Body.AsFormUrlEncodedContent(); IList<string> id; return form.TryGetValue("client_id", out id) ? id[0] : "none"; }',
      'c&d',
      form,
    ],
    [
      '@{ var form = context.Request.Body.As<string>(true).Split(\'&\').Select(p => p.Split(\'=\')).GroupBy(p => p[0]).ToDictionary(g => g.Key, g => Uri.UnescapeDataString(g.First()[1].Replace("+", " "))); return form["scope"] + form["client_id"]; }',
      'a bc&d',
      form,
    ],
    [
      '@(System.Net.WebUtility.UrlDecode("a+b%26c") + WebUtility.UrlEncode("a b&c") + Uri.EscapeDataString("a b&c"))',
      'a b&ca+b%26ca%20b%26c',
    ],
    [
      '@("grant_type=client_credentials&client_id=" + System.Net.WebUtility.UrlEncode("{id}") + "&scope=" + Uri.EscapeUriString("https://graph/.default"))',
      'grant_type=client_credentials&client_id=%7Bid%7D&scope=https://graph/.default',
    ],
  ]),
];
