import type { FolderListing, FolderSource } from './folder-source.ts';

/** A folder that exists only in memory. Files can be set and removed between reads. */
export class FolderInMemory implements FolderSource {
  readonly #files = new Map<string, { readonly bytes: Uint8Array; readonly version: string }>();
  #writes = 0;
  /** The write after which the set of files was last another one. */
  #membersSince = 0;
  /** The newest writes, each with its path; the oldest are forgotten. */
  #recent: { readonly write: number; readonly path: string }[] = [];

  constructor(files: Readonly<Record<string, string | Uint8Array | object>> = {}) {
    for (const [path, content] of Object.entries(files)) this.set(path, content);
  }

  /** Writes a file; an object that is not bytes is written as JSON. */
  set(path: string, content: string | Uint8Array | object): this {
    const text =
      typeof content === 'string' || content instanceof Uint8Array ? content : `${JSON.stringify(content, null, 2)}\n`;
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    const write = ++this.#writes;
    if (!this.#files.has(path)) this.#membersSince = write;
    this.#files.set(path, { bytes, version: String(write) });
    this.#recent.push({ write, path });
    if (this.#recent.length > 2 * rememberedWrites) this.#recent = this.#recent.slice(-rememberedWrites);
    return this;
  }

  remove(path: string): this {
    if (this.#files.delete(path)) this.#membersSince = ++this.#writes;
    return this;
  }

  /** Every file as it is now; later changes do not change it. */
  files(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#files].map(([path, { bytes }]) => [path, bytes]));
  }

  get mark(): number {
    return this.#writes;
  }

  changedSince(mark: number): { readonly mark: number; readonly changed: readonly string[] } | null {
    if (this.#membersSince > mark) return null;
    const newer = this.#recent.filter(({ write }) => write > mark);
    // Every write since the mark made one entry, unless the oldest are gone already.
    if (newer.length < this.#writes - mark) return null;
    return { mark: this.#writes, changed: [...new Set(newer.map(({ path }) => path))] };
  }

  async list(): Promise<FolderListing> {
    const files = [...this.#files].map(([path, { bytes, version }]) => ({ path, size: bytes.length, version }));
    return { files, diagnostics: [] };
  }

  async read(path: string): Promise<Uint8Array | null> {
    return this.#files.get(path)?.bytes ?? null;
  }
}

const rememberedWrites = 1000;
