import { AmqpViolation, decodeValue, skipValue, Typed } from '@lazuli/amqp';
import type { MessageContent } from '../contract.ts';
import { openSection, textAt } from './compound.ts';
import { asBuffer } from './content.ts';

/** The message id in the content, as text; every message that was taken has one. */
export function messageIdOf(content: MessageContent): string {
  const bare = asBuffer(content.bare);
  const end = skipValue(bare, 0, bare.length);
  const { start, count } = openSection(bare, 0, end);
  return count === 0 ? '' : (idAt(bare, start, end) ?? '');
}

/** A message id or correlation id (string, ulong, uuid or binary) as text; undefined: there is none. */
export function idAt(payload: Buffer, at: number, end: number): string | undefined {
  const next = skipValue(payload, at, end);
  const text = textAt(payload, at, next);
  if (text !== undefined) return text;
  const value = decodeValue(payload, at, next);
  if (value === null) return undefined;
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (value instanceof Typed && value.type === 'uuid' && Buffer.isBuffer(value.value)) return uuidText(value.value);
  if (value instanceof Typed && value.type === 'ulong') return String(value.value);
  throw new AmqpViolation('amqp:decode-error', `At byte ${at}: an id is a string, a ulong, a uuid or a binary.`);
}

/** As RFC 4122 writes it. */
export function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
