import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FileRecord } from '../folder/file-record.ts';

/** A secrets file that is kept outside the folder. */
export interface SecretsSource {
  /** How messages call it; the extension says whether it is JSON or YAML. */
  readonly file: string;
  /** Its bytes. Rejects when it cannot be read: a secrets file that was asked for must be there. */
  read(): Promise<Uint8Array>;
}

/** The secrets file is not there or cannot be read. */
export class SecretsUnavailableError extends Error {
  override readonly name = 'SecretsUnavailableError';
}

/** A secrets file on disk. */
export function secretsFromDisk(path: string): SecretsSource {
  return { file: path, read: () => readFile(path) };
}

/** Reads a secrets file again and again, keeping its record while the content is the same. */
export class SecretsFile {
  readonly #source: SecretsSource;
  #record: FileRecord | null = null;

  constructor(source: SecretsSource) {
    this.#source = source;
  }

  /** @throws {SecretsUnavailableError} */
  async take(): Promise<FileRecord> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#source.read();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SecretsUnavailableError(`The secrets file '${this.#source.file}' cannot be read: ${reason}`, {
        cause: error,
      });
    }
    const hash = createHash('sha256').update(bytes).digest('base64');
    if (this.#record?.hash !== hash) this.#record = new FileRecord(this.#source.file, hash, bytes);
    return this.#record;
  }
}
