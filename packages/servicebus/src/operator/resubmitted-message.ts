import {
  AmqpMap,
  type AmqpValue,
  encodeApplicationProperties,
  readApplicationProperties,
  scanSections,
} from '@lazuli/amqp';
import type { BrokeredMessage } from '../contract.ts';

const ofDeadLetters: ReadonlySet<string> = new Set(['DeadLetterReason', 'DeadLetterErrorDescription']);

/** The message as it can be sent again: as it was, with the properties that were changed since, without why it was dead-lettered. */
export function withoutDeadLetterProperties(message: BrokeredMessage): Buffer {
  const { bare } = message.content;
  const bytes = Buffer.from(bare.buffer, bare.byteOffset, bare.byteLength);
  const sections = scanSections(bytes);
  const application = new Map<string, AmqpValue>();
  for (const [name, value] of readApplicationProperties(bytes, sections).entries) application.set(String(name), value);
  for (const [name, value] of message.overrides ?? []) application.set(name, value);
  for (const name of ofDeadLetters) application.delete(name);
  return Buffer.concat([
    bytes.subarray(sections.propertiesStart, sections.propertiesEnd),
    ...(application.size === 0 ? [] : [encodeApplicationProperties(new AmqpMap([...application]))]),
    bytes.subarray(sections.bodyStart),
  ]);
}
