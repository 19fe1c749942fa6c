import { descriptors } from '../codec/descriptors.ts';
import type { FieldReader } from './fields.ts';
import type { FrameOutput } from './frame-output.ts';

/** Fields of a `flow` (2.7.4); -1: not there. Reused for each frame. */
export class Flow {
  nextIncomingId = -1;
  incomingWindow = 0;
  nextOutgoingId = 0;
  outgoingWindow = 0;
  handle = -1;
  deliveryCount = -1;
  linkCredit = -1;
  available = -1;
  drain = false;
  echo = false;

  /** @throws {AmqpViolation} `amqp:decode-error`, `amqp:invalid-field` */
  read(fields: FieldReader, buffer: Buffer, start: number, end: number): void {
    fields.open(buffer, start, end);
    this.nextIncomingId = fields.uint('flow.next-incoming-id');
    this.incomingWindow = fields.mandatoryUint('flow.incoming-window');
    this.nextOutgoingId = fields.mandatoryUint('flow.next-outgoing-id');
    this.outgoingWindow = fields.mandatoryUint('flow.outgoing-window');
    this.handle = fields.uint('flow.handle');
    this.deliveryCount = fields.uint('flow.delivery-count');
    this.linkCredit = fields.uint('flow.link-credit');
    this.available = fields.uint('flow.available');
    this.drain = fields.boolean('flow.drain') === true;
    this.echo = fields.boolean('flow.echo') === true;
  }
}

/** All fields are written; without a handle those of a link are null. */
export function writeFlow(
  output: FrameOutput,
  channel: number,
  flow: Pick<
    Flow,
    | 'nextIncomingId'
    | 'incomingWindow'
    | 'nextOutgoingId'
    | 'outgoingWindow'
    | 'handle'
    | 'deliveryCount'
    | 'linkCredit'
    | 'available'
    | 'drain'
    | 'echo'
  >,
): void {
  const frame = output.beginFrame(0, channel);
  output.descriptor(descriptors.flow);
  const list = output.beginCompound(0xc0);
  uintOrNull(output, flow.nextIncomingId);
  output.uint(flow.incomingWindow);
  output.uint(flow.nextOutgoingId);
  output.uint(flow.outgoingWindow);
  uintOrNull(output, flow.handle);
  uintOrNull(output, flow.deliveryCount);
  uintOrNull(output, flow.linkCredit);
  uintOrNull(output, flow.available);
  output.boolean(flow.drain);
  output.boolean(flow.echo);
  // An empty map, as clients look for one.
  output.reserve(3);
  output.buffer[output.length - 3] = 0xc1;
  output.buffer[output.length - 2] = 1;
  output.buffer[output.length - 1] = 0;
  output.endCompound(list, 11);
  output.endFrame(frame);
}

function uintOrNull(output: FrameOutput, value: number): void {
  if (value === -1) output.null();
  else output.uint(value);
}
