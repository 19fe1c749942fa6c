import type { Logger, NamedValue } from '@lazuli/resources';

/** Where an event hub is and how to get in. */
export interface EventHubAddress {
  /** `https://namespace.servicebus.windows.net/hub` */
  readonly url: string;
  readonly credential:
    | { readonly kind: 'key'; readonly keyName: string; readonly key: string }
    | { readonly kind: 'identity'; readonly clientId: string | null };
}

/**
 * Reads the credentials of a logger of the type `azureEventHub`: `name` and `connectionString`, or `name`,
 * `endpointAddress` and `identityClientId` for a managed identity. `{{named values}}` are put in. Null when there is no
 * event hub in them. The schemes `http` and `https` are taken beside `sb` (which is https), for namespaces of other makers.
 */
export function eventHubAddress(logger: Logger, namedValues: readonly NamedValue[]): EventHubAddress | null {
  if (logger.loggerType !== 'azureEventHub') return null;
  const given = (name: string): string => resolve(logger.credentials.get(name) ?? '', namedValues);
  const connection = connectionParts(given('connectionString'));
  const hub = given('name') || (connection.get('entitypath') ?? '');
  const endpoint = endpointOf(connection.get('endpoint') ?? given('endpointAddress'));
  if (hub === '' || endpoint === null) return null;
  const url = `${endpoint}/${hub.split('/').map(encodeURIComponent).join('/')}`;
  const keyName = connection.get('sharedaccesskeyname');
  const key = connection.get('sharedaccesskey');
  if (keyName && key) return { url, credential: { kind: 'key', keyName, key } };
  if (connection.size > 0) return null;
  return { url, credential: { kind: 'identity', clientId: clientIdOf(given('identityClientId')) } };
}

const resolve = (text: string, namedValues: readonly NamedValue[]): string =>
  text.replace(
    /\{\{([A-Za-z0-9\-._]+)\}\}/g,
    (whole, name: string) => namedValues.find(({ displayName }) => displayName === name)?.value ?? whole,
  );

/** `Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...`: names in lower case. A key may end with `=`. */
function connectionParts(text: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const at = part.indexOf('=');
    if (at > 0) parts.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim());
  }
  return parts;
}

/** Scheme, host and port, without a slash at the end. `namespace.servicebus.windows.net` alone is https too. */
function endpointOf(text: string): string | null {
  if (text === '') return null;
  const address = text.includes('://') ? text.replace(/^sb:/i, 'https:') : `https://${text}`;
  const url = URL.parse(address);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? `${url.protocol}//${url.host}` : null;
}

/** APIOps writes `SystemAssigned` for the identity of the service itself. */
const clientIdOf = (text: string): string | null => (text === '' || /^systemassigned$/i.test(text) ? null : text);
