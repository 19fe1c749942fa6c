import type { HeaderList, TokenPort } from '@lazuli/policies';
import type { Backend } from '@lazuli/resources';

/**
 * Puts a backend entity's credentials on a request (client certificates go with the connection). They replace what the
 * caller sent under the same names. Gives the query with the entity's parameters.
 */
export async function applyCredentials(
  entity: Backend,
  headers: HeaderList,
  query: string,
  tokens: TokenPort,
): Promise<string> {
  const { credentials } = entity;
  if (!credentials) return query;
  const { authorization, header, managedIdentity } = credentials;
  for (const [name, values] of header) headers.set(name, values);
  if (authorization) headers.set('Authorization', `${authorization.scheme} ${authorization.parameter}`.trim());
  if (managedIdentity) {
    const { accessToken } = await tokens.acquire(managedIdentity.resource, managedIdentity.clientId);
    headers.set('Authorization', `Bearer ${accessToken}`);
  }
  return withParameters(query, credentials.query);
}

function withParameters(query: string, parameters: ReadonlyMap<string, readonly string[]>): string {
  if (parameters.size === 0) return query;
  const kept = query.split('&').filter((part) => part !== '' && !parameters.has(nameOf(part)));
  for (const [name, values] of parameters)
    for (const value of values) kept.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return kept.join('&');
}

function nameOf(part: string): string {
  const name = part.split('=', 1)[0] ?? '';
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
