import {
  AmqpMap,
  type AmqpValue,
  encodeApplicationProperties,
  readApplicationProperties,
  scanSections,
} from '@lazuli/amqp';
import type { BrokeredMessage, NewMessage } from '../contract.ts';
import { asBuffer, readEnvelope } from '../message/content.ts';
import { renewMessage } from '../message/renew-message.ts';

const ofDeadLetters: ReadonlySet<string> = new Set(['DeadLetterReason', 'DeadLetterErrorDescription']);

/**
 * A dead letter to be sent again: as its sender sent it (priority, time to live and annotations too), with the properties that were
 * changed since, without why it was dead-lettered.
 */
export function resubmitted({ content, overrides, sessionId }: BrokeredMessage): NewMessage {
  const bare = asBuffer(content.bare);
  const sections = scanSections(bare);
  const application = new Map<AmqpValue, AmqpValue>(readApplicationProperties(bare, sections).entries);
  for (const [name, value] of overrides ?? []) application.set(name, value);
  for (const name of ofDeadLetters) application.delete(name);
  const changed = Buffer.concat([
    bare.subarray(0, sections.applicationPropertiesStart),
    ...(application.size === 0 ? [] : [encodeApplicationProperties(new AmqpMap([...application]))]),
    bare.subarray(sections.applicationPropertiesEnd),
  ]);
  const { timeToLiveMs = Number.POSITIVE_INFINITY } = readEnvelope(content.envelope);
  return renewMessage({ envelope: content.envelope, bare: changed }, sessionId, timeToLiveMs);
}
