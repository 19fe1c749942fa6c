/**
 * The contract of durable state: what the management plane and the broker may ask of a store, whichever database stands
 * behind it. `store.contract.ts` is the suite that every driver passes. Everything a store refuses rejects with a
 * `StoreError` whose `code` stands in `errors.ts`.
 */

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A JSON object. Properties that are `undefined` are not stored. */
export type JsonObject = { readonly [name: string]: JsonValue | undefined };

/** A resource as it stands. What is secret in it is not here: see `secretFields` and `StoreReader.readSecrets`. */
export interface ResourceRecord {
  /** ARM id, `/subscriptions/…`, in the case in which it was created. */
  readonly id: string;
  /** The id in lower case: ids are equal when their keys are. Order of keys is that of their UTF-8 bytes. */
  readonly key: string;
  /** `Microsoft.ApiManagement/service/apis` */
  readonly type: string;
  /** A copy of its own: changing it changes nothing in the store. */
  readonly body: JsonObject;
  /** Names of the secrets that are kept beside the body, sorted. */
  readonly secretFields: readonly string[];
  /** Opaque, without quotes; differs after every put, and is never used twice. */
  readonly etag: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Sequence of the change that wrote it. */
  readonly sequence: number;
}

/** What must be so, when the operations before it in the batch are done, for an operation to be done. All must hold. */
export interface Precondition {
  /** The resource exists (`*`), or has this etag, or one of these. */
  readonly ifMatch?: string | readonly string[];
  /** `*`: the resource does not exist. */
  readonly ifNoneMatch?: '*';
}

export interface PutOperation extends Precondition {
  readonly operation: 'put';
  readonly id: string;
  readonly type: string;
  readonly body: JsonObject;
  /**
   * Secrets to set, by field name (a path in the body, such as `properties/value`); `null` removes one. Fields that are not
   * named keep what they have. They are encrypted at rest and appear only in `readSecrets`.
   */
  readonly secrets?: { readonly [field: string]: string | null };
}

/** Deletes one resource with its secrets; nothing is done where there is none (`deleted` is 0). */
export interface DeleteOperation extends Precondition {
  readonly operation: 'delete';
  readonly id: string;
}

/** Deletes a resource and everything below it. The precondition speaks of the resource itself, which need not exist. */
export interface DeleteSubtreeOperation extends Precondition {
  readonly operation: 'deleteSubtree';
  readonly id: string;
}

/** Changes nothing: the batch fails unless the precondition holds (that a parent exists, say). */
export interface RequireOperation extends Precondition {
  readonly operation: 'require';
  readonly id: string;
}

export type Operation = PutOperation | DeleteOperation | DeleteSubtreeOperation | RequireOperation;

export interface PutResult {
  readonly operation: 'put';
  /** Whether the resource did not exist before. */
  readonly created: boolean;
  readonly record: ResourceRecord;
}

export interface DeleteResult {
  readonly operation: 'delete' | 'deleteSubtree';
  /** How many resources were deleted. */
  readonly deleted: number;
}

export interface RequireResult {
  readonly operation: 'require';
}

export type OperationResult = PutResult | DeleteResult | RequireResult;

export interface ChangeOptions {
  /** Log entries that are written if and only if the batch is. */
  readonly append?: readonly LogAppend[];
}

export interface ChangeResult {
  /** One result for each operation, in their order. */
  readonly results: readonly OperationResult[];
  /** Sequence of the last change of the batch; where it changed nothing, of the store as it was found. */
  readonly sequence: number;
  /** The entries of `append`, in order, with their place. */
  readonly appended: readonly LogEntry[];
}

/** Which resources: all given conditions must hold. Types and ids are compared without regard to case. */
export interface ResourceFilter {
  /** An id: everything below it, at any depth, but not itself. */
  readonly scope?: string;
  /**
   * An id (`/` for the top): its direct children. `…/service/x/apis/y` is a child of `…/service/x`, and
   * `…/resourceGroups/g/providers/Microsoft.ApiManagement/service/x` of `…/resourceGroups/g`.
   */
  readonly parent?: string;
  readonly type?: string;
}

export interface ListQuery extends ResourceFilter {
  /** Key or id after which to go on (before which, when descending): `next` of the page before. */
  readonly after?: string;
  /** At most this many; 1 to 10,000, default 1,000. */
  readonly limit?: number;
  /** By key; default `ascending`. */
  readonly order?: 'ascending' | 'descending';
}

export interface ResourcePage {
  readonly items: readonly ResourceRecord[];
  /** Give it as `after` to read on; absent on the last page. */
  readonly next?: string;
  /** Sequence of the store at the moment of this page. */
  readonly sequence: number;
}

/** One entry of the change feed. Sequences are consecutive: 1, 2, 3 … in the order in which the changes became visible. */
export interface Change {
  readonly sequence: number;
  /** Sequence of the last change of the same batch: changes with equal `batch` happened together. */
  readonly batch: number;
  readonly operation: 'put' | 'delete';
  readonly id: string;
  readonly key: string;
  readonly type: string;
  /** The new etag of a put; the last etag of what was deleted. */
  readonly etag: string;
  readonly at: string;
}

export interface ChangePage {
  /** Whole batches only, in order: may exceed the limit by the rest of the last batch. Empty when there is nothing new. */
  readonly changes: readonly Change[];
  /** Ask for changes after this next. */
  readonly sequence: number;
  /** Whether there was more at the moment of reading. */
  readonly more: boolean;
  /** The history that the sequences belong to: see `Store.epoch`. */
  readonly epoch: string;
}

export interface SubscribeOptions {
  /** Epoch of the store that `fromSequence` comes from; where it is not the store's, the reader is told to reload. */
  readonly epoch?: string;
  /** Most changes handed over at a time (rounded up to whole batches); default 1,000. */
  readonly limit?: number;
  /**
   * Hears what goes wrong: a failure of the handler or of the database. The same changes are tried again after
   * the poll interval (`OpenOptions.pollMilliseconds`).
   */
  readonly onError?: (error: unknown) => void;
}

export type ChangeNotice =
  | ({ readonly kind: 'changes' } & ChangePage)
  /** Changes are missing (compacted, or the store was restored): read everything anew, `sequence` is where to go on. */
  | { readonly kind: 'reload'; readonly sequence: number; readonly epoch: string };

export interface Subscription extends AsyncDisposable {
  /** Sequence up to which the handler has succeeded. Keep it (with `Store.epoch`) to resume after a restart. */
  readonly position: number;
  /** Resolves when the handler call that is running has ended: the handler must not wait for it. */
  close(): Promise<void>;
}

/** An entry to write. */
export interface NewLogEntry {
  readonly body: JsonObject;
  /** What it is about, usually a resource id: `readLog` selects by it. Compared without regard to case. */
  readonly subject?: string;
  /** ISO 8601; default: now. */
  readonly at?: string;
}

export interface LogAppend {
  /** Name of the log, such as `audit` (`AUDIT_LOG`) or `activity`: letters, digits, `.`, `_`, `-`, at most 64. */
  readonly log: string;
  readonly entries: readonly NewLogEntry[];
}

export interface LogEntry {
  readonly log: string;
  /** 1, 2, 3 … within the log. */
  readonly sequence: number;
  readonly at: string;
  readonly subject?: string;
  readonly body: JsonObject;
  /** SHA-256 over the hash of the entry before and everything in this one, in hex. */
  readonly hash: string;
}

export interface LogQuery {
  /** Sequence after which to go on (before which, when descending). */
  readonly after?: number;
  /** 1 to 10,000, default 1,000. */
  readonly limit?: number;
  /** By sequence; default `ascending`. */
  readonly order?: 'ascending' | 'descending';
  /** Entries about this id or anything below it. */
  readonly subject?: string;
  /** ISO 8601; entries at or after. */
  readonly from?: string;
  /** ISO 8601; entries before. */
  readonly to?: string;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Give it as `after` to read on; absent on the last page. */
  readonly next?: number;
}

export interface LogHead {
  /** Sequence of the last entry; 0 for an empty log. */
  readonly sequence: number;
  /** Its hash: kept elsewhere, it proves later that nothing before it was rewritten. */
  readonly hash: string;
}

export type LogVerification =
  | { readonly ok: true; readonly entries: number; readonly head: LogHead }
  /** `sequence` is the first entry that is missing, or whose hash does not follow from it and the entry before. */
  | { readonly ok: false; readonly sequence: number; readonly reason: string };

/** Reading. On a `Store` each call sees the newest state; on a view (`Store.read`) all calls see the same one. */
export interface StoreReader {
  get(id: string): Promise<ResourceRecord | undefined>;
  /** Those that exist, in the order of the ids given; at most 10,000 ids. */
  getMany(ids: readonly string[]): Promise<readonly ResourceRecord[]>;
  list(query?: ListQuery): Promise<ResourcePage>;
  count(filter?: ResourceFilter): Promise<number>;
  /** Number of resources by type (in the case of one of them), of those that the filter selects. */
  countByType(filter?: ResourceFilter): Promise<ReadonlyMap<string, number>>;
  /**
   * The secrets of a resource in clear, by field; only these fields where `fields` is given. An empty map where there are none.
   * Rejects with `KeyMissing` where the key that protects them is not configured, and with `SecretUndecryptable` where
   * it does not fit or what is stored was altered.
   */
  readSecrets(id: string, fields?: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Sequence of the last change; 0 for a new store. */
  sequence(): Promise<number>;
  /** Rejects with `ChangesCompactedError` where changes after `sequence` are no longer kept, or it lies in the future. */
  changesAfter(sequence: number, limit?: number): Promise<ChangePage>;
  readLog(log: string, query?: LogQuery): Promise<LogPage>;
  logHead(log: string): Promise<LogHead>;
}

/** All reads of one `Store.read`. */
export interface StoreView extends StoreReader {
  /** Sequence of the moment that this view shows. */
  readonly at: number;
}

export interface CheckProblem {
  readonly code: string;
  /** A resource id, a log name, a sequence, a table. */
  readonly subject: string;
  readonly message: string;
}

export interface CheckReport {
  readonly ok: boolean;
  /** At most 1,000. */
  readonly problems: readonly CheckProblem[];
  readonly resources: number;
  readonly changes: number;
  readonly secrets: number;
  readonly logEntries: number;
}

export interface CompactOptions {
  /** Keep at least this many of the newest changes; default 100,000. */
  readonly keep?: number;
  /** Keep changes that are younger, in milliseconds; default: age does not matter. */
  readonly keepMilliseconds?: number;
}

export interface BackupOptions {
  /**
   * `portable` (default): compressed lines that both drivers restore. `sqlite`: a database file that opens as it is; only
   * from a SQLite store.
   */
  readonly format?: 'portable' | 'sqlite';
}

export interface BackupSummary {
  readonly sequence: number;
  readonly rows: number;
  readonly bytes: number;
}

export interface RestoreOptions {
  /** Replace what the store holds; otherwise only an empty store is restored into. */
  readonly replace?: boolean;
}

export interface RotateOptions {
  /** Make a new key-encryption key first (only where the keys are in a file of the store's own). */
  readonly newKey?: boolean;
}

export interface RotationSummary {
  /** Id of the key that protects all data keys now. */
  readonly keyId: string;
  /** How many data keys were wrapped anew. */
  readonly rewrapped: number;
}

/** What a store is. Safe to share; all methods may be called at the same time. */
export interface Store extends StoreReader, AsyncDisposable {
  readonly kind: 'sqlite' | 'postgres';
  /** Identity of this history of changes: a new one after `restore`, when sequences kept elsewhere mean nothing. */
  readonly epoch: string;

  /**
   * Does all operations in one transaction, each as if those before it were done, or none. When it resolves, everything is on
   * disk. Rejects with `PreconditionFailedError` naming the resource. `StoreUnavailableError.outcome` says whether
   * a batch whose connection broke may have been written.
   */
  change(operations: readonly Operation[], options?: ChangeOptions): Promise<ChangeResult>;
  /** `change` of no resource: appends to one log. */
  append(log: string, entries: readonly NewLogEntry[]): Promise<readonly LogEntry[]>;

  /**
   * Runs `work` with a view of one moment. It holds resources of the database: keep it short. Calls on the view reject with
   * `ViewExpired` after `OpenOptions.viewMilliseconds` or when `work` has ended.
   */
  read<T>(work: (view: StoreView) => Promise<T>): Promise<T>;

  /**
   * Calls `handler` with every change after `fromSequence`, in order, without gaps, one call at a time, each at least once.
   * A call that fails is repeated.
   */
  subscribe(
    fromSequence: number,
    handler: (notice: ChangeNotice) => void | Promise<void>,
    options?: SubscribeOptions,
  ): Subscription;

  /** Forgets old changes; readers that still need them are told to reload. Resolves with how many are gone. */
  compactChanges(options?: CompactOptions): Promise<number>;
  /** Forgets entries of a log up to and including `sequence`, keeping the chain verifiable. The audit log refuses. */
  trimLog(log: string, sequence: number): Promise<number>;

  verifyLog(log: string): Promise<LogVerification>;
  /** `verifyLog` of the audit log. */
  verifyAudit(): Promise<LogVerification>;
  /**
   * Reads everything: content hashes, continuity of the feed and its agreement with the resources, that every secret can be
   * decrypted, every log's chain, and the database's own check where it has one.
   */
  check(): Promise<CheckReport>;

  /** Writes all of it, as of one moment, to a new file (mode 0600); changes go on meanwhile. Keys are not in it. */
  backup(path: string, options?: BackupOptions): Promise<BackupSummary>;
  /** Takes over a backup of either format in one transaction, whichever driver wrote it. Gives the store a new epoch. */
  restore(path: string, options?: RestoreOptions): Promise<BackupSummary>;

  /** Wraps every data key with the newest key-encryption key. Payloads are not rewritten. */
  rotateKeys(options?: RotateOptions): Promise<RotationSummary>;

  /** Refuses new calls, finishes those that run. */
  close(): Promise<void>;
}

/** The log that cannot be trimmed. */
export const AUDIT_LOG = 'audit';

/** Bounds on what is accepted; each has a default. */
export interface StoreLimits {
  /** UTF-8 bytes of a body as JSON; default 8 MiB. */
  readonly bodyBytes: number;
  /** Levels of objects and arrays in a body; default 128. */
  readonly bodyDepth: number;
  /** Operations and log entries of a batch; default 10,000. */
  readonly batchOperations: number;
  /** UTF-8 bytes of all bodies and secrets of a batch; default 64 MiB. */
  readonly batchBytes: number;
  /** UTF-8 bytes of one secret; default 256 KiB. */
  readonly secretBytes: number;
  /** Batches that may wait to be written; default 10,000. */
  readonly waitingBatches: number;
}

export interface OpenOptions {
  readonly limits?: Partial<StoreLimits>;
  /**
   * Where key-encryption keys come from: the first source protects, all read. Default: what `env` names, else, for a SQLite
   * database, the file `PATH.keys` beside it, which is made when the first secret is written.
   */
  readonly keys?: KeySource | readonly KeySource[];
  /** Environment to take `LAZULI_KEK`, `LAZULI_KEK_FILE` and `LAZULI_KEK_PKCS11` from; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** PostgreSQL schema that holds the tables; default `lazuli`. */
  readonly schema?: string;
  /** Connections to PostgreSQL at most; default 10. */
  readonly connections?: number;
  /** How long to wait for another process to let go of the database, in milliseconds; default 5,000. */
  readonly busyMilliseconds?: number;
  /** How often a subscription looks for changes of other processes, in milliseconds; default 1,000. */
  readonly pollMilliseconds?: number;
  /** How long a view may be used, in milliseconds; default 60,000. */
  readonly viewMilliseconds?: number;
  /** How long a broken connection to PostgreSQL is tried again before a call fails, in milliseconds; default 10,000. */
  readonly retryMilliseconds?: number;
  /** Batches that may be written in one transaction of the database; 1 writes each alone; default 500. */
  readonly groupCommit?: number;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
}

/** Where key-encryption keys are. */
export type KeySource =
  /** Base64 of 32 bytes each; the first protects what is written, all of them read. */
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  /** A file of one such key a line, the newest first; made with mode 0600 where there is none and `create` is true. */
  | { readonly kind: 'file'; readonly path: string; readonly create?: boolean }
  /** RFC 7512 URI of an AES key in a PKCS#11 token: `pkcs11:token=…;object=…?module-path=…&pin-source=file:…`. */
  | { readonly kind: 'pkcs11'; readonly uri: string };
