/**
 * As much of AMQP 1.0 as a load generator needs, written for little CPU: frames are encoded by hand and read field by field. The
 * same client loads every broker.
 */

/** Codes of the performatives (2.7) and of SASL (5.3.3). */
export const performative = {
  open: 0x10,
  begin: 0x11,
  attach: 0x12,
  flow: 0x13,
  transfer: 0x14,
  disposition: 0x15,
  detach: 0x16,
  end: 0x17,
  close: 0x18,
  saslMechanisms: 0x40,
  saslInit: 0x41,
  saslOutcome: 0x44,
} as const;

export type Field = null | boolean | number | string | Buffer | Encoded;

/** Bytes of a value that is encoded already. */
export class Encoded {
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

export function symbol(text: string): Encoded {
  return new Encoded(Buffer.concat([Buffer.from([0xa3, text.length]), Buffer.from(text, 'latin1')]));
}

export function ubyte(value: number): Encoded {
  return new Encoded(Buffer.from([0x50, value]));
}

/** A described list: `source`, `target`, `accepted` …, and every performative. */
export function described(code: number, fields: readonly Field[]): Encoded {
  return new Encoded(Buffer.concat([Buffer.from([0x00, 0x53, code]), list(fields)]));
}

export function map(entries: readonly (readonly [Field, Field])[]): Encoded {
  const items = Buffer.concat(entries.flat().map(encode));
  const head = Buffer.alloc(9);
  head[0] = 0xd1;
  head.writeUInt32BE(items.length + 4, 1);
  head.writeUInt32BE(entries.length * 2, 5);
  return new Encoded(Buffer.concat([head, items]));
}

function list(fields: readonly Field[]): Buffer {
  const items = Buffer.concat(fields.map(encode));
  const head = Buffer.alloc(9);
  head[0] = 0xd0;
  head.writeUInt32BE(items.length + 4, 1);
  head.writeUInt32BE(fields.length, 5);
  return Buffer.concat([head, items]);
}

function encode(field: Field): Buffer {
  if (field === null) return Buffer.from([0x40]);
  if (typeof field === 'boolean') return Buffer.from([field ? 0x41 : 0x42]);
  if (field instanceof Encoded) return field.bytes;
  if (typeof field === 'number') {
    const bytes = Buffer.alloc(5);
    bytes[0] = 0x70;
    bytes.writeUInt32BE(field >>> 0, 1);
    return bytes;
  }
  const bytes = typeof field === 'string' ? Buffer.from(field) : field;
  const code = typeof field === 'string' ? 0xb1 : 0xb0;
  const head = Buffer.alloc(5);
  head[0] = code;
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** A frame; `type` 0 is AMQP, 1 SASL. */
export function frame(type: number, channel: number, body: Encoded, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.bytes.length + payload.length);
  head[4] = 2;
  head[5] = type;
  head.writeUInt16BE(channel, 6);
  return Buffer.concat([head, body.bytes, payload]);
}

/** Reads the fields of one performative in a frame, in order. Compound values are passed over. */
export class FieldReader {
  readonly code: number;
  #at: number;
  #left: number;
  #end: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, start: number) {
    this.#bytes = bytes;
    this.code = bytes[start + 1] === 0x53 ? bytes[start + 2]! : Number(bytes.readBigUInt64BE(start + 2));
    const at = start + (bytes[start + 1] === 0x53 ? 3 : 10);
    const code = bytes[at]!;
    if (code === 0x45) {
      this.#at = at + 1;
      this.#left = 0;
      this.#end = at + 1;
    } else if (code === 0xc0) {
      this.#at = at + 3;
      this.#left = bytes[at + 2]!;
      this.#end = at + 2 + bytes[at + 1]!;
    } else {
      this.#at = at + 9;
      this.#left = bytes.readUInt32BE(at + 5);
      this.#end = at + 5 + bytes.readUInt32BE(at + 1);
    }
  }

  /** Where the payload of the frame begins. */
  get end(): number {
    return this.#end;
  }

  /** A number or a boolean; undefined for null, for everything else, and past the end. */
  next(): number | boolean | undefined {
    if (this.#left === 0) return undefined;
    this.#left--;
    const bytes = this.#bytes;
    const code = bytes[this.#at]!;
    const at = this.#at + 1;
    switch (code) {
      case 0x41:
      case 0x42:
        this.#at = at;
        return code === 0x41;
      case 0x43:
      case 0x44:
        this.#at = at;
        return 0;
      case 0x50:
      case 0x52:
      case 0x53:
      case 0x56:
        this.#at = at + 1;
        return code === 0x56 ? bytes[at] === 1 : bytes[at];
      case 0x60:
        this.#at = at + 2;
        return bytes.readUInt16BE(at);
      case 0x70:
        this.#at = at + 4;
        return bytes.readUInt32BE(at);
      case 0x80:
        this.#at = at + 8;
        return Number(bytes.readBigUInt64BE(at));
      default:
        this.#at = this.#past(code, at);
        return undefined;
    }
  }

  /** Passes over a described value; its code, undefined where the next value is none. */
  nextDescribed(): number | undefined {
    const at = this.#at;
    const code = this.#bytes[at] === 0x00 && this.#bytes[at + 1] === 0x53 ? this.#bytes[at + 2] : undefined;
    this.next();
    return code;
  }

  #past(code: number, at: number): number {
    if (code === 0x00) {
      const afterDescriptor = this.#past(this.#bytes[at]!, at + 1);
      return this.#past(this.#bytes[afterDescriptor]!, afterDescriptor + 1);
    }
    switch (code >> 4) {
      case 0x4:
        return at;
      case 0x5:
        return at + 1;
      case 0x6:
        return at + 2;
      case 0x7:
        return at + 4;
      case 0x8:
        return at + 8;
      case 0x9:
        return at + 16;
      case 0xa:
      case 0xc:
      case 0xe:
        return at + 1 + this.#bytes[at]!;
      default:
        return at + 4 + this.#bytes.readUInt32BE(at);
    }
  }
}

/** A message of that size with a header (durable), a message-id, and a group-id where it belongs to a session. */
export function encodeMessage(id: string, body: Buffer, groupId?: string): Buffer {
  const header = described(0x70, [true]);
  const properties = described(
    0x73,
    groupId === undefined ? [id] : [id, null, null, null, null, null, null, null, null, null, groupId],
  );
  const data = Buffer.alloc(8);
  data.set([0x00, 0x53, 0x75, 0xb0]);
  data.writeUInt32BE(body.length, 4);
  return Buffer.concat([header.bytes, properties.bytes, data, body]);
}
