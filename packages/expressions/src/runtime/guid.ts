import { charge } from './budget.ts';
import { argumentException, argumentNull, formatException } from './exceptions.ts';
import { formatMember } from './format-composite.ts';
import { compareMember, equalsMember, hashMember, hashString, toStringMember } from './object.ts';
import { netType, type Uniform } from './values.ts';

/** `System.Guid`. Immutable. */
export class Guid {
  readonly [netType] = 'System.Guid';
  /** 32 lower-case hexadecimal digits, in the order of the text form. */
  readonly hex: string;

  constructor(hex: string) {
    this.hex = hex;
  }

  static readonly empty = new Guid('0'.repeat(32));

  static newGuid(): Guid {
    return new Guid(crypto.randomUUID().replaceAll('-', ''));
  }

  /** The sixteen bytes of `ToByteArray()`: the first three groups little-endian. Throws ArgumentException. */
  static fromBytes(bytes: Uint8Array | null): Guid {
    if (bytes === null) throw argumentNull('b');
    if (bytes.length !== 16) throw argumentException('Byte array for GUID must be exactly 16 bytes long.', 'b');
    return new Guid(Buffer.from(byteOrder.map((i) => bytes[i] ?? 0)).toString('hex'));
  }

  /** `Guid.Parse`: the formats N, D, B, P and X. Throws FormatException. */
  static parse(text: string | null): Guid {
    if (text === null) throw argumentNull('input');
    const guid = Guid.tryParse(text);
    if (guid) return guid;
    throw formatException('Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).');
  }

  static tryParse(text: string | null, format?: string): Guid | undefined {
    if (text === null) return undefined;
    charge(text.length >> 6);
    const trimmed = text.trim();
    // The usual form by far.
    if ((format === undefined || format.toUpperCase() === 'D') && usual.test(trimmed))
      return new Guid(trimmed.replaceAll('-', '').toLowerCase());
    for (const [letter, pattern] of patterns) {
      if (format !== undefined && format.toUpperCase() !== letter) continue;
      const match = pattern.exec(trimmed);
      if (match)
        return new Guid(
          match
            .slice(1)
            .map((group, i) => padded(group, i, letter))
            .join('')
            .toLowerCase(),
        );
    }
    return undefined;
  }

  toBytes(): Uint8Array {
    const plain = Buffer.from(this.hex, 'hex');
    return Uint8Array.from(byteOrder, (i) => plain[i] ?? 0);
  }

  [toStringMember](): string {
    return this[formatMember]('D');
  }
  [formatMember](format: string | null): string {
    const h = this.hex;
    const dashed = `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
    switch ((format || 'D').toUpperCase()) {
      case 'N':
        return h;
      case 'D':
        return dashed;
      case 'B':
        return `{${dashed}}`;
      case 'P':
        return `(${dashed})`;
      case 'X': {
        const bytes = (h.slice(16).match(/../g) ?? []).map((byte) => `0x${byte}`).join(',');
        return `{0x${h.slice(0, 8)},0x${h.slice(8, 12)},0x${h.slice(12, 16)},{${bytes}}}`;
      }
      default:
        throw formatException('Format String can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".');
    }
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof Guid && other.hex === this.hex;
  }
  [hashMember](): number {
    return hashString(this.hex);
  }
  [compareMember](other: Uniform): number {
    const hex = (other as Guid).hex;
    return this.hex < hex ? -1 : this.hex > hex ? 1 : 0;
  }
}

/** Byte i of the text form is byte `byteOrder[i]` of the array; the order is its own inverse. */
const byteOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

const dashed = '([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})';
const hexByte = '0x([0-9a-f]{1,2})';
const usual = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The other forms. */
const patterns: readonly (readonly [string, RegExp])[] = Object.entries({
  N: /^([0-9a-f]{32})$/i,
  B: new RegExp(`^\\{${dashed}\\}$`, 'i'),
  P: new RegExp(`^\\(${dashed}\\)$`, 'i'),
  X: new RegExp(
    `^\\{0x([0-9a-f]{1,8}),0x([0-9a-f]{1,4}),0x([0-9a-f]{1,4}),\\{${Array(8).fill(hexByte).join(',')}\\}\\}$`,
    'i',
  ),
});

function padded(group: string, index: number, letter: string): string {
  if (letter !== 'X') return group;
  return group.padStart(index === 0 ? 8 : index < 3 ? 4 : 2, '0');
}
