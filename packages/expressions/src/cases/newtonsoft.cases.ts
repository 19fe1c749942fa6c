import { because, type Case } from './case.ts';

const person = `JObject.Parse("{'name':'Ada','age':36,'tags':['a','b'],'address':{'city':'London','zip':null}}")`;
const store = `JObject.Parse("{'Stores':['Lambton Quay','Willis Street'],'Manufacturers':[{'Name':'Acme Co','Products':[{'Name':'Anvil','Price':50}]},{'Name':'Contoso','Products':[{'Name':'Elbow Grease','Price':99.95},{'Name':'Headlight Fluid','Price':4}]}]}")`;
const readerError = 'Newtonsoft.Json.JsonReaderException';
const date = `JObject.Parse("{'d':'2016-03-09T13:45:30Z'}")`;

export const cases: readonly Case[] = [
  ...because('Newtonsoft.Json documentation: LINQ to JSON, JObject and JToken members', [
    [`@((string)${person}["name"])`, 'Ada'],
    [`@((int)${person}["age"])`, 36],
    [`@((long)${person}["age"] + 1)`, 37n],
    [`@((double)${person}["age"] / 8)`, 4.5],
    [`@((string)${person}["address"]["city"])`, 'London'],
    [`@((string)${person}["address"]["zip"])`, null],
    [`@(${person}["missing"] == null)`, true],
    [`@((string)${person}["missing"])`, null],
    [`@(${person}["missing"]?["deeper"] == null)`, true],
    [`@(${person}["tags"][1].ToString())`, 'b'],
    [`@(${person}["tags"].HasValues)`, true],
    [`@(${person}.Count)`, 4],
    [`@(${person}["name"].Type)`, 'String'],
    [`@(${person}["age"].Type == JTokenType.Integer)`, true],
    [`@(${person}["tags"].Type.ToString())`, 'Array'],
    [`@(${person}["address"]["zip"].Type.ToString())`, 'Null'],
    [`@(${person}["address"]["city"].Path)`, 'address.city'],
    [`@(${person}["tags"][1].Path)`, 'tags[1]'],
    [`@(JObject.Parse("{'a b':{'c':1}}")["a b"]["c"].Path)`, "['a b'].c"],
    [`@(${person}["address"]["city"].Root["name"].ToString())`, 'Ada'],
    [`@(${person}["tags"].First.ToString() + ${person}["tags"].Last)`, 'ab'],
    [`@(${person}["tags"][0].Next.ToString())`, 'b'],
    [`@(${person}["tags"][0].Previous == null)`, true],
    [`@(${person}.ContainsKey("age"))`, true],
    [`@(${person}.ContainsKey("Age"))`, false],
    [`@(${person}.GetValue("NAME", StringComparison.OrdinalIgnoreCase).ToString())`, 'Ada'],
    [`@{ JToken value; return ${person}.TryGetValue("age", out value) ? value.ToString() : "none"; }`, '36'],
    [`@{ var p = ${person}; p["age"] = 37; p["new"] = true; return p["age"].ToString() + p["new"]; }`, '37True'],
    [`@{ var p = ${person}; p.Remove("tags"); return p["tags"] == null; }`, true],
    [`@{ var p = ${person}; p.Property("name").Remove(); return p.Count; }`, 3],
    [`@{ var p = ${person}; p["address"]["city"].Replace("Paris"); return (string)p["address"]["city"]; }`, 'Paris'],
    [`@(${person}.Property("name").Value.ToString())`, 'Ada'],
    [`@(${person}.Value<int>("age"))`, 36],
    [`@(${person}.Value<string>("missing"))`, null],
    [`@(${person}["age"].Value<string>())`, '36'],
    [`@(${person}["age"].ToObject<long>())`, 36n],
    [`@((int?)${person}["missing"] == null)`, true],
    [`@(JToken.DeepEquals(${person}, ${person}))`, true],
    [`@(${person} == ${person})`, false],
    [`@(${person}["tags"].ToString(Formatting.None))`, '["a","b"]'],
    [`@(${person}["tags"].ToString(Newtonsoft.Json.Formatting.None))`, '["a","b"]'],
    [`@(${person}["tags"].ToString())`, '[\r\n  "a",\r\n  "b"\r\n]'],
  ]),
  ...because('Newtonsoft.Json documentation: Creating JSON; a token that has a parent is cloned when it is added', [
    ['@(new JObject(new JProperty("a", 1), new JProperty("b", "x")).ToString(Formatting.None))', '{"a":1,"b":"x"}'],
    ['@(new JObject { { "a", 1 }, { "b", null } }.ToString(Formatting.None))', '{"a":1,"b":null}'],
    ['@(new JObject { ["a"] = true, ["b"] = new JArray(1, 2) }.ToString(Formatting.None))', '{"a":true,"b":[1,2]}'],
    ['@(new JArray("x", 1.5, null, false).ToString(Formatting.None))', '["x",1.5,null,false]'],
    ['@(new JArray { "x", 2 }.Count)', 2],
    ['@(new JProperty("n", new[] { "a", "b" }).ToString())', '"n": [\r\n  "a",\r\n  "b"\r\n]'],
    [
      '@{ var a = new JArray(); a.Add("x"); a.Add(3); a.Insert(0, true); a.RemoveAt(1); return a.ToString(Formatting.None); }',
      '[true,3]',
    ],
    [
      '@{ var o = new JObject(); o.Add("k", "v"); o.Add(new JProperty("l", 2)); return o.ToString(Formatting.None); }',
      '{"k":"v","l":2}',
    ],
    [
      '@{ var o = new JObject(); o.Add("k", 1); o.Add("k", 2); return o; }',
      {
        throws: 'System.ArgumentException',
        message:
          'Can not add property k to Newtonsoft.Json.Linq.JObject. Property with the same name already exists on object.',
      },
    ],
    [
      '@(new JArray(new JProperty("a", 1)))',
      {
        throws: 'System.ArgumentException',
        message: 'Can not add Newtonsoft.Json.Linq.JProperty to Newtonsoft.Json.Linq.JArray.',
      },
    ],
    [
      '@(new JObject("x"))',
      {
        throws: 'System.ArgumentException',
        message: 'Can not add Newtonsoft.Json.Linq.JValue to Newtonsoft.Json.Linq.JObject.',
      },
    ],
    [
      '@{ var a = new JObject(new JProperty("x", 1)); var b = new JObject(); b["a"] = a; b["b"] = a; a["x"] = 2; return b.ToString(Formatting.None); }',
      '{"a":{"x":2},"b":{"x":1}}',
    ],
    [
      '@(JObject.FromObject(new { a = 1, b = new[] { "x" }, c = new { d = 2.0 } }).ToString(Formatting.None))',
      '{"a":1,"b":["x"],"c":{"d":2.0}}',
    ],
    ['@(JToken.FromObject("x").Type.ToString())', 'String'],
    [
      '@(JObject.FromObject("x"))',
      { throws: 'System.ArgumentException', message: 'Object serialized to String. JObject instance expected.' },
    ],
    [
      "@{ var o = JObject.Parse(\"{'a':{'x':1},'l':[1]}\"); o.Merge(JObject.Parse(\"{'a':{'y':2},'l':[2],'n':null}\")); return o.ToString(Formatting.None); }",
      '{"a":{"x":1,"y":2},"l":[1,2],"n":null}',
    ],
    ['@{ var o = JObject.Parse("{\'a\':1}"); o.Merge(JObject.Parse("{\'a\':null}")); return (int)o["a"]; }', 1],
    ['@(new JMergeSettings())', { refused: 'JMergeSettings' }],
    ['@{ var o = new JObject(); o["self"] = o; return o.ToString(Formatting.None); }', '{"self":{}}'],
    ['@(new JObject(new JProperty("a", 1)).DeepClone().ToString(Formatting.None))', '{"a":1}'],
    ['@(new JRaw("[1,  2]").ToString())', '[1,  2]'],
    ['@(new JArray(new JRaw("{x}")).ToString(Formatting.None))', '[{x}]'],
    ['@(new JValue("x").Equals(new JValue("x")))', true],
    ['@(((JToken)5).Type.ToString())', 'Integer'],
    ['@(new JArray(new List<string> { "a", "b" }).ToString(Formatting.None))', '["a","b"]'],
  ]),
  ...because("JsonTextReader: messages, path, line and position as Newtonsoft's tests assert them", [
    [
      '@(JObject.Parse("<html>"))',
      {
        throws: readerError,
        message: "Unexpected character encountered while parsing value: <. Path '', line 0, position 0.",
      },
    ],
    [
      '@(JObject.Parse(""))',
      { throws: readerError, message: "Error reading JObject from JsonReader. Path '', line 0, position 0." },
    ],
    [
      '@(JObject.Parse("[]"))',
      {
        throws: readerError,
        message:
          "Error reading JObject from JsonReader. Current JsonReader item is not an object: StartArray. Path '', line 1, position 1.",
      },
    ],
    [
      '@(JArray.Parse("{}"))',
      {
        throws: readerError,
        message:
          "Error reading JArray from JsonReader. Current JsonReader item is not an array: StartObject. Path '', line 1, position 1.",
      },
    ],
    [
      '@(JObject.Parse("{"))',
      { throws: readerError, message: "Unexpected end of content while loading JObject. Path '', line 1, position 1." },
    ],
    [
      '@(JObject.Parse("{\'a\':1} x"))',
      {
        throws: readerError,
        message: "Additional text encountered after finished reading JSON content: x. Path '', line 1, position 8.",
      },
    ],
    [
      '@(JObject.Parse("{\'a\' 1}"))',
      {
        throws: readerError,
        message: "Invalid character after parsing property name. Expected ':' but got: 1. Path '', line 1, position 5.",
      },
    ],
    [
      "@(JObject.Parse(\"{'a':1 'b':2}\"))",
      {
        throws: readerError,
        message: "After parsing a value an unexpected character was encountered: '. Path 'a', line 1, position 7.",
      },
    ],
    [
      "@(JObject.Parse(\"{'a':'b\"))",
      { throws: readerError, message: "Unterminated string. Expected delimiter: '. Path 'a', line 1, position 7." },
    ],
    [
      '@(JObject.Parse("{\'a\':x}"))',
      {
        throws: readerError,
        message: "Unexpected character encountered while parsing value: x. Path 'a', line 1, position 5.",
      },
    ],
    [
      String.raw`@(JObject.Parse("{'a':'\\q'}"))`,
      { throws: readerError, message: "Bad JSON escape sequence: \\q. Path 'a', line 1, position 8." },
    ],
    [
      '@(JObject.Parse("{,}"))',
      { throws: readerError, message: "Invalid property identifier character: ,. Path '', line 1, position 1." },
    ],
    [
      '@(JObject.Parse("{\'a\':]"))',
      { throws: readerError, message: 'JsonToken EndArray is not valid for closing JsonType Object.' },
    ],
    ['@(JObject.Parse(null))', { throws: 'System.ArgumentNullException' }],
    [
      "@(JArray.Parse(new string('[', 70)))",
      { throws: readerError, message: "The reader's MaxDepth of 64 has been exceeded." },
    ],
    ['@(JObject.Parse("{ /* c */ a : 1, // d\\n b : [1,] }").ToString(Formatting.None))', '{"a":1,"b":[1]}'],
    ["@(JObject.Parse(\"{'a':1,'a':2}\").ToString(Formatting.None))", '{"a":2}'],
    [
      '@(JArray.Parse("[0x1F, 010, 1e2, -0.5, 12345678901234567890]").ToString(Formatting.None))',
      '[31,8,100.0,-0.5,12345678901234567890]',
    ],
    ['@(JArray.Parse("[1.0, 1e20, 1.5e-7, NaN]").ToString(Formatting.None))', '[1.0,1E+20,1.5E-07,"NaN"]'],
    ['@(JToken.Parse("5").Type.ToString())', 'Integer'],
    ['@(JToken.Parse("null").Type.ToString())', 'Null'],
    [String.raw`@(JToken.Parse("'\\u00e9\\n\\/'").ToString())`, 'é\n/'],
    [String.raw`@(new JValue("a\"b\\c\n\u0001é</").ToString(Formatting.None))`, '"a\\"b\\\\c\\n\\u0001é</"'],
  ]),
  ...because('Newtonsoft.Json documentation: Serializing Dates; DateParseHandling.DateTime is the default', [
    [`@(${date}["d"].Type.ToString())`, 'Date'],
    [`@((string)${date}["d"])`, '03/09/2016 13:45:30'],
    [`@(${date}["d"].ToString())`, '03/09/2016 13:45:30'],
    [`@(${date}.ToString(Formatting.None))`, '{"d":"2016-03-09T13:45:30Z"}'],
    [`@(((DateTime)${date}["d"]).ToString("yyyy-MM-dd"))`, '2016-03-09'],
    [`@(${date}["d"].ToString("yyyyMMdd"))`, { refused: "cannot convert from 'string' to 'Formatting'" }],
    ['@(JObject.Parse("{\'d\':\'2016-03-09\'}")["d"].Type.ToString())', 'String'],
    [
      "@(JObject.Parse(\"{'d':'2016-03-09T13:45:30.1200000+02:00'}\").ToString(Formatting.None))",
      '{"d":"2016-03-09T11:45:30.12+00:00"}',
    ],
    ["@(JObject.Parse(\"{'d':'2016-03-09T13:45:30'}\").ToString(Formatting.None))", '{"d":"2016-03-09T13:45:30"}'],
    ['@(JObject.Parse("{\'d\':\'2016-13-09T13:45:30\'}")["d"].Type.ToString())', 'String'],
    ['@(JObject.Parse("{\'d\':\'\\\\/Date(0)\\\\/\'}")["d"].Type.ToString())', 'Date'],
  ]),
  ...because("JToken's explicit conversion operators and JToken.Value<T>", [
    [
      `@((int)${person}["name"])`,
      { throws: 'System.FormatException', message: 'Input string was not in a correct format.' },
    ],
    [
      `@((int)${person}["address"])`,
      { throws: 'System.ArgumentException', message: 'Can not convert Object to Int32.' },
    ],
    [
      `@((string)${person}["tags"])`,
      { throws: 'System.ArgumentException', message: 'Can not convert Array to String.' },
    ],
    [`@((int)${person}["missing"])`, { throws: 'System.ArgumentNullException' }],
    [
      `@((bool)${person}["address"]["zip"])`,
      { throws: 'System.ArgumentException', message: 'Can not convert Null to Boolean.' },
    ],
    [
      `@(${person}["address"].Value<string>())`,
      {
        throws: 'System.InvalidCastException',
        message: 'Cannot cast Newtonsoft.Json.Linq.JObject to Newtonsoft.Json.Linq.JToken.',
      },
    ],
    [
      `@(${person}["name"]["x"])`,
      {
        throws: 'System.InvalidOperationException',
        message: 'Cannot access child value on Newtonsoft.Json.Linq.JValue.',
      },
    ],
    [
      `@(${person}["tags"]["x"])`,
      {
        throws: 'System.ArgumentException',
        message: 'Accessed JArray values with invalid key value: "x". Int32 array index expected.',
      },
    ],
    [
      `@(${person}["tags"][5])`,
      {
        throws: 'System.ArgumentOutOfRangeException',
        message:
          'Index was out of range. Must be non-negative and less than the size of the collection.\r\nParameter name: index',
      },
    ],
    ['@((bool)JToken.Parse("\'true\'"))', true],
    ['@((bool)JToken.Parse("1"))', true],
    ['@((int)JToken.Parse("\'12\'"))', 12],
    ['@((int)JToken.Parse("2.5"))', 2],
    ['@((int)JToken.Parse("3.5"))', 4],
    [
      '@((int)JToken.Parse("3000000000"))',
      { throws: 'System.OverflowException', message: 'Value was either too large or too small for an Int32.' },
    ],
    ['@((string)JToken.Parse("true"))', 'True'],
    ['@((string)JToken.Parse("1.0"))', '1'],
    ['@((decimal)JToken.Parse("1.5") + 1)', '2.5'],
    ['@((Guid)JToken.Parse("\'7d9c4bd7-6d0b-4bd5-9d25-5cb5a3f4f0a1\'"))', '7d9c4bd7-6d0b-4bd5-9d25-5cb5a3f4f0a1'],
    ['@(((byte[])JToken.Parse("\'AQID\'")).Length)', 3],
    ['@(((Uri)JToken.Parse("\'https://x.example/a\'")).Host)', 'x.example'],
  ]),
  ...because('Newtonsoft.Json documentation: Querying JSON with SelectToken', [
    [`@((string)${store}.SelectToken("Manufacturers[0].Name"))`, 'Acme Co'],
    [`@((decimal)${store}.SelectToken("Manufacturers[0].Products[0].Price"))`, '50'],
    [`@((string)${store}.SelectToken("Manufacturers[1].Products[0].Name"))`, 'Elbow Grease'],
    [`@((string)${store}.SelectToken("$.Manufacturers[?(@.Name == 'Acme Co')].Name"))`, 'Acme Co'],
    [
      `@(string.Join("|", ${store}.SelectTokens("$..Products[?(@.Price >= 50)].Name").Select(t => (string)t)))`,
      'Anvil|Elbow Grease',
    ],
    [`@(string.Join("|", ${store}.SelectTokens("Stores[*]").Select(t => (string)t)))`, 'Lambton Quay|Willis Street'],
    [`@(${store}.SelectToken("nothing.here") == null)`, true],
    [
      `@(${store}.SelectToken("nothing", true))`,
      { throws: 'Newtonsoft.Json.JsonException', message: "Property 'nothing' does not exist on JObject." },
    ],
    [
      `@(${store}.SelectToken("$..Name"))`,
      { throws: 'Newtonsoft.Json.JsonException', message: 'Path returned multiple tokens.' },
    ],
    [
      `@(${store}.SelectToken("Stores["))`,
      { throws: 'Newtonsoft.Json.JsonException', message: 'Path ended with open indexer.' },
    ],
    [`@(${store}.SelectTokens("Stores[-1:]").First().ToString())`, 'Willis Street'],
    [`@(${store}.SelectTokens("$..Price").Count())`, 3],
    [
      `@(${store}.SelectTokens("$.Manufacturers[?(@.Name == 'x' || @.Products[0].Price > 60)].Name").First().ToString())`,
      'Contoso',
    ],
    [`@(${store}.SelectTokens("$.Manufacturers[?(@.Name =~ /^acme/i)]").Count())`, 1],
    [`@((string)${store}.SelectToken("['Stores'][0]"))`, 'Lambton Quay'],
  ]),
  ...because('LINQ over tokens, and foreach over a JObject gives KeyValuePair<string, JToken>', [
    [`@(string.Join(",", ${person}["tags"].Select(t => (string)t)))`, 'a,b'],
    [`@(string.Join(",", ${person}.Properties().Select(p => p.Name)))`, 'name,age,tags,address'],
    [`@{ var s = ""; foreach (var p in ${person}) { s += p.Key + ";"; } return s; }`, 'name;age;tags;address;'],
    [
      `@{ var s = ""; foreach (JProperty p in ${person}.Properties()) { s += p.Name + ";"; } return s; }`,
      'name;age;tags;address;',
    ],
    [`@{ var s = ""; foreach (JToken t in ${person}["tags"]) { s += t; } return s; }`, 'ab'],
    [
      `@{ var s = ""; foreach (KeyValuePair<string, JToken> p in ${person}) { s += p.Value.Type + ";"; } return s; }`,
      'String;Integer;Array;Object;',
    ],
    [`@(${person}["tags"].Any(t => (string)t == "b"))`, true],
    [`@(${person}["tags"].Values<string>().Last())`, 'b'],
    [`@(((JArray)${person}["tags"]).Count)`, 2],
    [`@(${person}.Descendants().OfType<JValue>().Count())`, 6],
    [`@(${person}["tags"].Children().Count())`, 2],
    [`@(${store}["Manufacturers"].Children()["Name"].First().ToString())`, 'Acme Co'],
    [`@(${person}["tags"] as JArray != null)`, true],
    [`@((${person}["name"] as JArray) == null)`, true],
    [`@(${person}["age"] is JValue)`, true],
    [
      `@((JArray)${person}["name"])`,
      {
        throws: 'System.InvalidCastException',
        message: "Unable to cast object of type 'Newtonsoft.Json.Linq.JValue' to type 'Newtonsoft.Json.Linq.JArray'.",
      },
    ],
  ]),
  ...because('JsonConvert documentation: SerializeObject and DeserializeObject with the default settings', [
    [
      '@(JsonConvert.SerializeObject(new { a = 1, b = "x", c = (string)null, d = 1.0, e = \'c\', f = 2.50m }))',
      '{"a":1,"b":"x","c":null,"d":1.0,"e":"c","f":2.50}',
    ],
    [
      '@(JsonConvert.SerializeObject(new Dictionary<string, object> { { "k", 1 }, { "l", new[] { true } } }))',
      '{"k":1,"l":[true]}',
    ],
    ['@(JsonConvert.SerializeObject(new List<int> { 1, 2 }, Formatting.Indented))', '[\r\n  1,\r\n  2\r\n]'],
    ['@(JsonConvert.SerializeObject("a\\"b"))', '"a\\"b"'],
    ['@(JsonConvert.SerializeObject(null))', 'null'],
    ['@(JsonConvert.SerializeObject(new byte[] { 1, 2, 3 }))', '"AQID"'],
    ['@(JsonConvert.SerializeObject(new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc)))', '"2020-01-02T03:04:05Z"'],
    ['@(JsonConvert.SerializeObject(StringComparison.Ordinal))', '4'],
    ['@(JsonConvert.SerializeObject(new JObject(new JProperty("a", 1))))', '{"a":1}'],
    ['@(JsonConvert.SerializeObject(context.Request.Headers.Keys))', '["Host"]'],
    ['@(JsonConvert.DeserializeObject<JObject>("{\'a\':1}")["a"].ToString())', '1'],
    ['@(JsonConvert.DeserializeObject<Dictionary<string, string>>("{\'a\':\'x\'}")["a"])', 'x'],
    [
      '@(JsonConvert.DeserializeObject<Dictionary<string, string>>("{\'a\':\'2020-01-01T00:00:00Z\'}")["a"])',
      '2020-01-01T00:00:00Z',
    ],
    ['@(JsonConvert.DeserializeObject<List<int>>("[1,2,3]").Sum())', 6],
    ["@(JsonConvert.DeserializeObject<string[]>(\"['a','b']\").Length)", 2],
    ['@(JsonConvert.DeserializeObject<int>("5"))', 5],
    ['@(JsonConvert.DeserializeObject<bool>("true"))', true],
    [
      '@(JsonConvert.DeserializeObject<List<int>>("{}"))',
      { throws: 'Newtonsoft.Json.JsonSerializationException', message: 'Cannot deserialize the current JSON object' },
    ],
    ['@(((JObject)JsonConvert.DeserializeObject("{\'a\':1}"))["a"].ToString())', '1'],
    ['@(JsonConvert.SerializeXmlNode(null))', { refused: 'xml-to-json' }],
    [
      '@{ try { JObject.Parse("x"); return "none"; } catch (Exception e) { return e.Message; } }',
      "Unexpected character encountered while parsing value: x. Path '', line 0, position 0.",
    ],
  ]),
];
