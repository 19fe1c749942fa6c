import { StoreError } from '../errors.ts';
import { BodyCache } from './body-cache.ts';
import { BodyReader } from './body-reader.ts';
import { CommitLatency } from './commit-latency.ts';
import { Compaction, type Victim } from './compaction.ts';
import type { Journal, JournalBody, JournalBytes, JournalItem, JournalOpened, JournalStatistics } from './contract.ts';
import { encodeBatch } from './encode-batch.ts';
import { replay } from './replay.ts';
import { Body, Item, type Row, Unwritten } from './row.ts';
import { Rows } from './rows.ts';
import type { JournalTable } from './table.ts';
import { Unit } from './unit.ts';

export interface JournalSettings {
  readonly name: string;
  readonly cacheBytes: number;
  readonly compactBelow: number;
  /** Bytes of all rows below which none is written anew; default 16 MiB. */
  readonly compactFrom?: number;
}

/** A row takes no further unit when it has this much: a greater one makes commits longer and reading one body dearer. */
const rowBytes = 2 * 1024 * 1024;

/** Reads what the table holds, and makes a journal of it. */
export async function journalOf(table: JournalTable, settings: JournalSettings): Promise<JournalOpened> {
  const cache = new BodyCache(settings.cacheBytes);
  const rows = new Rows(cache);
  const found = await replay(table, rows);
  const journal = new DurableJournal(table, rows, cache, settings);
  return { journal, items: yieldAll(found) };
}

async function* yieldAll<T extends { readonly item: Item }>(found: readonly T[]): AsyncGenerator<T> {
  for (const one of found) if (!one.item.removed) yield one;
}

/** The journal over any table: see `contract.ts`. */
class DurableJournal implements Journal {
  readonly name: string;
  readonly term: number;
  private readonly table: JournalTable;
  private readonly rows: Rows;
  private readonly reader: BodyReader;
  private readonly compaction: Compaction;
  private readonly latency = new CommitLatency();
  private nextId: number;
  /** Being filled in this turn. */
  private open: Unit | undefined;
  private closed: Unit[] = [];
  private flying = false;
  private reading = false;
  private victims: readonly Victim[] = [];
  private pending = 0;
  private ended: Error | undefined;
  private closing: Promise<void> | undefined;
  private readonly lostCalls: ((reason: Error) => void)[] = [];
  private idle: (() => void) | undefined;

  constructor(table: JournalTable, rows: Rows, cache: BodyCache, settings: JournalSettings) {
    this.name = settings.name;
    this.term = table.term;
    this.table = table;
    this.rows = rows;
    this.reader = new BodyReader(table, rows, cache, settings.cacheBytes);
    this.compaction = new Compaction(rows, table, settings.compactBelow, settings.compactFrom ?? 16 * 1024 * 1024);
    this.nextId = table.lastId + 1;
    for (const id of rows.byId.keys()) this.nextId = Math.max(this.nextId, id + 1);
    table.onLost((reason) => this.end(reason, true));
    if (rows.waiting) this.unit();
  }

  append(head: Uint8Array, body: JournalBody | null = null): JournalItem {
    const its = body instanceof Body && body.bytes > 0 ? body : null;
    const item = new Item(new Unwritten(head, its), 0, its?.bytes ?? 0, 0);
    const unit = this.unit();
    unit.items.push(item);
    this.count(unit, head.length + (its === null || its.unit === unit ? 0 : its.bytes));
    if (its !== null) its.unit = unit;
    return item;
  }

  body(pieces: readonly Uint8Array[]): JournalBody {
    return new Body(pieces);
  }

  amend(item: JournalItem, amendment: Uint8Array): void {
    const own = ours(item);
    if (own.removed) return;
    const unit = this.unit();
    unit.amendments.push({ item: own, bytes: amendment });
    this.count(unit, amendment.length + 8);
  }

  remove(item: JournalItem): void {
    const own = ours(item);
    if (own.removed) return;
    own.removed = true;
    const unit = this.unit();
    unit.removals.push(own);
    this.count(unit, 8);
  }

  commit(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.onCommitted((error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  onCommitted(done: (error?: Error) => void): void {
    const { ended } = this;
    if (ended !== undefined) setImmediate(() => done(ended));
    else (this.open ?? this.closed.at(-1) ?? this.unit()).callbacks.push(done);
  }

  readBody(item: JournalItem): JournalBytes | Promise<JournalBytes> {
    return this.reader.read(ours(item));
  }

  onLost(call: (reason: Error) => void): void {
    this.lostCalls.push(call);
  }

  get pendingBytes(): number {
    return this.pending;
  }

  get statistics(): JournalStatistics {
    const { byId, bytes, liveBytes, items } = this.rows;
    const { commits, p50, p99 } = this.latency.figures();
    return { rows: byId.size, bytes, liveBytes, items, commits, commitLatency: { p50, p99 } };
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async shut(): Promise<void> {
    if (this.ended === undefined) {
      await new Promise<void>((resolve) => {
        this.idle = resolve;
        this.unit();
      });
      this.end(new StoreError('StoreClosed'), false);
    }
    await this.table.close();
  }

  /** That of this turn. */
  private unit(): Unit {
    if (this.open !== undefined) return this.open;
    const unit = new Unit();
    this.open = unit;
    setImmediate(this.closeUnit);
    return unit;
  }

  /** Callbacks of one iteration of the event loop have run: what they asked for is whole. */
  private readonly closeUnit = (): void => {
    const unit = this.open;
    this.open = undefined;
    if (unit === undefined) return;
    if (this.ended === undefined) {
      this.closed.push(unit);
      if (!this.flying) this.fly();
    } else {
      this.pending -= unit.bytes;
      for (const done of unit.callbacks) call(() => done(this.ended));
    }
  };

  private count(unit: Unit, bytes: number): void {
    unit.bytes += bytes;
    this.pending += bytes;
  }

  /** Writes units until none waits. */
  private fly(): void {
    let units = this.take();
    for (; units.length > 0 || this.victims.length > 0; units = this.take()) {
      const { victims } = this;
      this.victims = [];
      const { change, row } = encodeBatch(this.rows, this.nextId, units, victims);
      if (row !== undefined || change.deleted.length > 0) {
        this.nextId++;
        this.flying = true;
        void this.write(change, row, units);
        return;
      }
      this.settle(units);
    }
    if (this.ended !== undefined) return;
    if (this.idle !== undefined && this.open === undefined) this.idle();
    else if (this.rows.waiting) this.unit();
    else this.compact();
  }

  private take(): Unit[] {
    const units: Unit[] = [];
    let bytes = 0;
    for (const unit of this.closed) {
      if (units.length > 0 && bytes + unit.bytes > rowBytes) break;
      units.push(unit);
      bytes += unit.bytes;
    }
    this.closed.splice(0, units.length);
    return units;
  }

  private async write(
    change: Parameters<JournalTable['write']>[0],
    row: Row | undefined,
    units: readonly Unit[],
  ): Promise<void> {
    const started = performance.now();
    if (row !== undefined) row.writing = true;
    try {
      const body = await this.table.write(change);
      if (this.ended !== undefined) throw this.ended;
      this.latency.add(performance.now() - started);
      this.flying = false;
      if (row !== undefined) this.reader.written(row, body);
      // What waits is on its way to the disk while callers hear what is there.
      if (this.closed.length > 0) this.fly();
      this.settle(units);
      if (!this.flying) this.fly();
      else this.compact();
    } catch (error) {
      this.flying = false;
      this.end(error instanceof Error ? error : new Error(String(error)), true, units);
    }
  }

  private settle(units: readonly Unit[], error?: Error): void {
    for (const unit of units) {
      this.pending -= unit.bytes;
      for (const done of unit.callbacks) call(() => (error === undefined ? done() : done(error)));
    }
  }

  private compact(): void {
    if (this.reading || this.victims.length > 0 || this.closing !== undefined) return;
    if (!this.compaction.due(this.nextId - 1)) return;
    this.reading = true;
    this.compaction.next().then(
      (victims) => {
        this.reading = false;
        if (this.ended !== undefined) return;
        this.victims = victims;
        if (!this.flying) this.fly();
      },
      (error) => {
        this.reading = false;
        this.end(error instanceof Error ? error : new Error(String(error)), true);
      },
    );
  }

  /** From here on nothing is written. `flown`: units that were to be written when it happened. */
  private end(error: Error, lost: boolean, flown: readonly Unit[] = []): void {
    if (this.ended === undefined) {
      this.ended = error;
      this.reader.end(error);
      if (lost) for (const told of this.lostCalls) call(() => told(error));
    }
    this.settle(flown, this.ended);
    if (this.flying) return; // Those that were asked for before hear of it first.
    const { closed } = this;
    this.closed = [];
    this.settle(closed, this.ended);
    this.idle?.();
  }
}

function ours(item: JournalItem): Item {
  if (item instanceof Item) return item;
  throw new TypeError('The item is of another journal.');
}

/** A callback that throws must not keep others from being called. */
function call(done: () => void): void {
  try {
    done();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
