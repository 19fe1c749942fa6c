import { decodeError } from '../violation.ts';
import { format, maxDepth } from './format.ts';

/**
 * Where the value that begins at `offset` ends; it is not decoded, and what a list, map or array holds is not looked at.
 * @throws {AmqpViolation} `amqp:decode-error` where it does not end before `end`
 */
export function skipValue(buffer: Buffer, offset: number, end: number, depth = 0): number {
  if (offset >= end) throw decodeError(offset, 'the bytes end where a value was expected');
  const code = buffer[offset]!;
  let next: number;
  switch (code >> 4) {
    case 0x0:
      if (code !== format.described) throw unknown(offset, code);
      if (depth > maxDepth) throw decodeError(offset, `values are nested more than ${maxDepth} deep`);
      return skipValue(buffer, skipValue(buffer, offset + 1, end, depth + 1), end, depth + 1);
    case 0x4:
      next = offset + 1;
      break;
    case 0x5:
      next = offset + 2;
      break;
    case 0x6:
      next = offset + 3;
      break;
    case 0x7:
      next = offset + 5;
      break;
    case 0x8:
      next = offset + 9;
      break;
    case 0x9:
      next = offset + 17;
      break;
    case 0xa:
    case 0xc:
    case 0xe:
      if (offset + 2 > end) throw decodeError(offset, 'the bytes end where a size was expected');
      next = offset + 2 + buffer[offset + 1]!;
      break;
    case 0xb:
    case 0xd:
    case 0xf:
      if (offset + 5 > end) throw decodeError(offset, 'the bytes end where a size was expected');
      next = offset + 5 + buffer.readUInt32BE(offset + 1);
      break;
    default:
      throw unknown(offset, code);
  }
  if (next > end)
    throw decodeError(offset, `a value of ${next - offset} bytes was expected, there are ${end - offset}`);
  return next;
}

const unknown = (offset: number, code: number) =>
  decodeError(offset, `0x${code.toString(16).padStart(2, '0')} is no constructor of a type`);
