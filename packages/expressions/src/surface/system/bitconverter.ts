import { chargeMemory } from '../../runtime/budget.ts';
import { argumentException, argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { declareType, type Implementation } from '../declare.ts';

/** Reads and writes of a type, little-endian; the size in bytes. */
const layouts: readonly (readonly [
  keyword: string,
  name: string,
  size: number,
  get: (view: DataView, at: number) => unknown,
  set: (view: DataView, value: never) => void,
])[] = [
  ['short', 'Int16', 2, (v, i) => v.getInt16(i, true), (v, x: number) => v.setInt16(0, x, true)],
  ['ushort', 'UInt16', 2, (v, i) => v.getUint16(i, true), (v, x: number) => v.setUint16(0, x, true)],
  ['char', 'Char', 2, (v, i) => v.getUint16(i, true), (v, x: number) => v.setUint16(0, x, true)],
  ['int', 'Int32', 4, (v, i) => v.getInt32(i, true), (v, x: number) => v.setInt32(0, x, true)],
  ['uint', 'UInt32', 4, (v, i) => v.getUint32(i, true), (v, x: number) => v.setUint32(0, x, true)],
  ['long', 'Int64', 8, (v, i) => v.getBigInt64(i, true), (v, x: bigint) => v.setBigInt64(0, x, true)],
  ['ulong', 'UInt64', 8, (v, i) => v.getBigUint64(i, true), (v, x: bigint) => v.setBigUint64(0, x, true)],
  ['float', 'Single', 4, (v, i) => v.getFloat32(i, true), (v, x: number) => v.setFloat32(0, x, true)],
  ['double', 'Double', 8, (v, i) => v.getFloat64(i, true), (v, x: number) => v.setFloat64(0, x, true)],
  ['bool', 'Boolean', 1, (v, i) => v.getUint8(i) !== 0, (v, x: boolean) => v.setUint8(0, Number(x))],
];

const members: Record<string, Implementation> = {};
for (const [keyword, name, size, get, set] of layouts) {
  members[`static byte[] GetBytes(${keyword} value)`] = (value: never) => {
    const bytes = new Uint8Array(size);
    set(new DataView(bytes.buffer), value);
    return bytes;
  };
  members[`static ${keyword} To${name}(byte[] value, int startIndex)`] = (bytes: Uint8Array | null, start: number) => {
    if (bytes === null) throw argumentNull('value');
    if (start < 0 || start >= bytes.length) {
      throw argumentOutOfRange(
        'startIndex',
        'Index was out of range. Must be non-negative and less than the size of the collection.',
      );
    }
    if (start > bytes.length - size) {
      throw argumentException(
        'Destination array is not long enough to copy all the items in the collection. Check array index and length.',
      );
    }
    return get(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), start);
  };
}

function dashed(bytes: Uint8Array | null, start: number, length: number): string {
  if (bytes === null) throw argumentNull('value');
  if (start < 0 || (start >= bytes.length && start > 0))
    throw argumentOutOfRange('startIndex', 'StartIndex cannot be less than zero.');
  if (length < 0) throw argumentOutOfRange('length', 'Value must be positive.');
  if (start > bytes.length - length) {
    throw argumentException(
      'Destination array is not long enough to copy all the items in the collection. Check array index and length.',
    );
  }
  chargeMemory(length * 3);
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset + start, length)
    .toString('hex')
    .toUpperCase();
  return (hex.match(/../g) ?? []).join('-');
}

const view = new DataView(new ArrayBuffer(8));

/** `System.BitConverter`, little-endian. */
export const bitConverterType = declareType({
  name: 'System.BitConverter',
  kind: 'static',
  members: {
    'const bool IsLittleEndian': () => true,
    ...members,
    'static string ToString(byte[] value)': (bytes: Uint8Array | null) => dashed(bytes, 0, bytes?.length ?? 0),
    'static string ToString(byte[] value, int startIndex)': (bytes: Uint8Array | null, start: number) =>
      dashed(bytes, start, (bytes?.length ?? 0) - start),
    'static string ToString(byte[] value, int startIndex, int length)': dashed,
    'static long DoubleToInt64Bits(double value)': (value: number) => {
      view.setFloat64(0, value);
      return view.getBigInt64(0);
    },
    'static double Int64BitsToDouble(long value)': (value: bigint) => {
      view.setBigInt64(0, value);
      return view.getFloat64(0);
    },
  },
});
