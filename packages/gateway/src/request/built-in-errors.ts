import { PolicyError } from '@lazuli/policies';
import type { Api } from '@lazuli/resources';

/** Errors of the steps before any policy (page "Error handling in API Management policies", predefined errors for built-in steps). */

export function operationNotFound(): PolicyError {
  return new PolicyError(
    'OperationNotFound',
    'Unable to match incoming request to an operation.',
    { status: 404, message: 'Resource not found' },
    { source: 'configuration' },
  );
}

/** LastError says "this API", the answer "an API": both as Azure has them. */
export function subscriptionKeyNotFound(api: Api, realm: string): PolicyError {
  return new PolicyError(
    'SubscriptionKeyNotFound',
    'Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API.',
    {
      status: 401,
      headers: [['WWW-Authenticate', challenge(api, realm)]],
      message:
        'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
    },
    { source: 'authorization' },
  );
}

export function subscriptionKeyInvalid(api: Api, realm: string): PolicyError {
  const message =
    'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.';
  return new PolicyError(
    'SubscriptionKeyInvalid',
    message,
    { status: 401, headers: [['WWW-Authenticate', challenge(api, realm)]], message },
    { source: 'authorization' },
  );
}

/** The realm is the gateway's URL with the API's path; the name is the API's own name of the header. */
function challenge(api: Api, realm: string): string {
  const { header, query } = api.subscriptionKeyParameterNames;
  const [name, type] = header === '' ? [query, 'query'] : [header, 'header'];
  return `AzureApiManagementKey realm="${realm}/${api.path}",name="${name}",type="${type}"`;
}
