import type { Arrival } from './arrival.ts';
import type { Entity } from './entity.ts';
import type { MessageExtra } from './stored-message.ts';

/**
 * A message comes in at an entity: dropped where it is a duplicate, kept where its time has not come, else taken. `writeIdentifiers`
 * must follow in the same turn. Returns the sequence number of a scheduled message (`reserved`, where there is one), else 0.
 */
export function accept(entity: Entity, arrival: Arrival, extra: MessageExtra | undefined, reserved?: number): number {
  const { message, now } = arrival;
  if (entity.duplicates !== undefined) {
    if (entity.duplicates.isDuplicate(message, now)) return 0;
    entity.broker.unwrittenDuplicates.add(entity.duplicates);
  }
  if (message.scheduledEnqueueTime !== undefined && message.scheduledEnqueueTime > now) {
    return schedule(entity, arrival, extra, reserved);
  }
  entity.take(arrival, extra);
  return 0;
}

function schedule(
  entity: Entity,
  arrival: Arrival,
  extra: MessageExtra | undefined,
  reserved: number | undefined,
): number {
  const { timeToLiveMs } = arrival;
  const scheduled = {
    ...extra,
    scheduledFor: arrival.message.scheduledEnqueueTime,
    timeToLiveMs: timeToLiveMs < Number.MAX_SAFE_INTEGER ? timeToLiveMs : undefined,
  };
  return entity.main.append(arrival, scheduled, reserved);
}

/** Identifiers that were remembered go to the journal with the messages. */
export function writeIdentifiers(entity: Entity, now: number): void {
  const { unwrittenDuplicates } = entity.broker;
  if (unwrittenDuplicates.size === 0) return;
  for (const duplicates of unwrittenDuplicates) duplicates.write(now);
  unwrittenDuplicates.clear();
}
