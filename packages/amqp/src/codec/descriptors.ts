import { Typed } from '../values.ts';
import { decodeError } from '../violation.ts';
import type { ValueReader } from './reader.ts';

/** Descriptors of the specification's composite types by which peers know them: a number, or (rarely) a symbol. */
export const descriptors = {
  open: 0x10,
  begin: 0x11,
  attach: 0x12,
  flow: 0x13,
  transfer: 0x14,
  disposition: 0x15,
  detach: 0x16,
  end: 0x17,
  close: 0x18,
  error: 0x1d,
  received: 0x23,
  accepted: 0x24,
  rejected: 0x25,
  released: 0x26,
  modified: 0x27,
  source: 0x28,
  target: 0x29,
  coordinator: 0x30,
  declare: 0x31,
  discharge: 0x32,
  declared: 0x33,
  transactionalState: 0x34,
  saslMechanisms: 0x40,
  saslInit: 0x41,
  saslChallenge: 0x42,
  saslResponse: 0x43,
  saslOutcome: 0x44,
} as const;

const names = new Map<string, number>([
  ['amqp:open:list', descriptors.open],
  ['amqp:begin:list', descriptors.begin],
  ['amqp:attach:list', descriptors.attach],
  ['amqp:flow:list', descriptors.flow],
  ['amqp:transfer:list', descriptors.transfer],
  ['amqp:disposition:list', descriptors.disposition],
  ['amqp:detach:list', descriptors.detach],
  ['amqp:end:list', descriptors.end],
  ['amqp:close:list', descriptors.close],
  ['amqp:error:list', descriptors.error],
  ['amqp:received:list', descriptors.received],
  ['amqp:accepted:list', descriptors.accepted],
  ['amqp:rejected:list', descriptors.rejected],
  ['amqp:released:list', descriptors.released],
  ['amqp:modified:list', descriptors.modified],
  ['amqp:source:list', descriptors.source],
  ['amqp:target:list', descriptors.target],
  ['amqp:coordinator:list', descriptors.coordinator],
  ['amqp:declare:list', descriptors.declare],
  ['amqp:discharge:list', descriptors.discharge],
  ['amqp:declared:list', descriptors.declared],
  ['amqp:transactional-state:list', descriptors.transactionalState],
  ['amqp:sasl-mechanisms:list', descriptors.saslMechanisms],
  ['amqp:sasl-init:list', descriptors.saslInit],
  ['amqp:sasl-challenge:list', descriptors.saslChallenge],
  ['amqp:sasl-response:list', descriptors.saslResponse],
  ['amqp:sasl-outcome:list', descriptors.saslOutcome],
  ['amqp:header:list', 0x70],
  ['amqp:delivery-annotations:map', 0x71],
  ['amqp:message-annotations:map', 0x72],
  ['amqp:properties:list', 0x73],
  ['amqp:application-properties:map', 0x74],
  ['amqp:data:binary', 0x75],
  ['amqp:amqp-sequence:list', 0x76],
  ['amqp:amqp-value:*', 0x77],
  ['amqp:footer:map', 0x78],
]);

/**
 * Reads a descriptor; -1 where it is none of the specification's. The reader stands behind it.
 * @throws {AmqpViolation} `amqp:decode-error` where no described value begins
 */
export function readDescriptor(reader: ValueReader): number {
  const at = reader.offset;
  if (at >= reader.end || reader.buffer[at] !== 0x00) throw decodeError(at, 'a described value was expected');
  reader.offset++;
  return descriptorCode(reader.read());
}

/** The number of a descriptor; -1 where it is none of the specification's. */
export function descriptorCode(descriptor: unknown): number {
  if (!(descriptor instanceof Typed)) return -1;
  if (descriptor.type === 'ulong') return typeof descriptor.value === 'number' ? descriptor.value : -1;
  return descriptor.type === 'symbol' ? (names.get(String(descriptor.value)) ?? -1) : -1;
}
