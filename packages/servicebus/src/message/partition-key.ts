import { skipValue } from '@lazuli/amqp';
import type { MessageContent } from '../contract.ts';
import { textAt } from './compound.ts';
import { asBuffer, readEnvelope } from './content.ts';

/** An annotation of the sender that is a text. */
export function annotationText(content: MessageContent, name: string): string | undefined {
  const { annotationCount, annotations } = readEnvelope(content.envelope);
  const bytes = asBuffer(annotations);
  let at = 0;
  for (let index = 0; index < annotationCount; index += 2) {
    const valueAt = skipValue(bytes, at, bytes.length);
    const next = skipValue(bytes, valueAt, bytes.length);
    if (textAt(bytes, at, valueAt) === name) return textAt(bytes, valueAt, next);
    at = next;
  }
  return undefined;
}

export function partitionKeyOf(content: MessageContent): string | undefined {
  return annotationText(content, 'x-opt-partition-key');
}
