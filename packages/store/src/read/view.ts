import { stateOf } from '../change/load.ts';
import type { StoreView } from '../contract.ts';
import { StoreError } from '../errors.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Execute, SqlDriver } from '../sql/driver.ts';
import { SqlReader } from './sql-reader.ts';

/** See `Store.read`. */
export async function readView<T>(
  driver: SqlDriver,
  ring: KeyRing,
  milliseconds: number,
  work: (view: StoreView) => Promise<T>,
): Promise<T> {
  const transaction = await driver.view();
  let ended: string | undefined;
  const end = async (reason: string): Promise<void> => {
    if (ended !== undefined) return;
    ended = reason;
    await transaction.close();
  };
  const timer = setTimeout(() => {
    end(`it may be used for ${milliseconds} milliseconds`).catch(() => undefined);
  }, milliseconds);
  const exec: Execute = (statements) =>
    ended === undefined
      ? transaction.exec(statements)
      : Promise.reject(new StoreError('ViewExpired', { reason: ended }));
  try {
    const [state] = await exec([{ sql: 'SELECT epoch, sequence, feed_floor FROM store_state WHERE id = 1' }]);
    return await work(new SqlView(exec, driver, ring, stateOf(state).sequence));
  } finally {
    clearTimeout(timer);
    await end('the work that it was made for has ended');
  }
}

class SqlView extends SqlReader implements StoreView {
  readonly at: number;

  constructor(exec: Execute, driver: SqlDriver, ring: KeyRing, at: number) {
    super(exec, driver.dialect, ring);
    this.at = at;
  }
}
