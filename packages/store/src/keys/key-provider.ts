/** A data key as it is stored. */
export interface WrappedKey {
  /** Names the key-encryption key. */
  readonly keyId: string;
  readonly wrapped: Uint8Array;
}

/** One or more key-encryption keys. `aad` is authenticated with the data key: it unwraps for the same only. */
export interface KeyProvider {
  /** The newest key: `wrap` uses it. `undefined` where there is none yet; `wrap` makes one, or throws `KeyUnusable`. */
  currentKeyId(): string | undefined;
  has(keyId: string): boolean;
  wrap(dataKey: Uint8Array, aad: Uint8Array): WrappedKey;
  /** Returns `undefined` where the key does not fit. */
  unwrap(key: WrappedKey, aad: Uint8Array): Uint8Array | undefined;
  /** Makes a new newest key; absent where that is done elsewhere. */
  readonly addKey?: () => void;
  close(): void;
}
