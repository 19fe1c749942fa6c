import { buildSnapshot, type Snapshot } from '@lazuli/gateway';
import {
  createFolderReader,
  type Diagnostic,
  type FolderReader,
  type FolderSource,
  secretsFromDisk,
} from '@lazuli/resources';

export interface FolderOptions {
  /** Absent: `secrets.local.json` or `.yaml` at the top of the folder, when there is one. */
  readonly secretsFile: string | null;
  readonly allowUnsupported: boolean;
}

export interface LoadResult {
  /** Null when there is an error among the diagnostics: nothing may be served then. */
  readonly snapshot: Snapshot | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one folder again and again into snapshots; what did not change is neither parsed nor compiled again. */
export class LiveConfiguration {
  readonly #reader: FolderReader;
  readonly #options: FolderOptions;
  #last: Snapshot | undefined;

  constructor(source: FolderSource, options: FolderOptions) {
    this.#options = options;
    this.#reader = createFolderReader(source, {
      environment: process.env,
      ...(options.secretsFile === null ? {} : { secrets: secretsFromDisk(options.secretsFile) }),
    });
  }

  /** @throws {FolderUnavailableError} {SecretsUnavailableError} */
  async load(): Promise<LoadResult> {
    const { model, diagnostics: found } = await this.#reader.read();
    const built = buildSnapshot(model, { allowUnsupported: this.#options.allowUnsupported }, this.#last);
    const diagnostics = [...found, ...built.diagnostics].sort(byPlace);
    if (diagnostics.some(({ severity }) => severity === 'error')) return { snapshot: null, diagnostics };
    this.#last = built.snapshot;
    return { snapshot: built.snapshot, diagnostics };
  }
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
