import { toServiceBusError } from '../errors.ts';
import type { Client } from './client.ts';

import { plain } from './read-values.ts';
import type { NodeReply, NodeRequest } from './request-node.ts';

/**
 * `$cbs` (AMQP Claims-based Security, draft 2): a token becomes a claim of the connection. What kind of token it is, its content says;
 * clients label them wrongly.
 */
export async function putToken(client: Client, request: NodeRequest): Promise<NodeReply> {
  if (request.operation !== 'put-token')
    return {
      status: 400,
      description: `There is no operation '${request.operation.slice(0, 100)}'; expected put-token.`,
    };
  const audience = plain(request.properties.get('name'));
  const token = plain(request.body);
  if (typeof audience !== 'string') return { status: 400, description: "The property 'name' must be a string." };
  if (typeof token !== 'string') return { status: 400, description: 'The body must be the token, a string.' };
  try {
    client.addClaim(await client.namespace.access.verifyToken(token, audience));
    return { status: 202, description: 'Accepted' };
  } catch (error) {
    const { status, message } = toServiceBusError(error);
    return { status, description: message };
  }
}
