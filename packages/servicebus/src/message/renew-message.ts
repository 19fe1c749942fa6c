import type { MessageContent, NewMessage } from '../contract.ts';
import { messageIdOf } from './message-id.ts';
import { partitionKeyOf } from './partition-key.ts';

/** A message that was taken once as one that comes in again elsewhere. `timeToLiveMs`: what is left of it. */
export function renewMessage(content: MessageContent, sessionId: string | undefined, timeToLiveMs: number): NewMessage {
  return {
    messageId: messageIdOf(content),
    sessionId,
    partitionKey: partitionKeyOf(content),
    timeToLiveMs,
    scheduledEnqueueTime: undefined,
    content,
  };
}
