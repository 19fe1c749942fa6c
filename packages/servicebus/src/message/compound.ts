import { AmqpViolation, skipValue } from '@lazuli/amqp';

/** Where the items of an encoded list or map lie. */
export interface Compound {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Opens a section whose value is a list or a map; null stands for an empty one. The bytes from `start` to `end` are the section, which
 * was found before: its size is known to fit.
 */
export function openSection(payload: Buffer, start: number, end: number): Compound {
  const at = skipValue(payload, start + 1, end);
  const code = payload[at];
  switch (code) {
    case 0xc0:
    case 0xc1:
      return { count: payload[at + 2] ?? 0, start: at + 3, end };
    case 0xd0:
    case 0xd1:
      if (at + 9 > end)
        throw new AmqpViolation('amqp:decode-error', `At byte ${at}: the count of a section is missing.`);
      return { count: payload.readUInt32BE(at + 5), start: at + 9, end };
    default:
      return { count: 0, start: end, end };
  }
}

/** Text of a string or a symbol at an offset; undefined: it is something else. */
export function textAt(payload: Buffer, at: number, end: number): string | undefined {
  const code = payload[at];
  if (code === 0xa1 || code === 0xa3) return textBetween(payload, at + 2, end, code === 0xa1);
  if (code === 0xb1 || code === 0xb3) return textBetween(payload, at + 5, end, code === 0xb1);
  return undefined;
}

/** Short texts are ASCII as a rule, and cheap to make then. */
function textBetween(payload: Buffer, start: number, end: number, isString: boolean): string {
  if (isString) {
    for (let at = start; at < end; at++) if (payload[at]! >= 0x80) return payload.toString('utf8', start, end);
  }
  return payload.toString('latin1', start, end);
}
