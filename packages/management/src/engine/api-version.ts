import type { Query } from '../contract.ts';
import { armError } from '../errors.ts';

const form = /^\d{4}-\d{2}-\d{2}(-(preview|alpha|beta|rc|privatepreview))?$/i;

/**
 * The `api-version` of a request.
 * @throws {ArmError} `MissingApiVersionParameter`; `InvalidApiVersionParameter` for what is no version;
 * `NoRegisteredProviderFound` for one that the type does not have.
 */
export function requireApiVersion(query: Query, supported: readonly string[], type: string): string {
  const apiVersion = query.get('api-version');
  if (apiVersion === undefined || apiVersion === '') throw armError('MissingApiVersionParameter');
  const list = supported.join(', ');
  if (!form.test(apiVersion)) throw armError('InvalidApiVersionParameter', { apiVersion, supported: list });
  if (!supported.includes('*') && !supported.some((one) => one.toLowerCase() === apiVersion.toLowerCase()))
    throw armError('NoRegisteredProviderFound', { location: 'global', apiVersion, type, supported: list });
  return apiVersion;
}
