import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface FolderWatcher {
  close(): void;
}

export interface FolderWatcherOptions {
  /** Called after a burst of changes has settled, with paths relative to the folder (`/` between segments). */
  readonly onChange: (paths: ReadonlySet<string>) => void;
  /** The folder can no longer be watched by the system (too many watches): it is polled from now on. */
  readonly onFallback: (reason: string) => void;
  /** A burst has settled when nothing happened for this long. Milliseconds. */
  readonly settleMs: number;
  /** A burst that never settles is reported after this long. Milliseconds. */
  readonly patienceMs: number;
}

const pollMs = 150;

/**
 * Watches a folder and everything below it. One system watch a directory (not a file): tools that save by writing another
 * file and renaming it are seen like those that write in place. Folders whose names start with a dot, and
 * `node_modules`, are not looked into.
 */
export function watchFolder(folder: string, options: FolderWatcherOptions): FolderWatcher {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let settle: NodeJS.Timeout | undefined;
  let patience: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  let closed = false;

  const report = () => {
    clearTimeout(settle);
    clearTimeout(patience);
    settle = undefined;
    patience = undefined;
    if (closed || changed.size === 0) return;
    const paths = new Set(changed);
    changed.clear();
    options.onChange(paths);
  };

  const note = (path: string) => {
    changed.add(relative(folder, path).split(sep).join('/'));
    clearTimeout(settle);
    settle = setTimeout(report, options.settleMs);
    patience ??= setTimeout(report, options.patienceMs);
  };

  const fallBack = (reason: string) => {
    if (poll || closed) return;
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
    options.onFallback(reason);
    let before = fingerprints(folder);
    poll = setInterval(() => {
      const now = fingerprints(folder);
      for (const [path, mark] of now) if (before.get(path) !== mark) note(path);
      for (const path of before.keys()) if (!now.has(path)) note(path);
      before = now;
    }, pollMs);
  };

  const add = (directory: string, isNew: boolean) => {
    if (closed || poll || watchers.has(directory)) return;
    try {
      const watcher = watch(directory, (_, name) => {
        if (name === null) return note(directory);
        if (isIgnored(name)) return;
        const path = join(directory, name);
        note(path);
        if (isDirectory(path)) add(path, true);
      });
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(directory);
        note(directory);
      });
      watchers.set(directory, watcher);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return;
      return fallBack(code === 'ENOSPC' || code === 'EMFILE' ? 'the system has no watches left' : message);
    }
    for (const entry of readEntries(directory)) {
      if (isIgnored(entry.name)) continue;
      const path = join(directory, entry.name);
      if (entry.isDirectory()) add(path, isNew);
      else if (isNew) note(path);
    }
  };

  add(folder, false);
  return {
    close() {
      closed = true;
      clearTimeout(settle);
      clearTimeout(patience);
      clearInterval(poll);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

function isIgnored(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Nothing for a directory that is gone in the meantime. */
function readEntries(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function fingerprints(folder: string, into = new Map<string, string>()): Map<string, string> {
  for (const entry of readEntries(folder)) {
    if (isIgnored(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) fingerprints(path, into);
    else {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat) into.set(path, `${stat.mtimeMs}:${stat.size}:${stat.ino}`);
    }
  }
  return into;
}
