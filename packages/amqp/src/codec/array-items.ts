import { AmqpArray, AmqpMap, type AmqpValue, Described, Typed } from '../values.ts';
import { format } from './format.ts';
import { arrayCode, textOf, UnencodableValue, unsigned32, writeScalar } from './scalars.ts';
import { encodeValue, type ValueWriter } from './writer.ts';

/**
 * Writes the one constructor of an array (with descriptors, where its items are described) and returns what writes an item behind
 * it. The smallest constructor that holds all items is taken.
 * @throws {UnencodableValue} where an item is of another type
 */
export function arrayItemWriter(writer: ValueWriter, array: AmqpArray): (item: AmqpValue) => void {
  const { type, items } = array;
  switch (type) {
    case 'null':
      writer.null();
      return (item) => {
        if (item !== null) throw mixed(type);
      };
    case 'boolean':
      writer.byte(format.boolean);
      return (item) => {
        if (typeof item !== 'boolean') throw mixed(type);
        writer.byte(item ? 1 : 0);
      };
    case 'string':
    case 'symbol':
    case 'binary':
      return variableWriter(writer, type, items);
    case 'list':
      writer.byte(format.list32);
      return (item) => {
        if (!Array.isArray(item)) throw mixed(type);
        writeCompound(writer, item.length, () => {
          for (const value of item) writer.value(value);
        });
      };
    case 'map':
      writer.byte(format.map32);
      return (item) => {
        if (!(item instanceof AmqpMap)) throw mixed(type);
        writeCompound(writer, item.size * 2, () => {
          for (const [key, value] of item.entries) {
            writer.value(key);
            writer.value(value);
          }
        });
      };
    case 'array':
      writer.byte(format.array32);
      return (item) => {
        if (!(item instanceof AmqpArray)) throw mixed(type);
        writeCompound(writer, item.items.length, () => {
          const write = arrayItemWriter(writer, item);
          for (const value of item.items) write(value);
        });
      };
    case 'described':
      return describedWriter(writer, items);
    default: {
      const values = items.map((item) => {
        if (!(item instanceof Typed) || item.type !== type) throw mixed(type);
        return item.value;
      });
      const code = arrayCode(type, values);
      writer.byte(code);
      return (item) => writeScalar(writer, code, type, (item as Typed).value);
    }
  }
}

const mixed = (type: string) => new UnencodableValue(`an item of an array of ${type} is of another type`);

function variableWriter(
  writer: ValueWriter,
  type: 'string' | 'symbol' | 'binary',
  items: readonly AmqpValue[],
): (item: AmqpValue) => void {
  const bytesOf = (item: AmqpValue): Uint8Array => {
    if (type === 'binary' && item instanceof Uint8Array) return item;
    if (type === 'string' && typeof item === 'string') return Buffer.from(item);
    if (type === 'symbol' && item instanceof Typed && item.type === 'symbol')
      return Buffer.from(textOf(type, item.value), 'latin1');
    throw mixed(type);
  };
  const isSmall = items.every((item) => bytesOf(item).length <= 0xff);
  writer.byte(isSmall ? format[`${type}8`] : format[`${type}32`]);
  return (item) => {
    const bytes = bytesOf(item);
    if (isSmall) {
      writer.byte(bytes.length);
    } else {
      const at = writer.reserve(4);
      writer.buffer.writeUInt32BE(unsigned32(bytes.length), at);
    }
    writer.raw(bytes);
  };
}

function writeCompound(writer: ValueWriter, count: number, items: () => void): void {
  writer.enter();
  const start = writer.reserve(8);
  items();
  writer.buffer.writeUInt32BE(unsigned32(writer.length - start - 4), start);
  writer.buffer.writeUInt32BE(unsigned32(count), start + 4);
  writer.leave();
}

function describedWriter(writer: ValueWriter, items: readonly AmqpValue[]): (item: AmqpValue) => void {
  const first = items[0];
  if (first === undefined) {
    // Without an item nothing tells the descriptor.
    writer.null();
    return () => {};
  }
  if (!(first instanceof Described)) throw mixed('described');
  const descriptor = encodeValue(first.descriptor);
  writer.byte(format.described);
  writer.raw(descriptor);
  const inner = items.map((item) => {
    if (!(item instanceof Described) || !encodeValue(item.descriptor).equals(descriptor)) throw mixed('described');
    return item.value;
  });
  const write = arrayItemWriter(writer, new AmqpArray(typeOf(first.value), inner));
  return (item) => write((item as Described).value);
}

function typeOf(value: AmqpValue): AmqpArray['type'] {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (value instanceof Typed) return value.type;
  if (value instanceof AmqpMap) return 'map';
  if (value instanceof AmqpArray) return 'array';
  if (value instanceof Described) return 'described';
  return value instanceof Uint8Array ? 'binary' : 'list';
}
