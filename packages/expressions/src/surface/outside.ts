import { declareType, type TypeDeclaration } from './declare.ts';

/**
 * .NET types that people try and API Management does not allow, with what to use instead. They are declared only to say
 * so: naming one is an error.
 */
const reasons: Readonly<Record<string, readonly string[]>> = {
  'policy expressions have no threads and no tasks.': [
    'System.Threading.Thread',
    'System.Threading.Tasks.Task',
    'System.Threading.Tasks.Parallel',
  ],
  'policy expressions cannot call out; use the send-request policy.': [
    'System.Net.Http.HttpClient',
    'System.Net.Http.HttpRequestMessage',
    'System.Net.WebClient',
    'System.Net.WebRequest',
    'System.Net.HttpWebRequest',
    'System.Net.WebException',
    'System.Net.Dns',
  ],
  'policy expressions have no files.': [
    'System.IO.File',
    'System.IO.Directory',
    'System.IO.Path',
    'System.IO.FileStream',
  ],
  'policy expressions have no streams; use byte[], StringReader or StringWriter.': [
    'System.IO.Stream',
    'System.IO.MemoryStream',
    'System.IO.StreamReader',
    'System.IO.StreamWriter',
    'System.IO.BinaryReader',
    'System.IO.Compression.GZipStream',
  ],
  'use context.Trace.': ['System.Console', 'System.Diagnostics.Debug', 'System.Diagnostics.Trace'],
  'use context.Elapsed or DateTime.UtcNow.': ['System.Diagnostics.Stopwatch'],
  'use JsonConvert, JObject, JArray or JToken.': [
    'System.Text.Json.JsonSerializer',
    'System.Text.Json.JsonDocument',
    'Newtonsoft.Json.JsonSerializer',
    'Newtonsoft.Json.JsonTextReader',
    'Newtonsoft.Json.JsonTextWriter',
    'System.Web.Script.Serialization.JavaScriptSerializer',
  ],
  'policy expressions serialise with the default settings.': [
    'Newtonsoft.Json.JsonSerializerSettings',
    'Newtonsoft.Json.NullValueHandling',
    'Newtonsoft.Json.DefaultValueHandling',
    'Newtonsoft.Json.DateParseHandling',
    'Newtonsoft.Json.DateTimeZoneHandling',
    'Newtonsoft.Json.MissingMemberHandling',
    'Newtonsoft.Json.ReferenceLoopHandling',
    'Newtonsoft.Json.TypeNameHandling',
  ],
  'use List<object> or Dictionary<object, object>.': [
    'System.Collections.ArrayList',
    'System.Collections.Hashtable',
    'System.Collections.Specialized.NameValueCollection',
  ],
  'use XDocument and XElement.': ['System.Xml.Serialization.XmlSerializer', 'System.Xml.XmlWriter'],
  'use validate-jwt, or AsJwt().': [
    'System.IdentityModel.Tokens.Jwt.JwtSecurityTokenHandler',
    'System.IdentityModel.Tokens.Jwt.JwtSecurityToken',
  ],
  'policy expressions have no reflection.': ['System.Activator', 'System.Reflection.Assembly', 'System.AppDomain'],
  'policy expressions cannot start processes.': ['System.Diagnostics.Process'],
  'use named values.': ['System.Configuration.ConfigurationManager'],
};

export const outsideTypes: readonly TypeDeclaration[] = Object.entries(reasons).flatMap(([reason, names]) =>
  names.map((name) =>
    declareType({
      name,
      kind: 'class',
      refused: { '': `it is not among the .NET types that API Management allows; ${reason}` },
    }),
  ),
);
