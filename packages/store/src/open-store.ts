import type { OpenOptions, Store } from './contract.ts';
import { StoreError } from './errors.ts';

/**
 * Opens the store at `url`, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, brings its schema up to date and
 * resolves when it can be used. `sqlite::memory:` is a store in a temporary folder that is gone when it is closed.
 */
export function openStore(url: string, _options: OpenOptions = {}): Promise<Store> {
  return Promise.reject(new StoreError('InvalidUrl', { url }));
}
