import { charge, chargeMemory } from './budget.ts';
import { argumentException, argumentNull } from './exceptions.ts';
import { equalsMember, hashMember, hashString } from './object.ts';
import { netType, type Uniform } from './values.ts';

type Codec = 'utf-8' | 'us-ascii' | 'iso-8859-1' | 'windows-1252' | 'utf-16' | 'utf-16BE' | 'utf-32';

interface Description {
  readonly codec: Codec;
  readonly codePage: number;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly preamble: readonly number[];
}

const descriptions: readonly Description[] = [
  {
    codec: 'utf-8',
    codePage: 65001,
    name: 'Unicode (UTF-8)',
    aliases: ['utf8', 'unicode-1-1-utf-8'],
    preamble: [0xef, 0xbb, 0xbf],
  },
  {
    codec: 'us-ascii',
    codePage: 20127,
    name: 'US-ASCII',
    aliases: ['ascii', 'ansi_x3.4-1968', 'iso646-us', 'us'],
    preamble: [],
  },
  {
    codec: 'iso-8859-1',
    codePage: 28591,
    name: 'Western European (ISO)',
    aliases: ['latin1', 'iso_8859-1', 'l1', 'iso8859-1'],
    preamble: [],
  },
  {
    codec: 'windows-1252',
    codePage: 1252,
    name: 'Western European (Windows)',
    aliases: ['x-ansi', 'cp1252'],
    preamble: [],
  },
  {
    codec: 'utf-16',
    codePage: 1200,
    name: 'Unicode',
    aliases: ['utf-16le', 'unicode', 'ucs-2'],
    preamble: [0xff, 0xfe],
  },
  {
    codec: 'utf-16BE',
    codePage: 1201,
    name: 'Unicode (Big-Endian)',
    aliases: ['utf-16be', 'unicodefffe'],
    preamble: [0xfe, 0xff],
  },
  { codec: 'utf-32', codePage: 12000, name: 'Unicode (UTF-32)', aliases: ['utf-32le'], preamble: [0xff, 0xfe, 0, 0] },
];

/** `System.Text.Encoding`. What cannot be encoded becomes `?`; what cannot be decoded U+FFFD. */
export class Encoding {
  readonly [netType] = 'System.Text.Encoding';
  readonly description: Description;
  /** Does `GetPreamble()` give a byte order mark? */
  readonly hasPreamble: boolean;

  constructor(codec: Codec, hasPreamble = true) {
    const found = descriptions.find((description) => description.codec === codec);
    if (!found) throw new RangeError(codec);
    this.description = found;
    this.hasPreamble = hasPreamble;
  }

  /** By name or alias, in any case. Throws ArgumentException for one that there is not. */
  static byName(name: string | null): Encoding {
    if (name === null) throw argumentNull('name');
    const wanted = name.trim().toLowerCase();
    const found = descriptions.find(({ codec, aliases }) => codec.toLowerCase() === wanted || aliases.includes(wanted));
    if (found) return new Encoding(found.codec);
    throw argumentException(
      `'${name}' is not a supported encoding name. For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method.`,
      'name',
    );
  }

  encode(text: string | null, parameter = 's'): Uint8Array {
    if (text === null) throw argumentNull(parameter);
    charge(text.length >> 5);
    chargeMemory(text.length * 2);
    switch (this.description.codec) {
      case 'utf-8':
        return new Uint8Array(Buffer.from(text.toWellFormed(), 'utf8'));
      case 'utf-16':
        return new Uint8Array(Buffer.from(text.toWellFormed(), 'utf16le'));
      case 'utf-16BE':
        return new Uint8Array(Buffer.from(text.toWellFormed(), 'utf16le').swap16());
      case 'utf-32': {
        const points = Array.from(text.toWellFormed(), (c) => c.codePointAt(0) ?? 0);
        return new Uint8Array(Uint32Array.from(points).buffer);
      }
      case 'us-ascii':
        return singleBytes(text, (code) => (code < 0x80 ? code : undefined));
      case 'iso-8859-1':
        return singleBytes(text, (code) => (code < 0x100 ? code : undefined));
      case 'windows-1252':
        return singleBytes(text, (code) => windows1252.get(code));
    }
  }

  decode(bytes: Uint8Array | null, start = 0, count = (bytes?.length ?? 0) - start): string {
    if (bytes === null) throw argumentNull('bytes');
    charge(count >> 5);
    chargeMemory(count);
    const part = Buffer.from(bytes.buffer, bytes.byteOffset + start, count);
    switch (this.description.codec) {
      case 'utf-8':
        return new TextDecoder('utf-8', { ignoreBOM: true }).decode(part);
      case 'utf-16':
        return decodeUtf16(part);
      case 'utf-16BE':
        return decodeUtf16(evenSwapped(part));
      case 'utf-32':
        return decodeUtf32(part);
      case 'us-ascii':
        return part.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd');
      case 'iso-8859-1':
        return part.toString('latin1');
      case 'windows-1252':
        return new TextDecoder('windows-1252').decode(part);
    }
  }

  [equalsMember](other: Uniform): boolean {
    return other instanceof Encoding && other.description === this.description;
  }
  [hashMember](): number {
    return hashString(this.description.codec);
  }
}

function singleBytes(text: string, byteOf: (code: number) => number | undefined): Uint8Array {
  const bytes: number[] = [];
  for (const c of text) bytes.push(...(c.length > 1 ? [0x3f, 0x3f] : [byteOf(c.charCodeAt(0)) ?? 0x3f]));
  return Uint8Array.from(bytes);
}

const windows1252 = new Map(
  Array.from(new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, i) => i)), (c, i) => [
    c.charCodeAt(0),
    i,
  ]),
);

function evenSwapped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const even = copy.subarray(0, copy.length & ~1);
  even.swap16();
  return copy;
}

function decodeUtf16(bytes: Buffer): string {
  const text = bytes
    .subarray(0, bytes.length & ~1)
    .toString('utf16le')
    .toWellFormed();
  return bytes.length % 2 === 0 ? text : `${text}\ufffd`;
}

function decodeUtf32(bytes: Buffer): string {
  let text = '';
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const point = bytes.readUInt32LE(i);
    text += point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? '\ufffd' : String.fromCodePoint(point);
  }
  return bytes.length % 4 === 0 ? text : `${text}\ufffd`;
}
