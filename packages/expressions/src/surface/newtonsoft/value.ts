import { formatValue } from '../../runtime/format-composite.ts';
import { JRaw, JValue } from '../../runtime/json/token.ts';
import { JTokenType } from '../../runtime/json/token-type.ts';
import { compareMember, equalsOf, toStringOf } from '../../runtime/object.ts';
import { Boxed, box, type Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';
import { required } from './object.ts';

export const valueType: TypeDeclaration = declareType({
  name: 'Newtonsoft.Json.Linq.JValue',
  kind: 'class',
  base: 'Newtonsoft.Json.Linq.JToken',
  test: (value) => value instanceof JValue,
  members: {
    'new(JValue other)': (other: JValue | null) => required(other, 'other').deepClone(),
    'new(long value)': (value: bigint) => new JValue(value),
    'new(decimal value)': (value: object) => new JValue(value),
    'new(char value)': (value: number) => new JValue(new Boxed('System.Char', value)),
    'new(ulong value)': (value: bigint) => new JValue(box('System.UInt64', value)),
    'new(double value)': (value: number) => new JValue(box('System.Double', value)),
    'new(float value)': (value: number) => new JValue(box('System.Single', value)),
    'new(DateTime value)': (value: object) => new JValue(value),
    'new(DateTimeOffset value)': (value: object) => new JValue(value),
    'new(bool value)': (value: boolean) => new JValue(value),
    'new(string value)': (value: string | null) => new JValue(value, JTokenType.String),
    'new(Guid value)': (value: object) => new JValue(value),
    'new(TimeSpan value)': (value: object) => new JValue(value),
    'new(object value)': (value: Uniform) => new JValue(value),
    'object Value { get; set; }': {
      get: (self: JValue) => self.value,
      set: (self: JValue, value: Uniform) => {
        self.value = value;
      },
    },
    'override string ToString()': (self: JValue) => toStringOf(self.value),
    'string ToString(string format)': (self: JValue, format: string | null) =>
      self.value === null ? '' : formatValue(self.value, format),
    'string ToString(IFormatProvider formatProvider)': (self: JValue) => toStringOf(self.value),
    'string ToString(string format, IFormatProvider formatProvider)': (self: JValue, format: string | null) =>
      self.value === null ? '' : formatValue(self.value, format),
    'bool Equals(JValue other)': (self: JValue, other: JValue | null) => other !== null && equalsOf(self, other),
    'int CompareTo(JValue obj)': (self: JValue, other: JValue | null) => (other ? self[compareMember](other) : 1),
    'static JValue CreateNull()': () => new JValue(null),
    'static JValue CreateUndefined()': () => new JValue(null, JTokenType.Undefined),
    'static JValue CreateString(string value)': (value: string | null) => new JValue(value, JTokenType.String),
    'static JValue CreateComment(string value)': (value: string | null) => new JValue(value, JTokenType.Comment),
  },
});

export const rawType: TypeDeclaration = declareType({
  name: 'Newtonsoft.Json.Linq.JRaw',
  kind: 'class',
  base: 'Newtonsoft.Json.Linq.JValue',
  test: (value) => value instanceof JRaw,
  members: {
    'new(object rawJson)': (json: Uniform) => new JRaw(json),
    'new(JRaw other)': (other: JRaw | null) => required(other, 'other').deepClone(),
  },
});
