import { createHash, createHmac, randomBytes } from 'node:crypto';
import { charge } from '../budget.ts';
import { argumentException, argumentNull, argumentOutOfRange } from '../exceptions.ts';
import { netType } from '../values.ts';
import { cryptographicException } from './failure.ts';

const bits: Readonly<Record<string, number>> = { md5: 128, sha1: 160, sha256: 256, sha384: 384, sha512: 512 };

/** A `HashAlgorithm`: a digest, or an HMAC when it has a key. */
export class HashAlgorithm {
  readonly [netType]: string;
  readonly name: string;
  key: Uint8Array | null;
  hash: Uint8Array | null = null;
  constructor(type: string, name: string, key: Uint8Array | null = null) {
    this[netType] = `System.Security.Cryptography.${type}`;
    this.name = name;
    this.key = key;
  }
  /** An HMAC with a random key, as .NET makes one without an argument. */
  static keyed(type: string, name: string, key: Uint8Array = new Uint8Array(randomBytes(64))): HashAlgorithm {
    return new HashAlgorithm(type, name, key);
  }
  get hashSize(): number {
    return bits[this.name] ?? 0;
  }
  compute(data: Uint8Array | null, offset = 0, count = data?.length ?? 0): Uint8Array {
    if (data === null) throw argumentNull('buffer');
    if (offset < 0) throw argumentOutOfRange('offset', 'Non-negative number required.');
    if (count < 0 || count > data.length) throw argumentException('Value was invalid.');
    if (data.length - count < offset) {
      throw argumentException(
        'Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.',
      );
    }
    charge(20 + count / 64);
    const digest = this.key ? createHmac(this.name, this.key) : createHash(this.name);
    this.hash = new Uint8Array(digest.update(data.subarray(offset, offset + count)).digest());
    return this.hash;
  }
  dispose(): void {}
}

/** The name that node:crypto has for `SHA256`, `SHA-256`, `System.Security.Cryptography.SHA256` ... */
export function digestName(name: string | null): string {
  if (name === null || name === '')
    throw argumentException('The hash algorithm name cannot be null or empty.', 'hashAlgorithm');
  const plain = name
    .slice(name.lastIndexOf('.') + 1)
    .toLowerCase()
    .replace('-', '');
  if (bits[plain] === undefined) throw cryptographicException(`'${name}' is not a known hash algorithm.`);
  return plain;
}
