export * from './contract.ts';
export {
  ChangesCompactedError,
  PreconditionFailedError,
  StoreError,
  type StoreErrorCode,
  StoreUnavailableError,
  storeErrors,
} from './errors.ts';
export { openStore } from './open-store.ts';
