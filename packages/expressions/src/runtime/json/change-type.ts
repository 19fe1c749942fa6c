import * as convert from '../convert.ts';
import type { DateTime } from '../datetime.ts';
import { DateTimeOffset } from '../datetimeoffset.ts';
import { overflow } from '../exceptions.ts';
import type { Uniform } from '../values.ts';
import { BigInteger } from './big-integer.ts';

const integer = (name: string, article: string, min: bigint, max: bigint) => ({
  name,
  article,
  min,
  max,
  big: name.endsWith('64'),
});

const integers = [
  integer('System.SByte', 'a signed byte', -128n, 127n),
  integer('System.Byte', 'an unsigned byte', 0n, 255n),
  integer('System.Int16', 'an Int16', -32768n, 32767n),
  integer('System.UInt16', 'a UInt16', 0n, 65535n),
  integer('System.Int32', 'an Int32', -2147483648n, 2147483647n),
  integer('System.UInt32', 'a UInt32', 0n, 4294967295n),
  integer('System.Int64', 'an Int64', -(1n << 63n), (1n << 63n) - 1n),
  integer('System.UInt64', 'a UInt64', 0n, (1n << 64n) - 1n),
];

/**
 * `Convert.ChangeType(value, type, CultureInfo.InvariantCulture)` over UNIFORM values, and over the integers of a JSON
 * text that fit into no type of System. Throws FormatException, OverflowException and InvalidCastException.
 */
export function changeType(value: Uniform, type: string): Uniform {
  const bounds = integers.find(({ name }) => name === type);
  if (!(value instanceof BigInteger)) return convert.changeType(value, type, bounds);
  if (bounds) throw overflow(`Value was either too large or too small for ${bounds.article}.`);
  return convert.changeType(String(value.value), type, undefined);
}

/** `Convert.ToDateTime`; of a DateTimeOffset its clock time. */
export function toDate(value: Uniform): DateTime {
  return value instanceof DateTimeOffset ? value.clock : convert.toDate(value);
}
