import { ServiceBusError } from '../errors.ts';
import type { Entity } from './entity.ts';

/** Messages that are removed before the event loop gets its turn. */
const SLICE = 2000;

/**
 * An entity is deleted: it is gone at once and for good when the journal has forgotten it. Its messages mean nothing then, and are
 * removed little by little; where that is not finished, the next start removes what is left.
 */
export function removeEntity(entity: Entity): void {
  const { broker } = entity;
  entity.closeReceivers(new ServiceBusError('EntityNotFound', { entity: entity.path }));
  entity.forget();
  for (const queue of entity.queues) {
    broker.counters.messages -= queue.all.size;
    for (const session of queue.sessions?.all() ?? []) {
      if (session.state !== undefined) broker.journal.remove(session.state.item);
    }
  }
  removeSlice(entity);
}

function removeSlice(entity: Entity): void {
  const { broker } = entity;
  if (broker.isLost) return;
  let removed = 0;
  for (const queue of entity.queues) {
    const slice = [];
    for (const message of queue.all.from(0)) {
      if (removed + slice.length >= SLICE) break;
      slice.push(message);
    }
    for (const message of slice) {
      queue.all.remove(message);
      broker.journal.remove(message.item);
    }
    removed += slice.length;
  }
  if (removed >= SLICE) setImmediate(removeSlice, entity);
}
