import { descriptorCode, descriptors } from '../codec/descriptors.ts';
import { decodeValue } from '../codec/reader.ts';
import type { ValueWriter } from '../codec/writer.ts';
import type { AmqpErrorInfo, DeliveryState } from '../contract.ts';
import { AmqpMap, type AmqpValue, Described } from '../values.ts';
import { AmqpViolation } from '../violation.ts';
import { Fields } from './fields.ts';

const accepted: DeliveryState = Object.freeze({ kind: 'accepted' });
const released: DeliveryState = Object.freeze({ kind: 'released' });

/**
 * The state between two offsets.
 * @throws {AmqpViolation} `amqp:decode-error`
 */
export function readState(buffer: Buffer, start: number, end: number): DeliveryState {
  // Nearly all of them are `accepted` in its shortest form.
  if (
    end - start === 4 &&
    buffer[start] === 0 &&
    buffer[start + 1] === 0x53 &&
    buffer[start + 2] === descriptors.accepted &&
    buffer[start + 3] === 0x45
  )
    return accepted;
  return stateOf(decodeValue(buffer, start, end));
}

/** @throws {AmqpViolation} `amqp:decode-error` where a known state has wrong fields */
export function stateOf(value: AmqpValue): DeliveryState {
  if (!(value instanceof Described) || !Array.isArray(value.value)) return { kind: 'unknown', value };
  const list: readonly AmqpValue[] = value.value;
  switch (descriptorCode(value.descriptor)) {
    case descriptors.accepted:
      return accepted;
    case descriptors.released:
      return released;
    case descriptors.rejected: {
      const error = errorOf(list[0] ?? null);
      return error === undefined ? { kind: 'rejected' } : { kind: 'rejected', error };
    }
    case descriptors.modified: {
      const fields = new Fields('modified', list);
      return {
        kind: 'modified',
        deliveryFailed: fields.boolean(0, 'delivery-failed') ?? false,
        undeliverableHere: fields.boolean(1, 'undeliverable-here') ?? false,
        annotations: fields.map(2, 'message-annotations'),
      };
    }
    case descriptors.received: {
      const fields = new Fields('received', list);
      return {
        kind: 'received',
        sectionNumber: fields.mandatoryNumber(0, 'section-number', 'uint'),
        sectionOffset: fields.mandatoryNumber(1, 'section-offset', 'ulong'),
      };
    }
    case descriptors.declared:
      return { kind: 'declared', transactionId: transactionId(new Fields('declared', list)) };
    case descriptors.transactionalState: {
      const id = transactionId(new Fields('transactional-state', list));
      const outcome = list[1] ?? null;
      return outcome === null
        ? { kind: 'transactional', transactionId: id }
        : { kind: 'transactional', transactionId: id, outcome: outcomeOf(outcome) };
    }
    default:
      return { kind: 'unknown', value };
  }
}

/** An outcome within a transactional state: one more of these inside would have no end. */
function outcomeOf(value: AmqpValue): DeliveryState {
  if (value instanceof Described && descriptorCode(value.descriptor) === descriptors.transactionalState)
    throw new AmqpViolation('amqp:decode-error', 'A transactional state cannot hold another one.');
  return stateOf(value);
}

function transactionId(fields: Fields): Buffer {
  const id = fields.binary(0, 'txn-id');
  if (id === undefined || id.length > 32)
    throw new AmqpViolation('amqp:decode-error', "Field 'txn-id' is a binary of at most 32 bytes.");
  return id;
}

/** Of an `error` (2.8.14); undefined: null. */
export function errorOf(value: AmqpValue): AmqpErrorInfo | undefined {
  if (value === null) return undefined;
  if (
    !(value instanceof Described) ||
    descriptorCode(value.descriptor) !== descriptors.error ||
    !Array.isArray(value.value)
  )
    throw new AmqpViolation('amqp:decode-error', 'An error was expected.');
  const fields = new Fields('error', value.value);
  const info = fields.map(2, 'info');
  return {
    condition: fields.symbol(0, 'condition') ?? 'amqp:internal-error',
    description: fields.string(1, 'description'),
    ...(info.size > 0 ? { info } : {}),
  };
}

export function writeError(writer: ValueWriter, error: AmqpErrorInfo | undefined): void {
  if (error === undefined) {
    writer.null();
    return;
  }
  writer.descriptor(descriptors.error);
  const start = writer.beginCompound(0xc0);
  writer.symbol(error.condition);
  if (error.description === undefined) writer.null();
  else writer.string(error.description);
  writer.map(error.info ?? new AmqpMap());
  writer.endCompound(start, 3);
}

export function writeState(writer: ValueWriter, state: DeliveryState | undefined): void {
  if (state === undefined) {
    writer.null();
    return;
  }
  switch (state.kind) {
    case 'accepted':
      writer.descriptor(descriptors.accepted);
      writer.byte(0x45);
      return;
    case 'released':
      writer.descriptor(descriptors.released);
      writer.byte(0x45);
      return;
    case 'unknown':
      writer.value(state.value);
      return;
    case 'rejected': {
      writer.descriptor(descriptors.rejected);
      const start = writer.beginCompound(0xc0);
      writeError(writer, state.error);
      writer.endCompound(start, 1);
      return;
    }
    case 'modified': {
      writer.descriptor(descriptors.modified);
      const start = writer.beginCompound(0xc0);
      writer.boolean(state.deliveryFailed);
      writer.boolean(state.undeliverableHere);
      writer.map(state.annotations);
      writer.endCompound(start, 3);
      return;
    }
    case 'received': {
      writer.descriptor(descriptors.received);
      const start = writer.beginCompound(0xc0);
      writer.uint(state.sectionNumber);
      writer.ulong(state.sectionOffset);
      writer.endCompound(start, 2);
      return;
    }
    case 'declared': {
      writer.descriptor(descriptors.declared);
      const start = writer.beginCompound(0xc0);
      writer.binary(state.transactionId);
      writer.endCompound(start, 1);
      return;
    }
    case 'transactional': {
      writer.descriptor(descriptors.transactionalState);
      const start = writer.beginCompound(0xc0);
      writer.binary(state.transactionId);
      writeState(writer, state.outcome);
      writer.endCompound(start, 2);
      return;
    }
  }
}
