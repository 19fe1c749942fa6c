import { splitString } from '../../runtime/split-string.ts';
import { Boxed, type Uniform } from '../../runtime/values.ts';
import type { Implementation } from '../declare.ts';

type Items = readonly Uniform[] | null;

/** No separators mean white space. */
const chars = (items: Items) =>
  (items ?? []).map((c) => (c instanceof Boxed ? String.fromCharCode(Number(c.value)) : ''));
/** An array that holds only empty strings separates nothing. */
const strings = (items: Items) => (items ?? []).map((s) => (typeof s === 'string' ? s : ''));
/** A null separator means white space; an empty one splits nothing. */
const one = (separator: string | null) => (separator === null ? [] : [separator]);
const most = 2_147_483_647;

/** The overloads of `Split`: .NET Framework's, and those with a single separator that .NET Core added. */
export const stringSplitMembers: Readonly<Record<string, Implementation>> = {
  'string[] Split(params char[] separator)': (self: string, separator: Items) => splitString(self, chars(separator)),
  'string[] Split(char[] separator, int count)': (self: string, separator: Items, count: number) =>
    splitString(self, chars(separator), count),
  'string[] Split(char[] separator, StringSplitOptions options)': (self: string, separator: Items, options: number) =>
    splitString(self, chars(separator), most, options),
  'string[] Split(char[] separator, int count, StringSplitOptions options)': (
    self: string,
    separator: Items,
    count: number,
    options: number,
  ) => splitString(self, chars(separator), count, options),
  'string[] Split(string[] separator, StringSplitOptions options)': (self: string, separator: Items, options: number) =>
    splitString(self, strings(separator), most, options),
  'string[] Split(string[] separator, int count, StringSplitOptions options)': (
    self: string,
    separator: Items,
    count: number,
    options: number,
  ) => splitString(self, strings(separator), count, options),
  'string[] Split(char separator, StringSplitOptions options = StringSplitOptions.None)': (
    self: string,
    separator: number,
    options: number,
  ) => splitString(self, [String.fromCharCode(separator)], most, options),
  'string[] Split(char separator, int count, StringSplitOptions options = StringSplitOptions.None)': (
    self: string,
    separator: number,
    count: number,
    options: number,
  ) => splitString(self, [String.fromCharCode(separator)], count, options),
  'string[] Split(string separator, StringSplitOptions options = StringSplitOptions.None)': (
    self: string,
    separator: string | null,
    options: number,
  ) => splitString(self, one(separator), most, options),
  'string[] Split(string separator, int count, StringSplitOptions options = StringSplitOptions.None)': (
    self: string,
    separator: string | null,
    count: number,
    options: number,
  ) => splitString(self, one(separator), count, options),
};
