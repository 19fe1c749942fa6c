import { argumentNull, formatException } from '../../runtime/exceptions.ts';
import { formatMember } from '../../runtime/format-composite.ts';
import { Guid } from '../../runtime/guid.ts';
import { compareOf, equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type Out } from '../declare.ts';

function tryParse(text: string | null, result: Out<Guid>, format?: string): boolean {
  const guid = Guid.tryParse(text, format);
  result.value = guid ?? Guid.empty;
  return guid !== undefined;
}

function parseExact(text: string | null, format: string | null): Guid {
  if (text === null) throw argumentNull('input');
  if (format === null) throw argumentNull('format');
  const guid = Guid.tryParse(text, format);
  if (guid) return guid;
  throw formatException('Unrecognized Guid format.');
}

export const guidType = declareType({
  name: 'System.Guid',
  kind: 'struct',
  interfaces: ['IComparable', 'IComparable<Guid>', 'IEquatable<Guid>', 'IFormattable'],
  members: {
    'new()': () => Guid.empty,
    'new(string g)': (text: string | null) => Guid.parse(text),
    'new(byte[] b)': (bytes: Uint8Array | null) => Guid.fromBytes(bytes),
    'static Guid Empty { get; }': () => Guid.empty,
    'static Guid NewGuid()': () => Guid.newGuid(),
    'static Guid Parse(string input)': (text: string | null) => Guid.parse(text),
    'static Guid ParseExact(string input, string format)': parseExact,
    'static bool TryParse(string input, out Guid result)': (text: string | null, result: Out<Guid>) =>
      tryParse(text, result),
    'static bool TryParseExact(string input, string format, out Guid result)': (
      text: string | null,
      format: string | null,
      result: Out<Guid>,
    ) => tryParse(text, result, format ?? ''),
    'byte[] ToByteArray()': (self: Guid) => self.toBytes(),
    'string ToString()': (self: Guid) => toStringOf(self),
    'string ToString(string format)': (self: Guid, format: string | null) => self[formatMember](format),
    'string ToString(string format, IFormatProvider provider)': (self: Guid, format: string | null) =>
      self[formatMember](format),
    'int CompareTo(Guid value)': (self: Guid, other: Guid) => compareOf(self, other),
    'int CompareTo(object value)': (self: Guid, other: Uniform) => compareOf(self, other),
    'bool Equals(Guid g)': (self: Guid, other: Guid) => self.hex === other.hex,
    'bool Equals(object o)': (self: Guid, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: Guid) => hashOf(self),
    'static bool operator ==(Guid a, Guid b)': (a: Guid, b: Guid) => a.hex === b.hex,
    'static bool operator !=(Guid a, Guid b)': (a: Guid, b: Guid) => a.hex !== b.hex,
  },
});
