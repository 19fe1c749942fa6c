/** A text as a point: texts that mean the same are near each other. Of length 1. */
export type Embedding = Float32Array;

export interface VectorIndexLimits {
  /** Vectors of one partition; the oldest make room. */
  readonly perPartition?: number;
  /** Vectors in all partitions together. */
  readonly total?: number;
}

interface Entry {
  readonly partition: string;
  readonly vector: Embedding;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Finds the cached answer whose prompt means the same, by the distance of embeddings (1 less the cosine of their angle).
 * In memory, searched from end to end: a search of 1,000 vectors of 1,536 dimensions takes a few milliseconds.
 */
export class VectorIndex {
  readonly #perPartition: number;
  readonly #total: number;
  readonly #partitions = new Map<string, Entry[]>();
  /** In the order they came; those that were dropped since are passed over. */
  #order: Entry[] = [];
  #size = 0;

  constructor({ perPartition = 1_000, total = 20_000 }: VectorIndexLimits = {}) {
    this.#perPartition = perPartition;
    this.#total = total;
  }

  get size(): number {
    return this.#size;
  }

  /** The nearest vector of the partition within `distance`, with the key that was stored beside it. */
  nearest(
    partition: string,
    vector: Embedding,
    distance: number,
    now: number,
  ): { readonly key: string; readonly distance: number } | null {
    const entries = this.#partitions.get(partition) ?? [];
    let best: { readonly key: string; readonly distance: number } | null = null;
    for (const entry of entries) {
      if (entry.until <= now || entry.vector.length !== vector.length) continue;
      const found = 1 - dot(entry.vector, vector);
      if (found <= distance + tolerance && (best === null || found < best.distance))
        best = { key: entry.key, distance: Math.max(0, found) };
    }
    return best;
  }

  add(partition: string, vector: Embedding, key: string, until: number, now: number): void {
    const entry: Entry = { partition, vector, key, until };
    const entries = (this.#partitions.get(partition) ?? []).filter((one) => one.until > now);
    this.#size += 1 + entries.length - (this.#partitions.get(partition)?.length ?? 0);
    entries.push(entry);
    if (entries.length > this.#perPartition) {
      entries.shift();
      this.#size -= 1;
    }
    this.#partitions.set(partition, entries);
    this.#order.push(entry);
    if (this.#order.length > 2 * this.#total) this.#order = this.#order.filter((one) => this.#holds(one));
    while (this.#size > this.#total) this.#dropOldest();
  }

  /** Forgets what stands beside a key that is in the cache no more. */
  remove(partition: string, key: string): void {
    const entries = this.#partitions.get(partition);
    if (entries) this.#keep(partition, entries, (one) => one.key !== key);
  }

  #holds(entry: Entry): boolean {
    return this.#partitions.get(entry.partition)?.includes(entry) === true;
  }

  #dropOldest(): void {
    const oldest = this.#order.shift();
    if (!oldest) return;
    const entries = this.#partitions.get(oldest.partition);
    if (entries) this.#keep(oldest.partition, entries, (one) => one !== oldest);
  }

  #keep(partition: string, entries: readonly Entry[], isKept: (entry: Entry) => boolean): void {
    const kept = entries.filter(isKept);
    this.#size -= entries.length - kept.length;
    if (kept.length === 0) this.#partitions.delete(partition);
    else this.#partitions.set(partition, kept);
  }
}

/** Single precision: the same text must be at the distance 0. */
const tolerance = 1e-6;

/** The vector in the same direction with the length 1; null for one that is no vector. */
export function embeddingOf(values: unknown): Embedding | null {
  if (!Array.isArray(values) || values.length === 0 || values.length > mostDimensions) return null;
  const vector = new Float32Array(values.length);
  let sum = 0;
  for (const [index, value] of values.entries()) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return null;
    vector[index] = value;
    sum += value * value;
  }
  const length = Math.sqrt(sum);
  if (length === 0 || !Number.isFinite(length)) return null;
  return vector.map((value) => value / length);
}

/** The largest models of today have 4,096. */
const mostDimensions = 16_384;

function dot(a: Embedding, b: Embedding): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
