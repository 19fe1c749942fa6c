import { descriptors } from '../codec/descriptors.ts';
import type { AmqpValue } from '../values.ts';
import { Fields } from './fields.ts';
import type { FrameOutput } from './frame-output.ts';

/** Frames of the security layer (5.3.3). */
export interface SaslInit {
  readonly mechanism: string;
  readonly response: Buffer | undefined;
  readonly hostName: string | undefined;
}

export function saslInitOf(values: readonly AmqpValue[]): SaslInit {
  const fields = new Fields('sasl-init', values);
  return {
    mechanism: fields.symbol(0, 'mechanism') ?? '',
    response: fields.binary(1, 'initial-response'),
    hostName: fields.string(2, 'hostname'),
  };
}

export function writeSaslMechanisms(output: FrameOutput, mechanisms: readonly string[]): void {
  const frame = output.beginFrame(1, 0);
  output.descriptor(descriptors.saslMechanisms);
  const list = output.beginCompound(0xc0);
  output.symbols(mechanisms);
  output.endCompound(list, 1);
  output.endFrame(frame);
}

export function writeSaslChallenge(output: FrameOutput, challenge: Uint8Array): void {
  const frame = output.beginFrame(1, 0);
  output.descriptor(descriptors.saslChallenge);
  const list = output.beginCompound(0xc0);
  output.binary(challenge);
  output.endCompound(list, 1);
  output.endFrame(frame);
}

/** 0 ok, 1 refused, 4 the one who decides cannot be reached now. */
export function writeSaslOutcome(output: FrameOutput, code: 0 | 1 | 4): void {
  const frame = output.beginFrame(1, 0);
  output.descriptor(descriptors.saslOutcome);
  const list = output.beginCompound(0xc0);
  output.ubyte(code);
  output.null();
  output.endCompound(list, 2);
  output.endFrame(frame);
}
