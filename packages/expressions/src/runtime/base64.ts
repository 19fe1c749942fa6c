import { charge, chargeMemory } from './budget.ts';
import { argumentNull, argumentOutOfRange, formatException } from './exceptions.ts';

/** `Convert.FromBase64String`: white space is skipped; padding is required. Throws FormatException. */
export function fromBase64(text: string | null): Uint8Array {
  if (text === null) throw argumentNull('s');
  charge(text.length >> 6);
  chargeMemory(text.length);
  const plain = text.replace(/[ \t\r\n]+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) {
    throw formatException(
      'The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.',
    );
  }
  if (plain.length % 4 !== 0) throw formatException('Invalid length for a Base-64 char array or string.');
  return new Uint8Array(Buffer.from(plain, 'base64'));
}

/** `Convert.ToBase64String`; with `lines`, a line break after every 76 characters. */
export function toBase64(bytes: Uint8Array | null, offset: number, length: number, lines: boolean): string {
  if (bytes === null) throw argumentNull('inArray');
  if (length < 0)
    throw argumentOutOfRange(
      'length',
      'Index was out of range. Must be non-negative and less than the size of the collection.',
    );
  if (offset < 0) throw argumentOutOfRange('offset', 'Value must be positive.');
  if (offset > bytes.length - length) {
    throw argumentOutOfRange('offset', 'Offset and length must refer to a position in the string.');
  }
  charge(length >> 6);
  chargeMemory(length * 2);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + offset, length).toString('base64');
  return lines ? (text.match(/.{1,76}/g) ?? []).join('\r\n') : text;
}
