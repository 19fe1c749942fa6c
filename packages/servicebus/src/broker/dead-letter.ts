import type { AmqpValue } from '@lazuli/amqp';
import { isWithinLimits } from '../message/property-map.ts';
import type { StoredMessage } from './stored-message.ts';

/** Why a message is dead-lettered: it becomes the properties `DeadLetterReason` and `DeadLetterErrorDescription`. */
export interface DeadLetterCause {
  readonly reason?: string | undefined;
  readonly description?: string | undefined;
  readonly properties?: ReadonlyMap<string, AmqpValue> | undefined;
}

/** Reasons and descriptions of the service itself ("Overview of Service Bus dead-letter queues"). */
export const deadLetterCauses = {
  expired: { reason: 'TTLExpiredException', description: 'The message expired and was dead lettered.' },
  maxDeliveryCount: (most: number): DeadLetterCause => ({
    reason: 'MaxDeliveryCountExceeded',
    description: `Message could not be consumed after ${most} delivery attempts.`,
  }),
  headerSize: { reason: 'HeaderSizeExceeded', description: 'The size quota for this stream has been exceeded.' },
  noSessionId: {
    reason: 'Session ID is null.',
    description: "Session enabled entity doesn't allow a message whose session identifier is null.",
  },
  hops: {
    reason: 'MaxTransferHopCountExceeded',
    description:
      'The maximum number of allowed hops when forwarding between queues has been exceeded. This value is set to 4.',
  },
  filter: (description: string): DeadLetterCause => ({ reason: 'FilterException', description }),
} as const;

/** Moves a message to the dead-letter queue beside it, under its number. It need not be read for that. */
export function deadLetter(message: StoredMessage, cause: DeadLetterCause): void {
  const { entity, broker } = message.queue;
  broker.counters.deadLettered++;
  moveAside(message, entity.deadLetters, cause);
}

export function moveAside(message: StoredMessage, to: StoredMessage['queue'], cause: DeadLetterCause): void {
  const { scheduledFor: _, timeToLiveMs: __, ...extra } = message.extra ?? {};
  const overrides = causeProperties(message.extra?.overrides, cause);
  to.adopt(message, message.sequenceNumber, message.enqueuedTime, undefined, { ...extra, overrides });
}

/** Properties of a dead letter; where they would be too large only what they were before, and that as the reason. */
export function causeProperties(
  before: ReadonlyMap<string, AmqpValue> | undefined,
  cause: DeadLetterCause,
): ReadonlyMap<string, AmqpValue> {
  const whole = withProperties(before, new Map([...(cause.properties ?? []), ...described(cause)]));
  return whole ?? new Map([...(before ?? []), ...described(deadLetterCauses.headerSize)]);
}

/** Undefined: they are larger than a message may have. */
export function withProperties(
  before: ReadonlyMap<string, AmqpValue> | undefined,
  added: ReadonlyMap<string, AmqpValue>,
): ReadonlyMap<string, AmqpValue> | undefined {
  const merged = new Map([...(before ?? []), ...added]);
  return isWithinLimits(merged) ? merged : undefined;
}

function described(cause: DeadLetterCause): [string, AmqpValue][] {
  const properties: [string, AmqpValue][] = [];
  if (cause.reason !== undefined) properties.push(['DeadLetterReason', cause.reason]);
  if (cause.description !== undefined) properties.push(['DeadLetterErrorDescription', cause.description]);
  return properties;
}
