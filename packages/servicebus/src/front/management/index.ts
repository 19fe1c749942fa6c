import { AmqpMap } from '@lazuli/amqp';
import { ServiceBusError } from '../../errors.ts';
import type { Client } from '../client.ts';
import { RequestBody } from '../read-values.ts';
import type { NodeReply, NodeRequest } from '../request-node.ts';
import {
  batchDeleteMessages,
  cancelScheduledMessage,
  peekMessage,
  receiveBySequenceNumber,
  renewLock,
  scheduleMessage,
  updateDisposition,
} from './messages.ts';
import type { ManagementOperation } from './operation.ts';
import { addRule, enumerateRules, removeRule } from './rules.ts';
import { getMessageSessions, getSessionState, renewSessionLock, setSessionState } from './sessions.ts';

/** By the name in the request, without `com.microsoft:`. */
const operations: Readonly<Record<string, ManagementOperation>> = {
  'peek-message': peekMessage,
  'renew-lock': renewLock,
  'receive-by-sequence-number': receiveBySequenceNumber,
  'update-disposition': updateDisposition,
  'schedule-message': scheduleMessage,
  'cancel-scheduled-message': cancelScheduledMessage,
  'batch-delete-messages': batchDeleteMessages,
  'get-session-state': getSessionState,
  'set-session-state': setSessionState,
  'renew-session-lock': renewSessionLock,
  'get-message-sessions': getMessageSessions,
  'enumerate-rules': enumerateRules,
  'add-rule': addRule,
  'remove-rule': removeRule,
};

/** Answers a request to `$management` of an entity. @throws {ServiceBusError} */
export async function manage(client: Client, path: string, request: NodeRequest): Promise<NodeReply> {
  const name = request.operation.replace(/^com\.microsoft:/, '');
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined)
    throw new ServiceBusError('NotSupported', { reason: `There is no operation '${name.slice(0, 100)}'.` });
  client.require(operation.right, path);
  const { transactionId } = request;
  if (transactionId !== undefined && operation.isTransactional !== true)
    throw new ServiceBusError('NotSupported', { reason: `'${name}' cannot be part of a transaction.` });
  const map = request.body instanceof AmqpMap ? request.body : new AmqpMap();
  const { served } = client.namespace;
  return operation.run({
    client,
    path,
    map,
    body: new RequestBody(map),
    transaction: transactionId === undefined ? undefined : client.transaction(transactionId),
    source: () => served.source(path),
    target: () => served.sender(path),
  });
}
