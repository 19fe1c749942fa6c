import { skipValue } from '../codec/skip.ts';
import { AmqpArray, AmqpMap, type AmqpValue, Typed } from '../values.ts';
import { AmqpViolation, decodeError } from '../violation.ts';

/** Fields of a list one after another, straight from the bytes: for the performatives that come with every message. */
export class FieldReader {
  #buffer: Buffer = Buffer.alloc(0);
  #offset = 0;
  #end = 0;
  #remaining = 0;

  /** The list begins at `offset`. @throws {AmqpViolation} `amqp:decode-error` where there is none, or it does not end before `end` */
  open(buffer: Buffer, offset: number, end: number): void {
    this.#buffer = buffer;
    const code = offset < end ? buffer[offset]! : -1;
    if (code === 0xc0 && offset + 3 <= end) {
      this.#end = offset + 2 + buffer[offset + 1]!;
      this.#remaining = buffer[offset + 2]!;
      this.#offset = offset + 3;
    } else if (code === 0xd0 && offset + 9 <= end) {
      this.#end = offset + 5 + buffer.readUInt32BE(offset + 1);
      this.#remaining = buffer.readUInt32BE(offset + 5);
      this.#offset = offset + 9;
    } else if (code === 0x45) {
      this.#offset = this.#end = offset + 1;
      this.#remaining = 0;
    } else {
      throw decodeError(offset, 'the list of a performative was expected');
    }
    if (this.#end > end || this.#offset > this.#end)
      throw decodeError(offset, 'a list does not end where its size says');
  }

  /** The offset behind the list. */
  get end(): number {
    return this.#end;
  }

  #next(): number {
    if (this.#remaining === 0) return 0x40;
    this.#remaining--;
    if (this.#offset >= this.#end) throw decodeError(this.#offset, 'fewer fields than the count says');
    return this.#buffer[this.#offset++]!;
  }

  #take(bytes: number): number {
    const at = this.#offset;
    this.#offset += bytes;
    if (this.#offset > this.#end) throw decodeError(at, 'a field reaches beyond its list');
    return at;
  }

  /** -1: null, or not there. */
  uint(name: string): number {
    switch (this.#next()) {
      case 0x40:
        return -1;
      case 0x43:
        return 0;
      case 0x52:
        return this.#buffer[this.#take(1)]!;
      case 0x70: {
        const at = this.#take(4);
        const buffer = this.#buffer;
        return buffer[at]! * 0x1000000 + ((buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!);
      }
      default:
        throw wrongType(name, 'uint');
    }
  }

  /** @throws {AmqpViolation} `amqp:invalid-field` where it is null */
  mandatoryUint(name: string): number {
    const value = this.uint(name);
    if (value === -1) throw missing(name);
    return value;
  }

  boolean(name: string): boolean | undefined {
    switch (this.#next()) {
      case 0x40:
        return undefined;
      case 0x41:
        return true;
      case 0x42:
        return false;
      case 0x56:
        return this.#buffer[this.#take(1)] === 1;
      default:
        throw wrongType(name, 'boolean');
    }
  }

  /** Start and length of a binary are in `binaryStart` and what is returned; -1: null. */
  binary(name: string): number {
    let length: number;
    switch (this.#next()) {
      case 0x40:
        return -1;
      case 0xa0:
        length = this.#buffer[this.#take(1)]!;
        break;
      case 0xb0:
        length = this.#buffer.readUInt32BE(this.#take(4));
        break;
      default:
        throw wrongType(name, 'binary');
    }
    this.binaryStart = this.#take(length);
    return length;
  }
  binaryStart = 0;

  /** Steps over a value of any type; where it begins, -1: null. It ends at `offset`. */
  any(): number {
    const code = this.#next();
    if (code === 0x40) return -1;
    const start = this.#offset - 1;
    this.#offset = skipValue(this.#buffer, start, this.#end);
    return start;
  }

  get offset(): number {
    return this.#offset;
  }
}

/** Fields of a decoded list with their types checked: for the performatives that come once. */
export class Fields {
  readonly #values: readonly AmqpValue[];
  readonly #of: string;

  constructor(of: string, values: readonly AmqpValue[]) {
    this.#of = of;
    this.#values = values;
  }

  any(index: number): AmqpValue {
    return this.#values[index] ?? null;
  }

  number(index: number, name: string, type: 'ubyte' | 'ushort' | 'uint' | 'ulong'): number | undefined {
    const value = this.any(index);
    if (value === null) return undefined;
    if (!(value instanceof Typed) || value.type !== type) throw wrongType(`${this.#of}.${name}`, type);
    return Number(value.value);
  }

  mandatoryNumber(index: number, name: string, type: 'ubyte' | 'ushort' | 'uint' | 'ulong'): number {
    const value = this.number(index, name, type);
    if (value === undefined) throw missing(`${this.#of}.${name}`);
    return value;
  }

  /** A ubyte from 0 to `most`; its default (`most`) where it is null. */
  choice(index: number, name: string, most: number, byDefault = most): number {
    const value = this.number(index, name, 'ubyte') ?? byDefault;
    if (value > most)
      throw new AmqpViolation('amqp:invalid-field', `Field '${this.#of}.${name}' is 0 to ${most}, not ${value}.`);
    return value;
  }

  mandatoryBoolean(index: number, name: string): boolean {
    const value = this.boolean(index, name);
    if (value === undefined) throw missing(`${this.#of}.${name}`);
    return value;
  }

  mandatoryString(index: number, name: string): string {
    const value = this.string(index, name);
    if (value === undefined) throw missing(`${this.#of}.${name}`);
    return value;
  }

  boolean(index: number, name: string): boolean | undefined {
    const value = this.any(index);
    if (value === null) return undefined;
    if (typeof value !== 'boolean') throw wrongType(`${this.#of}.${name}`, 'boolean');
    return value;
  }

  string(index: number, name: string): string | undefined {
    const value = this.any(index);
    if (value === null) return undefined;
    if (typeof value !== 'string') throw wrongType(`${this.#of}.${name}`, 'string');
    return value;
  }

  /** A symbol, or a string where a client does not tell them apart. */
  symbol(index: number, name: string): string | undefined {
    const value = this.any(index);
    if (value === null) return undefined;
    if (typeof value === 'string') return value;
    if (!(value instanceof Typed) || value.type !== 'symbol') throw wrongType(`${this.#of}.${name}`, 'symbol');
    return String(value.value);
  }

  /** A field that may be one symbol or an array of them. */
  symbols(index: number, name: string): readonly string[] {
    const value = this.any(index);
    if (value === null) return [];
    const items =
      value instanceof AmqpArray || Array.isArray(value) ? ('items' in value ? value.items : value) : [value];
    return items.map((item: AmqpValue) => {
      if (typeof item === 'string') return item;
      if (!(item instanceof Typed) || item.type !== 'symbol') throw wrongType(`${this.#of}.${name}`, 'symbol');
      return String(item.value);
    });
  }

  binary(index: number, name: string): Buffer | undefined {
    const value = this.any(index);
    if (value === null) return undefined;
    if (!Buffer.isBuffer(value)) throw wrongType(`${this.#of}.${name}`, 'binary');
    return value;
  }

  map(index: number, name: string): AmqpMap {
    const value = this.any(index);
    if (value === null) return new AmqpMap();
    if (!(value instanceof AmqpMap)) throw wrongType(`${this.#of}.${name}`, 'map');
    return value;
  }
}

const wrongType = (name: string, type: string) =>
  new AmqpViolation('amqp:decode-error', `Field '${name}' is no ${type}.`);

const missing = (name: string) =>
  new AmqpViolation('amqp:invalid-field', `Field '${name}' is missing; it is mandatory.`);
