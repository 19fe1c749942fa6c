import { keywordTypes } from '../runtime/keyword-types.ts';

const keywords = new Map(Object.entries(keywordTypes).map(([keyword, name]) => [name, keyword]));

export const keywordOf = (fullName: string): string | undefined => keywords.get(fullName);
export const fullNameOfKeyword = (keyword: string): string | undefined =>
  Object.hasOwn(keywordTypes, keyword) ? keywordTypes[keyword] : undefined;

export type NumberKind =
  | 'sbyte'
  | 'byte'
  | 'short'
  | 'ushort'
  | 'int'
  | 'uint'
  | 'long'
  | 'ulong'
  | 'char'
  | 'float'
  | 'double'
  | 'decimal';

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  sbyte: [-128n, 127n],
  byte: [0n, 255n],
  short: [-32768n, 32767n],
  ushort: [0n, 65535n],
  char: [0n, 65535n],
  int: [-2147483648n, 2147483647n],
  uint: [0n, 4294967295n],
  long: [-9223372036854775808n, 9223372036854775807n],
  ulong: [0n, 18446744073709551615n],
};

/** The values of an integral type; undefined for any other. */
export const rangeOf = (keyword: string): readonly [bigint, bigint] | undefined =>
  Object.hasOwn(ranges, keyword) ? ranges[keyword] : undefined;

export const isIntegral = (keyword: string | undefined): keyword is NumberKind =>
  keyword !== undefined && Object.hasOwn(ranges, keyword);
export const isReal = (keyword: string | undefined): boolean => keyword === 'float' || keyword === 'double';
export const isNumeric = (keyword: string | undefined): keyword is NumberKind =>
  isIntegral(keyword) || isReal(keyword) || keyword === 'decimal';
/** Represented by a bigint. */
export const isLong = (keyword: string | undefined): boolean => keyword === 'long' || keyword === 'ulong';

/** C# specification, "Implicit numeric conversions". */
const widening: Readonly<Record<string, readonly string[]>> = {
  sbyte: ['short', 'int', 'long', 'float', 'double', 'decimal'],
  byte: ['short', 'ushort', 'int', 'uint', 'long', 'ulong', 'float', 'double', 'decimal'],
  short: ['int', 'long', 'float', 'double', 'decimal'],
  ushort: ['int', 'uint', 'long', 'ulong', 'float', 'double', 'decimal'],
  int: ['long', 'float', 'double', 'decimal'],
  uint: ['long', 'ulong', 'float', 'double', 'decimal'],
  long: ['float', 'double', 'decimal'],
  ulong: ['float', 'double', 'decimal'],
  char: ['ushort', 'int', 'uint', 'long', 'ulong', 'float', 'double', 'decimal'],
  float: ['double'],
};

export const widens = (from: string, to: string): boolean =>
  Object.hasOwn(widening, from) && (widening[from]?.includes(to) ?? false);

/** C# specification, "Binary numeric promotions"; undefined when there is no common type (`long + ulong`). */
export function promote(a: string, b: string): NumberKind | undefined {
  if (a === 'decimal' || b === 'decimal') return isReal(a) || isReal(b) ? undefined : 'decimal';
  if (a === 'double' || b === 'double') return 'double';
  if (a === 'float' || b === 'float') return 'float';
  if (a === 'ulong' || b === 'ulong') {
    const other = a === 'ulong' ? b : a;
    return other === 'ulong' || (rangeOf(other)?.[0] ?? -1n) === 0n ? 'ulong' : undefined;
  }
  if (a === 'long' || b === 'long') return 'long';
  if (a === 'uint' || b === 'uint') {
    const other = a === 'uint' ? b : a;
    return other === 'uint' || (rangeOf(other)?.[0] ?? -1n) === 0n ? 'uint' : 'long';
  }
  return 'int';
}
