import type {
  ChangeOptions,
  LogAppend,
  NewLogEntry,
  Operation,
  Precondition,
  PutOperation,
  StoreLimits,
} from '../contract.ts';
import { StoreError } from '../errors.ts';
import { type SealedSecrets, seal } from '../keys/envelope.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { checkLogName } from '../logs/log-name.ts';
import { jsonOf } from '../values/json-body.ts';
import { keyOf, parentKeyOf, textFault, typeKeyOf } from '../values/resource-id.ts';
import { millisecondsOf } from '../values/time.ts';

/** A batch that was found to be acceptable, with everything done that needs no database. */
export interface PreparedBatch {
  readonly operations: readonly PreparedOperation[];
  readonly entries: readonly PreparedEntry[];
  /** UTF-8 bytes of bodies and secrets. */
  readonly bytes: number;
}

export type PreparedOperation = PreparedPut | PreparedOther;

export interface PreparedPut extends Precondition {
  readonly operation: 'put';
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly typeKey: string;
  readonly parentKey: string;
  readonly body: string;
  readonly removedFields: readonly string[];
  readonly secrets: SealedSecrets | undefined;
}

export interface PreparedOther extends Precondition {
  readonly operation: 'delete' | 'deleteSubtree' | 'require';
  readonly id: string;
  readonly key: string;
}

export interface PreparedEntry {
  readonly log: string;
  readonly subject: string | undefined;
  /** Milliseconds since 1970; `undefined`: when it is written. */
  readonly at: number | undefined;
  readonly body: string;
}

/** Each costs a range of keys to load, whatever is in it. */
const maxSubtrees = 100;
const maxFieldBytes = 512;
const maxSubjectBytes = 1_200;

/** Throws what the batch cannot be taken for: `InvalidId`, `BodyTooLarge`, `BatchTooLarge` … */
export function prepareBatch(
  operations: readonly Operation[],
  options: ChangeOptions,
  limits: StoreLimits,
  ring: KeyRing,
): PreparedBatch {
  const appends = options.append ?? [];
  const size = operations.length + appends.reduce((sum, append) => sum + append.entries.length, 0);
  atMost(size, limits.batchOperations, 'operations');
  atMost(operations.filter(({ operation }) => operation === 'deleteSubtree').length, maxSubtrees, 'subtrees to delete');
  let bytes = 0;
  const count = (added: number): void => {
    bytes += added;
    atMost(bytes, limits.batchBytes, 'bytes');
  };
  return {
    operations: operations.map((operation) => prepareOperation(operation, limits, ring, count)),
    entries: appends.flatMap((append) => prepareEntries(append, limits, count)),
    bytes,
  };
}

function prepareOperation(
  given: Operation,
  limits: StoreLimits,
  ring: KeyRing,
  count: (bytes: number) => void,
): PreparedOperation {
  const key = keyOf(given.id);
  const { id, ifMatch, ifNoneMatch } = given;
  if (given.operation !== 'put') return { operation: given.operation, id, key, ifMatch, ifNoneMatch };
  const typeKey = typeKeyOf(given.type);
  const body = jsonOf(given.body, `The body of '${id}'`, limits);
  count(Buffer.byteLength(body));
  const { set, removedFields } = prepareSecrets(given, limits, count);
  const secrets = set.size > 0 ? seal(ring, key, set) : undefined;
  const parentKey = parentKeyOf(key);
  return {
    operation: 'put',
    id,
    key,
    type: given.type,
    typeKey,
    parentKey,
    body,
    removedFields,
    secrets,
    ifMatch,
    ifNoneMatch,
  };
}

function prepareSecrets({ id, secrets = {} }: PutOperation, limits: StoreLimits, count: (bytes: number) => void) {
  const set = new Map<string, string>();
  const removedFields: string[] = [];
  for (const [field, value] of Object.entries(secrets)) {
    const fault = field === '' ? 'its name is empty' : (textFault(field, maxFieldBytes) ?? valueFault(value, limits));
    if (fault !== undefined) throw new StoreError('InvalidSecret', { field: field.toWellFormed(), id, reason: fault });
    if (value === null) removedFields.push(field);
    else {
      count(Buffer.byteLength(value));
      set.set(field, value);
    }
  }
  return { set, removedFields };
}

function valueFault(value: unknown, limits: StoreLimits): string | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'string') return 'it is no string';
  if (!value.isWellFormed()) return 'it holds half a surrogate pair';
  const size = Buffer.byteLength(value);
  return size > limits.secretBytes ? `it has ${size} bytes; at most ${limits.secretBytes} are stored` : undefined;
}

function prepareEntries(
  { log, entries }: LogAppend,
  limits: StoreLimits,
  count: (bytes: number) => void,
): PreparedEntry[] {
  checkLogName(log);
  return entries.map((entry) => prepareEntry(log, entry, limits, count));
}

function prepareEntry(
  log: string,
  entry: NewLogEntry,
  limits: StoreLimits,
  count: (bytes: number) => void,
): PreparedEntry {
  const { subject } = entry;
  const fault = subject === undefined ? undefined : textFault(subject, maxSubjectBytes);
  if (fault !== undefined) throw new StoreError('InvalidLogEntry', { log, reason: `its subject: ${fault}` });
  const at = entry.at === undefined ? undefined : millisecondsOf(entry.at);
  if (entry.at !== undefined && at === undefined) {
    throw new StoreError('InvalidLogEntry', { log, reason: `its time '${entry.at}' is not ISO 8601` });
  }
  const body = jsonOf(entry.body, `The body of an entry of the log '${log}'`, limits);
  count(Buffer.byteLength(body));
  return { log, subject, at, body };
}

function atMost(actual: number, limit: number, unit: string): void {
  if (actual > limit) throw new StoreError('BatchTooLarge', { actual, unit, limit });
}
