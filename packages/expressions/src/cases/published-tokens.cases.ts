import { createHash, createHmac } from 'node:crypto';
import { jwtValue, responseValue } from '../surface/context/values.ts';
import { because, type Case } from './case.ts';
import { bodyView, headersView, type TestContext } from './context.ts';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = { typ: 'JWT', alg: 'RS256', kid: 'k1' };
const claims = {
  iss: 'https://login.microsoftonline.com/tenant/v2.0',
  aud: 'api://contoso',
  sub: 'user-1',
  oid: '0f3c',
  appid: 'app-7',
  scp: 'orders.read orders.write',
  roles: ['reader', 'writer'],
  groups: ['finance'],
  exp: 1700003600,
  iat: 1700000000,
  email: 'ada@contoso.example',
  tier: 'premium',
};
const token = `${encode(header)}.${encode(claims)}.c2ln`;
const bearer: TestContext = { headers: [['Authorization', `Bearer ${token}`]] };
const jwt = jwtValue({ header: JSON.stringify(header), payload: JSON.stringify(claims), text: token });
const validated: TestContext = { variables: { jwt } };

const reply = (body: string, statusCode = 200) =>
  responseValue({ statusCode, statusReason: 'OK', headers: headersView([]), body: bodyView(body, null) });
/** Made anew for every case: a body is read once. */
const answered: TestContext = {
  get variables() {
    return {
      tokenResponse: reply('{"access_token":"abc","expires_in":3599,"token_type":"Bearer"}'),
      failed: reply('', 401),
    };
  },
};
const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64');
const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');

/** The ways in which published policies read tokens and make them. */
export const cases: readonly Case[] = [
  ...because('published policies: claims of the Authorization header', [
    ['@(context.Request.Headers.GetValueOrDefault("Authorization","").AsJwt()?.Subject)', 'user-1', bearer],
    [
      `@(context.Request.Headers.GetValueOrDefault("Authorization","").Split(' ')[1].AsJwt()?.Subject)`,
      'user-1',
      bearer,
    ],
    [
      `@(context.Request.Headers["Authorization"].First().Split(' ')[1].AsJwt()?.Claims["oid"].FirstOrDefault())`,
      '0f3c',
      bearer,
    ],
    [
      `@(context.Request.Headers.GetValueOrDefault("Authorization", string.Empty).Split(' ').Last().AsJwt().Claims.GetValueOrDefault("appid", string.Empty))`,
      'app-7',
      bearer,
    ],
    [
      '@{ Jwt jwt; if (context.Request.Headers.GetValueOrDefault("Authorization","").Replace("Bearer ", "").TryParseJwt(out jwt)) { return jwt?.Claims.GetValueOrDefault("email", "NOEMAIL"); } return "none"; }',
      'ada@contoso.example',
      bearer,
    ],
    [
      `@{ string retValue = "anonymous"; string[] parts = context.Request.Headers.GetValueOrDefault("Authorization","")?.Split(' '); if (parts?.Length == 2 && parts[0].Equals("Bearer", StringComparison.InvariantCultureIgnoreCase)) { Jwt jwt; if (parts[1].TryParseJwt(out jwt)) { retValue = jwt.Claims.GetValueOrDefault("email", "NOEMAIL"); } } return retValue; }`,
      'ada@contoso.example',
      bearer,
    ],
    [
      `@{ string retValue = "anonymous"; string[] parts = context.Request.Headers.GetValueOrDefault("Authorization","")?.Split(' '); if (parts?.Length == 2 && parts[0].Equals("Bearer", StringComparison.InvariantCultureIgnoreCase)) { retValue = "x"; } return retValue; }`,
      'anonymous',
    ],
    [
      '@{ Jwt jwt; context.Request.Headers.GetValueOrDefault("Authorization", "").Split(\' \').Last().TryParseJwt(out jwt); return jwt?.Claims.GetValueOrDefault("iss", ""); }',
      claims.iss,
      bearer,
    ],
    [
      '@{ Jwt jwt; context.Request.Headers.GetValueOrDefault("Authorization", "").Split(\' \').Last().TryParseJwt(out jwt); return jwt?.Claims.GetValueOrDefault("iss", ""); }',
      null,
    ],
    [
      `@(context.Request.Headers.GetValueOrDefault("Authorization", "").Split(' ').Last().AsJwt()?.Claims.GetValueOrDefault("tier", "") != "premium")`,
      false,
      bearer,
    ],
    [
      '@(context.Request.Headers.GetValueOrDefault("Authorization","").AsJwt()?.ExpirationTime < DateTime.UtcNow)',
      true,
      bearer,
    ],
    [
      '@(context.Request.Headers.GetValueOrDefault("Authorization","").AsJwt().ExpirationTime.Value.ToString("yyyy-MM-ddTHH:mm:ssZ"))',
      '2023-11-14T23:13:20Z',
      bearer,
    ],
    [
      '@((int)(context.Request.Headers.GetValueOrDefault("Authorization","").AsJwt().ExpirationTime.Value - new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds)',
      1700003600,
      bearer,
    ],
    [
      `@(!context.Request.Headers.ContainsKey("Authorization") || !context.Request.Headers["Authorization"][0].StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))`,
      false,
      bearer,
    ],
    [
      `@{ var payload = context.Request.Headers.GetValueOrDefault("Authorization", "").Split('.')[1].Replace('-', '+').Replace('_', '/'); payload = payload.PadRight(payload.Length + (4 - payload.Length % 4) % 4, '='); var json = JObject.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(payload))); return (string)json["tier"]; }`,
      'premium',
      bearer,
    ],
    [
      `@(string.IsNullOrEmpty(context.Request.Headers.GetValueOrDefault("Authorization")) ? "anonymous" : "known")`,
      'anonymous',
    ],
  ]),
  ...because('the pages "validate-jwt" and "validate-azure-ad-token": the token in a variable', [
    ['@(((Jwt)context.Variables["jwt"]).Claims["groups"].Contains("finance"))', true, validated],
    [
      '@(context.Request.Method == "POST" && !((Jwt)context.Variables["jwt"]).Claims["groups"].Contains("finance"))',
      false,
      validated,
    ],
    [
      `@(!((Jwt)context.Variables["jwt"]).Audiences.Contains("api://contoso") || !((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("scp", "").Split(' ').Contains("orders.read"))`,
      false,
      validated,
    ],
    [
      '@(((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("roles", "").Split(\',\').Contains("writer"))',
      true,
      validated,
    ],
    [
      '@(((Jwt)context.Variables["jwt"]).Claims.ContainsKey("roles") && ((Jwt)context.Variables["jwt"]).Claims["roles"].Any(r => r == "writer" || r == "admin"))',
      true,
      validated,
    ],
    [
      '@(string.Join(",", ((Jwt)context.Variables["jwt"]).Claims["roles"].OrderByDescending(r => r)))',
      'writer,reader',
      validated,
    ],
    ['@(context.Variables.GetValueOrDefault<Jwt>("jwt")?.Subject ?? context.Request.IpAddress)', 'user-1', validated],
    ['@(context.Variables.GetValueOrDefault<Jwt>("jwt")?.Subject ?? context.Request.IpAddress)', '192.0.2.7'],
    [
      '@{ var jwt = (Jwt)context.Variables["jwt"]; return jwt.Issuer.Split(\'/\')[3] + ":" + jwt.Algorithm + ":" + jwt.Type; }',
      'tenant:RS256:JWT',
      validated,
    ],
    [
      '@{ var jwt = context.Variables["jwt"] as Jwt; if (jwt == null) { return "none"; } return jwt.Claims.Count.ToString(); }',
      '12',
      validated,
    ],
    ['@(((Jwt)context.Variables["jwt"]).Claims.First(c => c.Key == "oid").Value.First())', '0f3c', validated],
    [
      '@(((Jwt)context.Variables["jwt"]).Claims.Where(c => c.Key.StartsWith("a")).Select(c => c.Key + "=" + string.Join("|", c.Value)).Aggregate((a, b) => a + ";" + b))',
      'aud=api://contoso;appid=app-7',
      validated,
    ],
    [
      '@(((Jwt)context.Variables["jwt"]).Claims["none"][0])',
      { throws: 'System.Collections.Generic.KeyNotFoundException' },
      validated,
    ],
    [
      '@{ var scopes = ((Jwt)context.Variables["jwt"]).Claims.GetValueOrDefault("scp", "").Split(new [] { \' \' }, StringSplitOptions.RemoveEmptyEntries); var needed = new [] { "orders.write", "orders.read" }; return needed.All(n => scopes.Contains(n)); }',
      true,
      validated,
    ],
    [
      '@{ var needed = new HashSet<string> { "admin", "writer" }; return ((Jwt)context.Variables["jwt"]).Claims["roles"].Intersect(needed).Count(); }',
      1,
      validated,
    ],
  ]),
  ...because('published policies: a token response in a variable', [
    ['@((string)((IResponse)context.Variables["tokenResponse"]).Body.As<JObject>()["access_token"])', 'abc', answered],
    [
      '@("Bearer " + (String)((IResponse)context.Variables["tokenResponse"]).Body.As<JObject>()["access_token"])',
      'Bearer abc',
      answered,
    ],
    [
      '@(((IResponse)context.Variables["tokenResponse"]).Body.As<JObject>(preserveContent: true)["expires_in"].Value<int>() - 60)',
      3539,
      answered,
    ],
    [
      '@{ var r = ((IResponse)context.Variables["tokenResponse"]).Body.As<JObject>(true); return $"{r["token_type"]} {r["access_token"]}"; }',
      'Bearer abc',
      answered,
    ],
    [
      '@(((IResponse)context.Variables["failed"]).StatusCode == 401 || ((IResponse)context.Variables["failed"]).StatusCode == 403)',
      true,
      answered,
    ],
    [
      '@(context.Variables.ContainsKey("tokenResponse") && ((IResponse)context.Variables["tokenResponse"])?.StatusCode == 200)',
      true,
      answered,
    ],
    [
      '@{ var r = (IResponse)context.Variables["tokenResponse"]; var o = r.Body.As<JObject>(); return o.Value<string>("access_token") + o.Value<int?>("nope"); }',
      'abc',
      answered,
    ],
    ['@((IResponse)context.Variables["tokenResponse"] == null)', false, answered],
    [
      '@{ IResponse response = context.Variables.GetValueOrDefault<IResponse>("nope"); return response?.StatusCode ?? 0; }',
      0,
      answered,
    ],
    [
      '@(DateTime.UtcNow.AddSeconds((int)((IResponse)context.Variables["tokenResponse"]).Body.As<JObject>(true)["expires_in"]) > DateTime.UtcNow)',
      true,
      answered,
    ],
  ]),
  ...because('the page "Generate SAS token" and RFC 2104: shared access signatures', [
    [
      `@{
        string resourceUri = "contoso.servicebus.windows.net/orders";
        string sasKeyName = "send";
        string sasKey = "c2VjcmV0";
        int expiry = 1700000000;
        string stringToSign = Uri.EscapeDataString(resourceUri) + "\\n" + expiry;
        HMACSHA256 hmac = new HMACSHA256(Encoding.UTF8.GetBytes(sasKey));
        var signature = Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(stringToSign)));
        return String.Format("SharedAccessSignature sr={0}&sig={1}&se={2}&skn={3}", Uri.EscapeDataString(resourceUri), Uri.EscapeDataString(signature), expiry, sasKeyName);
      }`,
      `SharedAccessSignature sr=contoso.servicebus.windows.net%2Forders&sig=${encodeURIComponent(hmac('c2VjcmV0', 'contoso.servicebus.windows.net%2Forders\n1700000000'))}&se=1700000000&skn=send`,
    ],
    [
      `@{
        TimeSpan sinceEpoch = DateTime.UtcNow - new DateTime(1970, 1, 1);
        var expiry = Convert.ToString((int)sinceEpoch.TotalSeconds + 3600);
        return expiry.Length;
      }`,
      10,
    ],
    [
      `@{
        var uri = WebUtility.UrlEncode("https://contoso.example/a b");
        var signature = System.Convert.ToBase64String(new System.Security.Cryptography.HMACSHA256(System.Text.Encoding.UTF8.GetBytes("k")).ComputeHash(System.Text.Encoding.UTF8.GetBytes(uri)));
        return uri + "|" + signature;
      }`,
      `https%3A%2F%2Fcontoso.example%2Fa+b|${hmac('k', 'https%3A%2F%2Fcontoso.example%2Fa+b')}`,
    ],
    [
      `@{
        var date = new DateTime(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc).ToString("R");
        var toSign = "GET\\n" + "/path\\n" + date;
        using (var hmac = new HMACSHA256(Convert.FromBase64String("c2VjcmV0"))) {
          return "SharedKey contoso:" + Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(toSign)));
        }
      }`,
      `SharedKey contoso:${hmac('secret', 'GET\n/path\nThu, 29 Feb 2024 12:30:15 GMT')}`,
    ],
    [
      '@{ var body = context.Request.Body.As<string>(preserveContent: true); var hash = new HMACSHA256(Encoding.ASCII.GetBytes("key")).ComputeHash(Encoding.UTF8.GetBytes(body)); return "sha256=" + BitConverter.ToString(hash).Replace("-", string.Empty).ToLowerInvariant(); }',
      `sha256=${createHmac('sha256', 'key').update('{"a":1}').digest('hex')}`,
      { body: '{"a":1}' },
    ],
    [
      '@{ var sb = new StringBuilder(); foreach (byte b in SHA256.Create().ComputeHash(Encoding.UTF8.GetBytes("abc"))) { sb.Append(b.ToString("x2")); } return sb.ToString(); }',
      sha256Hex('abc'),
    ],
    [
      '@(string.Concat(SHA256.Create().ComputeHash(Encoding.UTF8.GetBytes("abc")).Select(b => b.ToString("x2"))))',
      sha256Hex('abc'),
    ],
    [
      '@(string.Join("", new SHA256Managed().ComputeHash(Encoding.UTF8.GetBytes("abc")).Select(b => string.Format("{0:x2}", b)).ToArray()))',
      sha256Hex('abc'),
    ],
    ['@(Convert.ToBase64String(MD5.Create().ComputeHash(Encoding.UTF8.GetBytes("abc"))))', 'kAFQmDzST7DWlj99KOF/cg=='],
    [
      `@{
        Func<string, string> encode = text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var unsigned = encode("{\\"alg\\":\\"HS256\\"}") + "." + encode("{\\"sub\\":\\"1\\"}");
        var signature = Convert.ToBase64String(new HMACSHA256(Encoding.UTF8.GetBytes("key")).ComputeHash(Encoding.UTF8.GetBytes(unsigned))).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return unsigned + "." + signature;
      }`,
      (() => {
        const unsigned = `${encode({ alg: 'HS256' })}.${encode({ sub: '1' })}`;
        return `${unsigned}.${createHmac('sha256', 'key').update(unsigned).digest('base64url')}`;
      })(),
    ],
    [
      '@{ var credentials = $"{"ada"}:{"s3cret"}"; return "Basic " + Convert.ToBase64String(Encoding.GetEncoding("ISO-8859-1").GetBytes(credentials)); }',
      'Basic YWRhOnMzY3JldA==',
    ],
    [
      '@{ var parts = Encoding.UTF8.GetString(Convert.FromBase64String("YWRhOnMzY3JldDp4")).Split(new [] { \':\' }, 2); return parts[0] + "|" + parts[1]; }',
      'ada|s3cret:x',
    ],
    ['@(Guid.NewGuid().ToString("N").Length + Guid.NewGuid().ToString().Length)', 68],
    [
      '@(new DateTimeOffset(new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(30)).ToUnixTimeSeconds())',
      1704069000n,
    ],
    [
      '@{ var iat = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(); var exp = iat + 30; var uid = "m2m"; var payload = new { uid, exp, iat }; return JsonConvert.SerializeObject(payload); }',
      '{"uid":"m2m","exp":1704067230,"iat":1704067200}',
    ],
  ]),
];
