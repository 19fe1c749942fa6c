import { lockState } from '../change/load.ts';
import type { RotateOptions, RotationSummary } from '../contract.ts';
import { StoreError } from '../errors.ts';
import type { Row, SqlDriver, SqlValue } from '../sql/driver.ts';
import { bytes, text } from '../sql/row-values.ts';
import { rewrap } from './envelope.ts';
import type { KeyRing } from './key-ring.ts';

// Few: a token may take milliseconds for each, and other writers wait.
const page = 100;

/** See `Store.rotateKeys`. Each page is a transaction of its own: what broke off goes on where it was. */
export async function rotateKeys(driver: SqlDriver, ring: KeyRing, options: RotateOptions): Promise<RotationSummary> {
  if (options.newKey === true) ring.addKey();
  let rewrapped = 0;
  for (;;) {
    // Asked anew each time: another process may have made a newer one.
    const keyId = ring.currentKeyId();
    if (keyId === undefined) throw new StoreError('KeyUnusable', { reason: 'there is no key yet' });
    const done = await driver.write(async (tx) => {
      const [, rows = []] = await tx.exec([
        lockState(driver.dialect),
        { sql: `SELECT * FROM data_key WHERE key_id <> $1 ORDER BY id LIMIT ${page}`, params: [keyId] },
      ]);
      if (rows.length > 0) {
        await tx.commit([{ insert: 'data_key', rows: rows.map((row) => rewrapRow(ring, row)), replace: true }]);
      }
      return rows.length;
    });
    rewrapped += done;
    if (done < page) return { keyId, rewrapped };
  }
}

function rewrapRow(ring: KeyRing, row: Row): SqlValue[] {
  const id = text(row, 'id');
  const key = text(row, 'key');
  const old = { keyId: text(row, 'key_id'), wrapped: bytes(row, 'wrapped') };
  const { keyId, wrapped } = rewrap(ring, key, id, old);
  return [id, key, keyId, wrapped];
}
