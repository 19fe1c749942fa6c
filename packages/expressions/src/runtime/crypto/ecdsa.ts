import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { charge } from '../budget.ts';
import { argumentNull } from '../exceptions.ts';
import { netType } from '../values.ts';
import { cryptographicException } from './failure.ts';

const bitsOfCurve: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp256k1: 256,
};
const work = 20_000;

/** `System.Security.Cryptography.ECDsa` over a key of a certificate. Signatures are r and s one after the other, as .NET's. */
export class Ecdsa {
  get [netType](): string {
    return 'System.Security.Cryptography.ECDsaCng';
  }
  readonly #private: KeyObject | null;
  readonly #public: KeyObject;
  constructor(key: KeyObject) {
    this.#private = key.type === 'private' ? key : null;
    this.#public = key.type === 'private' ? createPublicKey(key) : key;
  }
  get keySize(): number {
    return bitsOfCurve[this.#public.asymmetricKeyDetails?.namedCurve ?? ''] ?? 0;
  }
  get privateKey(): KeyObject | null {
    return this.#private;
  }
  sign(data: Uint8Array | null, hash: string): Uint8Array {
    if (data === null) throw argumentNull('data');
    if (!this.#private) throw cryptographicException('Key does not exist.\r\n');
    charge(work + data.length / 64);
    return new Uint8Array(sign(hash, data, { key: this.#private, dsaEncoding: 'ieee-p1363' }));
  }
  verify(data: Uint8Array | null, signature: Uint8Array | null, hash: string): boolean {
    if (data === null) throw argumentNull('data');
    if (signature === null) throw argumentNull('signature');
    charge(work + data.length / 64);
    return verify(hash, data, { key: this.#public, dsaEncoding: 'ieee-p1363' }, signature);
  }
  dispose(): void {}
}
