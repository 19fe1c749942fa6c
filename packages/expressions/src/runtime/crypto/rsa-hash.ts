import {
  constants,
  createHash,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { cryptographicException } from './failure.ts';

/** Signatures over a hash that was computed before: node:crypto signs only whole messages. RFC 8017, sections 8.1 and 8.2. */
export function signHash(key: KeyObject, hash: Uint8Array, algorithm: string, scheme: 'Pkcs1' | 'Pss'): Buffer {
  checkLength(hash, algorithm);
  if (scheme === 'Pkcs1')
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(hash, algorithm));
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encodePss(hash, algorithm, modulusBits(key)));
}

export function verifyHash(
  key: KeyObject,
  hash: Uint8Array,
  signature: Uint8Array,
  algorithm: string,
  scheme: 'Pkcs1' | 'Pss',
): boolean {
  checkLength(hash, algorithm);
  try {
    if (scheme === 'Pkcs1') {
      const found = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
      const expected = digestInfo(hash, algorithm);
      return found.length === expected.length && timingSafeEqual(found, expected);
    }
    const encoded = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
    return isPss(encoded, hash, algorithm, modulusBits(key));
  } catch {
    // Not of the length of the key, or not padded: no signature of it.
    return false;
  }
}

/** DER of the algorithm before the hash itself: RFC 8017, section 9.2, note 1. */
const prefixes: Readonly<Record<string, string>> = {
  md5: '3020300c06082a864886f70d020505000410',
  sha1: '3021300906052b0e03021a05000414',
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

function digestInfo(hash: Uint8Array, algorithm: string): Buffer {
  return Buffer.concat([Buffer.from(prefixes[algorithm] ?? '', 'hex'), hash]);
}

const digest = (algorithm: string, ...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest();
};

function checkLength(hash: Uint8Array, algorithm: string): void {
  if (hash.length !== digest(algorithm).length)
    throw cryptographicException('The hash has not the length that its algorithm gives.\r\n');
}

const modulusBits = (key: KeyObject): number => key.asymmetricKeyDetails?.modulusLength ?? 0;

/** EMSA-PSS with a salt as long as the hash (RFC 8017, section 9.1.1), as long as the modulus. */
function encodePss(hash: Uint8Array, algorithm: string, bits: number): Buffer {
  const modulus = Math.ceil(bits / 8);
  const length = Math.ceil((bits - 1) / 8);
  if (length < 2 * hash.length + 2) throw cryptographicException('The key is too short for the hash.\r\n');
  const salt = randomBytes(hash.length);
  const h = digest(algorithm, Buffer.alloc(8), hash, salt);
  const block = Buffer.alloc(length - h.length - 1);
  block[block.length - salt.length - 1] = 1;
  salt.copy(block, block.length - salt.length);
  const masked = xor(block, mask(h, block.length, algorithm));
  masked[0] = (masked[0] ?? 0) & topBits(bits);
  return Buffer.concat([Buffer.alloc(modulus - length), masked, h, Buffer.from([0xbc])]);
}

/** RFC 8017, section 9.1.2. */
function isPss(padded: Buffer, hash: Uint8Array, algorithm: string, bits: number): boolean {
  const encoded = padded.subarray(padded.length - Math.ceil((bits - 1) / 8));
  const blockLength = encoded.length - hash.length - 1;
  if (blockLength < hash.length + 1 || encoded.at(-1) !== 0xbc) return false;
  const h = encoded.subarray(blockLength, -1);
  const block = xor(encoded.subarray(0, blockLength), mask(h, blockLength, algorithm));
  block[0] = (block[0] ?? 0) & topBits(bits);
  const saltAt = block.length - hash.length;
  if (block[saltAt - 1] !== 1 || block.subarray(0, saltAt - 1).some((byte) => byte !== 0)) return false;
  return timingSafeEqual(h, digest(algorithm, Buffer.alloc(8), hash, block.subarray(saltAt)));
}

/** The bits of the first byte that a number below the modulus may have. */
const topBits = (bits: number): number => 0xff >> (8 * Math.ceil((bits - 1) / 8) - (bits - 1));

/** MGF1 (RFC 8017, appendix B.2.1). */
function mask(seed: Buffer, length: number, algorithm: string): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0, made = 0; made < length; counter++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    const block = digest(algorithm, seed, number);
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
