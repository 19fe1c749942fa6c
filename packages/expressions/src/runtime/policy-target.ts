import type { CompileOptions } from '../compile.ts';
import { formatException, invalidCast, nullReference } from './exceptions.ts';
import { toStringOf } from './object.ts';
import { Boxed, typeNameOf, type Uniform } from './values.ts';

/**
 * What an expression gave, as the policy wants it. The compiler has converted whatever it knew the type of; a UNIFORM
 * value of static type `object` is converted here: numbers by their value, strings by their text.
 * Throws InvalidCastException, FormatException, NullReferenceException.
 */
export function toPolicyTarget(value: Uniform, target: CompileOptions['target']): unknown {
  switch (target) {
    case 'object':
      return value ?? null;
    case 'string':
      return value === null || value === undefined ? null : toStringOf(value);
    case 'bool':
      return typeof value === 'boolean' ? value : toBoolean(value);
    case 'int':
      return typeof value === 'number' ? value : Number(toInteger(value, -2147483648n, 2147483647n, 'System.Int32'));
    case 'long':
      return typeof value === 'bigint'
        ? value
        : toInteger(value, -9223372036854775808n, 9223372036854775807n, 'System.Int64');
    case 'double':
      return typeof value === 'number' ? value : toDouble(value);
  }
}

function toBoolean(value: Uniform): boolean {
  if (value === null || value === undefined) throw nullReference();
  if (typeof value !== 'string') throw invalidCast(typeNameOf(value) ?? 'System.Object', 'System.Boolean');
  const text = value.trim().toLowerCase();
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw formatException('String was not recognized as a valid Boolean.');
}

function toInteger(value: Uniform, least: bigint, most: bigint, type: string): bigint {
  const number = numberOf(value, type);
  const whole = typeof number === 'bigint' ? number : Number.isInteger(number) ? BigInt(number) : undefined;
  if (whole === undefined || whole < least || whole > most) throw formatException();
  return whole;
}

function toDouble(value: Uniform): number {
  return Number(numberOf(value, 'System.Double'));
}

function numberOf(value: Uniform, type: string): number | bigint {
  if (value === null || value === undefined) throw nullReference();
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Boxed) return value.value;
  const text =
    typeof value === 'string'
      ? value.trim()
      : /^Newtonsoft|Decimal$/.test(typeNameOf(value) ?? '')
        ? toStringOf(value)
        : undefined;
  if (text === undefined) throw invalidCast(typeNameOf(value) ?? 'System.Object', type);
  if (/^[+-]?\d{1,30}$/.test(text)) return BigInt(text.replace('+', ''));
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$/.test(text)) return Number(text);
  throw formatException();
}
