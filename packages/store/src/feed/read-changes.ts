import type { Change, ChangePage } from '../contract.ts';
import { ChangesCompactedError, StoreError } from '../errors.ts';
import { limitOf } from '../read/resource-queries.ts';
import type { Query, Row } from '../sql/driver.ts';
import { integer, text } from '../sql/row-values.ts';
import { isoOf } from '../values/time.ts';

/** See `StoreReader.changesAfter`. */
export async function readChanges(
  read: (query: Query) => Promise<Row[]>,
  after: number,
  limit?: number,
): Promise<ChangePage> {
  if (!Number.isSafeInteger(after) || after < 0) {
    throw new StoreError('InvalidQuery', {
      parameter: 'sequence',
      actual: String(after),
      expected: 'a whole number from 0',
    });
  }
  // One statement, so that floor, head and changes are of the same moment. The batch of the last change is read whole.
  const rows = await read({
    sql: `SELECT s.sequence AS head, s.feed_floor AS floor, s.epoch, c.* FROM store_state s LEFT JOIN (
      SELECT sequence, batch, operation, id, type, etag, at FROM change_feed WHERE sequence > $1 AND sequence <= (
        SELECT max(batch) FROM (SELECT batch FROM change_feed WHERE sequence > $1 ORDER BY sequence LIMIT $2) page
      )
    ) c ON s.id = 1 ORDER BY c.sequence`,
    params: [after, limitOf(limit)],
  });
  const [first] = rows;
  if (first === undefined)
    throw new StoreError('StoreCorrupt', { what: 'The table store_state', reason: 'it is empty' });
  const head = integer(first, 'head');
  const floor = integer(first, 'floor');
  if (after < floor || after > head) throw new ChangesCompactedError(after, floor, head);
  const changes = first.sequence === null ? [] : rows.map(changeOf);
  const sequence = changes.at(-1)?.sequence ?? after;
  if (sequence !== after + changes.length || (changes.length === 0 && head > after)) {
    throw new StoreError('StoreCorrupt', { what: 'The change feed', reason: `changes after ${after} are missing` });
  }
  return { changes, sequence, more: sequence < head, epoch: text(first, 'epoch') };
}

function changeOf(row: Row): Change {
  const id = text(row, 'id');
  return {
    sequence: integer(row, 'sequence'),
    batch: integer(row, 'batch'),
    operation: text(row, 'operation') === 'delete' ? 'delete' : 'put',
    id,
    key: id.toLowerCase(),
    type: text(row, 'type'),
    etag: text(row, 'etag'),
    at: isoOf(integer(row, 'at')),
  };
}
