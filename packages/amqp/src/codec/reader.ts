import { isUtf8 } from 'node:buffer';
import { AmqpArray, AmqpMap, type AmqpValue, Described, Typed } from '../values.ts';
import { decodeError } from '../violation.ts';
import { format, maxDepth, maxZeroWidthItems } from './format.ts';

/**
 * The one value between two offsets; it must fill them. Binaries are views into the buffer.
 * @throws {AmqpViolation} `amqp:decode-error`
 */
export function decodeValue(buffer: Buffer, offset = 0, end = buffer.length): AmqpValue {
  const reader = new ValueReader(buffer, offset, end);
  const value = reader.read();
  if (reader.offset !== end)
    throw decodeError(reader.offset, `${end - reader.offset} bytes follow the value, none were expected`);
  return value;
}

/**
 * Reads value after value. Nothing is allocated on the word of a count or a size: each is held against the bytes that are there, and
 * items without bytes against `maxZeroWidthItems`.
 */
export class ValueReader {
  readonly buffer: Buffer;
  offset: number;
  readonly end: number;
  #depth = 0;
  #zeroWidthItems = 0;

  constructor(buffer: Buffer, offset = 0, end = buffer.length) {
    this.buffer = buffer;
    this.offset = offset;
    this.end = end;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.end;
  }

  /** @throws {AmqpViolation} `amqp:decode-error` */
  read(): AmqpValue {
    const code = this.#byte();
    return code === format.described ? this.#described() : this.#body(code, this.end);
  }

  #byte(): number {
    if (this.offset >= this.end) throw decodeError(this.offset, 'the bytes end where a value was expected');
    return this.buffer[this.offset++]!;
  }

  #described(): Described {
    this.#enter();
    const descriptor = this.read();
    const value = this.read();
    this.#depth--;
    return new Described(descriptor, value);
  }

  #enter(): void {
    if (++this.#depth > maxDepth) throw decodeError(this.offset, `values are nested more than ${maxDepth} deep`);
  }

  /** Where so many bytes begin; the offset is behind them. */
  #take(bytes: number, end: number): number {
    const start = this.offset;
    if (bytes > end - start)
      throw decodeError(start, `${bytes} bytes were expected, there are ${Math.max(0, end - start)}`);
    this.offset = start + bytes;
    return start;
  }

  /** The value behind a constructor that is no descriptor. `end` bounds what it may take. */
  #body(code: number, end: number): AmqpValue {
    const { buffer } = this;
    switch (code) {
      case format.null:
        return null;
      case format.true:
        return true;
      case format.false:
        return false;
      case format.boolean: {
        const byte = buffer[this.#take(1, end)]!;
        if (byte > 1) throw decodeError(this.offset - 1, `a boolean is 0 or 1, not ${byte}`);
        return byte === 1;
      }
      case format.uint0:
        return new Typed('uint', 0);
      case format.smalluint:
        return new Typed('uint', buffer[this.#take(1, end)]!);
      case format.uint:
        return new Typed('uint', buffer.readUInt32BE(this.#take(4, end)));
      case format.ulong0:
        return new Typed('ulong', 0);
      case format.smallulong:
        return new Typed('ulong', buffer[this.#take(1, end)]!);
      case format.ulong:
        return new Typed('ulong', this.#unsigned64(this.#take(8, end)));
      case format.ubyte:
        return new Typed('ubyte', buffer[this.#take(1, end)]!);
      case format.ushort:
        return new Typed('ushort', buffer.readUInt16BE(this.#take(2, end)));
      case format.byte:
        return new Typed('byte', buffer.readInt8(this.#take(1, end)));
      case format.short:
        return new Typed('short', buffer.readInt16BE(this.#take(2, end)));
      case format.smallint:
        return new Typed('int', buffer.readInt8(this.#take(1, end)));
      case format.int:
        return new Typed('int', buffer.readInt32BE(this.#take(4, end)));
      case format.smalllong:
        return new Typed('long', buffer.readInt8(this.#take(1, end)));
      case format.long:
        return new Typed('long', this.#signed64(this.#take(8, end)));
      case format.timestamp:
        return new Typed('timestamp', this.#signed64(this.#take(8, end)));
      case format.float:
        return new Typed('float', buffer.readFloatBE(this.#take(4, end)));
      case format.double:
        return new Typed('double', buffer.readDoubleBE(this.#take(8, end)));
      case format.char: {
        const point = buffer.readUInt32BE(this.#take(4, end));
        if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
          throw decodeError(this.offset - 4, `${point} is no Unicode character`);
        return new Typed('char', point);
      }
      case format.decimal32:
        return new Typed('decimal32', this.#bytes(4, end));
      case format.decimal64:
        return new Typed('decimal64', this.#bytes(8, end));
      case format.decimal128:
        return new Typed('decimal128', this.#bytes(16, end));
      case format.uuid:
        return new Typed('uuid', this.#bytes(16, end));
      case format.binary8:
        return this.#bytes(buffer[this.#take(1, end)]!, end);
      case format.binary32:
        return this.#bytes(buffer.readUInt32BE(this.#take(4, end)), end);
      case format.string8:
        return this.#string(buffer[this.#take(1, end)]!, end);
      case format.string32:
        return this.#string(buffer.readUInt32BE(this.#take(4, end)), end);
      case format.symbol8:
        return this.#symbol(buffer[this.#take(1, end)]!, end);
      case format.symbol32:
        return this.#symbol(buffer.readUInt32BE(this.#take(4, end)), end);
      case format.list0:
        return emptyList;
      case format.list8:
      case format.list32:
        return this.#list(code === format.list8, end);
      case format.map8:
      case format.map32:
        return this.#map(code === format.map8, end);
      case format.array8:
      case format.array32:
        return this.#array(code === format.array8, end);
      default:
        throw decodeError(this.offset - 1, `0x${code.toString(16).padStart(2, '0')} is no constructor of a type`);
    }
  }

  #bytes(length: number, end: number): Buffer {
    const start = this.#take(length, end);
    return this.buffer.subarray(start, start + length);
  }

  #string(length: number, end: number): string {
    const start = this.#take(length, end);
    return readString(this.buffer, start, start + length);
  }

  #symbol(length: number, end: number): Typed {
    const start = this.#take(length, end);
    return new Typed('symbol', readSymbol(this.buffer, start, start + length));
  }

  #unsigned64(at: number): number | bigint {
    const high = this.buffer.readUInt32BE(at);
    return high < 0x200000 ? high * 0x1_0000_0000 + this.buffer.readUInt32BE(at + 4) : this.buffer.readBigUInt64BE(at);
  }

  #signed64(at: number): number | bigint {
    const high = this.buffer.readInt32BE(at);
    return high < 0x200000 && high >= -0x200000 + 1
      ? high * 0x1_0000_0000 + this.buffer.readUInt32BE(at + 4)
      : this.buffer.readBigInt64BE(at);
  }

  /** Reads size and count of a compound; its end. */
  #compoundEnd(isSmall: boolean, end: number): number {
    const width = isSmall ? 1 : 4;
    const sizeAt = this.#take(width, end);
    const size = isSmall ? this.buffer[sizeAt]! : this.buffer.readUInt32BE(sizeAt);
    if (size > end - this.offset)
      throw decodeError(sizeAt, `a size of ${size} bytes, but there are ${end - this.offset}`);
    if (size < width) throw decodeError(sizeAt, `a size of ${size} bytes leaves no room for the count`);
    return this.offset + size;
  }

  #count(isSmall: boolean): number {
    return isSmall ? this.buffer[this.offset++]! : this.buffer.readUInt32BE(this.#take(4, this.end));
  }

  /** Reads an item that must end where its compound does. */
  #item(end: number): AmqpValue {
    if (this.offset >= end) throw decodeError(this.offset, 'fewer items than the count says');
    const value = this.read();
    if (this.offset > end) throw decodeError(this.offset, 'an item reaches beyond its compound');
    return value;
  }

  #ended(end: number): void {
    if (this.offset !== end)
      throw decodeError(this.offset, `${end - this.offset} bytes follow the last item of a compound`);
    this.#depth--;
  }

  #list(isSmall: boolean, outerEnd: number): readonly AmqpValue[] {
    this.#enter();
    const end = this.#compoundEnd(isSmall, outerEnd);
    const count = this.#count(isSmall);
    if (count > end - this.offset)
      throw decodeError(this.offset, `a list of ${count} items in ${end - this.offset} bytes`);
    const items: AmqpValue[] = [];
    for (let index = 0; index < count; index++) items.push(this.#item(end));
    this.#ended(end);
    return items;
  }

  #map(isSmall: boolean, outerEnd: number): AmqpMap {
    this.#enter();
    const end = this.#compoundEnd(isSmall, outerEnd);
    const count = this.#count(isSmall);
    if (count > end - this.offset)
      throw decodeError(this.offset, `a map of ${count} keys and values in ${end - this.offset} bytes`);
    if (count % 2 === 1) throw decodeError(this.offset, `a map has as many keys as values, not ${count} in all`);
    const entries: [AmqpValue, AmqpValue][] = [];
    const seen = new Set<string>();
    for (let index = 0; index < count; index += 2) {
      const at = this.offset;
      const key = this.#item(end);
      // The bytes of a key stand for it: another encoding of an equal number is let through, which harms nobody.
      const identity = typeof key === 'string' ? `"${key}` : this.buffer.latin1Slice(at, this.offset);
      if (count > 2) {
        if (seen.has(identity)) throw decodeError(at, 'a key comes twice in a map');
        seen.add(identity);
      }
      entries.push([key, this.#item(end)]);
    }
    this.#ended(end);
    return new AmqpMap(entries);
  }

  #array(isSmall: boolean, outerEnd: number): AmqpArray {
    this.#enter();
    const end = this.#compoundEnd(isSmall, outerEnd);
    const count = this.#count(isSmall);
    const descriptors: AmqpValue[] = [];
    let code = this.#arrayByte(end);
    while (code === format.described) {
      if (descriptors.length + this.#depth >= maxDepth)
        throw decodeError(this.offset, `values are nested more than ${maxDepth} deep`);
      descriptors.unshift(this.#item(end));
      code = this.#arrayByte(end);
    }
    const type = arrayTypes[code];
    if (type === undefined)
      throw decodeError(this.offset - 1, `0x${code.toString(16).padStart(2, '0')} is no constructor of a type`);
    if (code >> 4 === 4) {
      this.#zeroWidthItems += count;
      if (this.#zeroWidthItems > maxZeroWidthItems)
        throw decodeError(this.offset, `more than ${maxZeroWidthItems} items of arrays take no bytes`);
    } else if (count > end - this.offset) {
      throw decodeError(this.offset, `an array of ${count} items in ${end - this.offset} bytes`);
    }
    const items: AmqpValue[] = [];
    for (let index = 0; index < count; index++) {
      let value = this.#body(code, end);
      for (const descriptor of descriptors) value = new Described(descriptor, value);
      items.push(value);
    }
    this.#ended(end);
    return new AmqpArray(descriptors.length > 0 ? 'described' : type, items);
  }

  #arrayByte(end: number): number {
    return this.buffer[this.#take(1, end)]!;
  }
}

const emptyList: readonly AmqpValue[] = Object.freeze([]);

const arrayTypes: (AmqpArray['type'] | undefined)[] = new Array(256).fill(undefined);
for (const [name, code] of Object.entries(format)) {
  if (name === 'described') continue;
  const type = name
    .replace(/^small/, '')
    .replace(/^(uint|ulong|list)0$/, '$1')
    .replace(/^(binary|string|symbol|list|map|array)(8|32)$/, '$1');
  arrayTypes[code] = (type === 'true' || type === 'false' ? 'boolean' : type) as AmqpArray['type'];
}

/**
 * Text between two offsets.
 * @throws {AmqpViolation} `amqp:decode-error` where it is not UTF-8
 */
export function readString(buffer: Buffer, start: number, end: number): string {
  if (end - start <= 64) {
    let index = start;
    while (index < end && buffer[index]! < 0x80) index++;
    if (index === end) return buffer.latin1Slice(start, end);
  }
  if (!isUtf8(buffer.subarray(start, end))) throw decodeError(start, 'a string is not UTF-8');
  return buffer.toString('utf8', start, end);
}

/** @throws {AmqpViolation} `amqp:decode-error` where it is not ASCII */
export function readSymbol(buffer: Buffer, start: number, end: number): string {
  for (let index = start; index < end; index++) {
    if (buffer[index]! >= 0x80) throw decodeError(index, 'a symbol is not ASCII');
  }
  return buffer.latin1Slice(start, end);
}
