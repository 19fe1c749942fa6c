import { lockState, stateOf } from '../change/load.ts';
import type { CompactOptions } from '../contract.ts';
import { StoreError } from '../errors.ts';
import type { SqlDriver } from '../sql/driver.ts';
import { integer } from '../sql/row-values.ts';

/** See `Store.compactChanges`. A batch is kept whole or forgotten whole. */
export async function compactChanges(driver: SqlDriver, now: number, options: CompactOptions): Promise<number> {
  const keep = options.keep ?? 100_000;
  const keepMilliseconds = options.keepMilliseconds ?? 0;
  for (const [option, value] of Object.entries({ keep, keepMilliseconds })) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new StoreError('InvalidOption', { option, actual: String(value), expected: 'a whole number from 0' });
    }
  }
  return driver.write(async (tx) => {
    const [state] = await tx.exec([lockState(driver.dialect)]);
    const { sequence, floor } = stateOf(state);
    const [[row] = []] = await tx.exec([
      {
        sql: 'SELECT coalesce(max(batch), 0) AS floor FROM change_feed WHERE batch <= $1 AND sequence <= $1 AND at <= $2',
        params: [sequence - keep, now - keepMilliseconds],
      },
    ]);
    const newFloor = row === undefined ? 0 : integer(row, 'floor');
    if (newFloor <= floor) return 0;
    await tx.commit([
      { sql: 'DELETE FROM change_feed WHERE sequence <= $1', params: [newFloor] },
      { sql: 'UPDATE store_state SET feed_floor = $1 WHERE id = 1', params: [newFloor] },
    ]);
    return newFloor - floor;
  });
}
