import { randomBytes } from 'node:crypto';
import type { Delivery } from './delivery.ts';

/**
 * Lock tokens say which message and which of its locks they mean, so that nobody has to keep a table of them: sequence number
 * (8 bytes), number of the lock (4), a random number of this run (4: those of an earlier run fit nothing), all covered
 * with a random mask, as UUIDs are expected to look.
 */
export class LockTokens {
  readonly #mask: Buffer;
  readonly #run: number;
  #locks = 0;

  constructor(random: (bytes: number) => Buffer = randomBytes) {
    this.#mask = random(16);
    this.#run = random(4).readUInt32BE();
  }

  /** Of the next lock: 1 to 2^31 - 1, then again. */
  nextLock(): number {
    this.#locks = (this.#locks % 0x7fff_ffff) + 1;
    return this.#locks;
  }

  write(delivery: Delivery): Uint8Array {
    const token = Buffer.allocUnsafe(16);
    const { sequenceNumber } = delivery.message;
    token.writeUInt32BE(Math.floor(sequenceNumber / 0x1_0000_0000), 0);
    token.writeUInt32BE(sequenceNumber % 0x1_0000_0000, 4);
    token.writeUInt32BE(delivery.lockNumber, 8);
    token.writeUInt32BE(this.#run, 12);
    return this.#cover(token);
  }

  /** Undefined: no token of this run. */
  read(token: Uint8Array): { readonly sequenceNumber: number; readonly lockNumber: number } | undefined {
    if (token.length !== 16) return undefined;
    const plain = this.#cover(Buffer.from(token));
    if (plain.readUInt32BE(12) !== this.#run) return undefined;
    return {
      sequenceNumber: plain.readUInt32BE(0) * 0x1_0000_0000 + plain.readUInt32BE(4),
      lockNumber: plain.readUInt32BE(8),
    };
  }

  #cover(bytes: Buffer): Buffer {
    for (let index = 0; index < 16; index++) bytes[index]! ^= this.#mask[index]!;
    return bytes;
  }
}
