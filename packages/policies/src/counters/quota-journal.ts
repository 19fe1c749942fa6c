import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { LogPort } from '../ports/ports.ts';
import type { QuotaCount } from './memory-counters.ts';

export interface QuotaJournalOptions {
  /** Made when it is not there. One process at a time may use it. */
  readonly folder: string;
  readonly now: () => number;
  readonly log: LogPort;
  /** Most milliseconds between a count and its being on the disk: what a crash can lose. */
  readonly flushEveryMs?: number;
  /** The file is rewritten when it is larger than this and four times what it must hold. */
  readonly compactAboveBytes?: number;
}

/**
 * Keeps quotas over a restart: an append-only file of lines `<crc32> <JSON>`, each the whole state of one window, so that
 * the last line of a window counts. Lines are collected and written with one fsync, at most every 100 ms; that is what a
 * crash of the machine or the process can lose. Opening and compacting write a new file and rename it over the old one. A
 * last line that a crash tore is dropped, damaged lines in the middle are dropped with a warning.
 */
export class QuotaJournal {
  readonly #path: string;
  readonly #options: QuotaJournalOptions;
  readonly #snapshot: () => Iterable<QuotaCount>;
  #file: FileHandle;
  #size: number;
  #liveSize: number;
  #pending = new Map<string, QuotaCount>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;
  #isClosed = false;

  private constructor(options: QuotaJournalOptions, snapshot: () => Iterable<QuotaCount>, written: Written) {
    this.#options = options;
    this.#path = join(options.folder, fileName);
    this.#snapshot = snapshot;
    this.#file = written.file;
    this.#size = written.size;
    this.#liveSize = written.size;
  }

  /** The quotas that an earlier process left, those that are over excepted. */
  static async read({ folder, now, log }: QuotaJournalOptions): Promise<QuotaCount[]> {
    const path = join(folder, fileName);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
    const { counts, damaged } = parse(text);
    if (damaged > 0)
      log.write('warn', 'The journal of quotas has damaged lines; they were dropped.', { path, damaged });
    const time = now();
    return counts.filter(({ windowEnd }) => windowEnd === null || windowEnd > time);
  }

  /** Starts a fresh file with what `snapshot` gives; it is asked again at each compaction. */
  static async open(options: QuotaJournalOptions, snapshot: () => Iterable<QuotaCount>): Promise<QuotaJournal> {
    await mkdir(options.folder, { recursive: true });
    return new QuotaJournal(options, snapshot, await writeWhole(options.folder, snapshot()));
  }

  /** Notes a window's state; it is on the disk within `flushEveryMs`. */
  record(count: QuotaCount): void {
    if (this.#isClosed) return;
    this.#pending.set(`${count.windowStart} ${count.key}`, count);
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.flushEveryMs ?? 100);
  }

  /** Resolves when everything that was recorded before is on the disk, or was found impossible to write (that is logged). */
  flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    await this.#file.close();
  }

  async #write(): Promise<void> {
    if (this.#pending.size === 0) return;
    const counts = this.#pending;
    this.#pending = new Map();
    try {
      if (this.#isFailing || this.#size > Math.max(this.#options.compactAboveBytes ?? 1_048_576, this.#liveSize * 4))
        await this.#compact();
      else this.#size += await append(this.#file, counts.values());
      if (this.#isFailing) this.#options.log.write('info', 'Quotas are kept on the disk again.', { path: this.#path });
      this.#isFailing = false;
    } catch (error) {
      // A full disk must not stop requests. What could not be written comes with the next compaction, from memory.
      if (!this.#isFailing)
        this.#options.log.write('error', 'Quotas cannot be written; a restart would forget them.', {
          path: this.#path,
          error: error instanceof Error ? error.message : String(error),
        });
      this.#isFailing = true;
      for (const [key, count] of counts) if (!this.#pending.has(key)) this.#pending.set(key, count);
      if (!this.#isClosed) this.#timer ??= setTimeout(() => void this.flush(), retryEveryMs);
    }
  }

  async #compact(): Promise<void> {
    const written = await writeWhole(this.#options.folder, this.#snapshot());
    await this.#file.close();
    this.#file = written.file;
    this.#size = written.size;
    this.#liveSize = written.size;
  }
}

const fileName = 'quotas.journal';
const retryEveryMs = 5_000;

interface Written {
  readonly file: FileHandle;
  readonly size: number;
}

/** A crash leaves the old file or the new one, never half of one. */
async function writeWhole(folder: string, counts: Iterable<QuotaCount>): Promise<Written> {
  const path = join(folder, fileName);
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w');
  try {
    const size = await append(file, counts);
    await rename(temporary, path);
    await syncFolder(folder);
    return { file, size };
  } catch (error) {
    await file.close();
    await rm(temporary, { force: true });
    throw error;
  }
}

async function append(file: FileHandle, counts: Iterable<QuotaCount>): Promise<number> {
  const text = Buffer.from(Array.from(counts, line).join(''));
  await file.appendFile(text);
  await file.datasync();
  return text.length;
}

/** The rename itself must be on the disk, too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function line({ key, windowStart, windowEnd, sum }: QuotaCount): string {
  const json = JSON.stringify([key, windowStart, windowEnd, sum]);
  return `${checksum(json)} ${json}\n`;
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

function parse(text: string): { readonly counts: QuotaCount[]; readonly damaged: number } {
  const windows = new Map<string, QuotaCount>();
  const lines = text.split('\n');
  // What stands behind the last line break was torn.
  lines.pop();
  let damaged = 0;
  for (const one of lines) {
    const count = parseLine(one);
    if (count) windows.set(`${count.windowStart} ${count.key}`, count);
    else damaged++;
  }
  return { counts: [...windows.values()], damaged };
}

function parseLine(text: string): QuotaCount | undefined {
  const json = text.slice(9);
  if (text.slice(0, 9) !== `${checksum(json)} `) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const [key, windowStart, windowEnd, sum]: unknown[] = value;
  if (typeof key !== 'string' || typeof windowStart !== 'number' || typeof sum !== 'number') return undefined;
  if (windowEnd !== null && typeof windowEnd !== 'number') return undefined;
  return { key, windowStart, windowEnd, sum };
}
