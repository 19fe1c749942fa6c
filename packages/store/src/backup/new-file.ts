import { randomBytes } from 'node:crypto';
import { chmod, link, open, rm } from 'node:fs/promises';
import { StoreError } from '../errors.ts';

/**
 * Makes a file whole or not at all: `write` fills a temporary file beside it, which takes its name when it is on disk. Throws
 * `BackupExists` or `BackupUnwritable`.
 */
export async function writeNewFile<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    const result = await write(temporary);
    const file = await open(temporary, 'r');
    try {
      await chmod(temporary, 0o600);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
    return result;
  } catch (error) {
    if (error instanceof StoreError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new StoreError('BackupExists', { path });
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError('BackupUnwritable', { path, reason }, { cause: error });
  } finally {
    await rm(temporary, { force: true });
  }
}
