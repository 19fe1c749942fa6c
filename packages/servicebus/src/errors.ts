import { type AmqpErrorInfo, AmqpViolation } from '@lazuli/amqp';

/**
 * Everything that the broker refuses: AMQP condition, HTTP status with its sub-code, and words as Azure's ("Service Bus messaging
 * exceptions", "AMQP errors in Azure Service Bus"; clients look for some of them).
 */
export const serviceBusErrors = {
  EntityNotFound: {
    condition: 'amqp:not-found',
    status: 404,
    message: "The messaging entity '{entity}' could not be found.",
  },
  EntityAlreadyExists: {
    condition: 'com.microsoft:entity-already-exists',
    status: 409,
    message: "SubCode=40900. Conflict. The messaging entity '{entity}' already exists.",
  },
  EntityDisabled: {
    condition: 'com.microsoft:entity-disabled',
    status: 403,
    message: "The messaging entity '{entity}' is disabled for {what}.",
  },
  SendNotAllowed: {
    condition: 'amqp:not-allowed',
    status: 405,
    message: "Messages cannot be sent to '{entity}': {reason}.",
  },
  ReceiveNotAllowed: {
    condition: 'amqp:not-allowed',
    status: 405,
    message: "Messages cannot be received from '{entity}': {reason}.",
  },
  Unauthorized: {
    condition: 'amqp:unauthorized-access',
    status: 401,
    message: 'Unauthorized access. {reason}',
  },
  MessageLockLost: {
    condition: 'com.microsoft:message-lock-lost',
    status: 410,
    message:
      'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue, or was received by a different receiver instance.',
  },
  SessionLockLost: {
    condition: 'com.microsoft:session-lock-lost',
    status: 410,
    message: "The session lock was lost on session '{session}'. Request a new session receiver.",
  },
  SessionCannotBeLocked: {
    condition: 'com.microsoft:session-cannot-be-locked',
    status: 409,
    message: "The requested session '{session}' cannot be accepted. It may be locked by another receiver.",
  },
  SessionNotAvailable: {
    condition: 'com.microsoft:timeout',
    status: 204,
    message: 'The operation did not complete within the allotted timeout: no session with messages became available.',
  },
  SessionRequired: {
    condition: 'amqp:not-allowed',
    status: 400,
    message:
      "It is not possible for an entity that requires sessions to create a non-sessionful message receiver: '{entity}'.",
  },
  SessionNotSupported: {
    condition: 'amqp:not-allowed',
    status: 400,
    message: "A sessionful message receiver cannot be created on an entity that does not require sessions: '{entity}'.",
  },
  SessionIdMissing: {
    condition: 'amqp:not-allowed',
    status: 400,
    message:
      "The SessionId was not set on a message, and it cannot be sent to the entity '{entity}'. Entities that have session support enabled can only receive messages that have the SessionId set to a valid value.",
  },
  MessageNotFound: {
    condition: 'com.microsoft:message-not-found',
    status: 404,
    message: 'Failed to lock one or more specified messages. The message does not exist.',
  },
  MessageSizeExceeded: {
    condition: 'amqp:link:message-size-exceeded',
    status: 413,
    message: 'The received message (size {size} bytes) exceeds the limit ({limit} bytes) of the entity.',
  },
  QuotaExceeded: {
    condition: 'amqp:resource-limit-exceeded',
    status: 403,
    message: '{reason}',
  },
  TransactionAborted: {
    condition: 'amqp:transaction:rollback',
    status: 409,
    message: 'The transaction was rolled back: {reason}.',
  },
  TransactionUnknown: {
    condition: 'amqp:transaction:unknown-id',
    status: 404,
    message: 'The transaction is not known: it has ended, or its two minutes are over.',
  },
  TransactionTimeout: {
    condition: 'amqp:transaction:timeout',
    status: 408,
    message: 'The transaction took longer than two minutes and was rolled back.',
  },
  InvalidMessage: {
    condition: 'amqp:decode-error',
    status: 400,
    message: 'The message cannot be read: {reason}.',
  },
  BadRequest: {
    condition: 'com.microsoft:argument-error',
    status: 400,
    message: '{reason}',
  },
  NotSupported: {
    condition: 'amqp:not-implemented',
    status: 501,
    message: '{reason}',
  },
  ServerBusy: {
    condition: 'com.microsoft:server-busy',
    status: 503,
    message: 'The server is busy: {reason}. Wait ten seconds and try again.',
  },
  NotOwner: {
    condition: 'amqp:connection:forced',
    status: 503,
    message: 'This process does not serve the namespace any more: another has taken it over.',
  },
  InternalError: {
    condition: 'amqp:internal-error',
    status: 500,
    message: 'The service was unable to process the request; please retry the operation.',
  },
} as const satisfies Record<string, { condition: string; status: number; message: string }>;

export type ServiceBusErrorCode = keyof typeof serviceBusErrors;

export class ServiceBusError extends Error {
  override readonly name = 'ServiceBusError';
  readonly code: ServiceBusErrorCode;
  readonly condition: string;
  readonly status: number;

  constructor(
    code: ServiceBusErrorCode,
    values: Readonly<Record<string, string | number>> = {},
    options?: { readonly cause?: unknown },
  ) {
    const { condition, status, message } = serviceBusErrors[code];
    super(
      message.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')),
      options,
    );
    this.code = code;
    this.condition = condition;
    this.status = status;
  }

  /** As it goes over AMQP. */
  get info(): AmqpErrorInfo {
    return { condition: this.condition, description: this.message };
  }
}

/** Whatever was thrown, as a client is told it: bytes that are no AMQP are the client's fault, all else that is not known is ours. */
export function toServiceBusError(error: unknown): ServiceBusError {
  if (error instanceof ServiceBusError) return error;
  if (error instanceof AmqpViolation)
    return new ServiceBusError('InvalidMessage', { reason: error.message.replace(/\.$/, '') }, { cause: error });
  return new ServiceBusError('InternalError', {}, { cause: error });
}

/** A filter or an action that cannot be evaluated on a message (the message may be dead-lettered for it). */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}
