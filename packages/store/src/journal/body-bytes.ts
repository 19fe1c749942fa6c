import { closeSync, fdatasyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { JournalFileError } from './journal-file-error.ts';
import { type BodyMove, type BodyPlace, bodyPageBytes } from './sqlite-protocol.ts';
import type { Bytes } from './table.ts';

/** The file of `BodyFile` as the thread of the database has it, which does with it what must not come between commits. */
export class BodyBytes {
  private readonly path: string;
  private file: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** What was written to it, by whomever, is on the disk. */
  sync(): void {
    fdatasyncSync(this.opened());
  }

  read({ page, bytes }: BodyPlace): Bytes {
    const body = new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
    const start = page * bodyPageBytes;
    for (let done = 0; done < bytes; ) {
      const read = readSync(this.opened(), body, done, bytes - done, start + done);
      if (read === 0) {
        const reason = `it ends at ${start + done}, within a body`;
        throw new JournalFileError('StoreCorrupt', { what: `The file '${this.path}'`, reason });
      }
      done += read;
    }
    return body;
  }

  /** Copies to free space; on the disk when it returns. */
  copy(moves: readonly BodyMove[]): void {
    for (const { from, to, bytes } of moves) {
      const body = this.read({ page: from, bytes });
      for (let done = 0; done < bytes; ) {
        done += writeSync(this.opened(), body, done, bytes - done, to * bodyPageBytes + done);
      }
    }
    this.sync();
  }

  cut(bytes: number): void {
    ftruncateSync(this.opened(), bytes);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private opened(): number {
    this.file ??= openSync(this.path, 'r+');
    return this.file;
  }
}
