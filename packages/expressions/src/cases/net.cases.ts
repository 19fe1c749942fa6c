import { because, type Case } from './case.ts';

export const cases: readonly Case[] = [
  ...because('.NET documentation: WebUtility', [
    ['@(WebUtility.UrlEncode("a b&c=d/é~*\'()!"))', 'a+b%26c%3Dd%2F%C3%A9%7E*%27()!'],
    ['@(WebUtility.UrlDecode("a+b%26%C3%A9%zz"))', 'a b&é%zz'],
    ['@(WebUtility.UrlEncode(null))', null],
    [
      '@(System.Net.WebUtility.HtmlEncode("<a href=\'x\'>\\"&é</a>"))',
      '&lt;a href=&#39;x&#39;&gt;&quot;&amp;&#233;&lt;/a&gt;',
    ],
    ['@(WebUtility.HtmlDecode("&lt;&amp;&quot;&#39;&#x41;&eacute;&euro;&unknown;"))', '<&"\'Aé€&unknown;'],
  ]),
  ...because('.NET documentation: IPAddress', [
    ['@(IPAddress.Parse("127.0.0.1").ToString())', '127.0.0.1'],
    ['@(IPAddress.IsLoopback(IPAddress.Parse("::1")))', true],
    ['@(IPAddress.Parse("2001:DB8:0:0:0:0:0:1").ToString())', '2001:db8::1'],
    ['@(IPAddress.Parse("::ffff:192.0.2.1").ToString())', '::ffff:192.0.2.1'],
    ['@(IPAddress.Parse("192.0.2.1").GetAddressBytes()[3])', '1'],
    ['@(IPAddress.Parse("192.0.2.1").AddressFamily)', 'InterNetwork'],
    ['@{ IPAddress a; return IPAddress.TryParse("300.1.1.1", out a); }', false],
    ['@{ IPAddress a; return IPAddress.TryParse("1", out a) ? a.ToString() : "none"; }', '0.0.0.1'],
    ['@(IPAddress.Parse("x"))', { throws: 'System.FormatException', message: 'An invalid IP address was specified.' }],
    ['@(IPAddress.Parse("10.0.0.1").Equals(IPAddress.Parse("10.0.0.1")))', true],
    ['@(IPAddress.Parse(context.Request.IpAddress).MapToIPv6().ToString())', '::ffff:192.0.2.7'],
  ]),
  ...because('.NET documentation: HttpStatusCode; System.Web is outside of the list of allowed types', [
    ['@((int)HttpStatusCode.NotFound)', 404],
    ['@(((HttpStatusCode)429).ToString())', 'TooManyRequests'],
    ['@(context.Response.StatusCode == (int)HttpStatusCode.OK)', true],
    ['@(HttpUtility.ParseQueryString("a=1"))', { refused: 'context.Request.Url.Query' }],
  ]),
];
