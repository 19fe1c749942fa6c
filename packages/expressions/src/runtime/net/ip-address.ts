import { SocketAddress } from 'node:net';
import { argumentException, argumentNull, formatException } from '../exceptions.ts';
import { equalsMember, hashMember, hashString, toStringMember } from '../object.ts';
import { netType, type Uniform } from '../values.ts';

/** `System.Net.Sockets.AddressFamily`, the two values an address can have. */
export const AddressFamily = { InterNetwork: 2, InterNetworkV6: 23 } as const;

/** `System.Net.IPAddress`. */
export class IPAddress {
  get [netType](): string {
    return 'System.Net.IPAddress';
  }
  /** 4 or 16. */
  readonly bytes: Uint8Array;
  readonly scope: number;
  constructor(bytes: Uint8Array, scope = 0) {
    if (bytes.length !== 4 && bytes.length !== 16) {
      throw argumentException('An invalid IP address was specified.', 'address');
    }
    this.bytes = bytes;
    this.scope = scope;
  }
  static parse(text: string | null): IPAddress {
    if (text === null) throw argumentNull('ipString');
    const address = IPAddress.tryParse(text);
    if (!address) throw formatException('An invalid IP address was specified.');
    return address;
  }
  static tryParse(text: string | null): IPAddress | null {
    if (text === null || text.length > 64) return null;
    if (!text.includes(':')) return parseV4(text);
    const found = /^\[?([^\]%]*)(?:%(\d{1,9}))?\]?(?::\d{1,5})?$/.exec(text);
    const bytes = found && parseV6(text.startsWith('[') ? (found[1] ?? '') : text.replace(/%.*$/, ''));
    return bytes ? new IPAddress(bytes, Number(found?.[2] ?? 0)) : null;
  }
  get isV4(): boolean {
    return this.bytes.length === 4;
  }
  get isV4Mapped(): boolean {
    return (
      !this.isV4 && this.bytes.subarray(0, 10).every((b) => b === 0) && this.bytes[10] === 255 && this.bytes[11] === 255
    );
  }
  toV4(): IPAddress {
    return this.isV4 ? this : new IPAddress(this.bytes.slice(12));
  }
  toV6(): IPAddress {
    return this.isV4 ? new IPAddress(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...this.bytes])) : this;
  }
  get isLoopback(): boolean {
    if (this.isV4) return this.bytes[0] === 127;
    if (this.isV4Mapped) return this.toV4().isLoopback;
    return this.bytes.every((byte, i) => byte === (i === 15 ? 1 : 0));
  }
  [toStringMember](): string {
    if (this.isV4) return this.bytes.join('.');
    return formatV6(this.bytes) + (this.scope > 0 ? `%${this.scope}` : '');
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof IPAddress && Buffer.compare(this.bytes, other.bytes) === 0 && this.scope === other.scope;
  }
  [hashMember](): number {
    return hashString(this[toStringMember]());
  }
}

/** One to four parts, each decimal, octal (`0`) or hexadecimal (`0x`); the last one fills what is left. */
function parseV4(text: string): IPAddress | null {
  const parts = text.split('.');
  if (parts.length > 4) return null;
  const numbers = parts.map((part) => {
    if (/^0[xX][0-9a-fA-F]{1,8}$/.test(part)) return Number.parseInt(part, 16);
    if (/^0[0-7]+$/.test(part)) return Number.parseInt(part, 8);
    return /^\d{1,10}$/.test(part) ? Number(part) : Number.NaN;
  });
  const last = numbers.pop() ?? Number.NaN;
  if (numbers.some((n) => !(n <= 255)) || !(last < 256 ** (4 - numbers.length))) return null;
  const bytes = new Uint8Array(4);
  bytes.set(numbers);
  let rest = last;
  for (let i = 3; i >= numbers.length; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return new IPAddress(bytes);
}

function parseV6(text: string): Uint8Array | null {
  if (SocketAddress.parse(`[${text}]`) === undefined) return null;
  const tail = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const [a = 0, b = 0, c = 0, d = 0] = tail ? tail.slice(1).map(Number) : [];
  const plain = tail ? `${text.slice(0, tail.index)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}` : text;
  const [head = '', rest] = plain.split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const first = words(head);
  const second = words(rest ?? '');
  const all = [
    ...first,
    ...new Array<number>(rest === undefined ? 0 : 8 - first.length - second.length).fill(0),
    ...second,
  ];
  return Uint8Array.from(all.flatMap((word) => [word >> 8, word & 255]));
}

/** RFC 5952: the longest run of zeros is `::`; an IPv4 address that is mapped keeps its dots. */
function formatV6(bytes: Uint8Array): string {
  const words = Array.from({ length: 8 }, (_, i) => (bytes[i * 2] ?? 0) * 256 + (bytes[i * 2 + 1] ?? 0));
  const dotted = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
  const shown = dotted ? words.slice(0, 6) : words;
  let best = { start: 0, length: 0 };
  for (let i = 0; i < shown.length; i++) {
    let length = 0;
    while (shown[i + length] === 0) length++;
    if (length > best.length) best = { start: i, length };
  }
  const hex = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':');
  const text =
    best.length < 2 ? hex(shown) : `${hex(shown.slice(0, best.start))}::${hex(shown.slice(best.start + best.length))}`;
  return dotted ? `${text.endsWith(':') ? text : `${text}:`}${bytes.slice(12).join('.')}` : text;
}
