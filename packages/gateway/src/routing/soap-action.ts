import type { HeaderList } from '@lazuli/policies';
import { queryValue } from './query-string.ts';

/**
 * The query that an operation of a SOAP API is found by. Imported WSDL operations have the template
 * `/?soapAction={literal}`, while clients name the action in the `SOAPAction` header (SOAP 1.1) or in the media type's
 * `action` parameter (SOAP 1.2).
 */
export function soapQuery(query: string, headers: HeaderList): string {
  if (queryValue(query, 'soapAction') !== undefined) return query;
  const action =
    headers.get('SOAPAction') ?? /;\s*action\s*=\s*("[^"]*"|[^;\s]+)/i.exec(headers.get('Content-Type') ?? '')?.[1];
  if (action === undefined) return query;
  const part = `soapAction=${encodeURIComponent(action.trim().replace(/^"(.*)"$/, '$1'))}`;
  return query === '' ? part : `${query}&${part}`;
}
