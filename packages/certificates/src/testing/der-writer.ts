/** Writes DER, for the certificates and PFX files of tests. */
export const der = {
  element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
    const content = Buffer.concat(contents);
    if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    const digits = length.subarray(length.findIndex((byte) => byte !== 0));
    return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content]);
  },
  sequence: (...contents: readonly Uint8Array[]): Buffer => der.element(0x30, ...contents),
  set: (...contents: readonly Uint8Array[]): Buffer => der.element(0x31, ...contents),
  octets: (content: Uint8Array): Buffer => der.element(0x04, content),
  integer(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    const first = bytes.findIndex((byte) => byte !== 0);
    const digits = bytes.subarray(first === -1 ? 3 : first);
    return der.element(0x02, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
  },
  identifier(dotted: string): Buffer {
    const [root = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
    const bytes = [root * 40 + second, ...arcs].flatMap((arc) => {
      const digits = [arc & 0x7f];
      for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
        digits.unshift((rest & 0x7f) | 0x80);
      return digits;
    });
    return der.element(0x06, Buffer.from(bytes));
  },
};
