import type { AmqpErrorInfo } from './contract.ts';

/**
 * A peer, or bytes that came from one, broke a rule of the specification. `condition` is what the specification calls it (2.8.15 to
 * 2.8.18); the message tells where, what, and what was expected.
 */
export class AmqpViolation extends Error {
  override readonly name = 'AmqpViolation';
  readonly condition: string;

  constructor(condition: string, message: string) {
    super(message);
    this.condition = condition;
  }

  /** As it goes over the wire. */
  get info(): AmqpErrorInfo {
    return { condition: this.condition, description: this.message };
  }
}

/** Bytes that are no AMQP value: `amqp:decode-error`, with the offset in the buffer that was read. */
export function decodeError(offset: number, what: string): AmqpViolation {
  return new AmqpViolation('amqp:decode-error', `At byte ${offset}: ${what}.`);
}
