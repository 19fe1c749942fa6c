import type { FolderListing, FolderSource } from './folder-source.ts';

/** A folder that exists only in memory. Files can be set and removed between reads. */
export class FolderInMemory implements FolderSource {
  readonly #files = new Map<string, { readonly bytes: Uint8Array; readonly version: string }>();
  #writes = 0;

  constructor(files: Readonly<Record<string, string | Uint8Array | object>> = {}) {
    for (const [path, content] of Object.entries(files)) this.set(path, content);
  }

  /** Writes a file; an object that is not bytes is written as JSON. */
  set(path: string, content: string | Uint8Array | object): this {
    const text =
      typeof content === 'string' || content instanceof Uint8Array ? content : `${JSON.stringify(content, null, 2)}\n`;
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    this.#files.set(path, { bytes, version: String(++this.#writes) });
    return this;
  }

  remove(path: string): this {
    this.#files.delete(path);
    return this;
  }

  async list(): Promise<FolderListing> {
    const files = [...this.#files].map(([path, { bytes, version }]) => ({ path, size: bytes.length, version }));
    return { files, diagnostics: [] };
  }

  async read(path: string): Promise<Uint8Array | null> {
    return this.#files.get(path)?.bytes ?? null;
  }
}
