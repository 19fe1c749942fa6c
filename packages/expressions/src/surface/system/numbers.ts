import { formatNumber } from '../../runtime/format-number.ts';
import { compareOf, comparePrimitive, equalsOf, hashOf } from '../../runtime/object.ts';
import {
  checkStyles,
  failed,
  floatStyles,
  orThrow,
  type ParseFailure,
  readDouble,
  readInteger,
  styles,
} from '../../runtime/parse-number.ts';
import { box, type Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type Out, type TypeDeclaration } from '../declare.ts';

type Raw = number | bigint;

/** A numeric type by what differs between them. */
interface NumericType {
  readonly keyword: string;
  readonly name: string;
  /** As overflow messages have it. */
  readonly article: string;
  readonly defaultStyle: number;
  readonly constants: Readonly<Record<string, Raw>>;
  read(text: string | null, style: number): Raw | ParseFailure;
}

/** The integer types; `big` are those whose RAW is a bigint. */
export const integerTypes = [
  { keyword: 'sbyte', name: 'System.SByte', article: 'a signed byte', min: -128n, max: 127n, big: false },
  { keyword: 'byte', name: 'System.Byte', article: 'an unsigned byte', min: 0n, max: 255n, big: false },
  { keyword: 'short', name: 'System.Int16', article: 'an Int16', min: -32768n, max: 32767n, big: false },
  { keyword: 'ushort', name: 'System.UInt16', article: 'a UInt16', min: 0n, max: 65535n, big: false },
  { keyword: 'int', name: 'System.Int32', article: 'an Int32', min: -(2n ** 31n), max: 2n ** 31n - 1n, big: false },
  { keyword: 'uint', name: 'System.UInt32', article: 'a UInt32', min: 0n, max: 2n ** 32n - 1n, big: false },
  { keyword: 'long', name: 'System.Int64', article: 'an Int64', min: -(2n ** 63n), max: 2n ** 63n - 1n, big: true },
  { keyword: 'ulong', name: 'System.UInt64', article: 'a UInt64', min: 0n, max: 2n ** 64n - 1n, big: true },
] as const;

type IntegerType = (typeof integerTypes)[number];

export function integerByName(name: string): IntegerType | undefined {
  return integerTypes.find((type) => type.name === name);
}

function integer(type: IntegerType): TypeDeclaration {
  const raw = (value: bigint): Raw => (type.big ? value : Number(value));
  return numeric({
    keyword: type.keyword,
    name: type.name,
    article: type.article,
    defaultStyle: styles.integer,
    constants: { MaxValue: raw(type.max), MinValue: raw(type.min) },
    read: (text, style) => {
      checkStyles(style, true);
      const value = readInteger(text, style, type);
      return typeof value === 'bigint' ? raw(value) : value;
    },
  });
}

function floating(keyword: string, name: string, constants: Readonly<Record<string, number>>): TypeDeclaration {
  const round = keyword === 'float' ? Math.fround : (value: number) => value;
  return numeric(
    {
      keyword,
      name,
      article: keyword === 'float' ? 'a Single' : 'a Double',
      defaultStyle: floatStyles,
      constants: { NaN: Number.NaN, PositiveInfinity: Infinity, NegativeInfinity: -Infinity, ...constants },
      read: (text, style) => {
        checkStyles(style, false);
        const value = readDouble(text, style);
        return typeof value === 'number' ? round(value) : value;
      },
    },
    {
      [`static bool IsNaN(${keyword} d)`]: (d: number) => Number.isNaN(d),
      [`static bool IsInfinity(${keyword} d)`]: (d: number) => Math.abs(d) === Infinity,
      [`static bool IsPositiveInfinity(${keyword} d)`]: (d: number) => d === Infinity,
      [`static bool IsNegativeInfinity(${keyword} d)`]: (d: number) => d === -Infinity,
      [`static bool IsFinite(${keyword} d)`]: (d: number) => Number.isFinite(d),
    },
  );
}

function numeric(type: NumericType, more: Readonly<Record<string, Implementation>> = {}): TypeDeclaration {
  const { keyword, name } = type;
  const parse = (text: string | null, style: number) => orThrow(type.read(text, style), type.article);
  const tryParse = (text: string | null, style: number, result: Out<Raw>) => {
    const value = type.read(text, style);
    const zero = typeof type.constants.MaxValue === 'bigint' ? 0n : 0;
    result.value = failed(value) ? zero : value;
    return !failed(value);
  };
  const members: Record<string, Implementation> = {
    [`static ${keyword} Parse(string s)`]: (text: string | null) => parse(text, type.defaultStyle),
    [`static ${keyword} Parse(string s, NumberStyles style)`]: parse,
    [`static ${keyword} Parse(string s, IFormatProvider provider)`]: (text: string | null) =>
      parse(text, type.defaultStyle),
    [`static ${keyword} Parse(string s, NumberStyles style, IFormatProvider provider)`]: parse,
    [`static bool TryParse(string s, out ${keyword} result)`]: (text: string | null, result: Out<Raw>) =>
      tryParse(text, type.defaultStyle, result),
    [`static bool TryParse(string s, IFormatProvider provider, out ${keyword} result)`]: (
      text: string | null,
      _provider: unknown,
      result: Out<Raw>,
    ) => tryParse(text, type.defaultStyle, result),
    [`static bool TryParse(string s, NumberStyles style, IFormatProvider provider, out ${keyword} result)`]: (
      text: string | null,
      style: number,
      _provider: unknown,
      result: Out<Raw>,
    ) => tryParse(text, style, result),
    'string ToString()': (self: Raw) => formatNumber(name, self, null),
    'string ToString(string format)': (self: Raw, format: string | null) => formatNumber(name, self, format),
    'string ToString(IFormatProvider provider)': (self: Raw) => formatNumber(name, self, null),
    'string ToString(string format, IFormatProvider provider)': (self: Raw, format: string | null) =>
      formatNumber(name, self, format),
    [`int CompareTo(${keyword} value)`]: (self: Raw, other: Raw) => comparePrimitive(self, other),
    'int CompareTo(object value)': (self: Raw, other: Uniform) => compareOf(box(name, self), other),
    [`bool Equals(${keyword} obj)`]: (self: Raw, other: Raw) => comparePrimitive(self, other) === 0,
    'bool Equals(object obj)': (self: Raw, other: Uniform) => equalsOf(box(name, self), other),
    'int GetHashCode()': (self: Raw) => hashOf(box(name, self)),
    ...more,
  };
  for (const [constant, value] of Object.entries(type.constants)) {
    members[`const ${keyword} ${constant}`] = () => value;
  }
  return declareType({
    name,
    kind: 'struct',
    interfaces: ['IComparable', `IComparable<${keyword}>`, `IEquatable<${keyword}>`, 'IFormattable'],
    members,
  });
}

/** SByte to UInt64, Single and Double. */
export const numberTypes: readonly TypeDeclaration[] = [
  ...integerTypes.map(integer),
  floating('float', 'System.Single', {
    MaxValue: 3.4028234663852886e38,
    MinValue: -3.4028234663852886e38,
    Epsilon: 1.401298464324817e-45,
  }),
  floating('double', 'System.Double', {
    MaxValue: Number.MAX_VALUE,
    MinValue: -Number.MAX_VALUE,
    Epsilon: Number.MIN_VALUE,
  }),
];
