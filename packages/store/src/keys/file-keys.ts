import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../errors.ts';
import { keyBytes } from './aes-gcm.ts';
import type { KeyProvider, WrappedKey } from './key-provider.ts';
import { LocalKeys, parseKey } from './local-keys.ts';

const maxFileBytes = 64 * 1024;

/**
 * Key-encryption keys in a file: Base64 of 32 bytes a line, the newest first; empty lines and lines that begin with `#` mean
 * nothing. Only its owner may read it. A file that has changed is read again, so that a rotation in one process reaches others.
 */
export class FileKeys implements KeyProvider {
  private readonly path: string;
  private readonly create: boolean;
  private loaded: { readonly version: string; readonly keys: LocalKeys } | undefined;

  /** Throws `KeyUnusable` where the file is not as it must be, or missing without `create`. */
  constructor(path: string, create: boolean) {
    this.path = path;
    this.create = create;
    if (this.load() === undefined && !create) {
      throw new StoreError('KeyUnusable', { reason: `there is no file '${path}'` });
    }
  }

  readonly addKey = (): void => {
    const version = this.load()?.version;
    const old = version === undefined ? '' : readFileSync(this.path, 'utf8');
    const temporary = writePrivately(this.path, `${newLine()}${old}`);
    renameSync(temporary, this.path);
    syncFolder(this.path);
    this.load();
  };

  currentKeyId(): string | undefined {
    return this.load()?.keys.currentKeyId();
  }

  has(keyId: string): boolean {
    return this.load()?.keys.has(keyId) ?? false;
  }

  wrap(dataKey: Uint8Array, aad: Uint8Array): WrappedKey {
    const keys = this.load()?.keys ?? this.createFile();
    return keys.wrap(dataKey, aad);
  }

  unwrap(key: WrappedKey, aad: Uint8Array): Uint8Array | undefined {
    return this.load()?.keys.unwrap(key, aad);
  }

  close(): void {}

  private load(): { readonly version: string; readonly keys: LocalKeys } | undefined {
    const stat = statSync(this.path, { throwIfNoEntry: false, bigint: true });
    if (stat === undefined) return undefined;
    const version = `${stat.ino}/${stat.size}/${stat.mtimeNs}`;
    if (this.loaded?.version !== version) this.loaded = { version, keys: readKeys(this.path) };
    return this.loaded;
  }

  private createFile(): LocalKeys {
    if (!this.create) throw new StoreError('KeyUnusable', { reason: `there is no file '${this.path}'` });
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const temporary = writePrivately(this.path, newLine());
    try {
      // Whole or not at all, and only the first of several processes.
      linkSync(temporary, this.path);
      syncFolder(this.path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw unusable(this.path, error);
    } finally {
      rmSync(temporary, { force: true });
    }
    const loaded = this.load();
    if (loaded === undefined) throw new StoreError('KeyUnusable', { reason: `'${this.path}' has gone` });
    return loaded.keys;
  }
}

function readKeys(path: string): LocalKeys {
  let text: string;
  try {
    const file = openSync(path, 'r');
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || stat.size > maxFileBytes) throw new Error('it is no file of keys');
      if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
        const mode = (stat.mode & 0o777).toString(8);
        throw new Error(`others may read it (mode ${mode}; expected 600)`);
      }
      text = readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unusable(path, error);
  }
  const keys: Uint8Array[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '' && !line.startsWith('#')) keys.push(parseKey(line.trim(), `line ${index + 1} of '${path}'`));
  }
  if (keys.length === 0) throw new StoreError('KeyUnusable', { reason: `'${path}' holds no key` });
  return new LocalKeys(keys);
}

const newLine = (): string => `${randomBytes(keyBytes).toString('base64')}\n`;

function writePrivately(path: string, text: string): string {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unusable(path, error);
  }
  return temporary;
}

/** Without it a power cut can leave secrets on disk and the key that opens them not. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function unusable(path: string, error: unknown): StoreError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError('KeyUnusable', { reason: `'${path}': ${reason}` }, { cause: error });
}
