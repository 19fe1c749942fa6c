import type { JournalBytes } from '@lazuli/store';
import { ServiceBusError } from '../errors.ts';
import { contentOf } from '../message/content.ts';
import { renewMessage } from '../message/renew-message.ts';
import { accept, writeIdentifiers } from './accept.ts';
import { Arrival } from './arrival.ts';
import { type DeadLetterCause, deadLetter, deadLetterCauses, moveAside } from './dead-letter.ts';
import type { Entity } from './entity.ts';
import { Holder } from './holder.ts';
import { subQueues } from './records.ts';
import type { MessageExtra, StoredMessage } from './stored-message.ts';

/** How many entities a message may be forwarded through ("Chaining Service Bus entities with autoforwarding"). */
const MOST_HOPS = 4;

/** A message that was just sent goes on to the destination, with the send: it never lies in between. */
export function forwardArrival(
  from: Holder,
  destination: string,
  arrival: Arrival,
  extra: MessageExtra | undefined,
): void {
  const hops = (extra?.hops ?? 0) + 1;
  if (hops > MOST_HOPS) {
    from.setAside(arrival, extra, from.deadLetters, deadLetterCauses.hops);
    return;
  }
  const to = from.broker.find(destination);
  const cause = refusalOf(to, destination, arrival.size);
  if (to === undefined || cause !== undefined) {
    from.setAside(arrival, extra, from.transferDeadLetters, cause ?? {});
    return;
  }
  to.touch();
  accept(to, arrival, {
    ...extra,
    hops,
    enqueuedSequenceNumber: extra?.enqueuedSequenceNumber ?? from.nextSequenceNumber(),
  });
}

/** A message that lies here goes on: one that was scheduled, was there before the forwarding, or is a dead letter. */
export function forwardStored(message: StoredMessage, destination: string): void {
  const { queue } = message;
  const from = queue.entity;
  const isDeadLetter = queue.subQueue === subQueues.deadLetter;
  const hops = (message.extra?.hops ?? 0) + 1;
  const to = from.broker.find(destination);
  const cause = hops > MOST_HOPS ? deadLetterCauses.hops : refusalOf(to, destination, message.size);
  if (to === undefined || cause !== undefined) {
    // A dead letter that cannot go on stays where it is.
    if (isDeadLetter) queue.waiting.add(message);
    else if (hops > MOST_HOPS) deadLetter(message, deadLetterCauses.hops);
    else if (from instanceof Holder) {
      from.broker.counters.deadLettered++;
      moveAside(message, from.transferDeadLetters, cause ?? {});
    }
    return;
  }
  to.touch();
  const extra: MessageExtra = {
    ...message.extra,
    hops,
    enqueuedSequenceNumber: message.extra?.enqueuedSequenceNumber ?? message.sequenceNumber,
    deadLetterSource: isDeadLetter ? from.path : message.extra?.deadLetterSource,
  };
  if (canAdopt(to, message)) {
    const now = from.broker.clock.now();
    const timeToLive =
      isDeadLetter || message.expiresAt === undefined ? Number.POSITIVE_INFINITY : message.expiresAt - now;
    to.main.adopt(message, to.nextSequenceNumber(), now, to.expiryOf(now, timeToLive), extra);
  } else sendOn(message, extra, (arrival, its) => accept(to, arrival, its));
}

/** Whether it can be moved without being looked at. */
function canAdopt(to: Entity, message: StoredMessage): boolean {
  return (
    to instanceof Holder &&
    to.duplicates === undefined &&
    to.definition.forwardTo === undefined &&
    (!to.requiresSession || message.sessionId !== undefined)
  );
}

/** Reads the message and hands it to an entity that must look at it: a topic, one that finds duplicates, one that forwards. */
export function sendOn(
  message: StoredMessage,
  extra: MessageExtra,
  take: (arrival: Arrival, extra: MessageExtra) => void,
): void {
  const { broker, entity } = message.queue;
  const send = (body: JournalBytes): void => {
    if (message.leaf === undefined || broker.isLost) return;
    const now = broker.clock.now();
    const ttl = message.expiresAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, message.expiresAt - now);
    const renewed = renewMessage(contentOf(body), message.sessionId, ttl);
    message.queue.remove(message);
    take(new Arrival(broker.journal, renewed, now), { ...extra, sessionId: undefined, isAmended: false });
    writeIdentifiers(entity, now);
  };
  const body = broker.journal.readBody(message.item);
  if (!(body instanceof Promise)) send(body);
  else
    body.then(send).catch((error: unknown) => {
      broker.log.error(
        { err: error, entity: message.queue.path, sequenceNumber: message.sequenceNumber },
        'a message cannot be forwarded; it stays until the next start',
      );
    });
}

function refusalOf(to: Entity | undefined, destination: string, bytes: number): DeadLetterCause | undefined {
  const error =
    to === undefined || to.entry === undefined
      ? new ServiceBusError('EntityNotFound', { entity: destination })
      : to.refusal(bytes);
  if (error === undefined) return undefined;
  const reason = {
    EntityNotFound: 'MessagingEntityNotFoundException',
    EntityDisabled: 'MessagingEntityDisabledException',
    QuotaExceeded: 'QuotaExceededException',
  }[error.code as string];
  return { reason: reason ?? error.code, description: error.message };
}
