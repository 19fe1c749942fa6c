/**
 * A hash table from text to `T` that is asked with a slice of a longer text, without cutting the slice out: routing
 * looks at a path's pieces in place. ASCII letters compare without case; everything else compares exactly.
 */
export class CaseFoldedTable<T> {
  readonly #hashes: Int32Array;
  readonly #keys: (string | undefined)[];
  readonly #values: (T | undefined)[];
  readonly #mask: number;

  /** Later entries of an equal key replace earlier ones. */
  constructor(entries: Iterable<readonly [string, T]>) {
    const unique = new Map<string, T>();
    for (const [key, value] of entries) unique.set(foldCase(key), value);
    let capacity = 4;
    // At most one third full: a probe that misses ends at once nearly always.
    while (capacity < unique.size * 3) capacity *= 2;
    this.#mask = capacity - 1;
    this.#hashes = new Int32Array(capacity);
    this.#keys = new Array<string | undefined>(capacity).fill(undefined);
    this.#values = new Array<T | undefined>(capacity).fill(undefined);
    for (const [key, value] of unique) {
      const hash = hashSlice(key, 0, key.length);
      let at = slotOf(hash) & this.#mask;
      while (this.#keys[at] !== undefined) at = (at + 1) & this.#mask;
      this.#hashes[at] = hash;
      this.#keys[at] = key;
      this.#values[at] = value;
    }
  }

  /** The value whose key equals `text` from `start` up to `end`; `hash` is {@link hashSlice} of that slice. */
  find(text: string, start: number, end: number, hash: number): T | undefined {
    let at = slotOf(hash) & this.#mask;
    for (;;) {
      const key = this.#keys[at];
      if (key === undefined) return undefined;
      if (this.#hashes[at] === hash && equalsSlice(key, text, start, end)) return this.#values[at];
      at = (at + 1) & this.#mask;
    }
  }

  get(key: string): T | undefined {
    return this.find(key, 0, key.length, hashSlice(key, 0, key.length));
  }
}

/** The hash of the empty slice; {@link hashNext} adds one character. */
export const emptyHash = 0x811c9dc5 | 0;

/** FNV-1a over UTF-16 units with ASCII letters in lower case. */
export function hashNext(hash: number, unit: number): number {
  return Math.imul(hash ^ (unit >= 65 && unit <= 90 ? unit | 32 : unit), 16777619);
}

export function hashSlice(text: string, start: number, end: number): number {
  let hash = emptyHash;
  for (let i = start; i < end; i++) hash = hashNext(hash, text.charCodeAt(i));
  return hash;
}

/** Lower case for ASCII letters only, as {@link CaseFoldedTable} compares. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** FNV's low bits are weak for texts that differ in their last character only: mix the high ones in. */
function slotOf(hash: number): number {
  return hash ^ (hash >>> 15);
}

function equalsSlice(folded: string, text: string, start: number, end: number): boolean {
  if (folded.length !== end - start) return false;
  for (let i = 0; i < folded.length; i++) {
    const unit = text.charCodeAt(start + i);
    if (folded.charCodeAt(i) !== (unit >= 65 && unit <= 90 ? unit | 32 : unit)) return false;
  }
  return true;
}
