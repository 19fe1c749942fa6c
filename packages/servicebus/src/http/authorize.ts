import type { Right } from '../contract.ts';
import { ServiceBusError } from '../errors.ts';
import type { HttpCall } from './http-contract.ts';

/**
 * Lets a request through whose token gives the right on a path.
 * @throws {ServiceBusError} `Unauthorized`
 */
export async function authorize(call: HttpCall, right: Right, path: string): Promise<void> {
  const token = tokenOf(call.request.headers.get('Authorization'));
  if (token === undefined)
    throw new ServiceBusError('Unauthorized', {
      reason: "MissingToken: the request has no token in 'Authorization' (SharedAccessSignature or Bearer).",
    });
  await requireRight(call, token, right, path);
}

/**
 * Whoever chains an entity to another must have `Manage` on both ("Chaining Service Bus entities with autoforwarding"). The token for the
 * other one comes in a header of its own; without it the token of the request counts for both.
 * @throws {ServiceBusError} `Unauthorized`
 */
export async function authorizeForwarding(call: HttpCall, header: string, target: string): Promise<void> {
  const { headers } = call.request;
  const token = tokenOf(headers.get(header)) ?? tokenOf(headers.get('Authorization')) ?? '';
  await requireRight(call, token, 'Manage', target);
}

async function requireRight({ namespace, authority }: HttpCall, token: string, right: Right, path: string) {
  const resource = `sb://${authority.toLowerCase()}/${path}`;
  const claim = await namespace.access.verifyToken(token, resource);
  if (!claim.allows(right, path))
    throw new ServiceBusError('Unauthorized', {
      reason: `'${right}' claim(s) are required to perform this operation. Resource: '${resource}'.`,
    });
}

/** A bearer token alone; a shared access signature with the word before it, which is part of it. */
function tokenOf(header: string | undefined): string | undefined {
  const token = header?.trim().replace(/^bearer\s+/i, '');
  return token === '' ? undefined : token;
}
