import type { Typed, TypeName } from '../values.ts';
import { format } from './format.ts';
import type { ValueWriter } from './writer.ts';

/** A value that its type cannot hold: a bug of the caller, not of a peer. */
export class UnencodableValue extends Error {
  override readonly name = 'UnencodableValue';
}

/** Writes a value with its constructor, in the smallest encoding. */
export function writeTyped(writer: ValueWriter, type: TypeName, value: Typed['value']): void {
  if (type === 'symbol') {
    writer.symbol(textOf(type, value));
    return;
  }
  const code = smallestCode(type, value);
  writer.byte(code);
  writeScalar(writer, code, type, value);
}

/** The smallest encoding that holds the value (of types of fixed width). */
function smallestCode(type: Exclude<TypeName, 'symbol'>, value: Typed['value']): number {
  switch (type) {
    case 'uint':
      return value === 0 ? format.uint0 : Number(value) <= 0xff ? format.smalluint : format.uint;
    case 'ulong':
      return Number(value) === 0 ? format.ulong0 : Number(value) <= 0xff ? format.smallulong : format.ulong;
    case 'int':
      return isInt8(value) ? format.smallint : format.int;
    case 'long':
      return isInt8(value) ? format.smalllong : format.long;
    default:
      return format[type];
  }
}

/** The encoding that holds all of the values and takes bytes for each: what an array announces. */
export function arrayCode(type: Exclude<TypeName, 'symbol'>, values: readonly Typed['value'][]): number {
  switch (type) {
    case 'uint':
      return values.every((value) => Number(value) <= 0xff) ? format.smalluint : format.uint;
    case 'ulong':
      return values.every((value) => Number(value) <= 0xff) ? format.smallulong : format.ulong;
    case 'int':
      return values.every(isInt8) ? format.smallint : format.int;
    case 'long':
      return values.every(isInt8) ? format.smalllong : format.long;
    default:
      return format[type];
  }
}

/** The bytes of a value behind its constructor. */
export function writeScalar(writer: ValueWriter, code: number, type: TypeName, value: Typed['value']): void {
  switch (type) {
    case 'ubyte':
      writer.byte(integerOf(type, value, 0, 0xff));
      break;
    case 'byte':
      writer.byte(integerOf(type, value, -0x80, 0x7f) & 0xff);
      break;
    case 'ushort': {
      const number = integerOf(type, value, 0, 0xffff);
      const at = writer.reserve(2);
      writer.buffer.writeUInt16BE(number, at);
      break;
    }
    case 'short': {
      const number = integerOf(type, value, -0x8000, 0x7fff);
      const at = writer.reserve(2);
      writer.buffer.writeInt16BE(number, at);
      break;
    }
    case 'uint':
    case 'int': {
      const number =
        type === 'uint' ? integerOf(type, value, 0, 0xffffffff) : integerOf(type, value, -0x80000000, 0x7fffffff);
      if (code === format.uint0) break;
      if (code === format.smalluint || code === format.smallint) {
        writer.byte(number & 0xff);
        break;
      }
      const at = writer.reserve(4);
      writer.buffer.writeUInt32BE(number >>> 0, at);
      break;
    }
    case 'ulong':
    case 'long':
    case 'timestamp':
      writeInteger64(writer, code, type, value);
      break;
    case 'float': {
      const number = numberOf(type, value);
      const at = writer.reserve(4);
      writer.buffer.writeFloatBE(number, at);
      break;
    }
    case 'double': {
      const number = numberOf(type, value);
      const at = writer.reserve(8);
      writer.buffer.writeDoubleBE(number, at);
      break;
    }
    case 'char': {
      const point = integerOf(type, value, 0, 0x10ffff);
      if (point >= 0xd800 && point <= 0xdfff) throw new UnencodableValue(`${point} is no Unicode character`);
      const at = writer.reserve(4);
      writer.buffer.writeUInt32BE(point, at);
      break;
    }
    case 'decimal32':
      writer.raw(bytesOf(type, value, 4));
      break;
    case 'decimal64':
      writer.raw(bytesOf(type, value, 8));
      break;
    case 'decimal128':
    case 'uuid':
      writer.raw(bytesOf(type, value, 16));
      break;
    case 'symbol':
      throw new UnencodableValue('a symbol has no fixed width');
  }
}

function writeInteger64(
  writer: ValueWriter,
  code: number,
  type: 'ulong' | 'long' | 'timestamp',
  value: Typed['value'],
): void {
  if (typeof value === 'number' ? !Number.isSafeInteger(value) : typeof value !== 'bigint')
    throw new UnencodableValue(`${String(value)} is no exact ${type}; give a bigint beyond 2^53`);
  const whole = BigInt(value as number | bigint);
  if (type === 'ulong' ? whole < 0n || whole > 0xffffffffffffffffn : whole < -(2n ** 63n) || whole >= 2n ** 63n)
    throw new UnencodableValue(`${whole} is out of the range of ${type}`);
  if (code === format.ulong0) return;
  if (code === format.smallulong || code === format.smalllong) {
    writer.byte(Number(whole) & 0xff);
    return;
  }
  const at = writer.reserve(8);
  if (type === 'ulong') writer.buffer.writeBigUInt64BE(whole, at);
  else writer.buffer.writeBigInt64BE(whole, at);
}

const isInt8 = (value: Typed['value']): boolean => Number(value) >= -0x80 && Number(value) <= 0x7f;

function integerOf(type: TypeName, value: Typed['value'], least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new UnencodableValue(`${String(value)} is no ${type}; expected an integer from ${least} to ${most}`);
  return value;
}

function numberOf(type: TypeName, value: Typed['value']): number {
  if (typeof value !== 'number') throw new UnencodableValue(`${String(value)} is no ${type}`);
  return value;
}

function bytesOf(type: TypeName, value: Typed['value'], length: number): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length)
    throw new UnencodableValue(`a ${type} has ${length} bytes`);
  return value;
}

export function textOf(type: TypeName, value: Typed['value']): string {
  if (typeof value !== 'string') throw new UnencodableValue(`a ${type} is a string`);
  return value;
}

export function unsigned32(value: number): number {
  if (value > 0xffffffff) throw new UnencodableValue(`${value} bytes are more than a size can tell`);
  return value;
}
