export * from './contract.ts';
export {
  ChangesCompactedError,
  PreconditionFailedError,
  StoreError,
  type StoreErrorCode,
  StoreUnavailableError,
  storeErrors,
} from './errors.ts';
export type * from './journal/contract.ts';
export { openJournal } from './journal/open-journal.ts';
export { openStore } from './open-store.ts';
