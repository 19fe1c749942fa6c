import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  sign,
  verify,
} from 'node:crypto';
import { charge } from '../budget.ts';
import { argumentNull } from '../exceptions.ts';
import { netType } from '../values.ts';
import { cryptographicException } from './failure.ts';
import { signHash, verifyHash } from './rsa-hash.ts';

/** `RSAParameters`: big-endian numbers, null when absent. */
export interface RsaParameters {
  Modulus: Uint8Array | null;
  Exponent: Uint8Array | null;
  D: Uint8Array | null;
  P: Uint8Array | null;
  Q: Uint8Array | null;
  DP: Uint8Array | null;
  DQ: Uint8Array | null;
  InverseQ: Uint8Array | null;
}

export interface Padding {
  readonly kind: 'Pkcs1' | 'Pss' | 'Oaep';
  /** For OAEP. */
  readonly hash?: string;
}

const keyWork = 20_000;
const keyBytes = { Modulus: 'n', Exponent: 'e', D: 'd', P: 'p', Q: 'q', DP: 'dp', DQ: 'dq', InverseQ: 'qi' } as const;
type Part = keyof typeof keyBytes;
const parts = Object.keys(keyBytes) as Part[];

/** `System.Security.Cryptography.RSA`. */
export class Rsa {
  get [netType](): string {
    return 'System.Security.Cryptography.RSACng';
  }
  #private: KeyObject | null = null;
  #public: KeyObject | null = null;

  /** Of a certificate's public or private key. */
  static of(key: KeyObject): Rsa {
    const rsa = new Rsa();
    rsa.#private = key.type === 'private' ? key : null;
    rsa.#public = key.type === 'private' ? createPublicKey(key) : key;
    return rsa;
  }
  /** A key of so many bits will be made when it is needed. Throws CryptographicException. */
  static ofSize(bits: number): Rsa {
    if (bits < 384 || bits > 4096 || bits % 8 !== 0)
      throw cryptographicException('Specified key is not a valid size for this algorithm.');
    const rsa = new Rsa();
    rsa.#bits = bits;
    return rsa;
  }
  #bits = 2048;

  get keySize(): number {
    return this.#publicKey().asymmetricKeyDetails?.modulusLength ?? 0;
  }
  /** Null when it has only the public one. */
  get privateKey(): KeyObject | null {
    if (!this.#public) this.#generate();
    return this.#private;
  }
  /** A fresh RSA has a random key, of 2048 bits when nothing else was said, as soon as one is needed. */
  #publicKey(): KeyObject {
    if (!this.#public) this.#generate();
    return this.#public as KeyObject;
  }
  #privateKey(): KeyObject {
    if (!this.#public) this.#generate();
    if (!this.#private) throw cryptographicException('Key does not exist.\r\n');
    return this.#private;
  }
  #generate(): void {
    charge(keyWork * (this.#bits > 2048 ? 100 : 10));
    const pair = generateKeyPairSync('rsa', { modulusLength: this.#bits });
    this.#private = pair.privateKey;
    this.#public = pair.publicKey;
  }

  importParameters(given: RsaParameters): void {
    if (!given.Modulus || !given.Exponent) {
      throw cryptographicException(
        'The specified RSA parameters are not valid; both Exponent and Modulus are required fields.',
      );
    }
    const isPrivate = given.D !== null;
    const jwk: Record<string, string> = { kty: 'RSA' };
    for (const part of parts) {
      const value = given[part];
      if (value && (isPrivate || part === 'Modulus' || part === 'Exponent')) {
        jwk[keyBytes[part]] = Buffer.from(value).toString('base64url');
      }
    }
    if (Buffer.from(given.Modulus).length > 2048) throw cryptographicException('The RSA key is too long.');
    this.#import(() =>
      isPrivate ? createPrivateKey({ key: jwk, format: 'jwk' }) : createPublicKey({ key: jwk, format: 'jwk' }),
    );
  }
  importDer(bytes: Uint8Array | null, type: 'pkcs1' | 'pkcs8' | 'spki', isPrivate: boolean): number {
    if (bytes === null) throw argumentNull('source');
    const key = Buffer.from(bytes);
    this.#import(() =>
      isPrivate
        ? createPrivateKey({ key, format: 'der', type: type === 'pkcs1' ? 'pkcs1' : 'pkcs8' })
        : createPublicKey({ key, format: 'der', type: type === 'pkcs1' ? 'pkcs1' : 'spki' }),
    );
    return bytes.length;
  }
  importPem(pem: string | null): void {
    if (pem === null) throw argumentNull('input');
    this.#import(() => (pem.includes('PRIVATE KEY') ? createPrivateKey(pem) : createPublicKey(pem)));
  }
  #import(read: () => KeyObject): void {
    charge(keyWork / 10);
    const key = attempt(read, 'The parameter is incorrect.\r\n');
    if (key.asymmetricKeyType !== 'rsa') throw cryptographicException('The key is not an RSA key.');
    this.#private = key.type === 'private' ? key : null;
    this.#public = key.type === 'private' ? createPublicKey(key) : key;
  }
  exportParameters(includePrivate: boolean): RsaParameters {
    const jwk: JsonWebKey = (includePrivate ? this.#privateKey() : this.#publicKey()).export({ format: 'jwk' });
    const fields = Object.fromEntries(
      parts.map((part) => {
        const text = jwk[keyBytes[part]];
        return [part, typeof text === 'string' ? new Uint8Array(Buffer.from(text, 'base64url')) : null];
      }),
    );
    return fields as unknown as RsaParameters;
  }

  sign(data: Uint8Array | null, hash: string, padding: Padding): Uint8Array {
    if (data === null) throw argumentNull('data');
    charge(keyWork + data.length / 64);
    const key = { key: this.#privateKey(), ...signing(padding) };
    return new Uint8Array(attempt(() => sign(hash, data, key), 'The parameter is incorrect.\r\n'));
  }
  verify(data: Uint8Array | null, signature: Uint8Array | null, hash: string, padding: Padding): boolean {
    if (data === null) throw argumentNull('data');
    if (signature === null) throw argumentNull('signature');
    charge(keyWork / 10 + data.length / 64);
    const key = { key: this.#publicKey(), ...signing(padding) };
    return attempt(() => verify(hash, data, key, signature), 'The parameter is incorrect.\r\n');
  }
  signHash(hash: Uint8Array | null, algorithm: string, padding: Padding): Uint8Array {
    if (hash === null) throw argumentNull('hash');
    charge(keyWork);
    return new Uint8Array(signHash(this.#privateKey(), hash, algorithm, padding.kind === 'Pss' ? 'Pss' : 'Pkcs1'));
  }
  verifyHash(hash: Uint8Array | null, signature: Uint8Array | null, algorithm: string, padding: Padding): boolean {
    if (hash === null) throw argumentNull('hash');
    if (signature === null) throw argumentNull('signature');
    charge(keyWork / 10);
    const scheme = padding.kind === 'Pss' ? 'Pss' : 'Pkcs1';
    return verifyHash(this.#publicKey(), hash, signature, algorithm, scheme);
  }
  encrypt(data: Uint8Array | null, padding: Padding): Uint8Array {
    if (data === null) throw argumentNull('data');
    charge(keyWork / 10);
    const key = { key: this.#publicKey(), ...encrypting(padding) };
    return new Uint8Array(attempt(() => publicEncrypt(key, data), 'The parameter is incorrect.\r\n'));
  }
  decrypt(data: Uint8Array | null, padding: Padding): Uint8Array {
    if (data === null) throw argumentNull('data');
    charge(keyWork);
    const key = { key: this.#privateKey(), ...encrypting(padding) };
    return new Uint8Array(attempt(() => privateDecrypt(key, data), 'The parameter is incorrect.\r\n'));
  }
  dispose(): void {}
}

function signing(padding: Padding) {
  return padding.kind === 'Pss'
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { padding: constants.RSA_PKCS1_PADDING };
}

function encrypting(padding: Padding) {
  return padding.kind === 'Oaep'
    ? { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: padding.hash ?? 'sha1' }
    : { padding: constants.RSA_PKCS1_PADDING };
}

/** Failures of OpenSSL as .NET's exception; the reason is not shown, which could help an attacker. */
function attempt<T>(work: () => T, message: string): T {
  try {
    return work();
  } catch {
    throw cryptographicException(message);
  }
}
