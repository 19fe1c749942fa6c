import type { EntityRuntime } from '../contract.ts';
import type { Entity } from './entity.ts';
import { Holder } from './holder.ts';
import { Topic } from './topic.ts';

/** What administration shows of an entity. */
export function runtimeOf(entity: Entity): EntityRuntime {
  const isHolder = entity instanceof Holder;
  return {
    activeMessageCount: isHolder ? entity.main.active : 0,
    deadLetterMessageCount: isHolder ? entity.deadLetters.active : 0,
    scheduledMessageCount: entity.main.scheduled,
    transferMessageCount: 0,
    transferDeadLetterMessageCount: isHolder ? entity.transferDeadLetters.active : 0,
    sizeInBytes: entity.sizeInBytes,
    accessedAt: entity.accessedAt,
    subscriptionCount: entity instanceof Topic ? entity.subscriptions.size : 0,
  };
}
