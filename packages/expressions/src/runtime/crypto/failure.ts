import { NetException } from '../exceptions.ts';

/** A `System.Security.Cryptography.CryptographicException`. */
export const cryptographicException = (message: string) =>
  new NetException('System.Security.Cryptography.CryptographicException', message);
