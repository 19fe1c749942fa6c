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
export { openStore } from './open-store.ts';
