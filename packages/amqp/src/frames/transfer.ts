import { descriptors } from '../codec/descriptors.ts';
import { AmqpViolation } from '../violation.ts';
import type { FieldReader } from './fields.ts';
import type { FrameOutput } from './frame-output.ts';

/** Fields of a `transfer` (2.7.5) where they lie in its frame; -1: not there. Reused for each frame. */
export class Transfer {
  buffer: Buffer = Buffer.alloc(0);
  handle = 0;
  deliveryId = -1;
  tagStart = 0;
  /** -1: no tag. */
  tagLength = -1;
  messageFormat = 0;
  settled = false;
  more = false;
  stateStart = -1;
  stateEnd = -1;
  resume = false;
  aborted = false;
  payloadStart = 0;
  payloadEnd = 0;

  /** The list begins at `start`, the payload follows it. @throws {AmqpViolation} `amqp:decode-error`, `amqp:invalid-field` */
  read(fields: FieldReader, buffer: Buffer, start: number, end: number): void {
    fields.open(buffer, start, end);
    this.buffer = buffer;
    this.handle = fields.mandatoryUint('transfer.handle');
    this.deliveryId = fields.uint('transfer.delivery-id');
    this.tagLength = fields.binary('transfer.delivery-tag');
    this.tagStart = fields.binaryStart;
    if (this.tagLength > 32)
      throw new AmqpViolation(
        'amqp:invalid-field',
        `Field 'transfer.delivery-tag' has at most 32 bytes, not ${this.tagLength}.`,
      );
    const format = fields.uint('transfer.message-format');
    this.messageFormat = format === -1 ? 0 : format;
    this.settled = fields.boolean('transfer.settled') === true;
    this.more = fields.boolean('transfer.more') === true;
    fields.any();
    this.stateStart = fields.any();
    this.stateEnd = fields.offset;
    this.resume = fields.boolean('transfer.resume') === true;
    this.aborted = fields.boolean('transfer.aborted') === true;
    this.payloadStart = fields.end;
    this.payloadEnd = end;
  }
}

/** Bytes of a frame before its payload, at most. */
export const transferHeadBytes = 96;

/**
 * Begins the frame of a transfer; the payload and `endFrame` follow. All fields are there. The state is that of a transaction,
 * encoded (clients write it; the engine sends none).
 */
export function beginTransfer(
  output: FrameOutput,
  channel: number,
  handle: number,
  deliveryId: number,
  tag: Uint8Array | undefined,
  messageFormat: number,
  settled: boolean,
  more: boolean,
): number {
  const frame = output.beginFrame(0, channel);
  const list = output.reserve(6);
  output.uint(handle);
  output.uint(deliveryId);
  if (tag === undefined) output.null();
  else output.binary(tag);
  output.uint(messageFormat);
  const rest = output.reserve(7);
  const { buffer } = output;
  buffer[list] = 0x00;
  buffer[list + 1] = 0x53;
  buffer[list + 2] = descriptors.transfer;
  buffer[list + 3] = 0xc0;
  buffer[list + 4] = rest + 7 - list - 5;
  buffer[list + 5] = 11;
  buffer[rest] = settled ? 0x41 : 0x42;
  buffer[rest + 1] = more ? 0x41 : 0x42;
  buffer[rest + 2] = 0x40;
  buffer[rest + 3] = 0x40;
  buffer[rest + 4] = 0x42;
  buffer[rest + 5] = 0x42;
  buffer[rest + 6] = 0x42;
  return frame;
}
