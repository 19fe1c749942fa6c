/**
 * A journal: items of bytes that come and go fast, kept in a database. What a message broker keeps its messages in. One
 * process owns a journal at a time and holds what it needs of every item in memory; the journal makes it durable,
 * and gives it back to the next owner.
 *
 * All that is asked for in one turn of the event loop is one transaction, and what comes while a transaction is being written
 * goes into the next one together: group commit. A transaction is one row, whatever it holds: new items, amendments
 * of old ones, removals. A row is deleted when nothing in it matters any more; rows of which little is left
 * are written anew. So the space and the time to open grow with what is alive, not with history.
 */

/** Opaque to its owner: where an item lies. Its owner keeps it, and gives it back to amend, read or remove the item. */
export interface JournalItem {
  /** Bytes of the body; 0 where it has none. */
  readonly bodyBytes: number;
}

/** Bytes that several items of the same transaction share (a message in all subscriptions of a topic). */
export interface JournalBody {
  readonly bytes: number;
}

/** The bytes of a body in one piece, or in several one after another: those it was made of, or others. Not to be changed. */
export type JournalBytes = readonly Uint8Array[];

export interface Journal extends AsyncDisposable {
  readonly name: string;
  /** Counts owners: greater for each that takes the journal over. */
  readonly term: number;

  /**
   * Adds an item. `head` is what the owner must know of it without reading the body: small, given back by `JournalOpened.items`.
   * The bytes are taken over: nobody may change them afterwards.
   */
  append(head: Uint8Array, body?: JournalBody | null): JournalItem;
  /** A body for items that are appended in the same turn. */
  body(pieces: readonly Uint8Array[]): JournalBody;
  /** Replaces what is said about an item beside its head; the last amendment counts. Not for an item that was removed. */
  amend(item: JournalItem, amendment: Uint8Array): void;
  /** The item is gone. Removing it again does nothing. */
  remove(item: JournalItem): void;
  /**
   * Resolves when everything that was asked for until now is on disk. Rejects with `JournalLost` where another process has
   * taken the journal over (nothing of the rejected transaction is written then), and with the error of the database
   * after retries, after which the journal is lost too: its owner must open it anew.
   */
  commit(): Promise<void>;
  /** The same without a promise: `done` is called in order, once, with the error where there is one. */
  onCommitted(done: (error?: Error) => void): void;

  /**
   * The body: at once where it is in memory (what was appended or read lately is, within `cacheBytes`). Several reads that are
   * asked for in one turn are one query. Rejects where the item was removed.
   */
  readBody(item: JournalItem): JournalBytes | Promise<JournalBytes>;

  /** Calls back when ownership is lost: at once stop answering for it. */
  onLost(call: (reason: Error) => void): void;
  /** Bytes asked for that are not on disk yet: for back-pressure. */
  readonly pendingBytes: number;
  readonly statistics: JournalStatistics;
  /** Writes what waits, and lets go: the next owner need not wait for the lease to end. */
  close(): Promise<void>;
}

export interface JournalStatistics {
  readonly rows: number;
  /** Bytes of all rows, and of those the ones that still matter. */
  readonly bytes: number;
  readonly liveBytes: number;
  readonly items: number;
  readonly commits: number;
  /** Milliseconds, of the last 1,000 commits. */
  readonly commitLatency: { readonly p50: number; readonly p99: number };
}

export interface OpenJournalOptions {
  /** Several journals live in one database: letters, digits, `.`, `_`, `-`, at most 128. */
  readonly name: string;
  /** Shown to who waits for the journal: host and process. */
  readonly owner: string;
  /** PostgreSQL: how long an owner that is not heard of keeps the journal; default 5,000. It is renewed four times in that time. */
  readonly leaseMilliseconds?: number;
  /** Aborts waiting for another owner. */
  readonly signal?: AbortSignal;
  /** Told once, when another process owns it. */
  readonly onWaiting?: (owner: string) => void;
  /** Bodies kept in memory; default 64 MiB. */
  readonly cacheBytes?: number;
  /** Rows are written anew when less than this part of all bytes is alive, and there is more than 16 MiB; default 0.5. */
  readonly compactBelow?: number;
  /** SQLite: a commit whose bodies have so many bytes at least has them in the file beside; default 128 KiB. */
  readonly apartFrom?: number;
  /** PostgreSQL schema; default `lazuli`. */
  readonly schema?: string;
  readonly now?: () => number;
}

export interface JournalOpened {
  readonly journal: Journal;
  /** What is alive, in the order in which it was appended. Must be read to its end before anything else is asked of the journal. */
  readonly items: AsyncIterable<{
    readonly item: JournalItem;
    readonly head: Uint8Array;
    readonly amendment?: Uint8Array;
  }>;
}

/**
 * Opens a journal of `sqlite:PATH` (a file of its own, one process at a time) or `postgres://…`, waiting while another process
 * owns it. `openJournal` in `open-journal.ts`.
 * @throws {StoreError} `JournalBusy` where `signal` ended the wait; errors of the database
 */
export type OpenJournal = (url: string, options: OpenJournalOptions) => Promise<JournalOpened>;
