import type { BigIntStats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Diagnostic } from '../diagnostic.ts';
import { problem } from '../errors.ts';
import {
  defaultFolderLimits,
  type FolderFile,
  type FolderLimits,
  type FolderListing,
  type FolderSource,
  FolderUnavailableError,
} from './folder-source.ts';

/**
 * A folder on disk. Folders whose name begins with a dot and `node_modules` are passed over. Symbolic links are followed
 * as long as they stay inside the folder.
 */
export function folderFromDisk(directory: string, limits: Partial<FolderLimits> = {}): FolderSource {
  return {
    list: async () => {
      let root: string;
      try {
        root = await realpath(directory);
        if (!(await stat(root)).isDirectory()) throw new FolderUnavailableError(`'${directory}' is not a folder`);
      } catch (error) {
        if (error instanceof FolderUnavailableError) throw error;
        throw new FolderUnavailableError(`The folder '${directory}' cannot be read: ${reasonOf(error)}`, {
          cause: error,
        });
      }
      return new Listing(root, { ...defaultFolderLimits, ...limits }).run();
    },
    read: async (path) => {
      try {
        return await readFile(join(directory, path));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
  };
}

/** A file written this recently (milliseconds) may be written again within the resolution of its time stamp. */
const freshFor = 2000n;

interface Directory {
  /** Relative to the folder. */
  readonly path: string;
  /** Where it is, links resolved. */
  readonly real: string;
  /** Directories that were left through links on the way here. */
  readonly through: readonly string[];
}

class Listing {
  readonly #root: string;
  readonly #limits: FolderLimits;
  readonly #files: FolderFile[] = [];
  readonly #diagnostics: Diagnostic[] = [];
  #directories = 0;
  #full = false;

  constructor(root: string, limits: FolderLimits) {
    this.#root = root;
    this.#limits = limits;
  }

  async run(): Promise<FolderListing> {
    let level: Directory[] = [{ path: '', real: this.#root, through: [] }];
    for (let depth = 0; level.length > 0 && !this.#full; depth++) {
      if (depth > this.#limits.depth) {
        this.#report('FolderTooDeep', level[0]?.path ?? '', { limit: this.#limits.depth });
        break;
      }
      const next: Directory[] = [];
      await inParallel(level, async (directory) => this.#directory(directory, next));
      this.#directories += next.length;
      if (this.#directories > this.#limits.files) this.#full = true;
      level = next;
    }
    if (this.#full) this.#report('TooManyFiles', '.', { limit: this.#limits.files });
    return { files: this.#files, diagnostics: this.#diagnostics };
  }

  async #directory(directory: Directory, next: Directory[]): Promise<void> {
    if (this.#full) return;
    const { path, real, through } = directory;
    let entries: import('node:fs').Dirent[];
    try {
      entries = await readdir(join(this.#root, path), { withFileTypes: true });
    } catch (error) {
      this.#report('FileUnreadable', path || '.', { reason: reasonOf(error) });
      return;
    }
    for (const entry of entries) {
      const child = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!isPassedOver(entry.name)) next.push({ path: child, real: join(real, entry.name), through });
      } else if (entry.isSymbolicLink()) {
        if (!isPassedOver(entry.name)) await this.#link(child, directory, next);
      } else if (entry.isFile()) await this.#file(child);
    }
  }

  async #link(path: string, from: Directory, next: Directory[]): Promise<void> {
    try {
      const target = await realpath(join(this.#root, path));
      const inside = relative(this.#root, target);
      if (inside === '..' || inside.startsWith(`..${sep}`) || inside.startsWith(sep)) {
        this.#report('LinkLeavesFolder', path, {});
      } else if (!(await stat(target)).isDirectory()) await this.#file(path);
      else if ([from.real, ...from.through].some((directory) => `${directory}${sep}`.startsWith(`${target}${sep}`))) {
        this.#report('FileUnreadable', path, { reason: 'its links go round in circles' });
      } else next.push({ path, real: target, through: [from.real, ...from.through] });
    } catch (error) {
      this.#report('FileUnreadable', path, { reason: reasonOf(error) });
    }
  }

  async #file(path: string): Promise<void> {
    if (this.#files.length >= this.#limits.files) {
      this.#full = true;
      return;
    }
    let stats: BigIntStats;
    try {
      stats = await stat(join(this.#root, path), { bigint: true });
    } catch (error) {
      if (!isMissing(error)) this.#report('FileUnreadable', path, { reason: reasonOf(error) });
      return;
    }
    if (!stats.isFile()) return;
    if (stats.size > this.#limits.fileSize) {
      if (isRead(path)) this.#report('FileTooLarge', path, { size: String(stats.size), limit: this.#limits.fileSize });
      return;
    }
    const fresh = BigInt(Date.now()) - stats.mtimeMs < freshFor;
    const version = fresh ? null : `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
    this.#files.push({ path, size: Number(stats.size), version });
  }

  #report<Code extends Parameters<typeof problem>[0]>(
    code: Code,
    file: string,
    details: Parameters<typeof problem<Code>>[2],
  ): void {
    this.#diagnostics.push(problem(code, { file, line: 0, column: 0 }, details));
  }
}

/** Also the names that Kubernetes gives to what the links of a mounted ConfigMap point at (`..data`). */
function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** Other files (pictures, archives) may be as large as they like: nobody reads them. */
function isRead(path: string): boolean {
  return /\.(json|ya?ml|xml)$/i.test(path);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(32, items.length) }, worker));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ELOOP: 'its links go round in circles',
    ENOTDIR: 'a part of its path is no folder',
  };
  return known[code] ?? (code || 'unknown reason');
}
