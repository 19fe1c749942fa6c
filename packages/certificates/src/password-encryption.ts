import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { child, children, type DerElement, DerError, objectIdentifier, smallInteger } from './der.ts';

/** The data is encrypted in a way that is not supported; the message names it. */
export class UnsupportedCipherError extends Error {
  override readonly name = 'UnsupportedCipherError';
}

/** How to open what is encrypted. */
export interface Unlock {
  readonly password: string;
  /** Rounds of key derivation that may still be spent. */
  iterationsLeft: number;
}

/** Decrypts with the algorithm of an AlgorithmIdentifier: PBES2 with AES or 3DES (RFC 8018), or PKCS #12's own 3DES. */
export function decryptPbe(algorithm: DerElement, ciphertext: Buffer, unlock: Unlock): Buffer {
  const name = objectIdentifier(child(algorithm, 0));
  const parameters = child(algorithm, 1, 0x30);
  const { cipher, key, iv } =
    name === '1.2.840.113549.1.5.13' ? pbes2(parameters, unlock) : pkcs12Pbe(name, parameters, unlock);
  const decipher = createDecipheriv(cipher, key, iv);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

interface CipherSettings {
  readonly cipher: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

const ciphers: ReadonlyMap<string, readonly [string, number]> = new Map([
  ['2.16.840.1.101.3.4.1.2', ['aes-128-cbc', 16]],
  ['2.16.840.1.101.3.4.1.22', ['aes-192-cbc', 24]],
  ['2.16.840.1.101.3.4.1.42', ['aes-256-cbc', 32]],
  ['1.2.840.113549.3.7', ['des-ede3-cbc', 24]],
]);

const pseudoRandomFunctions: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);

function pbes2(parameters: DerElement, unlock: Unlock): CipherSettings {
  const derivation = child(parameters, 0, 0x30);
  const scheme = child(parameters, 1, 0x30);
  if (objectIdentifier(child(derivation, 0)) !== '1.2.840.113549.1.5.12')
    throw new UnsupportedCipherError('its key derivation is not PBKDF2');
  const [salt, iterations, ...rest] = children(child(derivation, 1, 0x30));
  if (salt === undefined || iterations === undefined) throw new DerError('PBKDF2 parameters are missing');
  const function_ = rest.find(({ tag }) => tag === 0x30);
  const hash = function_ === undefined ? 'sha1' : pseudoRandomFunctions.get(objectIdentifier(child(function_, 0)));
  const cipher = ciphers.get(objectIdentifier(child(scheme, 0)));
  if (hash === undefined || cipher === undefined) throw new UnsupportedCipherError('its cipher is not AES-CBC or 3DES');
  const key = pbkdf2Sync(unlock.password, salt.content, spend(smallInteger(iterations), unlock), cipher[1], hash);
  return { cipher: cipher[0], key, iv: child(scheme, 1, 0x04).content };
}

function pkcs12Pbe(name: string, parameters: DerElement, unlock: Unlock): CipherSettings {
  if (name !== '1.2.840.113549.1.12.1.3') {
    throw new UnsupportedCipherError(
      'its cipher is outdated (RC2, RC4 or two-key 3DES); export the PFX again with AES',
    );
  }
  const salt = child(parameters, 0, 0x04).content;
  const iterations = smallInteger(child(parameters, 1));
  return {
    cipher: 'des-ede3-cbc',
    key: derivePkcs12Key('sha1', unlock, salt, iterations, 1, 24),
    iv: derivePkcs12Key('sha1', unlock, salt, iterations, 2, 8),
  };
}

const hashes: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** The hash that an object identifier names. */
export function hashNameOf(identifier: string): string {
  const name = hashes.get(identifier);
  if (name === undefined) throw new UnsupportedCipherError('its checksum is made with an unknown hash');
  return name;
}

/** The key derivation of RFC 7292, appendix B; `purpose` is 1 for keys, 2 for initialisation vectors, 3 for MACs. */
export function derivePkcs12Key(
  hash: string,
  unlock: Unlock,
  salt: Buffer,
  iterations: number,
  purpose: number,
  length: number,
): Buffer {
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const { password } = unlock;
  const encoded = Buffer.alloc(password.length * 2 + 2);
  for (let index = 0; index < password.length; index++) encoded.writeUInt16BE(password.charCodeAt(index), index * 2);
  const input = Buffer.concat([repeat(salt, block), repeat(encoded, block)]);
  const rounds = spend(iterations, unlock);
  const output: Buffer[] = [];
  for (let produced = 0; produced < length; ) {
    let digest = createHash(hash).update(Buffer.alloc(block, purpose)).update(input).digest();
    for (let round = 1; round < rounds; round++) digest = createHash(hash).update(digest).digest();
    output.push(digest);
    produced += digest.length;
    addToBlocks(input, repeat(digest, block), block);
  }
  return Buffer.concat(output).subarray(0, length);
}

function spend(iterations: number, unlock: Unlock): number {
  unlock.iterationsLeft -= iterations;
  if (iterations < 1 || unlock.iterationsLeft < 0) throw new DerError('the number of iterations is out of range');
  return iterations;
}

/** The bytes over and over, up to a multiple of the block size. */
function repeat(bytes: Buffer, block: number): Buffer {
  if (bytes.length === 0) return Buffer.alloc(0);
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Adds `addend` + 1 to every block of `input`, as big-endian numbers. */
function addToBlocks(input: Buffer, addend: Buffer, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let index = block - 1; index >= 0; index--) {
      const sum = (input[start + index] ?? 0) + (addend[index] ?? 0) + carry;
      input[start + index] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
