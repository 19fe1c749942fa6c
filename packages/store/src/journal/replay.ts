import { StoreError } from '../errors.ts';
import { Item, Row } from './row.ts';
import { decodeRow } from './row-codec.ts';
import type { Rows } from './rows.ts';
import type { JournalTable } from './table.ts';

/** An item as it was found. */
export interface ReplayedItem {
  readonly item: Item;
  readonly head: Uint8Array;
  amendment: Uint8Array | undefined;
  readonly originRow: number;
  readonly originIndex: number;
}

/** Reads what a table holds into `rows`; resolves with the items that live, in the order in which they were appended. */
export async function replay(table: JournalTable, rows: Rows): Promise<ReplayedItem[]> {
  const found = new Map<Item, ReplayedItem>();
  const moved: ReplayedItem[] = [];
  for await (const portion of table.heads()) {
    for (const { id, head } of portion) readRow(rows, id, head, found, moved);
  }
  for (const row of rows.byId.values()) rows.check(row);
  const inPlace = [...found.values()].filter(
    ({ item, originRow }) => item.home instanceof Row && originRow === item.home.id,
  );
  return merged(inPlace, moved.filter(({ item }) => !item.gone).sort(byOrigin));
}

function readRow(
  rows: Rows,
  id: number,
  head: Uint8Array<ArrayBuffer>,
  found: Map<Item, ReplayedItem>,
  moved: ReplayedItem[],
): void {
  const decoded = decodeRow(id, head);
  const row = new Row(id, decoded.items.length, head.length, decoded.bodyBytes, decoded.bodyCrc);
  rows.add(row);
  let reached = 0;
  decoded.items.forEach((was, index) => {
    const item = new Item(row, index, was.bodyBytes, was.bodyOffset);
    if (was.amendment !== undefined) item.amendedIn = row;
    rows.liveBytes += row.add(item, index, was.bodyBytes > 0 && was.bodyOffset < reached);
    rows.items++;
    reached = Math.max(reached, was.bodyOffset + was.bodyBytes);
    const { originRow, originIndex, amendment } = was;
    const replayed: ReplayedItem = { item, head: was.head, amendment, originRow, originIndex };
    found.set(item, replayed);
    if (originRow !== id) moved.push(replayed);
  });
  for (const { row: of, indices } of decoded.removals) {
    const marked = rows.byId.get(of);
    if (marked === undefined) continue;
    marked.markedBy(row);
    for (const index of indices) {
      if (index >= marked.total) throw outside(id, of, index);
      const item = marked.items[index];
      if (item === undefined) continue;
      item.removed = true;
      item.gone = true;
      rows.liveBytes -= marked.drop(item);
      rows.items--;
      found.delete(item);
    }
  }
  for (const { row: of, index, bytes } of decoded.amendments) {
    const marked = rows.byId.get(of);
    if (marked === undefined) continue;
    if (index >= marked.total) throw outside(id, of, index);
    marked.markedBy(row);
    const item = marked.items[index];
    const replayed = item === undefined ? undefined : found.get(item);
    if (item === undefined || replayed === undefined) continue;
    item.amendedIn = row;
    replayed.amendment = bytes;
  }
}

function outside(id: number, of: number, index: number): StoreError {
  const reason = `it speaks of item ${index} of row ${of}, which has fewer`;
  return new StoreError('StoreCorrupt', { what: `Row ${id} of the journal`, reason });
}

const byOrigin = (a: ReplayedItem, b: ReplayedItem): number =>
  a.originRow - b.originRow || a.originIndex - b.originIndex;

function merged(first: readonly ReplayedItem[], second: readonly ReplayedItem[]): ReplayedItem[] {
  if (second.length === 0) return [...first];
  const all: ReplayedItem[] = [];
  let at = 0;
  for (const item of second) {
    for (let other = first[at]; other !== undefined && byOrigin(other, item) < 0; other = first[at]) {
      all.push(other);
      at++;
    }
    all.push(item);
  }
  return all.concat(first.slice(at));
}
