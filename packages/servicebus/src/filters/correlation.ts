import type { CorrelationConditions, MessageView } from '../contract.ts';
import { isEqual } from './compare.ts';

/** Condition and the system property that it is about. */
const conditions = [
  ['correlationId', 'CorrelationId'],
  ['messageId', 'MessageId'],
  ['to', 'To'],
  ['replyTo', 'ReplyTo'],
  ['subject', 'Label'],
  ['sessionId', 'SessionId'],
  ['replyToSessionId', 'ReplyToSessionId'],
  ['contentType', 'ContentType'],
] as const satisfies readonly (readonly [keyof CorrelationConditions, string])[];

/**
 * A correlation filter: every condition that is set must hold ("Topic filters and actions"). Texts and names count with regard to case, and
 * a text is not the number that it shows; how a number was encoded does not count.
 */
export function compileCorrelation(filter: CorrelationConditions): (message: MessageView) => boolean {
  const system: (readonly [name: string, value: string])[] = [];
  for (const [condition, name] of conditions) {
    const value = filter[condition];
    if (value !== undefined) system.push([name, value]);
  }
  const properties = [...(filter.properties ?? [])];
  return (message) => {
    for (const [name, value] of system) if (message.system(name)?.value !== value) return false;
    for (const [name, value] of properties) {
      const found = message.applicationExact(name);
      if (found === undefined || isEqual(found, value) !== true) return false;
    }
    return true;
  };
}
