import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { charge, chargeMemory } from '../budget.ts';
import { argumentException, argumentNull } from '../exceptions.ts';
import { netType } from '../values.ts';
import { cryptographicException } from './failure.ts';

/** `CipherMode` and `PaddingMode`. */
export const CipherMode = { CBC: 1, ECB: 2, OFB: 3, CFB: 4, CTS: 5 } as const;
export const PaddingMode = { None: 1, PKCS7: 2, Zeros: 3, ANSIX923: 4, ISO10126: 5 } as const;

interface Cipher {
  readonly type: string;
  readonly blockSize: number;
  readonly keySizes: readonly number[];
  readonly node: (keyBits: number, mode: string) => string;
}

const aes: Cipher = {
  type: 'Aes',
  blockSize: 16,
  keySizes: [128, 192, 256],
  node: (bits, mode) => `aes-${bits}-${mode}`,
};
const tripleDes: Cipher = {
  type: 'TripleDES',
  blockSize: 8,
  keySizes: [192],
  node: (_bits, mode) => (mode === 'ecb' ? 'des-ede3' : `des-ede3-${mode}`),
};

/** By .NET's names: `AES`, `Rijndael`, `TripleDES` ... */
export function symmetricAlgorithm(name: string | null): SymmetricAlgorithm {
  if (name === null) throw argumentNull('algName');
  const plain = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (/^(aes|aesmanaged|aescryptoserviceprovider|aescng|rijndael|rijndaelmanaged)$/.test(plain))
    return new SymmetricAlgorithm(aes);
  if (/^(tripledes|3des|triple des|tripledescryptoserviceprovider|tripledescng)$/.test(plain))
    return new SymmetricAlgorithm(tripleDes);
  throw cryptographicException(
    `'${name}' is not a symmetric algorithm that policy expressions know: use AES or TripleDES.`,
  );
}

/** `System.Security.Cryptography.SymmetricAlgorithm`: CBC and PKCS7 unless it is told otherwise; a random key and vector. */
export class SymmetricAlgorithm {
  readonly #cipher: Cipher;
  #key: Uint8Array;
  #iv: Uint8Array;
  mode: number = CipherMode.CBC;
  padding: number = PaddingMode.PKCS7;

  constructor(cipher: Cipher) {
    this.#cipher = cipher;
    this.#key = randomKey((cipher.keySizes.at(-1) ?? 0) / 8);
    this.#iv = randomKey(cipher.blockSize);
  }
  get [netType](): string {
    return `System.Security.Cryptography.${this.#cipher.type}`;
  }
  get key(): Uint8Array {
    return this.#key;
  }
  set key(key: Uint8Array | null) {
    if (key === null) throw argumentNull('value');
    this.#check(key, this.#iv);
    this.#key = new Uint8Array(key);
  }
  get iv(): Uint8Array {
    return this.#iv;
  }
  set iv(iv: Uint8Array | null) {
    if (iv === null) throw argumentNull('value');
    this.#check(this.#key, iv);
    this.#iv = new Uint8Array(iv);
  }
  get keySize(): number {
    return this.#key.length * 8;
  }
  set keySize(bits: number) {
    if (!this.#cipher.keySizes.includes(bits)) {
      throw cryptographicException('Specified key is not a valid size for this algorithm.');
    }
    this.#key = randomKey(bits / 8);
  }
  get blockSize(): number {
    return this.#cipher.blockSize * 8;
  }
  generateKey(): void {
    this.#key = randomKey(this.#key.length);
  }
  generateIv(): void {
    this.#iv = randomKey(this.#cipher.blockSize);
  }
  #check(key: Uint8Array, iv: Uint8Array): void {
    if (!this.#cipher.keySizes.includes(key.length * 8)) {
      throw cryptographicException('Specified key is not a valid size for this algorithm.');
    }
    if (iv.length !== this.#cipher.blockSize) {
      throw cryptographicException(
        'Specified initialization vector (IV) does not match the block size for this algorithm.',
      );
    }
  }
  transform(encrypts: boolean, key: Uint8Array | null = this.#key, iv: Uint8Array | null = this.#iv): CryptoTransform {
    if (key === null) throw argumentNull('rgbKey');
    const vector = iv ?? new Uint8Array(this.#cipher.blockSize);
    this.#check(key, vector);
    const mode = modes[this.mode];
    if (mode === undefined) throw cryptographicException('Specified cipher mode is not valid for this algorithm.');
    return new CryptoTransform(
      encrypts,
      this.#cipher.node(key.length * 8, mode),
      key,
      mode === 'ecb' ? null : vector,
      this.#cipher.blockSize,
      this.padding,
    );
  }
  dispose(): void {}
}

// .NET's CFB has a feedback of 8 bits by default.
const modes: Readonly<Record<number, string>> = { 1: 'cbc', 2: 'ecb', 4: 'cfb8' };

function randomKey(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

/** `ICryptoTransform`, for whole messages. */
export class CryptoTransform {
  get [netType](): string {
    return 'System.Security.Cryptography.ICryptoTransform';
  }
  readonly #encrypts: boolean;
  readonly #name: string;
  readonly #key: Uint8Array;
  readonly #iv: Uint8Array | null;
  readonly #padding: number;
  readonly blockSize: number;

  constructor(
    encrypts: boolean,
    name: string,
    key: Uint8Array,
    iv: Uint8Array | null,
    blockSize: number,
    padding: number,
  ) {
    this.#encrypts = encrypts;
    this.#name = name;
    this.#key = key;
    this.#iv = iv;
    this.blockSize = blockSize;
    this.#padding = padding;
  }

  /** `TransformFinalBlock`. Throws CryptographicException. */
  final(data: Uint8Array | null, offset = 0, count = data?.length ?? 0): Uint8Array {
    if (data === null) throw argumentNull('inputBuffer');
    if (offset < 0 || count < 0 || offset > data.length - count) throw argumentException('Value was invalid.');
    charge(50 + count / 64);
    chargeMemory(count * 2);
    const input = data.subarray(offset, offset + count);
    if (this.#encrypts) return this.#run(createCipheriv(this.#name, this.#key, this.#iv), this.#padded(input));
    if (input.length % this.blockSize !== 0 && !this.#name.endsWith('cfb8')) {
      throw cryptographicException('Length of the data to decrypt is invalid.');
    }
    return this.#unpadded(this.#run(createDecipheriv(this.#name, this.#key, this.#iv), input));
  }
  #run(cipher: ReturnType<typeof createCipheriv>, input: Uint8Array): Uint8Array {
    cipher.setAutoPadding(false);
    return new Uint8Array(Buffer.concat([cipher.update(input), cipher.final()]));
  }

  #padded(input: Uint8Array): Uint8Array {
    const { blockSize } = this;
    const missing = blockSize - (input.length % blockSize);
    const full = missing === blockSize;
    switch (this.#padding) {
      case PaddingMode.None:
        if (!full) throw cryptographicException('The input data is not a complete block.');
        return input;
      case PaddingMode.Zeros:
        return full ? input : extended(input, new Uint8Array(missing));
      case PaddingMode.ANSIX923:
        return extended(input, withLast(new Uint8Array(missing), missing));
      case PaddingMode.ISO10126:
        return extended(input, withLast(randomKey(missing), missing));
      default:
        return extended(input, new Uint8Array(missing).fill(missing));
    }
  }
  #unpadded(output: Uint8Array): Uint8Array {
    if (this.#padding === PaddingMode.None || this.#padding === PaddingMode.Zeros || output.length === 0) return output;
    const count = output[output.length - 1] ?? 0;
    const tail = output.subarray(output.length - count, -1);
    const expected = this.#padding === PaddingMode.PKCS7 ? count : 0;
    const valid = this.#padding === PaddingMode.ISO10126 || tail.every((byte) => byte === expected);
    if (count < 1 || count > this.blockSize || !valid) {
      throw cryptographicException('Padding is invalid and cannot be removed.');
    }
    return output.slice(0, output.length - count);
  }
  dispose(): void {}
}

function extended(input: Uint8Array, tail: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([input, tail]));
}

function withLast(bytes: Uint8Array, last: number): Uint8Array {
  bytes[bytes.length - 1] = last;
  return bytes;
}
