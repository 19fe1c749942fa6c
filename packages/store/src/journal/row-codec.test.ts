import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StoreError } from '../errors.ts';
import { BodyCache } from './body-cache.ts';
import { encodeBatch } from './encode-batch.ts';
import { Body, Item, Unwritten } from './row.ts';
import { decodeRow } from './row-codec.ts';
import { Rows } from './rows.ts';
import { Unit } from './unit.ts';

/** A row of format 1, as the first version of journals wrote it: it must stay readable. */
const released = '0168253086b20ba8db01040104666f757201086174206f6e63650001c801010001c8010107616d656e646564';

function sample(): { rows: Rows; first: Item; second: Item } {
  const rows = new Rows(new BodyCache(0));
  const unit = new Unit();
  const shared = new Body([Buffer.from('sha'), Buffer.from('red')]);
  const first = new Item(new Unwritten(Buffer.from('one'), shared), 0, 6, 0);
  const second = new Item(new Unwritten(Buffer.from('two'), shared), 0, 6, 0);
  const third = new Item(new Unwritten(Buffer.from('three'), null), 0, 0, 0);
  unit.items.push(first, second, third);
  encodeBatch(rows, 300, [unit], []);
  return { rows, first, second };
}

function secondRow(): Uint8Array {
  const { rows, first, second } = sample();
  const unit = new Unit();
  unit.removals.push(first);
  unit.amendments.push({ item: second, bytes: Buffer.from('amended') });
  const item = new Item(new Unwritten(Buffer.from('four'), new Body([Buffer.from('body')])), 0, 4, 0);
  unit.items.push(item);
  unit.amendments.push({ item, bytes: Buffer.from('at once') });
  const { change } = encodeBatch(rows, 500, [unit], []);
  if (change.head === null) throw new Error('there is something to insert');
  return change.head;
}

test('a row of the first format is read, and is what is written today', () => {
  const head = Buffer.from(released, 'hex');
  expect(Buffer.from(secondRow()).toString('hex')).toBe(released);
  const { items, removals, amendments, bodyBytes } = decodeRow(500, head);
  expect(bodyBytes).toBe(4);
  expect(items).toMatchObject([{ bodyOffset: 0, bodyBytes: 4, originRow: 500, originIndex: 0 }]);
  expect(Buffer.from(items[0]?.head ?? []).toString()).toBe('four');
  expect(removals).toEqual([{ row: 300, indices: [0] }]);
  expect(amendments).toMatchObject([{ row: 300, index: 1 }]);
});

test('a bit that changed, or bytes that are missing, are found', () => {
  const head = Buffer.from(secondRow());
  for (let length = 0; length < head.length; length++) {
    expect(() => decodeRow(500, head.subarray(0, length))).toThrow(StoreError);
  }
  for (let bit = 0; bit < head.length * 8; bit++) {
    const other = Buffer.from(head);
    other[bit >> 3]! ^= 1 << (bit & 7);
    // The checksum of the bodies is looked at when they are read.
    if (bit >> 3 >= 5 && bit >> 3 < 9) continue;
    expect(() => decodeRow(500, other), `bit ${bit}`).toThrow(StoreError);
  }
});

test('other bytes are refused, with a checksum that fits, too', async () => {
  const { crc32 } = await import('node:zlib');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const head = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0]), bytes]);
      head.writeUInt32LE(crc32(head.subarray(5)), 1);
      try {
        const decoded = decodeRow(1_000, head);
        expect(decoded.items.length).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        expect(error).toMatchObject({ code: 'StoreCorrupt' });
      }
    }),
    { numRuns: 2_000 },
  );
});
