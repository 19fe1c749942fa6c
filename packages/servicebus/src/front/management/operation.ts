import type { AmqpMap, AmqpValue } from '@lazuli/amqp';
import type { MessageSource, Right, SendTarget, Transaction } from '../../contract.ts';
import type { Client } from '../client.ts';
import type { RequestBody } from '../read-values.ts';
import type { NodeReply } from '../request-node.ts';

/** A request to the `$management` of an entity. */
export interface ManagementCall {
  readonly client: Client;
  /** Of the entity. */
  readonly path: string;
  readonly body: RequestBody;
  readonly map: AmqpMap;
  /** What it is part of, where the operation is transactional. */
  readonly transaction: Transaction | undefined;
  /** @throws {ServiceBusError} where nothing is received from it */
  source(): MessageSource;
  /** @throws {ServiceBusError} where nothing is sent to it */
  target(): SendTarget;
}

/** One operation of "AMQP 1.0 in Azure Service Bus: request-response-based operations". */
export interface ManagementOperation {
  readonly right: Right;
  /** Whether it can be part of a transaction; default false. */
  readonly isTransactional?: boolean;
  run(call: ManagementCall): NodeReply | Promise<NodeReply>;
}

export function ok(body?: AmqpValue): NodeReply {
  return body === undefined ? { status: 200, description: 'OK' } : { status: 200, description: 'OK', body };
}

export const noContent: NodeReply = { status: 204, description: 'No Content' };
