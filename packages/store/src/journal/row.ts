import type { JournalBody, JournalItem } from './contract.ts';
import type { RowBody } from './row-body.ts';

/** A row of the table as memory has it: what of it is alive, and which rows say something about its items. */
export class Row {
  readonly id: number;
  readonly total: number;
  /** Of the whole row, with what the database needs around it. */
  readonly bytes: number;
  /** Bytes of an item beside its body, on average. */
  readonly itemBytes: number;
  readonly bodyCrc: number;
  /** By index; `undefined` where the item is gone. */
  readonly items: (Item | undefined)[] = [];
  live = 0;
  /** Bytes of items that live and their bodies. */
  liveBytes = 0;
  /** How many rows that exist it says something about. It must stay as long as there are some. */
  pins = 0;
  /** Rows that say something about items of this one; some may be deleted. */
  markers: Row[] | undefined;
  deleted = false;
  /** Waits to be deleted. */
  doomed = false;
  /** The bodies, where they are in memory. */
  body: RowBody | null = null;
  /** Read since the cache last looked. */
  touched = false;
  /** Being written: `body` is not here. */
  writing = false;
  /** How many items that live share the body at an offset, where it is more than one. */
  shared: Map<number, number> | undefined;
  previous: Row | undefined;
  next: Row | undefined;

  constructor(id: number, total: number, headBytes: number, bodyBytes: number, bodyCrc: number) {
    this.id = id;
    this.total = total;
    this.bytes = headBytes + bodyBytes + rowOverhead;
    this.itemBytes = total === 0 ? 0 : Math.floor(headBytes / total);
    this.bodyCrc = bodyCrc;
  }

  /** `again`: an item before it has the same body. Returns by how much the bytes alive grew. */
  add(item: Item, index: number, again: boolean): number {
    this.items[index] = item;
    this.live++;
    if (again) {
      this.shared ??= new Map();
      this.shared.set(item.bodyOffset, (this.shared.get(item.bodyOffset) ?? 1) + 1);
    }
    const grown = this.itemBytes + (again ? 0 : item.bodyBytes);
    this.liveBytes += grown;
    return grown;
  }

  /** Returns by how much the bytes alive shrank. */
  drop(item: Item): number {
    this.items[item.index] = undefined;
    this.live--;
    const shrunk = this.itemBytes + (item.bodyBytes === 0 || this.leaves(item) ? 0 : item.bodyBytes);
    this.liveBytes -= shrunk;
    return shrunk;
  }

  /** `marker` says something about an item of this row. */
  markedBy(marker: Row): void {
    this.markers ??= [];
    const { markers } = this;
    if (markers.at(-1) === marker) return;
    // Powers of two: what is deleted is swept out now and then.
    if (markers.length >= 64 && (markers.length & (markers.length - 1)) === 0) {
      this.markers = markers.filter((row) => !row.deleted);
    }
    this.markers.push(marker);
    marker.pins++;
  }

  /** Whether other items share the body of this one, which goes. */
  private leaves(item: Item): boolean {
    const count = this.shared?.get(item.bodyOffset);
    if (count === undefined) return false;
    if (count === 2) this.shared?.delete(item.bodyOffset);
    else this.shared?.set(item.bodyOffset, count - 1);
    return true;
  }
}

/** What a database needs for a row beside its bytes, about. */
const rowOverhead = 64;

/** Bytes of the pieces as one, in memory until they are written. */
export class Body implements JournalBody {
  readonly bytes: number;
  readonly pieces: readonly Uint8Array[];
  /** 1 + its place among the bodies of the row being encoded; 0: it has none. */
  place = 0;
  offset = 0;
  /** The unit that counts its bytes. */
  unit: object | undefined;

  constructor(pieces: readonly Uint8Array[]) {
    this.pieces = pieces;
    this.bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  }
}

/** Where an item is that no row holds yet. */
export class Unwritten {
  readonly head: Uint8Array;
  readonly body: Body | null;

  constructor(head: Uint8Array, body: Body | null) {
    this.head = head;
    this.body = body;
  }
}

/** There may be millions: five fields, 64 bytes. */
export class Item implements JournalItem {
  home: Row | Unwritten;
  readonly bodyBytes: number;
  bodyOffset: number;
  /** The row with its latest amendment; its own where the item was written together with it. */
  amendedIn: Row | null = null;
  /** Index in the row, above two bits. */
  private place: number;

  constructor(home: Row | Unwritten, index: number, bodyBytes: number, bodyOffset: number) {
    this.home = home;
    this.place = index * 4;
    this.bodyBytes = bodyBytes;
    this.bodyOffset = bodyOffset;
  }

  get index(): number {
    return this.place >> 2;
  }

  /** Its owner has removed it. */
  get removed(): boolean {
    return (this.place & 1) !== 0;
  }

  set removed(_: true) {
    this.place |= 1;
  }

  /** The removal is in a row. */
  get gone(): boolean {
    return (this.place & 2) !== 0;
  }

  set gone(_: true) {
    this.place |= 2;
  }

  move(row: Row, index: number, bodyOffset: number): void {
    this.home = row;
    this.place = index * 4 + (this.place & 3);
    this.bodyOffset = bodyOffset;
  }
}
