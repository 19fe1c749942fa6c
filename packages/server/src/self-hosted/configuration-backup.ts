import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

export interface BackedUpConfiguration {
  readonly etag: string;
  readonly text: string;
}

/**
 * The last good configuration on disk, which a gateway starts from while the management plane is away. It holds secrets: a file
 * of mode 0600 in a folder of mode 0700. `name` tells gateways that share a data folder apart.
 */
export class ConfigurationBackup {
  readonly #folder: string;
  readonly #file: string;

  constructor(dataFolder: string, name: string) {
    this.#folder = join(dataFolder, 'self-hosted');
    this.#file = join(this.#folder, `${name}.json`);
  }

  /** The entity tag in the first line, the configuration in the rest. Replaced whole, after it is on disk. */
  async write({ etag, text }: BackedUpConfiguration): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await chmod(this.#folder, 0o700);
    const file = await open(`${this.#file}.new`, 'w', 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(`${etag}\n${text}`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.#file}.new`, this.#file);
  }

  /** Null: there is none. */
  async read(): Promise<BackedUpConfiguration | null> {
    let content: string;
    try {
      content = await readFile(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
    const end = content.indexOf('\n');
    return { etag: content.slice(0, end), text: content.slice(end + 1) };
  }
}
