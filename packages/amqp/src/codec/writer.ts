import { AmqpArray, AmqpMap, type AmqpValue, Described, Typed } from '../values.ts';
import { arrayItemWriter } from './array-items.ts';
import { format, maxDepth } from './format.ts';
import { UnencodableValue, unsigned32, writeTyped } from './scalars.ts';

/**
 * The bytes of a value, in the smallest encoding of its type.
 * @throws {UnencodableValue}
 */
export function encodeValue(value: AmqpValue): Buffer {
  const writer = new ValueWriter(64);
  writer.value(value);
  return writer.bytes();
}

/** Writes values one after another into a buffer that grows. */
export class ValueWriter {
  buffer: Buffer;
  length = 0;
  #depth = 0;

  constructor(capacity = 256) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  /** What was written; the writer must not be used any more. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Makes room for so many bytes; where they begin. The length is behind them. */
  reserve(bytes: number): number {
    const start = this.length;
    const needed = start + bytes;
    if (needed > this.buffer.length) this.grow(needed);
    this.length = needed;
    return start;
  }

  protected grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }

  /** Bytes that are encoded already. */
  raw(bytes: Uint8Array): void {
    const start = this.reserve(bytes.length);
    this.buffer.set(bytes, start);
  }

  byte(byte: number): void {
    const start = this.reserve(1);
    this.buffer[start] = byte;
  }

  null(): void {
    this.byte(format.null);
  }

  boolean(value: boolean): void {
    this.byte(value ? format.true : format.false);
  }

  ubyte(value: number): void {
    const start = this.reserve(2);
    this.buffer[start] = format.ubyte;
    this.buffer[start + 1] = value;
  }

  ushort(value: number): void {
    const start = this.reserve(3);
    this.buffer[start] = format.ushort;
    this.buffer.writeUInt16BE(value, start + 1);
  }

  uint(value: number): void {
    if (value === 0) {
      this.byte(format.uint0);
    } else if (value <= 0xff) {
      const start = this.reserve(2);
      this.buffer[start] = format.smalluint;
      this.buffer[start + 1] = value;
    } else {
      const start = this.reserve(5);
      this.buffer[start] = format.uint;
      this.buffer.writeUInt32BE(value, start + 1);
    }
  }

  ulong(value: number | bigint): void {
    writeTyped(this, 'ulong', value);
  }

  string(value: string): void {
    const length = Buffer.byteLength(value);
    this.#lengthOf(length, format.string8, format.string32);
    const start = this.reserve(length);
    this.buffer.write(value, start, length, 'utf8');
  }

  symbol(value: string): void {
    for (let index = 0; index < value.length; index++) {
      if (value.charCodeAt(index) >= 0x80) throw new UnencodableValue(`the symbol '${value}' is not ASCII`);
    }
    this.#lengthOf(value.length, format.symbol8, format.symbol32);
    const start = this.reserve(value.length);
    this.buffer.write(value, start, value.length, 'latin1');
  }

  binary(value: Uint8Array): void {
    this.#lengthOf(value.length, format.binary8, format.binary32);
    this.raw(value);
  }

  #lengthOf(length: number, small: number, large: number): void {
    if (length <= 0xff) {
      const start = this.reserve(2);
      this.buffer[start] = small;
      this.buffer[start + 1] = length;
    } else {
      const start = this.reserve(5);
      this.buffer[start] = large;
      this.buffer.writeUInt32BE(unsigned32(length), start + 1);
    }
  }

  /** A descriptor as all peers understand it: smallulong where it fits. */
  descriptor(code: number): void {
    if (code <= 0xff) {
      const start = this.reserve(3);
      this.buffer[start] = format.described;
      this.buffer[start + 1] = format.smallulong;
      this.buffer[start + 2] = code;
      return;
    }
    this.byte(format.described);
    this.ulong(code);
  }

  /**
   * Begins a list, map or array (give their 8-bit constructor); what it returns goes to `endCompound`. The small header is widened
   * where the items need it.
   */
  beginCompound(code: number): number {
    const start = this.reserve(3);
    this.buffer[start] = code;
    return start;
  }

  endCompound(start: number, count: number): void {
    const size = this.length - start - 2;
    if (size <= 0xff && count <= 0xff) {
      this.buffer[start + 1] = size;
      this.buffer[start + 2] = count;
      return;
    }
    const end = this.length;
    this.reserve(6);
    this.buffer.copyWithin(start + 9, start + 3, end);
    this.buffer[start]! += format.list32 - format.list8;
    this.buffer.writeUInt32BE(unsigned32(size + 3), start + 1);
    this.buffer.writeUInt32BE(unsigned32(count), start + 5);
  }

  /** @throws {UnencodableValue} */
  value(value: AmqpValue): void {
    if (value === null) this.null();
    else if (typeof value === 'string') this.string(value);
    else if (typeof value === 'boolean') this.boolean(value);
    else if (value instanceof Typed) writeTyped(this, value.type, value.value);
    else if (value instanceof AmqpMap) this.map(value);
    else if (value instanceof Uint8Array) this.binary(value);
    else if (value instanceof Described) this.#described(value);
    else if (value instanceof AmqpArray) this.array(value);
    else if (Array.isArray(value)) this.list(value);
    else throw new UnencodableValue(`${typeof value} is no AMQP value`);
  }

  list(items: readonly AmqpValue[]): void {
    if (items.length === 0) {
      this.byte(format.list0);
      return;
    }
    this.enter();
    const start = this.beginCompound(format.list8);
    for (const item of items) this.value(item);
    this.endCompound(start, items.length);
    this.leave();
  }

  map(map: AmqpMap): void {
    this.enter();
    const start = this.beginCompound(format.map8);
    for (const [key, value] of map.entries) {
      this.value(key);
      this.value(value);
    }
    this.endCompound(start, map.entries.length * 2);
    this.leave();
  }

  array(array: AmqpArray): void {
    this.enter();
    const start = this.beginCompound(format.array8);
    const write = arrayItemWriter(this, array);
    for (const item of array.items) write(item);
    this.endCompound(start, array.items.length);
    this.leave();
  }

  symbols(names: readonly string[]): void {
    this.array(
      new AmqpArray(
        'symbol',
        names.map((name) => new Typed('symbol', name)),
      ),
    );
  }

  #described(value: Described): void {
    this.enter();
    this.byte(format.described);
    this.value(value.descriptor);
    this.value(value.value);
    this.leave();
  }

  enter(): void {
    if (++this.#depth > maxDepth) throw new UnencodableValue(`values are nested more than ${maxDepth} deep`);
  }

  leave(): void {
    this.#depth--;
  }
}
