import type { Diagnostic } from '../diagnostic.ts';

/** Where the files of a service come from. Paths are relative to the folder, with `/`. */
export interface FolderSource {
  /** Every file below the folder, in any order. Throws {@link FolderUnavailableError} when the folder is not there. */
  list(): Promise<FolderListing>;
  /**
   * The files whose content was written since `mark`, with the mark to ask with next; null when the set of files is another
   * one, or too much has happened: then the folder must be listed. Only for sources that are told of every write.
   */
  changedSince?(mark: number): { readonly mark: number; readonly changed: readonly string[] } | null;
  /** The mark of this moment. */
  readonly mark?: number;
  /** The bytes of one file; null when it has gone since it was listed. */
  read(path: string): Promise<Uint8Array | null>;
}

export interface FolderListing {
  readonly files: readonly FolderFile[];
  /** What could not be listed, and why. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface FolderFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Differs whenever the content may differ; null when only the content itself can tell. */
  readonly version: string | null;
}

/** The folder does not exist, is no folder, or may not be read. */
export class FolderUnavailableError extends Error {
  override readonly name = 'FolderUnavailableError';
}

/** What is read at most; a folder beyond it is reported, not read. */
export interface FolderLimits {
  /** Bytes of one file. */
  readonly fileSize: number;
  readonly files: number;
  /** Levels of folders. */
  readonly depth: number;
}

export const defaultFolderLimits: FolderLimits = { fileSize: 16 * 1024 * 1024, files: 500_000, depth: 32 };
