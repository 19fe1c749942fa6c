import { charge } from '../../runtime/budget.ts';
import { enumDescription } from '../../runtime/enums.ts';
import { argumentException, argumentNull } from '../../runtime/exceptions.ts';
import { formatEnum } from '../../runtime/format-number.ts';
import { NetType } from '../../runtime/net-type.ts';
import { compareOf, equalsOf, hashOf, toStringOf } from '../../runtime/object.ts';
import { Boxed, netArray, type Uniform, unbox } from '../../runtime/values.ts';
import { declareType, generic, type Out } from '../declare.ts';

/** The number of a name, a number or a list of names with commas; undefined when it is none of the type. */
function read(type: string, text: string, ignoreCase: boolean): number | undefined {
  charge(text.length >> 2);
  const trimmed = text.trim();
  if (/^[+-]?\d{1,19}$/.test(trimmed)) return Number(trimmed);
  const values = Object.entries(enumDescription(type)?.values ?? {});
  let sum = 0;
  for (const part of trimmed.split(',')) {
    const name = part.trim();
    const exact = values.find(([key]) => key === name);
    const entry = exact ?? (ignoreCase ? values.find(([key]) => key.toLowerCase() === name.toLowerCase()) : undefined);
    if (!entry) return undefined;
    sum |= entry[1];
  }
  return sum;
}

function parse(type: string, text: string | null, ignoreCase: boolean): Boxed {
  if (text === null) throw argumentNull('value');
  if (text.trim() === '') throw argumentException('Must specify valid information for parsing in the string.');
  const value = read(type, text, ignoreCase);
  if (value === undefined) throw argumentException(`Requested value '${text.trim()}' was not found.`);
  return new Boxed(type, value);
}

function tryParse(type: string, text: string | null, ignoreCase: boolean, result: Out<Uniform>): boolean {
  const value = text === null ? undefined : read(type, text, ignoreCase);
  result.value = new Boxed(type, value ?? 0);
  return value !== undefined;
}

function typeName(type: NetType | null): string {
  if (type === null) throw argumentNull('enumType');
  if (enumDescription(type.fullName)) return type.fullName;
  throw argumentException('Type provided must be an Enum.', 'enumType');
}

/** Names and values go by the value as unsigned. */
function sorted(type: string): [string, number][] {
  return Object.entries(enumDescription(type)?.values ?? {}).sort((a, b) => (a[1] >>> 0) - (b[1] >>> 0));
}

const names = (type: string) =>
  netArray(
    'System.String',
    sorted(type).map(([name]) => name),
  );
const values = (type: string) =>
  netArray(
    type,
    sorted(type).map(([, value]) => new Boxed(type, value)),
  );

function isDefined(type: string, value: Uniform): boolean {
  if (value === null) throw argumentNull('value');
  const known = enumDescription(type)?.values ?? {};
  return typeof value === 'string' ? Object.hasOwn(known, value) : Object.values(known).includes(Number(unbox(value)));
}

function nameOf(type: string, value: Uniform): string | null {
  const number = Number(unbox(value));
  return Object.entries(enumDescription(type)?.values ?? {}).find(([, v]) => v === number)?.[0] ?? null;
}

/** `self` of a member of Enum is UNIFORM: the static type is a class. */
const numberOf = (value: Uniform) => Number(unbox(value));
const nameOfType = (value: Uniform) => (value instanceof Boxed ? value.type : 'System.Int32');

export const enumType = declareType({
  name: 'System.Enum',
  kind: 'class',
  base: 'System.ValueType',
  interfaces: ['IComparable', 'IFormattable'],
  test: (value) => value instanceof Boxed && enumDescription(value.type) !== undefined,
  members: {
    'static object Parse(Type enumType, string value)': (type: NetType | null, text: string | null) =>
      parse(typeName(type), text, false),
    'static object Parse(Type enumType, string value, bool ignoreCase)': (
      type: NetType | null,
      text: string | null,
      ignoreCase: boolean,
    ) => parse(typeName(type), text, ignoreCase),
    'static TEnum Parse<TEnum>(string value)': generic(([type], text: string | null) =>
      parse(type?.name ?? '', text, false),
    ),
    'static TEnum Parse<TEnum>(string value, bool ignoreCase)': generic(
      ([type], text: string | null, ignoreCase: boolean) => parse(type?.name ?? '', text, ignoreCase),
    ),
    'static bool TryParse<TEnum>(string value, out TEnum result)': generic(
      ([type], text: string | null, result: Out<Uniform>) => tryParse(type?.name ?? '', text, false, result),
    ),
    'static bool TryParse<TEnum>(string value, bool ignoreCase, out TEnum result)': generic(
      ([type], text: string | null, ignoreCase: boolean, result: Out<Uniform>) =>
        tryParse(type?.name ?? '', text, ignoreCase, result),
    ),
    'static string[] GetNames(Type enumType)': (type: NetType | null) => names(typeName(type)),
    'static string[] GetNames<TEnum>()': generic(([type]) => names(type?.name ?? '')),
    'static Array GetValues(Type enumType)': (type: NetType | null) => values(typeName(type)),
    'static TEnum[] GetValues<TEnum>()': generic(([type]) => values(type?.name ?? '')),
    'static string GetName(Type enumType, object value)': (type: NetType | null, value: Uniform) =>
      nameOf(typeName(type), value),
    'static bool IsDefined(Type enumType, object value)': (type: NetType | null, value: Uniform) =>
      isDefined(typeName(type), value),
    'static bool IsDefined<TEnum>(TEnum value)': generic(([type], value: Uniform) =>
      isDefined(type?.name ?? '', value),
    ),
    'static object ToObject(Type enumType, int value)': (type: NetType | null, value: number) =>
      new Boxed(typeName(type), value),
    'static Type GetUnderlyingType(Type enumType)': (type: NetType | null) => {
      typeName(type);
      return new NetType('System.Int32');
    },
    'static string Format(Type enumType, object value, string format)': (
      type: NetType | null,
      value: Uniform,
      format: string | null,
    ) => {
      if (value === null) throw argumentNull('value');
      if (format === null) throw argumentNull('format');
      return formatEnum(typeName(type), numberOf(value), format);
    },
    'bool HasFlag(Enum flag)': (self: Uniform, flag: Uniform) => {
      if (flag === null) throw argumentNull('flag');
      if (nameOfType(self) !== nameOfType(flag)) {
        throw argumentException(
          `The argument type, '${nameOfType(flag)}', is not the same as the enum type '${nameOfType(self)}'.`,
        );
      }
      return (numberOf(self) & numberOf(flag)) === numberOf(flag);
    },
    'string ToString()': (self: Uniform) => toStringOf(self),
    'string ToString(string format)': (self: Uniform, format: string | null) =>
      formatEnum(nameOfType(self), numberOf(self), format),
    'int CompareTo(object target)': (self: Uniform, other: Uniform) => compareOf(self, other),
    'bool Equals(object obj)': (self: Uniform, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: Uniform) => hashOf(self),
  },
});
