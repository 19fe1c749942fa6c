import type { Victim } from './compaction.ts';
import { Body, type Item, Row, Unwritten } from './row.ts';
import { RowBody } from './row-body.ts';
import { RowWriter } from './row-codec.ts';
import type { Rows } from './rows.ts';
import type { RowChange } from './table.ts';
import type { Unit } from './unit.ts';

/** Bytes of rows that one transaction deletes, so that none takes long. */
const deletedAtOnce = 32 * 1024 * 1024;

const writer = new RowWriter();

/**
 * Units, and rows to be written anew, as one row; and the rows that are deleted with it. Changes `rows` as if it were written already:
 * where it cannot be, the journal is lost. `row` is absent where there was nothing to insert.
 */
export function encodeBatch(
  rows: Rows,
  id: number,
  units: readonly Unit[],
  victims: readonly Victim[],
): { readonly change: RowChange; readonly row: Row | undefined } {
  const removed: Item[] = [];
  for (const unit of units) {
    for (const item of unit.removals) {
      item.gone = true;
      if (item.home instanceof Unwritten) continue;
      rows.liveBytes -= item.home.drop(item);
      rows.items--;
      if (item.home.live === 0) rows.check(item.home);
      removed.push(item);
    }
  }
  const amendments = latestAmendments(units);
  const placed: Placed[] = [];
  const bodies: Body[] = [];
  for (const victim of victims) leaveVictim(rows, victim, amendments, placed, bodies);
  for (const unit of units) {
    for (const item of unit.items) {
      if (item.gone || !(item.home instanceof Unwritten)) continue;
      const { head, body } = item.home;
      placed.push({ item, head, body, amendment: amendments.get(item), originRow: id, originIndex: 0 });
      amendments.delete(item);
      if (body !== null) place(body, bodies);
    }
  }
  const deleted = rows.takeDead(
    deletedAtOnce,
    victims.filter(({ left }) => left).map(({ row }) => row),
  );

  const marks = marksOf(removed, amendments, victims);
  if (placed.length === 0 && marks.removals.size === 0 && marks.amendments.length === 0) {
    return { change: { id, head: null, body: null, deleted }, row: undefined };
  }
  const body = bodies.length === 0 ? null : RowBody.of(bodies.flatMap(({ pieces }) => pieces));
  writer.start();
  writer.number(bodies.length);
  for (const { bytes } of bodies) writer.number(bytes);
  writer.number(placed.length);
  for (const item of placed) writeItem(id, item);
  writer.number(marks.removals.size);
  for (const [row, indices] of marks.removals) {
    writer.number(id - row.id);
    writer.number(indices.length);
    for (const index of indices) writer.number(index);
  }
  writer.number(marks.amendments.length);
  for (const { item, bytes } of marks.amendments) {
    writer.number(id - (item.home as Row).id);
    writer.number(item.index);
    writer.number(bytes.length);
    writer.raw(bytes);
  }
  const bodyCrc = body?.checksum ?? 0;
  const head = writer.finish(bodyCrc);

  const row = new Row(id, placed.length, head.length, body?.bytes ?? 0, bodyCrc);
  rows.add(row);
  let reached = 0;
  placed.forEach(({ item, body: its, amendment }, index) => {
    if (item.home instanceof Unwritten) rows.items++;
    item.move(row, index, its?.offset ?? 0);
    item.amendedIn = amendment === undefined ? null : row;
    rows.liveBytes += row.add(item, index, its !== null && its.offset < reached);
    if (its !== null) reached = Math.max(reached, its.offset + its.bytes);
  });
  for (const marked of marks.removals.keys()) marked.markedBy(row);
  for (const { item } of marks.amendments) {
    (item.home as Row).markedBy(row);
    item.amendedIn = row;
  }
  for (const one of bodies) one.place = 0;
  if (row.live === 0) rows.check(row);
  return { change: { id, head, body, deleted }, row };
}

interface Placed {
  readonly item: Item;
  readonly head: Uint8Array;
  readonly body: Body | null;
  readonly amendment: Uint8Array | undefined;
  readonly originRow: number;
  readonly originIndex: number;
}

function latestAmendments(units: readonly Unit[]): Map<Item, Uint8Array> {
  const latest = new Map<Item, Uint8Array>();
  for (const unit of units) {
    for (const { item, bytes } of unit.amendments) if (!item.gone) latest.set(item, bytes);
  }
  return latest;
}

/** Takes the items that live out of the victim. */
function leaveVictim(
  rows: Rows,
  victim: Victim,
  amendments: Map<Item, Uint8Array>,
  placed: Placed[],
  bodies: Body[],
): void {
  const { row, decoded, body } = victim;
  if (row.deleted || !victim.current()) return;
  const shared = new Map<number, Body>();
  for (const item of row.items.slice()) {
    if (item === undefined) continue;
    const { index, bodyOffset, bodyBytes } = item;
    const was = decoded.items[index];
    if (was === undefined) continue;
    let its: Body | null = null;
    if (bodyBytes > 0 && body !== null) {
      its = shared.get(bodyOffset) ?? new Body([body.subarray(bodyOffset, bodyOffset + bodyBytes)]);
      shared.set(bodyOffset, its);
      place(its, bodies);
    }
    rows.liveBytes -= row.drop(item);
    placed.push({
      item,
      head: was.head,
      body: its,
      amendment: amendments.get(item) ?? victim.amendments.get(item) ?? was.amendment,
      originRow: was.originRow,
      originIndex: was.originIndex,
    });
    amendments.delete(item);
  }
  victim.left = true;
}

function place(body: Body, bodies: Body[]): void {
  if (body.place > 0) return;
  const last = bodies.at(-1);
  body.offset = last === undefined ? 0 : last.offset + last.bytes;
  bodies.push(body);
  body.place = bodies.length;
}

/** What must be said about items in rows that stay. */
function marksOf(removed: readonly Item[], amendments: Map<Item, Uint8Array>, victims: readonly Victim[]) {
  const removals = new Map<Row, number[]>();
  const remove = (row: Row, index: number): void => {
    if (row.deleted) return;
    const indices = removals.get(row);
    if (indices === undefined) removals.set(row, [index]);
    else indices.push(index);
  };
  for (const item of removed) if (item.home instanceof Row) remove(item.home, item.index);
  const amended = [...amendments].map(([item, bytes]) => ({ item, bytes }));
  for (const victim of victims) {
    if (!victim.left) continue;
    for (const { row, index } of victim.removals()) remove(row, index);
    for (const { item, bytes } of victim.carried()) {
      const lives = !item.gone && item.home instanceof Row && !item.home.deleted;
      if (lives && item.amendedIn === victim.row && !amendments.has(item)) amended.push({ item, bytes });
    }
  }
  return { removals, amendments: amended };
}

function writeItem(id: number, { head, body, amendment, originRow, originIndex }: Placed): void {
  writer.number(head.length);
  writer.raw(head);
  writer.number(body?.place ?? 0);
  if (amendment === undefined) writer.number(0);
  else {
    writer.number(amendment.length + 1);
    writer.raw(amendment);
  }
  writer.number(id - originRow);
  if (originRow !== id) writer.number(originIndex);
}
