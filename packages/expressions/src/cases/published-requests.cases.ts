import { because, type Case } from './case.ts';
import type { TestContext } from './context.ts';

const headers: TestContext = {
  headers: [
    ['Host', 'contoso.azure-api.net'],
    ['X-Forwarded-For', '203.0.113.9:51234, 10.0.0.1'],
    ['X-Roles', 'a'],
    ['X-Roles', 'b'],
    ['Accept-Language', 'nl-NL,nl;q=0.9,en;q=0.8'],
    ['Content-Type', 'application/json; charset=utf-8'],
    ['api-key', 'secret'],
    ['Cookie', 'a=1; session=xyz; b=2'],
  ],
};
const url: TestContext = { path: '/echo/orders/42/lines', query: '?api-version=2024-01-01&$top=5&tag=a&tag=b&q=x%20y' };
const variables: TestContext = {
  variables: {
    count: 3,
    name: 'ada',
    flag: true,
    list: 'a,b,c',
    limit: 100n,
    empty: '',
    none: null,
    json: '{"a":{"b":1}}',
  },
};
const error: TestContext = { lastError: { reason: 'TokenExpired', message: 'IDX10223: "expired"' } };
const anonymous: TestContext = { anonymous: true };

/** The ways in which published policies look at requests, choose, and report. */
export const cases: readonly Case[] = [
  ...because('published policies: headers', [
    [
      '@(context.Request.Headers.GetValueOrDefault("X-Forwarded-For","").Split(\',\')[0].Trim().Split(\':\')[0])',
      '203.0.113.9',
      headers,
    ],
    [
      '@(context.Request.Headers.GetValueOrDefault("x-forwarded-for", context.Request.IpAddress).Split(\',\').First())',
      '203.0.113.9:51234',
      headers,
    ],
    ['@(context.Request.Headers["X-Roles"].Contains("b"))', true, headers],
    ['@(context.Request.Headers.GetValueOrDefault("X-Roles", "").Split(\',\').Length)', 2, headers],
    [
      '@(string.Join("; ", context.Request.Headers.Where(h => h.Key.StartsWith("X-")).Select(h => h.Key + "=" + string.Join("|", h.Value))))',
      'X-Forwarded-For=203.0.113.9:51234, 10.0.0.1; X-Roles=a|b',
      headers,
    ],
    [
      '@(string.Join(", ", context.Request.Headers.Select(h => $"{h.Key}: {string.Join(",", h.Value)}")).Length > 100)',
      true,
      headers,
    ],
    [
      '@{ var result = new JObject(); foreach (var header in context.Request.Headers) { if (header.Key == "api-key") { continue; } result[header.Key] = string.Join(",", header.Value); } return result.Count + (string)result["X-Roles"]; }',
      '6a,b',
      headers,
    ],
    [
      '@(context.Request.Headers.ToDictionary(h => h.Key.ToLower(), h => h.Value.First())["host"])',
      'contoso.azure-api.net',
      headers,
    ],
    [
      '@(JsonConvert.SerializeObject(context.Request.Headers.ToDictionary(h => h.Key, h => String.Join(", ", h.Value))).Contains("\\"X-Roles\\":\\"a, b\\""))',
      true,
      headers,
    ],
    [
      '@(context.Request.Headers.GetValueOrDefault("Content-Type", "").StartsWith("application/json", StringComparison.OrdinalIgnoreCase))',
      true,
      headers,
    ],
    [
      '@(context.Request.Headers.GetValueOrDefault("Content-Type")?.Split(\';\')[0] == "application/json")',
      true,
      headers,
    ],
    [
      '@{ string[] value; if (context.Request.Headers.TryGetValue("cookie", out value)) { return value[0].Split(\';\').Select(c => c.Trim().Split(\'=\')).FirstOrDefault(c => c[0] == "session")?[1]; } return "none"; }',
      'xyz',
      headers,
    ],
    [
      '@{ string[] value; return context.Request.Headers.TryGetValue("nothing", out value) ? value[0] : (value == null ? "null" : "some"); }',
      'null',
      headers,
    ],
    [
      '@(context.Request.Headers.GetValueOrDefault("Accept-Language", "en").Split(\',\').Select(l => l.Split(\';\')[0].Trim()).FirstOrDefault(l => new[] { "en", "nl" }.Contains(l)) ?? "en")',
      'nl',
      headers,
    ],
    [
      '@(context.Request.Headers.Keys.Any(k => k.Equals("API-KEY", StringComparison.OrdinalIgnoreCase)))',
      true,
      headers,
    ],
    ['@(context.Request.Headers.Values.Sum(v => v.Length))', 8, headers],
    [
      '@(context.Request.Headers.GetValueOrDefault("x-correlation-id", Guid.Empty.ToString()))',
      '00000000-0000-0000-0000-000000000000',
      headers,
    ],
    [
      '@(context.Request.Headers.GetValueOrDefault("x-correlation-id", context.RequestId.ToString()))',
      '7d9c4bd7-6d0b-4bd5-9d25-5cb5a3f4f0a1',
    ],
    [
      '@(context.Response.Headers.ContainsKey("Content-Type") ? context.Response.Headers["Content-Type"].First() : "text/plain")',
      'application/json',
    ],
    ['@(int.Parse(context.Request.Headers.GetValueOrDefault("Content-Length", "0")) > 1024 * 1024)', false],
  ]),
  ...because('published policies: URLs, queries and matched parameters', [
    ['@(context.Request.OriginalUrl.ToUri().Segments.Last())', 'lines', url],
    ['@(context.Request.OriginalUrl.ToUri().GetLeftPart(UriPartial.Authority))', 'https://contoso.azure-api.net', url],
    [
      "@(context.Request.OriginalUrl.ToUri().AbsoluteUri.Split('?')[0])",
      'https://contoso.azure-api.net/echo/orders/42/lines',
      url,
    ],
    ['@(context.Request.OriginalUrl.ToUri().PathAndQuery.Length > context.Request.OriginalUrl.Path.Length)', true, url],
    [
      '@($"{context.Request.OriginalUrl.Scheme}://{context.Request.OriginalUrl.Host}{(context.Request.OriginalUrl.Port == 443 ? "" : ":" + context.Request.OriginalUrl.Port)}{context.Request.OriginalUrl.Path}")',
      'https://contoso.azure-api.net/echo/orders/42/lines',
      url,
    ],
    ["@(context.Request.Url.Path.Split('/')[3])", '42', url],
    [
      "@(context.Request.OriginalUrl.Path.Trim('/').Substring(context.Api.Path.Trim('/').Length))",
      '/orders/42/lines',
      url,
    ],
    ['@(context.Request.OriginalUrl.Path.ToLowerInvariant().Contains("/orders/"))', true, url],
    ['@(Regex.Match(context.Request.Url.Path, "/orders/([^/]+)").Groups[1].Value)', '42', url],
    [
      '@(context.Request.Url.Query.GetValueOrDefault("api-version", "2020-01-01").CompareTo("2023-01-01") > 0)',
      true,
      url,
    ],
    ['@(context.Request.Url.Query["tag"].Last() + context.Request.Url.Query.GetValueOrDefault("tag"))', 'ba,b', url],
    ['@(Convert.ToInt32(context.Request.Url.Query.GetValueOrDefault("$top", "10")) * 2)', 10, url],
    [
      '@(string.Join("&", context.Request.Url.Query.Where(q => q.Key != "api-version").SelectMany(q => q.Value.Select(v => q.Key + "=" + Uri.EscapeDataString(v)))))',
      '$top=5&tag=a&tag=b&q=x%20y',
      url,
    ],
    ['@(string.Concat(context.Request.OriginalUrl.Path, context.Request.OriginalUrl.QueryString).Length)', 71, url],
    [
      '@(context.Request.Url.Query.ContainsKey("q") && !string.IsNullOrEmpty(context.Request.Url.Query["q"][0]))',
      true,
      url,
    ],
    [
      '@{ string[] tops; int top; return context.Request.Url.Query.TryGetValue("$top", out tops) && int.TryParse(tops[0], out top) && top <= 10 ? top : 10; }',
      5,
      url,
    ],
    [
      '@(context.Request.MatchedParameters["id"] + context.Request.MatchedParameters.GetValueOrDefault("version", "v1"))',
      '42v1',
    ],
    ['@(string.Join(",", context.Request.MatchedParameters.Select(p => p.Key + ":" + p.Value)))', 'id:42'],
    [
      '@(context.Request.MatchedParameters.ContainsKey("id") && Regex.IsMatch(context.Request.MatchedParameters["id"], @"^\\d+$"))',
      true,
    ],
    [
      '@("/v2" + context.Request.Url.Path.Replace("/echo", "") + "?" + (context.Request.Url.QueryString ?? "").TrimStart(\'?\'))',
      '/v2/orders/42/lines?api-version=2024-01-01&$top=5&tag=a&tag=b&q=x%20y',
      url,
    ],
    [
      '@{ var b = new UriBuilder("https", "backend.example", 8443, "/a"); b.Query = "x=1"; return b.Uri.ToString(); }',
      'https://backend.example:8443/a?x=1',
    ],
    ['@(new Uri(new Uri("https://h.example/a/b"), "../c?d=1").ToString())', 'https://h.example/c?d=1'],
    [
      '@(Uri.IsWellFormedUriString("https://h.example/a b", UriKind.Absolute) || Uri.TryCreate("/rel", UriKind.Relative, out var relative) == false)',
      false,
    ],
    ["@(context.Operation.UrlTemplate.Split('{', '}').Where((s, i) => i % 2 == 1).Single())", 'id'],
    ['@(context.Request.Method == "GET" || context.Request.Method == "HEAD" ? "read" : "write")', 'read'],
    ['@(new [] { "GET", "HEAD", "OPTIONS" }.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase))', true],
  ]),
  ...because('published policies: variables', [
    ['@(context.Variables.GetValueOrDefault<int>("count") + 1)', 4, variables],
    ['@((int)context.Variables["count"] > 2 && (bool)context.Variables["flag"])', true, variables],
    ['@(Convert.ToInt32(context.Variables["count"]) + Convert.ToInt64(context.Variables["limit"]))', 103n, variables],
    [
      '@(context.Variables.GetValueOrDefault<string>("name", "x").ToUpper() + context.Variables.GetValueOrDefault<string>("nope", "x"))',
      'ADAx',
      variables,
    ],
    ['@(((string)context.Variables["list"]).Split(\',\').Contains("b"))', true, variables],
    ['@(context.Variables.GetValueOrDefault("list", "").Split(\',\').Select((v, i) => i + v).Last())', '2c', variables],
    [
      '@(context.Variables.ContainsKey("name") && (string)context.Variables["name"] == "ada" ? "yes" : "no")',
      'yes',
      variables,
    ],
    ['@(context.Variables["name"].ToString().Length)', 3, variables],
    ['@(context.Variables["none"]?.ToString() ?? "null")', 'null', variables],
    [
      '@(string.IsNullOrEmpty(context.Variables.GetValueOrDefault<string>("empty")) && context.Variables["none"] == null)',
      true,
      variables,
    ],
    ['@((string)JObject.Parse((string)context.Variables["json"])["a"]["b"] == "1")', true, variables],
    ['@(context.Variables.Where(v => v.Value is string).Count())', 4, variables],
    [
      '@(context.Variables.GetValueOrDefault<long>("limit") - context.Variables.GetValueOrDefault<int>("count"))',
      97n,
      variables,
    ],
    [
      '@{ object value; return context.Variables.TryGetValue("count", out value) && value is int n && n == 3; }',
      true,
      variables,
    ],
    [
      '@(context.Variables.GetValueOrDefault<bool>("flag") ? context.Variables.GetValueOrDefault<string>("name") : null)',
      'ada',
      variables,
    ],
    ['@((string)context.Variables.GetValueOrDefault("nope") ?? "default")', 'default', variables],
    ['@(bool.Parse(context.Variables.GetValueOrDefault<string>("nope", "false")))', false, variables],
    [
      '@((DateTime.UtcNow - context.Variables.GetValueOrDefault<DateTime>("started", DateTime.UtcNow)).TotalSeconds < 5)',
      true,
    ],
    [
      '@(context.Variables.GetValueOrDefault<string>("isStream","false").Equals("true", StringComparison.OrdinalIgnoreCase).ToString())',
      'False',
    ],
    ['@(context.Variables.Keys.OrderBy(k => k).First() + context.Variables.Count)', 'count8', variables],
  ]),
  ...because('published policies: who calls, and what is called', [
    ['@(context.User.Groups.Select(g => g.Name).Contains("Developers"))', true],
    ['@(context.User?.Groups?.Any(g => g.Id == "admins") ?? false)', false, anonymous],
    ['@(context.User != null ? context.User.FirstName + " " + context.User.LastName : "anonymous")', 'Ada Lovelace'],
    ['@(context.User?.Id ?? context.Request.IpAddress)', '192.0.2.7', anonymous],
    ['@(context.Subscription?.Key ?? context.Request.IpAddress)', 'primary'],
    ['@(context.Subscription.Name.EndsWith("-mock") ? "mock" : "real")', 'real'],
    ['@(context.Product?.Id == "starter" ? 10 : 100)', 10],
    ['@(context.Product == null ? "no product" : context.Product.Name.ToLower())', 'no product', anonymous],
    ['@($"{context.Api.Name};rev={context.Api.Revision};{context.Operation.Name}")', 'Echo API;rev=1;Get resource'],
    [
      '@(context.Operation.Id.ToLower() == "get-resource" && (context.Request.Body?.As<JObject>(true)?["x"] == null))',
      true,
    ],
    ['@(context.Api.IsCurrentRevision ? "" : ";rev=" + context.Api.Revision)', ''],
    ["@(context.Api.ServiceUrl.Host.Split('.').First() + context.Api.ServiceUrl.Port)", 'echoapi80'],
    ['@(context.Deployment.Region.Replace(" ", "").ToLower() == "westeurope" ? "weu" : "other")', 'weu'],
    ['@(context.Elapsed.TotalMilliseconds < 1000 && context.Elapsed < TimeSpan.FromSeconds(1))', true],
    ['@(context.RequestId.ToString("D").Substring(0, 8))', '7d9c4bd7'],
    [
      '@(context.Request.IpAddress.StartsWith("10.0.0.") || new[] { "192.0.2.7" }.Contains(context.Request.IpAddress))',
      true,
    ],
    [
      '@{ var ip = System.Net.IPAddress.Parse(context.Request.IpAddress).GetAddressBytes(); return ip[0] == 192 && ip[1] == 0 && ip.Length == 4; }',
      true,
    ],
    ['@{ context.Trace("start"); context.Trace($"user {context.User?.Id}"); return context.Tracing; }', false],
    ['@(context.Subscription.EndDate.HasValue && context.Subscription.EndDate.Value < DateTime.UtcNow)', false],
    ['@(context.Subscription.CreatedDate.AddYears(1).ToString("yyyy-MM-dd"))', '2025-01-01'],
  ]),
  ...because('the page "error handling": bodies that tell what went wrong', [
    [
      '@(context.LastError.Source + "/" + context.LastError.Section + "/" + context.LastError.PolicyId)',
      'validate-jwt/inbound/jwt',
      error,
    ],
    ['@(context.LastError?.Reason == "TokenExpired")', true, error],
    ['@(context.LastError?.Reason ?? "none")', 'none'],
    [
      '@(new JObject(new JProperty("error", new JObject(new JProperty("code", context.LastError.Reason), new JProperty("message", context.LastError.Message)))).ToString(Newtonsoft.Json.Formatting.None))',
      '{"error":{"code":"TokenExpired","message":"IDX10223: \\"expired\\""}}',
      error,
    ],
    [
      '@(JsonConvert.SerializeObject(new { status = context.Response.StatusCode, error = context.LastError?.Message, path = context.LastError?.Path }))',
      '{"status":200,"error":"IDX10223: \\"expired\\"","path":"validate-jwt[1]"}',
      error,
    ],
    [
      '@{ switch (context.LastError.Source) { case "validate-jwt": return 401; case "rate-limit": case "quota": return 429; default: return 500; } }',
      401,
      error,
    ],
    [
      '@(context.LastError.Message.Contains("expired") ? "Token has expired" : context.LastError.Message)',
      'Token has expired',
      error,
    ],
    [
      '@(string.Format("{0:yyyy-MM-dd HH:mm:ss} {1,-8}|{2}", context.Timestamp, context.LastError.Section, context.LastError.Scope))',
      '2024-02-29 12:30:15 inbound |api',
      error,
    ],
    ['@(context.Response.StatusCode >= 500 || context.Response.StatusCode == 429 ? "retry" : "done")', 'done'],
    ['@((context.Response.StatusCode / 100) + "xx")', '2xx'],
    ['@(context.Response == null || context.Response.StatusCode >= 400)', false],
    [
      '@{ try { return int.Parse("x").ToString(); } catch (FormatException e) { return e.Message; } finally { context.Trace("done"); } }',
      'Input string was not in a correct format.',
    ],
    [
      '@{ try { return (string)JObject.Parse("{")["a"]; } catch (Newtonsoft.Json.JsonReaderException) { return "broken"; } }',
      'broken',
    ],
    [
      '@{ try { throw new InvalidOperationException("no"); } catch (Exception ex) when (ex.Message == "no") { return ex.GetType().FullName; } }',
      'System.InvalidOperationException',
    ],
  ]),
  ...because('published policies: dates, numbers, texts and regular expressions', [
    ['@(context.Timestamp.ToString("yyyyMMddTHHmmssZ"))', '20240229T123015Z'],
    [
      '@(context.Timestamp.ToString("r") + "|" + context.Timestamp.ToString("u") + "|" + context.Timestamp.ToString("s"))',
      'Thu, 29 Feb 2024 12:30:15 GMT|2024-02-29 12:30:15Z|2024-02-29T12:30:15',
    ],
    [
      "@(context.Timestamp.AddMinutes(-5).AddDays(1).ToString(\"yyyy'-'MM'-'dd'T'HH':'mm':'ss'Z'\"))",
      '2024-03-01T12:25:15Z',
    ],
    ['@(new DateTime(context.Timestamp.Year, context.Timestamp.Month, 1).AddMonths(1).AddDays(-1).Day)', 29],
    ['@((context.Timestamp.Date.AddDays(1) - context.Timestamp).TotalSeconds)', 41385],
    [
      '@(context.Timestamp.DayOfWeek == DayOfWeek.Thursday && context.Timestamp.Hour >= 8 && context.Timestamp.Hour < 18)',
      true,
    ],
    [
      '@(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(context.Timestamp, "Eastern Standard Time").ToString("HH:mm"))',
      '07:30',
    ],
    ['@(DateTime.Parse("2024-02-29T12:30:15Z").ToUniversalTime() == context.Timestamp)', true],
    [
      '@(DateTime.ParseExact("20240229", "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture).ToString("dd/MM/yyyy", System.Globalization.CultureInfo.InvariantCulture))',
      '29/02/2024',
    ],
    ['@{ DateTime parsed; return DateTime.TryParse("nonsense", out parsed) ? parsed.Year : -1; }', -1],
    ['@(DateTimeOffset.FromUnixTimeSeconds(1700000000).UtcDateTime.ToString("o"))', '2023-11-14T22:13:20.0000000Z'],
    ['@(TimeSpan.FromSeconds(3725).ToString(@"hh\\:mm\\:ss") + TimeSpan.Parse("1.02:03:04").Days)', '01:02:051'],
    [
      '@(Math.Round(1234.5678m, 2).ToString("N2") + "|" + (0.256).ToString("P0") + "|" + 42.ToString("D6") + "|" + 255.ToString("X"))',
      '1,234.57|26 %|000042|FF',
    ],
    ['@(double.Parse("1.5", System.Globalization.CultureInfo.InvariantCulture) * 2)', 3],
    ['@((int)Math.Ceiling(7 / 2.0) + 7 / 2 + 7 % 2)', 8],
    ['@(new Random().Next(1, 100) < 100)', true],
    ['@(string.Format("{0}-{1:000}-{2}", "a", 7, true).PadLeft(12, \'*\'))', '**a-007-True'],
    ['@("Hello World".IndexOf("world", StringComparison.OrdinalIgnoreCase) + "a-b-c".LastIndexOf(\'-\'))', 9],
    [
      '@("  Ada ".Trim().Insert(0, "x").Remove(1, 1).ToLower() + "abc".Substring(1, 1) + string.Join("", "abc".Reverse()))',
      'xdabcba',
    ],
    [
      '@("key=value;other=1".Split(\';\').Select(p => p.Split(\'=\')).ToDictionary(p => p[0], p => p[1])["other"])',
      '1',
    ],
    ['@(Regex.Match("max-age=3600, public", @"max-age=(?<maxAge>\\d+)").Groups["maxAge"]?.Value)', '3600'],
    ['@(Regex.Replace("4111-1111-1111-1234", @"\\d(?=.{4})", "*"))', '***' + '*-****-****-1234'],
    ['@(Regex.IsMatch("ada@contoso.example", @"^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$", RegexOptions.IgnoreCase))', true],
    ['@(string.Join("|", Regex.Matches("a1b22", @"\\d+").Cast<Match>().Select(m => m.Value)))', '1|22'],
    ['@(string.Join("|", Regex.Split("a, b;c", @"[,;]\\s*")))', 'a|b|c'],
    ['@(Regex.Replace("snake_case_name", "_([a-z])", m => m.Groups[1].Value.ToUpper()))', 'snakeCaseName'],
    ['@(new Regex("(\\\\w+) (\\\\w+)").Replace("Ada Lovelace", "$2, $1"))', 'Lovelace, Ada'],
    [
      '@(System.Text.RegularExpressions.Regex.Match("/deployments/gpt/chat", "/deployments/([^/]+)").Groups[1].Value)',
      'gpt',
    ],
    [
      '@{ var retryAfter = "7"; int seconds; return int.TryParse(retryAfter, out seconds) ? Math.Min(seconds, 5) : 1; }',
      5,
    ],
    [
      '@{ var weights = new Dictionary<string, int> { { "a", 1 }, { "b", 2 } }; var total = weights.Values.Sum(); var pick = 2; foreach (var w in weights) { if (pick < w.Value) return w.Key; pick -= w.Value; } return "none:" + total; }',
      'b',
    ],
    [
      '@{ var backends = JArray.Parse("[{\\"url\\":\\"a\\",\\"priority\\":2,\\"isThrottling\\":false},{\\"url\\":\\"b\\",\\"priority\\":1,\\"isThrottling\\":true},{\\"url\\":\\"c\\",\\"priority\\":2,\\"isThrottling\\":false}]"); int selected = Int32.MaxValue; List<int> available = new List<int>(); for (int i = 0; i < backends.Count; i++) { JObject backend = (JObject)backends[i]; if (!backend.Value<bool>("isThrottling")) { int p = backend.Value<int>("priority"); if (p < selected) { selected = p; available.Clear(); available.Add(i); } else if (p == selected) { available.Add(i); } } } return string.Join(",", available); }',
      '0,2',
    ],
    ['@{ int n = 0; while (true) { n++; if (n % 2 == 0) continue; if (n > 6) break; } return n; }', 7],
    ['@(checked((int)2147483647L))', 2147483647],
    ['@(Enumerable.Range(0, 3).Select(i => (char)(\'a\' + i)).Aggregate("", (s, c) => s + c))', 'abc'],
    ['@(!Enum.TryParse("friday", true, out DayOfWeek day) ? "none" : day.ToString())', 'Friday'],
  ]),
];
