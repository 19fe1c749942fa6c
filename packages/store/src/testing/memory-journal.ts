import { StoreError } from '../errors.ts';
import type { JournalOpened, OpenJournalOptions } from '../journal/contract.ts';
import { journalOf } from '../journal/durable-journal.ts';
import { MemoryRows, MemoryTable } from '../journal/memory-table.ts';

/** For tests: a journal in memory that can be opened again, and whose commits can be held back or fail. */
export interface MemoryJournal {
  /** As `openJournal`; the journal that was open before, if any, is lost (`JournalLost`). What was committed is there. */
  open(options?: Partial<OpenJournalOptions>): Promise<JournalOpened>;
  /** From now on commits wait, until `release`. */
  hold(): void;
  /** Lets commits happen: those that wait and, where `count` is not given, all that follow. */
  release(count?: number): void;
  /** The next commit fails with it, nothing of it is written, and the journal is lost. */
  fail(error: Error): void;
  /** Another process takes the journal over. */
  lose(): void;
  /** Commits that wait. */
  readonly waiting: number;
}

/** `compactFrom`: bytes from which on rows are written anew; default 16 MiB. */
export function memoryJournal({ compactFrom }: { readonly compactFrom?: number } = {}): MemoryJournal {
  const stored = new MemoryRows();
  let current: MemoryTable | undefined;
  let held = false;
  let failure: Error | undefined;
  let waiting: (() => void)[] = [];
  const lose = (): void => {
    const table = current;
    current = undefined;
    const go = waiting;
    waiting = [];
    table?.lose(lostError());
    for (const resolve of go) resolve();
  };
  return {
    async open(options = {}) {
      lose();
      let table: MemoryTable | undefined;
      const admit = async (): Promise<void> => {
        // A disk answers later, too.
        await new Promise<void>((resolve) => {
          if (held) waiting.push(resolve);
          else setImmediate(resolve);
        });
        if (table !== current) throw lostError();
        const error = failure;
        failure = undefined;
        if (error !== undefined) throw error;
      };
      table = new MemoryTable(stored, admit, () => {
        if (current === table) current = undefined;
      });
      current = table;
      const { name = 'memory', cacheBytes = 64 * 1024 * 1024, compactBelow = 0.5 } = options;
      return journalOf(table, { name, cacheBytes, compactBelow, compactFrom });
    },
    hold() {
      held = true;
    },
    release(count) {
      if (count === undefined) held = false;
      for (const resolve of waiting.splice(0, count ?? waiting.length)) resolve();
    },
    fail(error) {
      failure = error;
    },
    lose,
    get waiting() {
      return waiting.length;
    },
  };
}

const lostError = (): StoreError =>
  new StoreError('JournalLost', { name: 'memory', reason: 'another process has taken it over' });
