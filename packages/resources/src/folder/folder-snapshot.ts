import { hash } from 'node:crypto';
import type { Diagnostic } from '../diagnostic.ts';
import { problem } from '../errors.ts';
import { FileRecord } from './file-record.ts';
import type { FolderFile, FolderSource } from './folder-source.ts';

/** The files of a folder at one moment. */
export interface FolderSnapshot {
  readonly files: ReadonlyMap<string, FileRecord>;
  /** Every path of the folder, also of files that are not read (pictures, archives), sorted. */
  readonly paths: readonly string[];
  /** What differs from the snapshot before, which had the same paths; null when everything may differ. */
  readonly changed: readonly string[] | null;
  readonly diagnostics: readonly Diagnostic[];
}

interface Known {
  readonly record: FileRecord;
  readonly version: string | null;
}

/** Reads a folder again and again; a file whose content is the same as before keeps its record. */
export class FolderSnapshots {
  readonly #source: FolderSource;
  readonly #fileSize: number;
  #known = new Map<string, Known>();
  #last: FolderSnapshot | null = null;
  #mark = -1;

  constructor(source: FolderSource, fileSize: number) {
    this.#source = source;
    this.#fileSize = fileSize;
  }

  async take(): Promise<FolderSnapshot> {
    return (await this.#takeChanges()) ?? this.#takeAll();
  }

  /** The last snapshot with the files that were written since; null when the folder must be listed. */
  async #takeChanges(): Promise<FolderSnapshot | null> {
    const last = this.#last;
    const delta = last && this.#source.changedSince?.(this.#mark);
    if (!last || !delta) return null;
    const files = last.files as Map<string, FileRecord>;
    const changed: string[] = [];
    for (const path of delta.changed) {
      if (!readExtensions.test(path)) continue;
      const bytes = await this.#source.read(path);
      // What is odd about it is for the listing to tell.
      if (bytes === null || bytes.length > this.#fileSize) return null;
      const digest = hashOf(bytes);
      if (files.get(path)?.hash === digest) continue;
      const record = new FileRecord(path, digest, bytes);
      files.set(path, record);
      this.#known.set(path, { record, version: null });
      changed.push(path);
    }
    this.#mark = delta.mark;
    this.#last = { ...last, changed };
    return this.#last;
  }

  async #takeAll(): Promise<FolderSnapshot> {
    const mark = this.#source.mark ?? -1;
    const listing = await this.#source.list();
    const diagnostics = [...listing.diagnostics];
    const known = new Map<string, Known>();
    const listed = listing.files.filter(({ path }) => readExtensions.test(path));
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let file = listed[next++]; file !== undefined; file = listed[next++]) {
        const current = await this.#readFile(file, diagnostics);
        if (current !== null) known.set(file.path, current);
      }
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    this.#known = known;
    const paths = listing.files.map(({ path }) => path).sort(compare);
    const files = new Map<string, FileRecord>();
    for (const path of paths) {
      const current = known.get(path);
      if (current !== undefined) files.set(path, current.record);
    }
    this.#mark = mark;
    // Files that could not be read are worth another look: such a snapshot is no base for changes.
    this.#last = null;
    const snapshot: FolderSnapshot = { files, paths, changed: null, diagnostics };
    if (diagnostics.length === 0) this.#last = snapshot;
    return snapshot;
  }

  async #readFile(file: FolderFile, diagnostics: Diagnostic[]): Promise<Known | null> {
    const before = this.#known.get(file.path);
    if (before !== undefined && before.version !== null && before.version === file.version) return before;
    const place = { file: file.path, line: 0, column: 0 };
    if (file.size > this.#fileSize) {
      diagnostics.push(problem('FileTooLarge', place, { size: file.size, limit: this.#fileSize }));
      return null;
    }
    let bytes: Uint8Array | null;
    try {
      bytes = await this.#source.read(file.path);
    } catch (error) {
      diagnostics.push(
        problem('FileUnreadable', place, {
          reason: error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason',
        }),
      );
      return null;
    }
    if (bytes === null) return null;
    if (bytes.length > this.#fileSize) {
      // It has grown since it was listed.
      diagnostics.push(problem('FileTooLarge', place, { size: bytes.length, limit: this.#fileSize }));
      return null;
    }
    const digest = hashOf(bytes);
    if (before?.record.hash === digest) return { record: before.record, version: file.version };
    return { record: new FileRecord(file.path, digest, bytes), version: file.version };
  }
}

function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64');
}

const readExtensions = /\.(json|ya?ml|xml|pem|crt|cer|key|pfx|p12|wsdl|wadl|graphql)$/i;

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
