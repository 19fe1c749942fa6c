import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('./unsynced-writes.c', import.meta.url));
const kinds = { write: 1, truncate: 2, synced: 3 } as const;
const headBytes = 27;
/** A disk writes so much whole or not at all. */
const sectorBytes = 512;

export interface PowerLoss {
  /** For the processes whose files lose what was not synced. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * After such a process was killed: of what it had not synced, some is lost, sector by sector. Names of files stay: file
   * systems with a journal keep their order. Returns how many changes were not synced.
   */
  strike(random: () => number): number;
}

/** Where there is a C compiler, as on every machine that has built Node's native modules. */
export const hasCompiler = ['/usr/bin/cc', '/usr/local/bin/cc'].some((path) => existsSync(path));

/** Power losses for files below `folder`; `scratch` is another folder. */
export function powerLossIn(folder: string, scratch: string): PowerLoss {
  const library = join(scratch, 'unsynced-writes.so');
  const log = join(scratch, 'unsynced-writes.log');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl', '-lpthread']);
  return {
    environment: { LD_PRELOAD: library, UNSYNCED_FOLDER: folder, UNSYNCED_LOG: log },
    strike(random) {
      if (!existsSync(log)) throw new Error(`No process wrote down what it changed below ${folder}.`);
      const unsynced = unsyncedChanges(readFileSync(log));
      rmSync(log);
      let count = 0;
      for (const [path, changes] of unsynced) {
        if (!existsSync(path)) continue;
        count += changes.length;
        writeFileSync(path, afterPowerLoss(readFileSync(path), changes, random));
      }
      return count;
    },
  };
}

interface Change {
  readonly kind: number;
  readonly offset: number;
  /** Of the file before. */
  readonly size: number;
  readonly old: Buffer;
  readonly bytes: Buffer;
}

/** By path, in order. A record that is cut at the end of the log was not followed by its change. */
function unsyncedChanges(log: Buffer): Map<string, Change[]> {
  const found = new Map<string, Change[]>();
  for (let at = 0; at + headBytes <= log.length; ) {
    const kind = log.readUInt8(at);
    const pathEnd = at + headBytes + log.readUInt16LE(at + 1);
    const oldEnd = pathEnd + log.readUInt32LE(at + 19);
    const end = oldEnd + log.readUInt32LE(at + 23);
    if (end > log.length) break;
    const path = log.toString('utf8', at + headBytes, pathEnd);
    const offset = Number(log.readBigUInt64LE(at + 3));
    const size = Number(log.readBigUInt64LE(at + 11));
    if (kind === kinds.synced) found.delete(path);
    else {
      const changes = found.get(path) ?? [];
      changes.push({ kind, offset, size, old: log.subarray(pathEnd, oldEnd), bytes: log.subarray(oldEnd, end) });
      found.set(path, changes);
    }
    at = end;
  }
  return found;
}

/** The file as it was when it was last synced, and what came to the disk since by chance. */
function afterPowerLoss(now: Buffer, changes: readonly Change[], random: () => number): Buffer {
  let content = now;
  for (const { kind, offset, size, old } of changes.toReversed()) {
    const from = kind === kinds.truncate ? Math.min(offset, size) : offset;
    content = overwritten(resized(content, size), from, old);
  }
  const share = [0, 0.5, 0.9, 1][Math.floor(random() * 4)] ?? 0;
  for (const { kind, offset, bytes } of changes) {
    if (kind === kinds.truncate) {
      if (random() < share) content = resized(content, offset);
      continue;
    }
    for (let at = 0; at < bytes.length; ) {
      const next = Math.min(bytes.length, at + sectorBytes - ((offset + at) % sectorBytes));
      if (random() < share) content = overwritten(content, offset + at, bytes.subarray(at, next));
      at = next;
    }
  }
  return content;
}

function resized(content: Buffer, size: number): Buffer {
  if (content.length >= size) return content.subarray(0, size);
  return Buffer.concat([content, Buffer.alloc(size - content.length)]);
}

function overwritten(content: Buffer, offset: number, bytes: Buffer): Buffer {
  const changed = Buffer.from(resized(content, Math.max(content.length, offset + bytes.length)));
  bytes.copy(changed, offset);
  return changed;
}
