import { descriptors } from '../codec/descriptors.ts';
import type { DeliveryState } from '../contract.ts';
import { AmqpViolation } from '../violation.ts';
import type { FieldReader } from './fields.ts';
import type { FrameOutput } from './frame-output.ts';
import { writeState } from './states.ts';

/** Fields of a `disposition` (2.7.6). Reused for each frame. */
export class Disposition {
  buffer: Buffer = Buffer.alloc(0);
  /** Whether it tells of deliveries that its sender received. */
  isReceiver = false;
  first = 0;
  last = 0;
  settled = false;
  /** -1: no state. */
  stateStart = -1;
  stateEnd = -1;

  /** @throws {AmqpViolation} `amqp:decode-error`, `amqp:invalid-field` */
  read(fields: FieldReader, buffer: Buffer, start: number, end: number): void {
    fields.open(buffer, start, end);
    this.buffer = buffer;
    const role = fields.boolean('disposition.role');
    if (role === undefined)
      throw new AmqpViolation('amqp:invalid-field', "Field 'disposition.role' is missing; it is mandatory.");
    this.isReceiver = role;
    this.first = fields.mandatoryUint('disposition.first');
    const last = fields.uint('disposition.last');
    this.last = last === -1 ? this.first : last;
    this.settled = fields.boolean('disposition.settled') === true;
    this.stateStart = fields.any();
    this.stateEnd = fields.offset;
  }
}

export function writeDisposition(
  output: FrameOutput,
  channel: number,
  isReceiver: boolean,
  first: number,
  last: number,
  settled: boolean,
  state: DeliveryState | undefined,
): void {
  const frame = output.beginFrame(0, channel);
  output.descriptor(descriptors.disposition);
  const list = output.beginCompound(0xc0);
  output.boolean(isReceiver);
  output.uint(first);
  output.uint(last);
  output.boolean(settled);
  writeState(output, state);
  output.boolean(false);
  output.endCompound(list, 6);
  output.endFrame(frame);
}
