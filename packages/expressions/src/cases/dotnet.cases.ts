import { because, type Case } from './case.ts';

/** Members of the allowed .NET types that policies rarely touch. */
export const cases: readonly Case[] = [
  ...because('.NET documentation: document order of System.Xml.Linq', [
    [
      '@{ var d = XElement.Parse("<a><b/><c><d/></c></a>"); var nodes = new[] { d.Descendants("d").First(), d.Element("b"), d.Element("c") }; return string.Join(",", nodes.InDocumentOrder().Select(n => n.Name)); }',
      'b,c,d',
    ],
    [
      '@{ var d = XElement.Parse("<a><b/><c/></a>"); return d.Element("c").IsAfter(d.Element("b")) && d.Element("b").IsBefore(d.Element("c")); }',
      true,
    ],
    ['@{ var d = XElement.Parse("<a><b/></a>"); return XNode.CompareDocumentOrder(d, d.Element("b")); }', -1],
    [
      '@{ var d = XElement.Parse("<a><b/><c/></a>"); return new XNodeDocumentOrderComparer().Compare(d.Element("c"), d.Element("b")); }',
      1,
    ],
    [
      '@{ var d = XElement.Parse("<a><b/><c/></a>"); return d.Elements().OrderByDescending(e => e, XNode.DocumentOrderComparer).First().Name.LocalName; }',
      'c',
    ],
    [
      '@(XNode.CompareDocumentOrder(new XElement("a"), new XElement("b")))',
      { throws: 'System.InvalidOperationException', message: 'A common ancestor is missing.' },
    ],
    ['@(new[] { XElement.Parse("<a>x<b/></a>"), XElement.Parse("<c/>") }.DescendantNodes().Count())', 2],
    [
      '@(new[] { XElement.Parse("<a/>"), XElement.Parse("<a></a>"), XElement.Parse("<b/>") }.Distinct(XNode.EqualityComparer).Count())',
      3,
    ],
    ['@(XElement.EmptySequence.Count())', 0],
  ]),
  ...because('.NET documentation: Save and Load with StringWriter and StringReader', [
    [
      '@{ var w = new StringWriter(); new XElement("a", 1).Save(w); return w.ToString(); }',
      '<?xml version="1.0" encoding="utf-16"?>\r\n<a>1</a>',
    ],
    [
      "@{ var w = new StringWriter(); XDocument.Parse(\"<?xml version='1.0' standalone='yes'?><a/>\").Save(w, SaveOptions.DisableFormatting); return w.ToString(); }",
      '<?xml version="1.0" encoding="utf-16" standalone="yes"?><a />',
    ],
    ['@(XElement.Load(new StringReader("<a>x</a>")).Value)', 'x'],
    ['@(XDocument.Load("https://example.com"))', { refused: 'cannot read files' }],
    ['@(XDocument.Parse("<!DOCTYPE a><a/>").DocumentType?.Name)', 'a'],
  ]),
  ...because('.NET documentation: XmlException of a document that breaks off', [
    [
      '@(XElement.Parse("<a><b>"))',
      {
        throws: 'System.Xml.XmlException',
        message:
          'Unexpected end of file has occurred. The following elements are not closed: b, a. Line 1, position 7.',
      },
    ],
  ]),
  ...because('.NET documentation: TextInfo.ToTitleCase; cultures other than the invariant one are refused', [
    [
      '@(CultureInfo.InvariantCulture.TextInfo.ToTitleCase("hello big WORLD of o\'neill"))',
      "Hello Big WORLD Of O'neill",
    ],
    ['@(new CultureInfo("de-DE").Name)', { refused: 'use CultureInfo.InvariantCulture' }],
    ['@(CultureInfo.GetCultureInfo("en-US").Name)', { refused: 'use CultureInfo.InvariantCulture' }],
  ]),
  ...because('.NET documentation: System', [
    ['@(Nullable.Compare<int>(1, null) + Nullable.Compare<int>(1, 2))', 0],
    ['@(Nullable.Equals<int>(1, 1))', true],
    [
      '@(Nullable.GetUnderlyingType(typeof(int?)).Name + (Nullable.GetUnderlyingType(typeof(int)) == null))',
      'Int32True',
    ],
    [
      '@(Enum.Format(typeof(DayOfWeek), DayOfWeek.Friday, "D") + Enum.GetUnderlyingType(typeof(DayOfWeek)).Name)',
      '5Int32',
    ],
    ['@(StringComparer.Create(System.Globalization.CultureInfo.InvariantCulture, true).Equals("a", "A"))', true],
    ['@(Encoding.UTF8.GetMaxCharCount(3))', 4],
    [
      '@(Uri.CheckHostName("example.com").ToString() + Uri.CheckHostName("10.0.0.1") + Uri.CheckHostName("[::1]") + Uri.CheckHostName("a b"))',
      'DnsIPv4IPv6Unknown',
    ],
    ["@(Uri.HexEscape('%') + Uri.IsHexDigit('g') + Uri.UriSchemeMailto)", '%25Falsemailto'],
    [
      '@{ var bytes = Encoding.UTF8.GetBytes("a b&"); return Encoding.UTF8.GetString(WebUtility.UrlEncodeToBytes(bytes, 0, bytes.Length)); }',
      'a+b%26',
    ],
    [
      '@{ var bytes = Encoding.UTF8.GetBytes("a+b%26"); return Encoding.UTF8.GetString(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length)); }',
      'a b&',
    ],
    ['@(WebUtility.UrlEncodeToBytes(new byte[2], 1, 2))', { throws: 'System.ArgumentOutOfRangeException' }],
    ['@{ var q = new Queue<int>(new[] { 1 }); q.TrimExcess(); return q.Count; }', 1],
  ]),
  ...because('the page "policy expressions": types that are not in its list are refused, with what to use instead', [
    ['@(XElement.Parse("<a/>").XPathSelectElement("b"))', { refused: 'use Descendants, Elements and Attribute' }],
    ['@(new Exception("x").Data.Count)', { refused: 'System.Collections.IDictionary, is not among' }],
    [
      '@{ var c = new HttpClient(); return c.GetStringAsync("https://x").Result; }',
      { refused: 'use the send-request policy' },
    ],
    ['@(System.IO.File.ReadAllText("/etc/passwd"))', { refused: 'policy expressions have no files' }],
    ['@{ Console.WriteLine("x"); return 1; }', { refused: 'use context.Trace' }],
    ['@{ var s = Stopwatch.StartNew(); return s.ElapsedMilliseconds; }', { refused: 'use context.Elapsed' }],
    ['@(System.Text.Json.JsonSerializer.Serialize(1))', { refused: 'use JsonConvert' }],
    ['@{ Thread.Sleep(100); return 1; }', { refused: 'no threads' }],
    ['@(new MemoryStream(new byte[1]).Length)', { refused: 'no streams' }],
    ['@(new JwtSecurityTokenHandler().ReadJwtToken("x"))', { refused: 'use validate-jwt, or AsJwt()' }],
    ['@(JsonConvert.SerializeObject(1, new JsonSerializerSettings()))', { refused: 'default settings' }],
    ['@(new Strem())', { refused: "'Strem' could not be found" }],
  ]),
  ...because('.NET reference source, argumentoutofrangeexception.cs, objectdisposedexception.cs, exception.cs', [
    [
      '@{ var e = new ArgumentOutOfRangeException("n", 5, "too big"); return e.Message + "|" + e.ActualValue + e.ParamName; }',
      'too big\r\nParameter name: n\r\nActual value was 5.|5n',
    ],
    [
      '@{ var e = new ObjectDisposedException("c"); return e.Message + "|" + e.ObjectName; }',
      "Cannot access a disposed object.\r\nObject name: 'c'.|c",
    ],
    [
      '@{ var e = new ArgumentException("bad", "p", new Exception("in")); return e.Message + "|" + e.GetBaseException().Message; }',
      'bad\r\nParameter name: p|in',
    ],
    [
      '@{ var e = new Exception("x") { Source = "a", HelpLink = "h" }; e.Source += "b"; return e.Source + e.HelpLink; }',
      'abh',
    ],
  ]),
];
