import { argumentNull } from '../../runtime/exceptions.ts';
import { deserializeText } from '../../runtime/json/deserialize.ts';
import { serializeObject } from '../../runtime/json/from-object.ts';
import { quote } from '../../runtime/json/writer.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, generic, type RuntimeType, type TypeDeclaration } from '../declare.ts';

const anyType: RuntimeType = { name: 'System.Object', test: () => true, defaultValue: null };

export const convertType: TypeDeclaration = declareType({
  name: 'Newtonsoft.Json.JsonConvert',
  kind: 'static',
  members: {
    'static string SerializeObject(object value)': (value: Uniform) => serializeObject(value, false),
    'static string SerializeObject(object value, Formatting formatting)': (value: Uniform, formatting: number) =>
      serializeObject(value, formatting === 1),
    'static object DeserializeObject(string value)': (text: string | null) => {
      if (text === null) throw argumentNull('value');
      return deserializeText(text, anyType);
    },
    'static T DeserializeObject<T>(string value)': generic(([type]: readonly RuntimeType[], text: string | null) => {
      if (text === null) throw argumentNull('value');
      return deserializeText(text, type ?? anyType);
    }),
    'static string ToString(object value)': (value: Uniform) => serializeObject(value, false),
    'static string ToString(string value)': (value: string | null) => (value === null ? 'null' : quote(value)),
    'const string True { get; }': () => 'true',
    'const string False { get; }': () => 'false',
    'const string Null { get; }': () => 'null',
    'const string Undefined { get; }': () => 'undefined',
  },
  refused: {
    SerializeXmlNode: 'use the xml-to-json policy.',
    SerializeXNode: 'use the xml-to-json policy.',
    DeserializeXmlNode: 'use the json-to-xml policy.',
    DeserializeXNode: 'use the json-to-xml policy.',
    DeserializeAnonymousType: 'read the JSON as a JObject.',
    PopulateObject: 'use JObject.Merge.',
    DefaultSettings: 'a policy expression cannot change them.',
  },
});
