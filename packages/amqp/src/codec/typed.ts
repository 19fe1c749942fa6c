import { Typed } from '../values.ts';

/** Numbers and the rest with their AMQP type. Ranges are checked when they are encoded. */
export const ubyte = (value: number): Typed => new Typed('ubyte', value);
export const ushort = (value: number): Typed => new Typed('ushort', value);
export const uint = (value: number): Typed => new Typed('uint', value);
export const ulong = (value: number | bigint): Typed => new Typed('ulong', value);
export const byte = (value: number): Typed => new Typed('byte', value);
export const short = (value: number): Typed => new Typed('short', value);
export const int = (value: number): Typed => new Typed('int', value);
export const long = (value: number | bigint): Typed => new Typed('long', value);
export const float = (value: number): Typed => new Typed('float', value);
export const double = (value: number): Typed => new Typed('double', value);
/** IEEE 754 decimals as their bytes: 4, 8 and 16. */
export const decimal32 = (value: Buffer): Typed => new Typed('decimal32', value);
export const decimal64 = (value: Buffer): Typed => new Typed('decimal64', value);
export const decimal128 = (value: Buffer): Typed => new Typed('decimal128', value);
/** A code point. */
export const char = (value: number): Typed => new Typed('char', value);
/** Milliseconds since 1970. */
export const timestamp = (value: number | bigint): Typed => new Typed('timestamp', value);
/** 16 bytes in RFC 4122 order. */
export const uuid = (value: Buffer): Typed => new Typed('uuid', value);
/** ASCII. */
export const symbol = (value: string): Typed => new Typed('symbol', value);
