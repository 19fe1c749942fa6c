import { descriptors } from '../codec/descriptors.ts';
import type { AmqpErrorInfo } from '../contract.ts';
import { AmqpMap, type AmqpValue } from '../values.ts';
import { Fields } from './fields.ts';
import type { FrameOutput } from './frame-output.ts';
import { errorOf, writeError } from './states.ts';

/*
 * The performatives that come once for a connection, session or link (2.7). They are written with all their fields, defaults too:
 * released Python clients read them by position.
 */

export interface Open {
  readonly containerId: string;
  readonly hostName: string | undefined;
  readonly maxFrameSize: number;
  readonly channelMax: number;
  /** Milliseconds. */
  readonly idleTimeOut: number | undefined;
  readonly offeredCapabilities: readonly string[];
  readonly desiredCapabilities: readonly string[];
  readonly properties: AmqpMap;
}

export function openOf(values: readonly AmqpValue[]): Open {
  const fields = new Fields('open', values);
  return {
    containerId: fields.string(0, 'container-id') ?? '',
    hostName: fields.string(1, 'hostname'),
    maxFrameSize: fields.number(2, 'max-frame-size', 'uint') ?? 0xffffffff,
    channelMax: fields.number(3, 'channel-max', 'ushort') ?? 0xffff,
    idleTimeOut: fields.number(4, 'idle-time-out', 'uint'),
    offeredCapabilities: fields.symbols(7, 'offered-capabilities'),
    desiredCapabilities: fields.symbols(8, 'desired-capabilities'),
    properties: fields.map(9, 'properties'),
  };
}

export function writeOpen(output: FrameOutput, open: Open): void {
  const { frame, list } = begin(output, 0, descriptors.open);
  output.string(open.containerId);
  stringOrNull(output, open.hostName);
  output.uint(open.maxFrameSize);
  output.ushort(open.channelMax);
  uintOrNull(output, open.idleTimeOut);
  output.null();
  output.null();
  symbolsOrNull(output, open.offeredCapabilities);
  symbolsOrNull(output, open.desiredCapabilities);
  output.map(open.properties);
  end(output, frame, list, 10);
}

export interface Begin {
  readonly remoteChannel: number | undefined;
  readonly nextOutgoingId: number;
  readonly incomingWindow: number;
  readonly outgoingWindow: number;
  readonly handleMax: number;
}

export function beginOf(values: readonly AmqpValue[]): Begin {
  const fields = new Fields('begin', values);
  return {
    remoteChannel: fields.number(0, 'remote-channel', 'ushort'),
    nextOutgoingId: fields.mandatoryNumber(1, 'next-outgoing-id', 'uint'),
    incomingWindow: fields.mandatoryNumber(2, 'incoming-window', 'uint'),
    outgoingWindow: fields.mandatoryNumber(3, 'outgoing-window', 'uint'),
    handleMax: fields.number(4, 'handle-max', 'uint') ?? 0xffffffff,
  };
}

export function writeBegin(output: FrameOutput, channel: number, session: Begin): void {
  const { frame, list } = begin(output, channel, descriptors.begin);
  if (session.remoteChannel === undefined) output.null();
  else output.ushort(session.remoteChannel);
  output.uint(session.nextOutgoingId);
  output.uint(session.incomingWindow);
  output.uint(session.outgoingWindow);
  output.uint(session.handleMax);
  output.null();
  output.null();
  output.map(new AmqpMap());
  end(output, frame, list, 8);
}

export interface Attach {
  readonly name: string;
  readonly handle: number;
  readonly role: 'sender' | 'receiver';
  readonly senderSettleMode: 0 | 1 | 2;
  readonly receiverSettleMode: 0 | 1;
  readonly source: AmqpValue;
  readonly target: AmqpValue;
  readonly unsettled: AmqpMap | undefined;
  readonly incompleteUnsettled: boolean;
  /** Of a sender. */
  readonly initialDeliveryCount: number | undefined;
  /** 0: no bound. */
  readonly maxMessageSize: number | undefined;
  readonly offeredCapabilities: readonly string[];
  readonly desiredCapabilities: readonly string[];
  readonly properties: AmqpMap;
}

export function attachOf(values: readonly AmqpValue[]): Attach {
  const fields = new Fields('attach', values);
  const unsettled = fields.map(7, 'unsettled');
  return {
    name: fields.mandatoryString(0, 'name'),
    handle: fields.mandatoryNumber(1, 'handle', 'uint'),
    role: fields.mandatoryBoolean(2, 'role') ? 'receiver' : 'sender',
    senderSettleMode: fields.choice(3, 'snd-settle-mode', 2) as 0 | 1 | 2,
    receiverSettleMode: fields.choice(4, 'rcv-settle-mode', 1, 0) as 0 | 1,
    source: fields.any(5),
    target: fields.any(6),
    unsettled: unsettled.size === 0 ? undefined : unsettled,
    incompleteUnsettled: fields.boolean(8, 'incomplete-unsettled') ?? false,
    initialDeliveryCount: fields.number(9, 'initial-delivery-count', 'uint'),
    maxMessageSize: fields.number(10, 'max-message-size', 'ulong') || undefined,
    offeredCapabilities: fields.symbols(11, 'offered-capabilities'),
    desiredCapabilities: fields.symbols(12, 'desired-capabilities'),
    properties: fields.map(13, 'properties'),
  };
}

export function writeAttach(output: FrameOutput, channel: number, attach: Attach): void {
  const { frame, list } = begin(output, channel, descriptors.attach);
  output.string(attach.name);
  output.uint(attach.handle);
  output.boolean(attach.role === 'receiver');
  output.ubyte(attach.senderSettleMode);
  output.ubyte(attach.receiverSettleMode);
  output.value(attach.source);
  output.value(attach.target);
  if (attach.unsettled === undefined) output.null();
  else output.map(attach.unsettled);
  output.boolean(attach.incompleteUnsettled);
  uintOrNull(output, attach.initialDeliveryCount);
  output.ulong(attach.maxMessageSize ?? 0);
  symbolsOrNull(output, attach.offeredCapabilities);
  symbolsOrNull(output, attach.desiredCapabilities);
  output.map(attach.properties);
  end(output, frame, list, 14);
}

export interface Detach {
  readonly handle: number;
  readonly closed: boolean;
  readonly error: AmqpErrorInfo | undefined;
}

export function detachOf(values: readonly AmqpValue[]): Detach {
  const fields = new Fields('detach', values);
  return {
    handle: fields.mandatoryNumber(0, 'handle', 'uint'),
    closed: fields.boolean(1, 'closed') ?? false,
    error: errorOf(fields.any(2)),
  };
}

export function writeDetach(output: FrameOutput, channel: number, detach: Detach): void {
  const { frame, list } = begin(output, channel, descriptors.detach);
  output.uint(detach.handle);
  output.boolean(detach.closed);
  writeError(output, detach.error);
  end(output, frame, list, 3);
}

/** Of `end` and `close`, which hold nothing else. */
export function endErrorOf(values: readonly AmqpValue[]): AmqpErrorInfo | undefined {
  return errorOf(values[0] ?? null);
}

export function writeEnd(output: FrameOutput, channel: number, error?: AmqpErrorInfo): void {
  const { frame, list } = begin(output, channel, descriptors.end);
  writeError(output, error);
  end(output, frame, list, 1);
}

export function writeClose(output: FrameOutput, error?: AmqpErrorInfo): void {
  const { frame, list } = begin(output, 0, descriptors.close);
  writeError(output, error);
  end(output, frame, list, 1);
}

function begin(output: FrameOutput, channel: number, descriptor: number): { frame: number; list: number } {
  const frame = output.beginFrame(0, channel);
  output.descriptor(descriptor);
  return { frame, list: output.beginCompound(0xc0) };
}

function end(output: FrameOutput, frame: number, list: number, count: number): void {
  output.endCompound(list, count);
  output.endFrame(frame);
}

function stringOrNull(output: FrameOutput, value: string | undefined): void {
  if (value === undefined) output.null();
  else output.string(value);
}

function uintOrNull(output: FrameOutput, value: number | undefined): void {
  if (value === undefined) output.null();
  else output.uint(value);
}

function symbolsOrNull(output: FrameOutput, names: readonly string[]): void {
  if (names.length === 0) output.null();
  else output.symbols(names);
}
