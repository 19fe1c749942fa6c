/**
 * Every error that a store reports: code and message. `{name}` marks what is filled in.
 * `docs/errors.md`, section "Store", lists the same codes; a test compares the two.
 */
export const storeErrors = {
  // What was asked
  PreconditionFailed: "The precondition {condition} of '{id}' does not hold: {actual}.",
  InvalidUrl: "'{url}' names no store; expected 'sqlite:PATH' or 'postgres://…'.",
  InvalidOption: "The option '{option}' is {actual}; expected {expected}.",
  InvalidId: "'{id}' is no resource id: {reason}.",
  InvalidType: "'{type}' is no resource type: {reason}.",
  InvalidQuery: "'{parameter}' is {actual}; expected {expected}.",
  InvalidBody: '{what} is not JSON: {reason}.',
  BodyTooLarge: '{what} has {size} bytes; at most {limit} are stored.',
  BodyTooDeep: '{what} is nested more than {limit} levels deep.',
  BatchTooLarge: 'The batch has {actual} {unit}; at most {limit} are written together.',
  InvalidSecret: "'{field}' of '{id}' is no secret: {reason}.",
  InvalidLog: "'{log}' is no name of a log; expected letters, digits, '.', '_' and '-', at most 64.",
  InvalidLogEntry: "An entry of the log '{log}' is not valid: {reason}.",
  AuditLogKept: "The log '{log}' cannot be trimmed.",
  ChangesCompacted:
    'Changes after {sequence} are not kept (kept: after {floor} up to {current}); read everything anew.',
  ViewExpired: 'The view of the store has ended: {reason}.',

  // The database
  StoreClosed: 'The store is closed.',
  StoreBusy: 'The store is busy: {reason}.',
  StoreUnavailable: 'The database cannot be used: {reason}.',
  StoreRefused: 'The database refuses what was to be written: {reason}.',
  StoreCorrupt: '{what} is damaged: {reason}.',
  NewerSchema:
    'The database has schema version {actual}; this version of Lazuli knows up to {known}. Use a newer Lazuli.',
  SchemaMismatch: 'Migration {version} of the database is not the one that this version of Lazuli has: {reason}.',
  UnsupportedDatabase: 'The database server has version {actual}; expected {expected}.',

  // Keys
  KeyMissing: "The key-encryption key '{keyId}' that protects {what} is not configured.",
  KeyUnusable: 'The key-encryption keys cannot be used: {reason}.',
  SecretUndecryptable: '{what} cannot be decrypted: the key does not fit or the data was altered.',
  KeysFixed: 'A new key cannot be made here: {reason}.',

  // Journals
  JournalBusy: "The journal '{name}' is owned by {owner}.",
  JournalLost: "The journal '{name}' is not this process's any more: {reason}.",
  JournalItemGone: 'The item of the journal was removed.',
  InvalidJournal: "'{name}' is no name of a journal; expected letters, digits, '.', '_' and '-', at most 128.",

  // Backups
  BackupExists: "'{path}' exists; a backup is written to a new file.",
  BackupUnwritable: "The backup '{path}' cannot be written: {reason}.",
  BackupInvalid: "'{path}' is no complete backup: {reason}.",
  BackupUnsupported: "A store of kind '{kind}' cannot write backups of format '{format}'.",
  StoreNotEmpty: 'The store holds {resources} resources and {entries} log entries; only an empty one is restored into.',
} as const;

export type StoreErrorCode = keyof typeof storeErrors;

/** What a store refuses or cannot do. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, values: Readonly<Record<string, string | number>> = {}, options?: ErrorOptions) {
    super(
      storeErrors[code].replace(/\{(\w+)\}/g, (_, name: string) => shortened(String(values[name]))),
      options,
    );
    this.code = code;
  }
}

/** A precondition of a batch does not hold; nothing of the batch was done. */
export class PreconditionFailedError extends StoreError {
  override readonly name = 'PreconditionFailedError';
  /** Id of the resource, as the batch gave it. */
  readonly id: string;
  /** Index of the operation in the batch. */
  readonly index: number;
  /** Etag that the resource has; `undefined` where it does not exist. */
  readonly etag: string | undefined;

  constructor(id: string, index: number, condition: string, etag: string | undefined) {
    const actual = etag === undefined ? 'it does not exist' : `its etag is '${etag}'`;
    super('PreconditionFailed', { id, condition, actual });
    this.id = id;
    this.index = index;
    this.etag = etag;
  }
}

/** The changes asked for are not kept any more, or belong to another history: read everything anew. */
export class ChangesCompactedError extends StoreError {
  override readonly name = 'ChangesCompactedError';
  /** Changes after this sequence can be read. */
  readonly floor: number;
  readonly current: number;

  constructor(sequence: number, floor: number, current: number) {
    super('ChangesCompacted', { sequence, floor, current });
    this.floor = floor;
    this.current = current;
  }
}

/** The database broke off or cannot be reached. */
export class StoreUnavailableError extends StoreError {
  override readonly name = 'StoreUnavailableError';
  /** `notWritten`: nothing was done. `unknown`: what was asked may have been written; read to find out. */
  readonly outcome: 'notWritten' | 'unknown';

  constructor(reason: string, outcome: 'notWritten' | 'unknown', options?: ErrorOptions) {
    super('StoreUnavailable', { reason }, options);
    this.outcome = outcome;
  }
}

function shortened(value: string): string {
  return value.length > 300 ? `${value.slice(0, 300)}…` : value;
}
