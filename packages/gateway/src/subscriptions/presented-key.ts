import type { HeaderList } from '@lazuli/policies';
import type { Api } from '@lazuli/resources';
import { queryValue } from '../routing/query-string.ts';

/**
 * The key that a request carries under the API's own names: the header's, else the query parameter's, which is looked at
 * only when there is no such header at all. Empty when there is none. The key stays in the request and reaches the backend,
 * as in Azure ("the subscription key by default is passed to the backend", api-management-subscriptions).
 */
export function presentedKey(api: Api, headers: HeaderList, query: string): string {
  const { header, query: parameter } = api.subscriptionKeyParameterNames;
  if (header !== '') {
    const given = headers.get(header);
    if (given !== undefined) return given;
  }
  return (parameter === '' ? undefined : queryValue(query, parameter)) ?? '';
}
